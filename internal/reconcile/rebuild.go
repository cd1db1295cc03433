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

// Rebuilt is what a rebuild did, or would do.
type Rebuilt struct {
	Applied  bool     `json:"applied"`
	Asked    int      `json:"asked"`            // requests whose workflow was asked for its state
	Kept     int      `json:"kept"`             // closed ones Temporal has forgotten, from their last state
	Written  int      `json:"written"`          // rows made anew
	Fresher  int      `json:"fresher"`          // rows the process itself wrote meanwhile
	Silent   []string `json:"silent,omitempty"` // whose workflow did not answer: their rows stay
	Orphans  []string `json:"strays,omitempty"`
	Took     string   `json:"took"`
	mu       sync.Mutex
	forced   map[string]bool // ended by force
	temporal Temporal
	rows     Rows
}

// Rebuild makes the projector's tables anew: requests, open questions, slots and holds, from what the workflows say, and for closed ones
// Temporal has forgotten from their last state. The ledger, numbers, epochs and everything the API or the runs wrote stay.
func Rebuild(ctx context.Context, t Temporal, r Rows, apply bool) (*Rebuilt, error) {
	began := time.Now()
	b := &Rebuilt{Applied: apply, temporal: t, rows: r, forced: map[string]bool{}}
	known, err := b.workflows(ctx)
	if err == nil {
		err = b.forgotten(ctx, known)
	}
	if err == nil && apply {
		var now time.Time
		if now, err = r.Now(ctx); err == nil {
			b.Orphans, err = r.ReleaseOrphans(ctx, now.Add(-orphanAfter))
		}
	}
	b.Took = time.Since(began).Round(time.Millisecond).String()
	return b, err
}

func (b *Rebuilt) workflows(ctx context.Context) (map[string]bool, error) {
	known := map[string]bool{}
	visit := func(list []engine.Execution) error { return b.each(ctx, list, known) }
	if err := b.temporal.ClosedSince(ctx, time.Time{}, visit); err != nil {
		return nil, fmt.Errorf("rebuild from closed workflows: %w", err)
	}
	if err := b.temporal.Running(ctx, visit); err != nil {
		return nil, fmt.Errorf("rebuild from running workflows: %w", err)
	}
	return known, nil
}

func (b *Rebuilt) each(ctx context.Context, list []engine.Execution, known map[string]bool) error {
	slots := make(chan struct{}, atOnce)
	var wait sync.WaitGroup
	faults := make([]error, len(list))
	for i, x := range list {
		if known[x.ID] {
			continue
		}
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			faults[i] = b.workflow(ctx, x)
		})
		known[x.ID] = true
	}
	wait.Wait()
	return errors.Join(faults...)
}

// workflow makes one row anew from its workflow's word. One that was ended by force does not know its end: reconciliation has closed
// it, and its last state tells so.
func (b *Rebuilt) workflow(ctx context.Context, x engine.Execution) error {
	readAt, err := b.rows.Now(ctx)
	if err != nil {
		return fmt.Errorf("ask the time: %w", err)
	}
	in, err := b.temporal.Inspect(ctx, x.ID)
	if err != nil {
		return fmt.Errorf("look at request %s: %w", x.ID, err)
	}
	if in.Ended != "" && in.Ended != engine.EndedCompleted {
		b.count(func() { b.forced[x.ID] = true })
		return nil
	}
	state, err := b.temporal.StateOf(ctx, x.ID, in.RunID)
	if err != nil {
		b.count(func() { b.Silent = append(b.Silent, x.ID) })
		return nil
	}
	b.count(func() { b.Asked++ })
	return b.rewrite(ctx, in.RunID, state, readAt)
}

// forgotten makes the rows of those anew that Temporal no longer knows.
func (b *Rebuilt) forgotten(ctx context.Context, known map[string]bool) error {
	for after := ""; ; {
		readAt, err := b.rows.Now(ctx)
		if err != nil {
			return fmt.Errorf("ask the time: %w", err)
		}
		finals, err := b.rows.FinalSnapshots(ctx, after, page)
		if err != nil {
			return fmt.Errorf("read last states: %w", err)
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
		return fmt.Errorf("make the row of %s anew: %w", state.ID, err)
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

var _ Rows = (*store.Store)(nil)
var _ Temporal = (*engine.Engine)(nil)
