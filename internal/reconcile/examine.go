package reconcile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"leanpmo/internal/engine"
	"leanpmo/internal/store"
)

// examine looks at every suspect, twice if it differs: what is just on its way to Postgres is no difference.
func (p *pass) examine(ctx context.Context) error {
	ids := make([]string, 0, len(p.suspects))
	for id := range p.suspects {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	p.report.InDepth = len(ids)
	found, err := p.lookAt(ctx, ids)
	if err != nil || len(found) == 0 {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(p.RecheckAfter):
	}
	again := make([]string, 0, len(found))
	seen := map[string]Finding{}
	for _, f := range found {
		again = append(again, f.ID)
		seen[f.ID] = f
	}
	if found, err = p.lookAt(ctx, again); err != nil {
		return err
	}
	for _, f := range found {
		if lasts(seen[f.ID], f) {
			if f.known, err = p.rows.FindingKnown(ctx, f.ID, string(f.Class)); err != nil {
				return err
			}
			p.report.Findings = append(p.report.Findings, f)
		}
	}
	return nil
}

// lasts tells whether a difference is the same as a moment ago: a row that moved since is being written.
func lasts(before, after Finding) bool {
	if before.Class != after.Class || (before.row == nil) != (after.row == nil) {
		return false
	}
	return after.row == nil || before.row.Seq == after.row.Seq && before.row.Epoch == after.row.Epoch
}

// lookAt examines requests, some at a time, and answers the findings in the order of the ids.
func (p *pass) lookAt(ctx context.Context, ids []string) ([]Finding, error) {
	results, faults := make([]*Finding, len(ids)), make([]error, len(ids))
	slots := make(chan struct{}, atOnce)
	var wait sync.WaitGroup
	for i, id := range ids {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			results[i], faults[i] = p.one(ctx, id)
		})
	}
	wait.Wait()
	var found []Finding
	for _, f := range results {
		if f != nil {
			found = append(found, *f)
		}
	}
	return found, errors.Join(faults...)
}

// one compares a request in depth; nil when nothing is wrong.
func (p *pass) one(ctx context.Context, id string) (*Finding, error) {
	in, err := p.temporal.Inspect(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("look at request %s: %w", id, err)
	}
	f := &Finding{ID: id, run: in.RunID}
	if f.readAt, err = p.rows.Now(ctx); err != nil {
		return nil, fmt.Errorf("ask the time: %w", err)
	}
	row, err := p.rows.Request(ctx, id)
	if err == nil {
		f.row, f.Ref = &row, ref(&row.Request)
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("read the row of %s: %w", id, err)
	}
	switch {
	case !in.Found:
		return f.gone(), nil
	case f.row != nil && f.row.Closed() && in.Ended != "" && f.row.RunID == in.RunID:
		return nil, nil
	}
	return p.withState(ctx, f, in)
}

// gone is an open row whose workflow Temporal does not know. A closed one outlives its workflow by design.
func (f *Finding) gone() *Finding {
	if f.row == nil || f.row.Closed() {
		return nil
	}
	f.Class, f.Words = Ended, "Temporal does not know this request; its row is open in "+string(f.row.Stage)
	f.Action = "decide: restore Temporal, or submit it again and cancel this one by hand"
	return f
}

func (p *pass) withState(ctx context.Context, f *Finding, in engine.Inspection) (*Finding, error) {
	state, err := p.temporal.StateOf(ctx, f.ID, in.RunID)
	if err != nil {
		return f.silent(in, err), nil
	}
	f.state = &state
	if f.Ref == "" {
		f.Ref = ref(&state)
	}
	if err := p.compare(ctx, f); err != nil {
		return nil, err
	}
	switch {
	case in.Ended != "" && in.Ended != engine.EndedCompleted && (f.row == nil || !f.row.Closed()):
		return f.endedAs(in.Ended), nil
	case f.Class != "":
		return f, nil
	}
	return p.stuck(f, in), nil
}

// silent is a request that does not say how it stands. One that ended by force is closed by its row; others wait for a person.
func (f *Finding) silent(in engine.Inspection, err error) *Finding {
	if in.Ended != "" && in.Ended != engine.EndedCompleted && f.row != nil {
		return f.endedAs(in.Ended)
	}
	f.Class = Stuck
	f.Words = "it does not say how it stands: " + firstLine(err)
	if in.Failing != "" {
		f.Words = in.Failing
	}
	f.Action = "nudge it once; then look at the workers, and at the workflow in the Temporal UI"
	return f
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func (f *Finding) endedAs(how string) *Finding {
	f.Class, f.Words = Ended, "its workflow was "+how+" in Temporal; the row is open"
	if f.row == nil {
		f.Words = "its workflow was " + how + " in Temporal; there is no row"
	}
	f.Action = "close the row as cancelled, with a line in the ledger; give slot and capacity back"
	return f
}

// compare holds the row against the workflow's own state.
func (p *pass) compare(ctx context.Context, f *Finding) error {
	if f.row == nil {
		f.Class, f.Words, f.Action = Missing, fmt.Sprintf("there is no row; the workflow is in %s", f.state.Stage), "write the row"
		return nil
	}
	epoch, err := p.rows.EpochOf(ctx, f.ID, f.run)
	if err != nil {
		return fmt.Errorf("epoch of %s: %w", f.ID, err)
	}
	lines, err := p.rows.LedgerLines(ctx, f.ID)
	if err != nil {
		return fmt.Errorf("ledger of %s: %w", f.ID, err)
	}
	newer := epoch == 0 || epoch > f.row.Epoch
	switch {
	case newer || epoch == f.row.Epoch && f.row.Seq < f.state.Seq:
		f.Class, f.Words = Behind, fmt.Sprintf("the row is at change %d, the workflow at %d", f.row.Seq, f.state.Seq)
		f.Action = "write the row and the entries it misses"
	case epoch < f.row.Epoch || f.row.Seq > f.state.Seq:
		f.Class, f.Words = Ahead, fmt.Sprintf("the row is at change %d, the workflow only at %d", f.row.Seq, f.state.Seq)
		f.Action = "decide: Temporal lost what the row still knows; `pmo rebuild` takes the workflow's word"
	case !same(f.row.Request, *f.state):
		f.Class, f.Words, f.Action = Behind, fmt.Sprintf("the row tells change %d otherwise than the workflow", f.row.Seq), "write the row anew"
	case lines < f.state.LedgerSeq:
		f.Class, f.Words = Behind, fmt.Sprintf("the ledger has %d of %d lines", lines, f.state.LedgerSeq)
		f.Action = "add the lines from the workflow's history"
	}
	return nil
}

func same(a, b any) bool {
	left, err := json.Marshal(a)
	right, err2 := json.Marshal(b)
	return err == nil && err2 == nil && string(left) == string(right)
}

// stuck is a request that ought to have acted.
func (p *pass) stuck(f *Finding, in engine.Inspection) *Finding {
	if in.Ended != "" {
		return nil
	}
	late := p.now.Add(-p.StuckAfter)
	due, what := f.state.NextDue(p.now)
	switch {
	case in.Failing != "":
		f.Words = in.Failing
	case !due.IsZero() && due.Before(late):
		f.Words = fmt.Sprintf("%s was due at %s and has not happened", what, due.UTC().Format(time.RFC3339))
	default:
		return nil
	}
	f.Class, f.Action = Stuck, "nudge it once; then look at the workers, and at the workflow in the Temporal UI"
	return f
}
