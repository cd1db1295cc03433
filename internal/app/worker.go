package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/worker"

	"leanpmo/activities"
	"leanpmo/workflows"
)

// startAgainAfter is the pause while Temporal cannot be reached.
const startAgainAfter = 2 * time.Second

// register tells a worker the whole process.
func (p *parts) register(w worker.Worker, c Config, log *slog.Logger) {
	workflows.Register(w)
	activities.New(activities.Deps{Store: p.store, Policy: p.policy, Directory: p.directory, RunSoon: p.engine.RunSoon,
		SignalDecisions: c.SignalDecisions, Log: log}).Register(w)
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
	failed := make(chan error, 1)
	w := p.start(ctx, c, log, failed)
	if w == nil {
		return nil
	}
	defer w.Stop()
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
func (p *parts) start(ctx context.Context, c Config, log *slog.Logger, failed chan<- error) worker.Worker {
	for {
		w := p.engine.Worker(func(err error) {
			select {
			case failed <- err:
			default: // one cause is enough to stop
			}
		})
		p.register(w, c, log)
		err := w.Start()
		if err == nil {
			return w
		}
		log.WarnContext(ctx, "worker cannot start yet", "cause", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(startAgainAfter):
		}
	}
}
