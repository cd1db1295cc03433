package engine

import (
	"time"

	"go.temporal.io/sdk/worker"

	"leanpmo/internal/contract"
)

// Worker is a worker of the main task queue, with nothing registered yet. It calls fatal with an error that stops it.
func (e *Engine) Worker(fatal func(error)) worker.Worker {
	options := WorkerOptions()
	options.OnFatalError = fatal
	return worker.New(e.client, contract.QueueMain, options)
}

// integrationCalls is the limit of concurrent calls to external systems: a tool that does not reply blocks only these.
const integrationCalls = 20

// Integrations is a worker of the task queue for calls to external systems, with nothing registered yet.
func (e *Engine) Integrations(fatal func(error)) worker.Worker {
	options := WorkerOptions()
	options.OnFatalError = fatal
	options.MaxConcurrentActivityExecutionSize = integrationCalls
	options.DisableWorkflowWorker = true
	options.ActivityTaskPollerBehavior = worker.NewPollerBehaviorSimpleMaximum(worker.PollerBehaviorSimpleMaximumOptions{MaximumNumberOfPollers: 2})
	options.WorkflowTaskPollerBehavior = nil
	return worker.New(e.client, contract.QueueIntegrations, options)
}

// SetCacheSize limits how many workflows the workers of this process keep in memory between their tasks. It must be called before the
// first worker is made.
func SetCacheSize(workflows int) { worker.SetStickyWorkflowCacheSize(workflows) }

// WorkerOptions were found by measurement: with two pollers, the default, an update waits six seconds at 50 clients; with the default
// sticky timeout, the first update after a lost worker waits five seconds.
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
