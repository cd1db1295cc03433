package reconcile

import (
	"context"
	"errors"
	"fmt"

	"leanpmo/internal/engine"
)

// Broken is how many requests do not go on by themselves: somebody has to look at them.
type Broken struct {
	Ended   int // the workflow was terminated, failed or timed out in Temporal, and the row is open
	Failing int // the workflow's tasks fail repeatedly
}

const (
	// mostEnded bounds how many executions that ended by force are read, and mostInspected how many open ones of them are looked at.
	mostEnded     = 10_000
	mostInspected = 100
)

// errEnough ends a list early.
var errEnough = errors.New("enough")

type executions interface {
	CountFailing(ctx context.Context) (int64, error)
	EndedByForce(ctx context.Context, visit func([]engine.Execution) error) error
	Inspect(ctx context.Context, id string) (engine.Inspection, error)
}

type openRows interface {
	OpenAmong(ctx context.Context, ids []string) ([]string, error)
}

// CountBroken counts with two queries of the visibility store, one of the database and, when it finds something, one look at each request.
func CountBroken(ctx context.Context, e executions, s openRows) (Broken, error) {
	failing, err := e.CountFailing(ctx)
	if err != nil {
		return Broken{}, fmt.Errorf("count failing workflows: %w", err)
	}
	b := Broken{Failing: int(failing)}
	ended := map[string]bool{}
	err = e.EndedByForce(ctx, func(list []engine.Execution) error {
		for _, x := range list {
			ended[x.ID] = true
		}
		if len(ended) >= mostEnded {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return b, fmt.Errorf("list ended workflows: %w", err)
	}
	if len(ended) == 0 {
		return b, nil
	}
	ids := make([]string, 0, len(ended))
	for id := range ended {
		ids = append(ids, id)
	}
	open, err := s.OpenAmong(ctx, ids)
	if err != nil {
		return b, fmt.Errorf("read which of the ended are open: %w", err)
	}
	b.Ended, err = stillEnded(ctx, e, open)
	return b, err
}

// stillEnded leaves out a request whose workflow goes on in a later execution: a reset terminates the one before.
func stillEnded(ctx context.Context, e executions, open []string) (int, error) {
	n := max(0, len(open)-mostInspected)
	for _, id := range open[:min(len(open), mostInspected)] {
		in, err := e.Inspect(ctx, id)
		if err != nil {
			return n, fmt.Errorf("inspect request %s: %w", id, err)
		}
		if in.Found && in.Ended != "" && in.Ended != engine.EndedCompleted {
			n++
		}
	}
	return n, nil
}
