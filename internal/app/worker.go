package app

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.temporal.io/sdk/worker"

	"leanpmo/activities"
	"leanpmo/internal/engine"
	"leanpmo/workflows"
)

// startAgainAfter is the pause while Temporal cannot be reached.
const startAgainAfter = 2 * time.Second

// workers makes the worker of the process and the one for calls to the outside.
func (p *dependencies) workers(c Config, log *slog.Logger, tool activities.Delivery, fatal func(error)) []worker.Worker {
	a := activities.New(activities.Deps{Store: p.store, Policy: p.policy, Directory: p.directory, PrioritizeSoon: p.engine.PrioritizeSoon,
		SignalDecisions: c.SignalDecisions, Delivery: tool, PublicURL: c.publicURL(), Log: log})
	main, outside := p.engine.Worker(fatal), p.engine.Integrations(fatal)
	workflows.Register(main)
	a.Register(main)
	a.RegisterIntegrations(outside)
	return []worker.Worker{main, outside}
}

// Work runs the workers until ctx ends.
func Work(ctx context.Context, c Config, log *slog.Logger) error {
	if err := c.check(needDatabase | needDirectory); err != nil {
		return err
	}
	p, err := c.open(ctx, "worker", log)
	if err != nil {
		return err
	}
	defer p.close()
	engine.SetCacheSize(cmp.Or(c.WorkflowCache, defaultWorkflowCache))
	tool, err := c.delivery()
	if err != nil {
		return err
	}
	stopTelling, err := p.startNotifier(ctx, c, log)
	if err != nil {
		return err
	}
	defer stopTelling()
	failed := make(chan error, 1)
	running := p.start(ctx, func(fatal func(error)) []worker.Worker { return p.workers(c, log, tool, fatal) }, log, failed)
	if running == nil {
		return nil
	}
	defer stopAll(running)
	log.InfoContext(ctx, "working")
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return fmt.Errorf("worker stopped: %w", err)
	}
}

// start repeats until Temporal is there: who starts everything at once should not have to care for the order. It returns nil
// when ctx ends before that.
func (p *dependencies) start(ctx context.Context, workers func(fatal func(error)) []worker.Worker, log *slog.Logger, failed chan<- error) []worker.Worker {
	for {
		all := workers(func(err error) {
			select {
			case failed <- err:
			default: // one cause is enough to stop
			}
		})
		err := startAll(all)
		if err == nil {
			return all
		}
		log.WarnContext(ctx, "worker cannot start yet", "cause", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(startAgainAfter):
		}
	}
}

func startAll(all []worker.Worker) error {
	for i, w := range all {
		if err := w.Start(); err != nil {
			stopAll(all[:i])
			return err
		}
	}
	return nil
}

// stopAll stops side by side: each may take as long as its last activity.
func stopAll(all []worker.Worker) {
	var wait sync.WaitGroup
	for _, w := range all {
		wait.Go(w.Stop)
	}
	wait.Wait()
}
