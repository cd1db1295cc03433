package reconcile

import (
	"context"
	"fmt"
	"time"

	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// The parts of which a mark says how far they are covered.
const (
	partClosed    = "closed"    // closed workflows, by when they closed
	partProjected = "projected" // rows asked for their state, by when they were projected
)

// checkpoints are where the next pass begins, if this one ends clean.
type checkpoints struct{ closed, projected time.Time }

func (m checkpoints) save(ctx context.Context, r Rows) error {
	for part, at := range map[string]time.Time{partClosed: m.closed, partProjected: m.projected} {
		if err := r.SetCheckpoint(ctx, part, at); err != nil {
			return fmt.Errorf("remember how far the pass came: %w", err)
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
		return at, fmt.Errorf("read how far the last pass came: %w", err)
	}
	return at, nil
}

// collect finds the suspects: cheap comparisons over everything open, and what changed since the last clean pass.
func (p *pass) collect(ctx context.Context) (checkpoints, error) {
	m := checkpoints{closed: p.now.Add(-p.Lag)}
	running := map[string]engine.Execution{}
	err := p.temporal.Running(ctx, func(list []engine.Execution) error {
		for _, x := range list {
			running[x.ID] = x
		}
		return nil
	})
	if err != nil {
		return m, fmt.Errorf("list running requests: %w", err)
	}
	p.report.Workflows = len(running)
	if err := p.compareRows(ctx, running); err != nil {
		return m, err
	}
	for _, look := range []func(context.Context) error{p.ended, p.failing, p.known} {
		if err := look(ctx); err != nil {
			return m, err
		}
	}
	m.projected, err = p.changed(ctx)
	return m, err
}

// compareRows walks through the open rows; workflows that are left over have no open row.
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
			if !runs || !alike(h, x) {
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

// alike compares what visibility shows with the row. A workflow whose first task has not ended yet shows no status.
func alike(h store.Head, x engine.Execution) bool {
	since := h.StageSince.Sub(x.StageSince).Abs()
	return h.RunID == x.RunID && h.Stage == x.Stage && h.Status == x.Status && h.Number == x.Number && since < time.Millisecond
}

// ended finds workflows that closed since the last clean pass and have no row at all; open rows without a running workflow are known.
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
		unknown, err := p.rows.Unknown(ctx, ids)
		for _, id := range unknown {
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

// known looks again at what earlier passes have put on file.
func (p *pass) known(ctx context.Context) error {
	ids, err := p.rows.RequestsWithFindings(ctx)
	for _, id := range ids {
		p.suspects[id] = true
	}
	return err
}

// changed adds rows projected since the last clean pass, a bounded number of them, and answers how far that covers.
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
	heads, err := p.rows.ChangedHeads(ctx, since, orAll(limit))
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

func orAll(limit int) int {
	if limit == 0 {
		return 1 << 30
	}
	return limit
}

// ref is how people call a request.
func ref(r *pmo.Request) string {
	if r == nil || r.Number == 0 {
		return ""
	}
	return fmt.Sprintf("R-%d", r.Number)
}
