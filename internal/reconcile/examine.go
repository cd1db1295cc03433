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

// examine compares every suspect in depth, twice if it differs: a projection that is being written is no difference.
func (p *pass) examine(ctx context.Context) error {
	ids := make([]string, 0, len(p.suspects))
	for id := range p.suspects {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	p.report.InDepth = len(ids)
	found, err := p.compareAll(ctx, ids)
	if err != nil || len(found) == 0 {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(p.RecheckAfter):
	}
	again := make([]string, 0, len(found))
	first := map[string]Finding{}
	for _, f := range found {
		again = append(again, f.ID)
		first[f.ID] = f
	}
	if found, err = p.compareAll(ctx, again); err != nil {
		return err
	}
	for _, f := range found {
		if persists(first[f.ID], f) {
			if f.recorded, err = p.rows.HasFinding(ctx, f.ID, string(f.Class)); err != nil {
				return err
			}
			p.report.Findings = append(p.report.Findings, f)
		}
	}
	return nil
}

// persists is whether a difference is the same in both comparisons: a row that changed in between is being written.
func persists(before, after Finding) bool {
	if before.Class != after.Class || (before.row == nil) != (after.row == nil) {
		return false
	}
	return after.row == nil || before.row.Seq == after.row.Seq && before.row.Epoch == after.row.Epoch
}

// compareAll compares requests, some concurrently, and returns the findings in the order of the ids.
func (p *pass) compareAll(ctx context.Context, ids []string) ([]Finding, error) {
	results, errs := make([]*Finding, len(ids)), make([]error, len(ids))
	slots := make(chan struct{}, atOnce)
	var wait sync.WaitGroup
	for i, id := range ids {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			results[i], errs[i] = p.compareOne(ctx, id)
		})
	}
	wait.Wait()
	var found []Finding
	for _, f := range results {
		if f != nil {
			found = append(found, *f)
		}
	}
	return found, errors.Join(errs...)
}

// compareOne compares a request in depth; nil when nothing differs.
func (p *pass) compareOne(ctx context.Context, id string) (*Finding, error) {
	in, err := p.temporal.Inspect(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("inspect request %s: %w", id, err)
	}
	f := &Finding{ID: id, runID: in.RunID}
	if f.readAt, err = p.rows.Now(ctx); err != nil {
		return nil, fmt.Errorf("read the database clock: %w", err)
	}
	row, err := p.rows.Request(ctx, id)
	if err == nil {
		f.row, f.Ref = &row, ref(&row.Request)
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("read the row of %s: %w", id, err)
	}
	switch {
	case !in.Found:
		return f.withoutWorkflow(), nil
	case f.row != nil && f.row.Closed() && in.Ended != "" && f.row.RunID == in.RunID:
		return nil, nil
	}
	return p.withState(ctx, f, in)
}

// withoutWorkflow is a row whose workflow does not exist in Temporal. For a closed row that is normal: Temporal deletes closed workflows.
func (f *Finding) withoutWorkflow() *Finding {
	if f.row == nil || f.row.Closed() {
		return nil
	}
	f.Class, f.Words = Ended, "Temporal has no workflow for this request; its row is open in "+string(f.row.Stage)
	f.Action = "decide: restore Temporal, or submit the request again and cancel this one by hand"
	return f
}

func (p *pass) withState(ctx context.Context, f *Finding, in engine.Inspection) (*Finding, error) {
	state, err := p.temporal.StateOf(ctx, f.ID, in.RunID)
	if err != nil {
		return f.queryFailed(in, err), nil
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
	if slot, ok := p.untold[f.ID]; ok && f.state.WaitsForPull() {
		return f.notTold(slot), nil
	}
	return p.stuck(f, in), nil
}

// mendFailing is what to do about a failing workflow task: a signal, as for a stuck request, would only fail once more.
const mendFailing = "decide: the Temporal UI shows the cause at its last workflow task. If the code differs from what the history was recorded with " +
	"(non-determinism; `pmo replay` checks), start workers of the version before, and report the history. If nothing mends it, terminate the workflow " +
	"there; then --apply closes the row and releases slot and capacity"

func (f *Finding) failing(in engine.Inspection) *Finding {
	f.Class, f.Words, f.Action = Failing, in.Failing, mendFailing
	return f
}

func (f *Finding) notTold(slot store.Slot) *Finding {
	f.Class, f.slot = Untold, slot
	f.Words = fmt.Sprintf("%s gave it a slot at %s and did not tell it", slot.Prioritization, slot.At.UTC().Format(time.RFC3339))
	f.Action = "tell it of its slot; give the slot back if its workflow has ended"
	return f
}

const wakeAndCheck = "wake it once; then check the workers, and the workflow in the Temporal UI"

// queryFailed is a request whose state cannot be queried. If its workflow was ended by force, the row is closed; otherwise a person has to
// check it.
func (f *Finding) queryFailed(in engine.Inspection, err error) *Finding {
	if in.Ended != "" && in.Ended != engine.EndedCompleted && f.row != nil {
		return f.endedAs(in.Ended)
	}
	if in.BadTask {
		return f.failing(in)
	}
	f.Class = Stuck
	f.Words = "its state cannot be queried: " + firstLine(err)
	if in.Failing != "" {
		f.Words = in.Failing
	}
	f.Action = wakeAndCheck
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
	f.Action = "close the row as cancelled, with a ledger entry; release slot and capacity"
	return f
}

// compare compares the row and the ledger with the state of the workflow.
func (p *pass) compare(ctx context.Context, f *Finding) error {
	if f.row == nil {
		f.Class, f.Words, f.Action = Missing, fmt.Sprintf("there is no row; the workflow is in %s", f.state.Stage), "write the row"
		return nil
	}
	epoch, err := p.rows.EpochOf(ctx, f.ID, f.runID)
	if err != nil {
		return fmt.Errorf("read the epoch of %s: %w", f.ID, err)
	}
	entries, err := p.rows.CountLedgerEntries(ctx, f.ID)
	if err != nil {
		return fmt.Errorf("count the ledger entries of %s: %w", f.ID, err)
	}
	newer := epoch == 0 || epoch > f.row.Epoch
	switch {
	case newer || epoch == f.row.Epoch && f.row.Seq < f.state.Seq:
		f.Class, f.Words = Behind, fmt.Sprintf("the row is at change %d, the workflow at %d", f.row.Seq, f.state.Seq)
		f.Action = "write the row and the missing entries"
	case epoch < f.row.Epoch || f.row.Seq > f.state.Seq:
		f.Class, f.Words = Ahead, fmt.Sprintf("the row is at change %d, the workflow only at %d", f.row.Seq, f.state.Seq)
		f.Action = "decide: Temporal has lost changes that the row contains; `pmo rebuild` replaces the row by the workflow's state"
	case !same(f.row.Request, *f.state):
		f.Class, f.Words, f.Action = Behind, fmt.Sprintf("row and workflow are at change %d and differ", f.row.Seq), "replace the row"
	case entries < f.state.LedgerSeq:
		f.Class, f.Words = Behind, fmt.Sprintf("the ledger has %d of %d entries", entries, f.state.LedgerSeq)
		f.Action = "add the missing entries from the workflow's history"
	case entries > f.state.LedgerSeq:
		return p.lost(ctx, f)
	}
	return nil
}

// lost finds the entries that the workflow did not write. A ledger with more entries than the workflow counts may also be one that a reset went
// back behind: what the execution before it wrote has happened.
func (p *pass) lost(ctx context.Context, f *Finding) error {
	all, err := p.replayLedger(ctx, f.ID, f.runID)
	if err != nil {
		return fmt.Errorf("replay the ledger of %s: %w", f.ID, err)
	}
	for _, e := range all {
		f.known = append(f.known, e.Key)
	}
	keys, err := p.rows.LostEntries(ctx, f.ID, f.runID, f.known)
	if err != nil || len(keys) == 0 {
		return err
	}
	f.Class, f.Words = Lost, fmt.Sprintf("the ledger has %d entries that did not happen: a worker ended before they took effect", len(keys))
	f.Action = "retract them by entries of their own, which tell who was told"
	return nil
}

func same(a, b any) bool {
	left, err := json.Marshal(a)
	right, err2 := json.Marshal(b)
	return err == nil && err2 == nil && string(left) == string(right)
}

// stuck finds a request that should have acted and has not.
func (p *pass) stuck(f *Finding, in engine.Inspection) *Finding {
	if in.Ended != "" {
		return nil
	}
	limit := p.now.Add(-p.StuckAfter)
	due, what := f.state.NextDue(p.now)
	switch {
	case in.BadTask:
		return f.failing(in)
	case in.Failing != "":
		f.Words = in.Failing
	case !due.IsZero() && due.Before(limit):
		f.Words = fmt.Sprintf("%s was due at %s and has not happened", what, due.UTC().Format(time.RFC3339))
	default:
		return nil
	}
	f.Class, f.Action = Stuck, wakeAndCheck
	return f
}
