package reconcile

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// Rebuilt is the result of a rebuild, or of its dry run.
type Rebuilt struct {
	Applied    bool     `json:"applied"`
	Asked      int      `json:"asked"`            // requests whose workflow was queried for its state
	Kept       int      `json:"kept"`             // closed requests whose workflow Temporal has deleted, from their final snapshot
	Written    int      `json:"written"`          // rows replaced
	Fresher    int      `json:"fresher"`          // rows that a projection wrote in the meantime
	Unanswered []string `json:"silent,omitempty"` // requests whose workflow could not be queried: their rows stay
	Orphans    []string `json:"strays,omitempty"`
	Took       string   `json:"took"`
	mu         sync.Mutex
	forced     map[string]bool // workflows ended by force
	temporal   *engine.Engine
	rows       *store.Store
}

// Rebuild recreates the projected tables (requests, open questions, slots and holds) from the states of the workflows; for closed requests
// whose workflow Temporal has deleted, from their final snapshots. The ledger, numbers, epochs and everything that the API or the
// prioritizations wrote stay.
func Rebuild(ctx context.Context, e *engine.Engine, s *store.Store, apply bool) (*Rebuilt, error) {
	began := time.Now()
	b := &Rebuilt{Applied: apply, temporal: e, rows: s, forced: map[string]bool{}}
	known, err := b.fromWorkflows(ctx)
	if err == nil {
		err = b.fromFinalSnapshots(ctx, known)
	}
	if err == nil && apply {
		var now time.Time
		if now, err = s.Now(ctx); err == nil {
			b.Orphans, err = s.ReleaseOrphans(ctx, now.Add(-orphanAfter))
		}
	}
	b.Took = time.Since(began).Round(time.Millisecond).String()
	return b, err
}

// fromWorkflows rebuilds the rows of all requests that Temporal has, and returns their ids.
func (b *Rebuilt) fromWorkflows(ctx context.Context) (map[string]bool, error) {
	known := map[string]bool{}
	visit := func(list []engine.Execution) error { return b.fromPage(ctx, list, known) }
	if err := b.temporal.ClosedSince(ctx, time.Time{}, visit); err != nil {
		return nil, fmt.Errorf("rebuild from closed workflows: %w", err)
	}
	if err := b.temporal.Running(ctx, visit); err != nil {
		return nil, fmt.Errorf("rebuild from running workflows: %w", err)
	}
	return known, nil
}

func (b *Rebuilt) fromPage(ctx context.Context, list []engine.Execution, known map[string]bool) error {
	slots := make(chan struct{}, atOnce)
	var wait sync.WaitGroup
	errs := make([]error, len(list))
	for i, x := range list {
		if known[x.ID] {
			continue
		}
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			errs[i] = b.fromWorkflow(ctx, x)
		})
		known[x.ID] = true
	}
	wait.Wait()
	return errors.Join(errs...)
}

// fromWorkflow rebuilds one row from the state of its workflow. The state of a workflow that was ended by force does not contain its end;
// reconciliation has closed the row, so the final snapshot is used instead.
func (b *Rebuilt) fromWorkflow(ctx context.Context, x engine.Execution) error {
	readAt, err := b.rows.Now(ctx)
	if err != nil {
		return fmt.Errorf("read the database clock: %w", err)
	}
	in, err := b.temporal.Inspect(ctx, x.ID)
	if err != nil {
		return fmt.Errorf("inspect request %s: %w", x.ID, err)
	}
	if in.Ended != "" && in.Ended != engine.EndedCompleted {
		b.count(func() { b.forced[x.ID] = true })
		return nil
	}
	state, err := b.temporal.StateOf(ctx, x.ID, in.RunID)
	if err != nil {
		b.count(func() { b.Unanswered = append(b.Unanswered, x.ID) })
		return nil
	}
	b.count(func() { b.Asked++ })
	return b.rewrite(ctx, in.RunID, state, readAt)
}

// fromFinalSnapshots rebuilds the rows of the closed requests that Temporal no longer has.
func (b *Rebuilt) fromFinalSnapshots(ctx context.Context, known map[string]bool) error {
	for after := ""; ; {
		readAt, err := b.rows.Now(ctx)
		if err != nil {
			return fmt.Errorf("read the database clock: %w", err)
		}
		finals, err := b.rows.FinalSnapshots(ctx, after, page)
		if err != nil {
			return fmt.Errorf("read final snapshots: %w", err)
		}
		for _, final := range finals {
			after = final.ID
			if known[final.ID] && !b.forced[final.ID] {
				continue
			}
			b.Kept++
			if err := b.rewrite(ctx, final.RunID, final.Request, readAt); err != nil {
				return err
			}
		}
		if len(finals) < page {
			return nil
		}
	}
}

func (b *Rebuilt) rewrite(ctx context.Context, runID string, state pmo.Request, readAt time.Time) error {
	if !b.Applied {
		return nil
	}
	written, err := b.rows.Rewrite(ctx, runID, state, readAt)
	if err != nil {
		return fmt.Errorf("rebuild the row of %s: %w", state.ID, err)
	}
	b.count(func() {
		if written {
			b.Written++
		} else {
			b.Fresher++
		}
	})
	return nil
}

func (b *Rebuilt) count(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}
