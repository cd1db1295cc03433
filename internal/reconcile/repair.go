package reconcile

import (
	"context"
	"fmt"
	"slices"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// repairAll repairs the findings one after the other. A failed repair is reported and does not stop the others.
func (p *pass) repairAll(ctx context.Context) error {
	unresolved := []string{}
	for i := range p.report.Findings {
		f := &p.report.Findings[i]
		if err := p.repair(ctx, f); err != nil {
			f.Fault = err.Error()
		}
		if f.Changed {
			p.report.Changes++
		}
		if !f.repaired {
			unresolved = append(unresolved, f.ID)
		}
	}
	if err := p.rows.DeleteFindingsExcept(ctx, unresolved); err != nil {
		return err
	}
	orphans, err := p.rows.ReleaseOrphans(ctx, p.now.Add(-orphanAfter))
	if err != nil {
		return fmt.Errorf("release orphaned slots and holds: %w", err)
	}
	p.report.Orphans = orphans
	p.report.Changes += len(orphans)
	return nil
}

func (p *pass) repair(ctx context.Context, f *Finding) error {
	switch {
	case f.Class == Missing, f.Class == Behind:
		return p.catchUp(ctx, f)
	case f.Class == Ended && f.runID != "":
		return p.close(ctx, f)
	case f.Class == Stuck:
		return p.wake(ctx, f)
	case f.Class == Untold:
		return p.tell(ctx, f)
	case f.Class == Lost:
		return p.retract(ctx, f)
	}
	return p.saveFinding(ctx, f)
}

// catchUp writes the state of the workflow. The ledger entries come from its history. The entries since the row are written with the
// snapshot, as the workflow would have sent them, so that a slot taken and lost in between is released; older missing ones afterwards.
func (p *pass) catchUp(ctx context.Context, f *Finding) error {
	all, replayErr := p.replayLedger(ctx, f.ID, f.runID)
	var since int64
	if f.row != nil {
		since = f.row.LedgerSeq
	}
	recent := slices.DeleteFunc(slices.Clone(all), func(e pmo.Entry) bool { return e.Seq <= since || e.Seq > f.state.LedgerSeq })
	if err := p.write(ctx, f, recent); err != nil {
		return err
	}
	if err := p.rows.AddLedgerEntries(ctx, f.ID, all); err != nil {
		return fmt.Errorf("complete the ledger of %s: %w", f.ID, err)
	}
	f.Changed, f.repaired = true, replayErr == nil
	if replayErr != nil {
		return fmt.Errorf("the row is written, but the history cannot be replayed for the ledger: %w", replayErr)
	}
	return nil
}

func (p *pass) write(ctx context.Context, f *Finding, recent []pmo.Entry) error {
	if _, _, err := p.rows.Project(ctx, f.runID, *f.state, recent); err != nil {
		return fmt.Errorf("write the row of %s: %w", f.ID, err)
	}
	if f.row == nil || f.row.Seq != f.state.Seq || same(f.row.Request, *f.state) {
		return nil
	}
	// The row has the same version and other content: Project would not write it, because it is not newer.
	if _, err := p.rows.Rewrite(ctx, f.runID, *f.state, f.readAt); err != nil {
		return fmt.Errorf("replace the row of %s: %w", f.ID, err)
	}
	return nil
}

// close closes the row of a request whose workflow was ended by force, and ends its item in the team's tool before that: a row that is
// closed is not looked at again.
func (p *pass) close(ctx context.Context, f *Finding) error {
	state := f.state
	if state == nil || f.row != nil && f.row.Seq > state.Seq {
		state = &f.row.Request
	}
	if f.state != nil && (f.row == nil || f.row.Seq < f.state.Seq) {
		if err := p.catchUp(ctx, f); err != nil {
			f.Fault = err.Error() // continue with closing, so that the slot is released
		}
	}
	last := state.Snapshot()
	last.EndInTemporal("Ended in Temporal: "+f.Words+".", pmo.By{Actor: p.Actor, Via: "reconcile"}, p.now)
	entries := last.UnprojectedEntries()
	if err := p.temporal.EndWorkItem(ctx, &last); err != nil {
		return fmt.Errorf("end the work item of %s: %w", f.ID, err)
	}
	if _, _, err := p.rows.Project(ctx, f.runID, last.Snapshot(), entries); err != nil {
		return fmt.Errorf("close the row of %s: %w", f.ID, err)
	}
	f.Changed, f.repaired = true, true
	return nil
}

// wake sends a signal to a stuck request, once as long as it stays stuck: a second signal would not help either.
func (p *pass) wake(ctx context.Context, f *Finding) error {
	if f.recorded {
		return nil
	}
	if err := p.temporal.Wake(ctx, f.ID); err != nil {
		return fmt.Errorf("wake %s: %w", f.ID, err)
	}
	return p.saveFinding(ctx, f)
}

// saveFinding records a finding about which a person has to decide.
func (p *pass) saveFinding(ctx context.Context, f *Finding) error {
	changed, err := p.rows.SaveFinding(ctx, f.ID, string(f.Class), f.Words, p.now)
	f.Changed, f.recorded = changed, err == nil
	return err
}

// tell tells a request of its slot, as the prioritization that gave it would have; the slot of a workflow that has ended is given back.
func (p *pass) tell(ctx context.Context, f *Finding) error {
	told, err := p.temporal.TellPulled(ctx, f.ID, pmo.Pull{Run: f.slot.Prioritization, At: f.slot.At})
	if err == nil && !told {
		err = p.rows.InPortfolio(ctx, f.slot.Portfolio, func(tx *store.PortfolioTx) error {
			return tx.ReturnSlot(ctx, f.ID, f.slot.Prioritization)
		})
	}
	if err != nil {
		return fmt.Errorf("tell %s of its slot: %w", f.ID, err)
	}
	f.Changed, f.repaired = true, true
	return nil
}

// retract adds to the ledger that some of its entries did not happen.
func (p *pass) retract(ctx context.Context, f *Finding) error {
	if err := p.rows.RetractLostEntries(ctx, f.ID, f.runID, f.known, p.now); err != nil {
		return fmt.Errorf("retract entries of %s: %w", f.ID, err)
	}
	f.Changed, f.repaired = true, true
	return nil
}
