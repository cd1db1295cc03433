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

// startRetryInterval is the pause between attempts to start while Temporal cannot be reached.
const startRetryInterval = 2 * time.Second

// workers creates the worker of the main task queue and the one for calls to other systems.
func (p *dependencies) workers(c Config, log *slog.Logger, tool activities.Delivery, fatal func(error)) []worker.Worker {
	a := activities.New(activities.Deps{Store: p.store, Policy: p.policy, Directory: p.directory, PrioritizeSoon: p.engine.PrioritizeSoon, NoteRun: p.engine.NoteRun, SignalWorkItem: p.engine.SignalWorkItem,
		SignalDecisions: c.SignalDecisions, Delivery: tool, PublicURL: c.address(), Log: log})
	main, integrations := p.engine.Worker(fatal), p.engine.Integrations(fatal)
	workflows.Register(main)
	a.Register(main)
	a.RegisterIntegrations(integrations)
	return []worker.Worker{main, integrations}
}

// LimitWorkflowCache limits how many workflows this process keeps in memory. It has an effect only before the first worker is made.
func (c Config) LimitWorkflowCache() {
	engine.SetCacheSize(cmp.Or(c.WorkflowCache, defaultWorkflowCache))
}

// Work runs the workers until ctx ends.
func Work(ctx context.Context, c Config, log *slog.Logger) error {
	if err := c.check(needDatabase | needDirectory | needMetrics); err != nil {
		return err
	}
	p, err := c.open(ctx, "worker", log)
	if err != nil {
		return err
	}
	defer p.close()
	c.LimitWorkflowCache()
	tool, err := c.delivery()
	if err != nil {
		return err
	}
	stopNotifier, err := p.startNotifier(ctx, c, log)
	if err != nil {
		return err
	}
	defer stopNotifier()
	if err := p.settlePolicy(ctx, func(string) {}); err != nil || p.policy == nil {
		return err
	}
	p.awaitPeople(ctx, log)
	defer background(ctx, p.people.Follow)()
	stopFollowing := background(ctx, func(ctx context.Context) { p.follow(ctx, c, log, c.notifiable) })
	defer stopFollowing()
	defer p.startTeller(ctx, log)()
	stopTexts := p.keepTexts(ctx, log)
	defer stopTexts()
	failed := make(chan error, 3)
	defer p.watchPolicy(ctx, failed)()
	defer p.serveMetrics(ctx, c, log, failed)()
	running := p.start(ctx, func(fatal func(error)) []worker.Worker { return p.workers(c, log, tool, fatal) }, log, failed)
	if running == nil {
		return nil
	}
	defer stopAll(running)
	defer p.startPeopleWatch(ctx, log)()
	defer background(ctx, scheduleKeeper{store: p.store, schedules: p.engine, log: log}.serve)()
	log.InfoContext(ctx, "working")
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return fmt.Errorf("worker stopped: %w", err)
	}
}

// watchPolicy compares the policy with the one in force until stop is called; a policy that may not be used is sent to failed.
func (p *dependencies) watchPolicy(ctx context.Context, failed chan<- error) (stop func()) {
	return background(ctx, func(ctx context.Context) {
		if err := p.rules.watch(ctx); err != nil {
			select {
			case failed <- err:
			default: // one error is enough to stop
			}
		}
	})
}

// start retries until Temporal can be reached, so that everything may be started in any order. It returns nil when ctx ends before
// that.
func (p *dependencies) start(ctx context.Context, workers func(fatal func(error)) []worker.Worker, log *slog.Logger, failed chan<- error) []worker.Worker {
	for {
		all := workers(func(err error) {
			select {
			case failed <- err:
			default: // one error is enough to stop
			}
		})
		err := p.engine.RequireAttributes(ctx)
		if err == nil {
			err = startAll(all)
		}
		if err == nil {
			return all
		}
		log.WarnContext(ctx, "worker cannot start yet", "cause", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(startRetryInterval):
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

// stopAll stops all in parallel: each waits for its running activities.
func stopAll(all []worker.Worker) {
	var wait sync.WaitGroup
	for _, w := range all {
		wait.Go(w.Stop)
	}
	wait.Wait()
}
