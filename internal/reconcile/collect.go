package reconcile

import (
	"context"
	"fmt"
	"time"

	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// The parts of a pass that have a checkpoint.
const (
	partClosed    = "closed"    // closed workflows, by close time
	partProjected = "projected" // requests queried for their state, by projection time
)

// checkpoints are where the next pass begins, if this one is covered.
type checkpoints struct{ closed, projected time.Time }

func (c checkpoints) save(ctx context.Context, s *store.Store) error {
	for part, at := range map[string]time.Time{partClosed: c.closed, partProjected: c.projected} {
		if err := s.SetCheckpoint(ctx, part, at); err != nil {
			return fmt.Errorf("store the checkpoint %s: %w", part, err)
		}
	}
	return nil
}

func (p *pass) checkpoint(ctx context.Context, part string) (time.Time, error) {
	if p.Full {
		return time.Time{}, nil
	}
	at, err := p.rows.Checkpoint(ctx, part)
	if err != nil {
		return at, fmt.Errorf("read the checkpoint %s: %w", part, err)
	}
	return at, nil
}

// collect finds the suspects: by cheap comparisons of all open requests, and by what changed since the last checkpoints.
func (p *pass) collect(ctx context.Context) (checkpoints, error) {
	next := checkpoints{closed: p.now.Add(-p.Lag)}
	running := map[string]engine.Execution{}
	err := p.temporal.Running(ctx, func(list []engine.Execution) error {
		for _, x := range list {
			running[x.ID] = x
		}
		return nil
	})
	if err != nil {
		return next, fmt.Errorf("list running requests: %w", err)
	}
	p.report.Workflows = len(running)
	if err := p.compareRows(ctx, running); err != nil {
		return next, err
	}
	for _, collect := range []func(context.Context) error{p.ended, p.failing, p.recorded, p.notTold} {
		if err := collect(ctx); err != nil {
			return next, err
		}
	}
	next.projected, err = p.changed(ctx)
	return next, err
}

// compareRows compares all open rows with their workflows; the workflows left over have no open row.
func (p *pass) compareRows(ctx context.Context, running map[string]engine.Execution) error {
	for _, x := range running {
		if !x.Due.IsZero() && x.Due.Before(p.now.Add(-p.StuckAfter)) {
			p.suspects[x.ID] = true
		}
	}
	for after := ""; ; {
		heads, err := p.rows.OpenHeads(ctx, after, page)
		if err != nil {
			return fmt.Errorf("list open rows: %w", err)
		}
		for _, h := range heads {
			x, runs := running[h.ID]
			late := h.NextDue != nil && h.NextDue.Before(p.now.Add(-p.StuckAfter)) // a reminder or a step without a question: PmoDueAt is of questions
			if !runs || late || !sameAttributes(h, x) {
				p.suspects[h.ID] = true
			}
			delete(running, h.ID)
			after = h.ID
		}
		p.report.Rows += len(heads)
		if len(heads) < page {
			break
		}
	}
	for id := range running {
		p.suspects[id] = true
	}
	return nil
}

// sameAttributes compares the search attributes with the row. A workflow whose first task has not completed yet has no status.
func sameAttributes(h store.Head, x engine.Execution) bool {
	since := h.StageSince.Sub(x.StageSince).Abs()
	return h.RunID == x.RunID && h.Stage == x.Stage && h.Status == x.Status && h.Number == x.Number && since < time.Millisecond
}

// ended finds workflows that closed since the checkpoint and have no row; compareRows finds open rows without a running workflow.
func (p *pass) ended(ctx context.Context) error {
	since, err := p.checkpoint(ctx, partClosed)
	if err != nil {
		return err
	}
	return p.temporal.ClosedSince(ctx, since, func(list []engine.Execution) error {
		ids := make([]string, 0, len(list))
		for _, x := range list {
			ids = append(ids, x.ID)
		}
		p.report.Workflows += len(ids)
		missing, err := p.rows.WithoutRow(ctx, ids)
		for _, id := range missing {
			p.suspects[id] = true
		}
		return err
	})
}

func (p *pass) failing(ctx context.Context) error {
	return p.temporal.Failing(ctx, func(list []engine.Execution) error {
		for _, x := range list {
			p.suspects[x.ID] = true
		}
		return nil
	})
}

// recorded adds the requests with findings of earlier passes.
func (p *pass) recorded(ctx context.Context) error {
	ids, err := p.rows.RequestsWithFindings(ctx)
	for _, id := range ids {
		p.suspects[id] = true
	}
	return err
}

// notTold adds the requests that hold a slot in Postgres and still wait for a pull.
func (p *pass) notTold(ctx context.Context) error {
	slots, err := p.rows.UntoldSlots(ctx, p.now.Add(-p.UntoldAfter))
	if err != nil {
		return err
	}
	for _, s := range slots {
		p.suspects[s.RequestID], p.untold[s.RequestID] = true, s
	}
	return nil
}

// changed adds the rows projected since the checkpoint, up to a limit, and returns the next checkpoint.
func (p *pass) changed(ctx context.Context) (time.Time, error) {
	covered := p.now.Add(-p.Lag)
	since, err := p.checkpoint(ctx, partProjected)
	if err != nil {
		return covered, err
	}
	limit := p.Depth
	if p.Full {
		limit = 0
	}
	heads, err := p.rows.ChangedHeads(ctx, since, orUnlimited(limit))
	if err != nil {
		return covered, fmt.Errorf("list changed rows: %w", err)
	}
	for _, h := range heads {
		p.suspects[h.ID] = true
	}
	if limit > 0 && len(heads) == limit {
		p.report.Left = true
		covered = heads[len(heads)-1].Projected
	}
	return covered, nil
}

func orUnlimited(limit int) int {
	if limit == 0 {
		return 1 << 30
	}
	return limit
}

// ref is the number of a request as people write it.
func ref(r *pmo.Request) string {
	if r == nil {
		return ""
	}
	return pmo.Ref(r.Number)
}
