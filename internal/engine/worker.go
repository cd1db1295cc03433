package engine

import (
	"time"

	"go.temporal.io/sdk/worker"

	"leanpmo/internal/contract"
)

// Worker is a worker on the main task queue, with nothing registered yet. fatal hears of an error that stops it.
func (e *Engine) Worker(fatal func(error)) worker.Worker {
	options := WorkerOptions()
	options.OnFatalError = fatal
	return worker.New(e.client, contract.QueueMain, options)
}

// integrationCalls is how many calls to the outside are under way at once: a tool that hangs takes these and nothing else.
const integrationCalls = 20

// Integrations is a worker on the queue for calls to the outside, with nothing registered yet.
func (e *Engine) Integrations(fatal func(error)) worker.Worker {
	options := WorkerOptions()
	options.OnFatalError = fatal
	options.MaxConcurrentActivityExecutionSize = integrationCalls
	options.DisableWorkflowWorker = true
	options.ActivityTaskPollerBehavior = worker.NewPollerBehaviorSimpleMaximum(worker.PollerBehaviorSimpleMaximumOptions{MaximumNumberOfPollers: 2})
	options.WorkflowTaskPollerBehavior = nil
	return worker.New(e.client, contract.QueueIntegrations, options)
}

// SetCacheSize bounds how many workflows the workers of this process keep in memory between their tasks. It counts before the first
// worker is made.
func SetCacheSize(workflows int) { worker.SetStickyWorkflowCacheSize(workflows) }

// WorkerOptions are measured ones: two pollers, the default, make an update wait six seconds at 50 clients; the default
// sticky timeout makes the first update after a lost worker wait five.
func WorkerOptions() worker.Options {
	pollers := func() worker.PollerBehavior {
		return worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{
			InitialNumberOfPollers: 5, MinimumNumberOfPollers: 5, MaximumNumberOfPollers: 50,
		})
	}
	return worker.Options{
		WorkflowTaskPollerBehavior:   pollers(),
		ActivityTaskPollerBehavior:   pollers(),
		StickyScheduleToStartTimeout: time.Second,
		WorkerStopTimeout:            25 * time.Second,
		DisableRegistrationAliasing:  true,
	}
}
