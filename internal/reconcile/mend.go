package reconcile

import (
	"context"
	"fmt"
	"slices"

	"leanpmo/internal/pmo"
)

// repairAll does what each finding needs, one after the other; what fails is told and leaves the others alone.
func (p *pass) repairAll(ctx context.Context) error {
	var still []string
	for i := range p.report.Findings {
		f := &p.report.Findings[i]
		if err := p.repair(ctx, f); err != nil {
			f.Fault = err.Error()
		}
		if f.Changed {
			p.report.Changes++
		}
		if !f.repaired {
			still = append(still, f.ID)
		}
	}
	if err := p.rows.ForgetFindings(ctx, append([]string{}, still...)); err != nil {
		return err
	}
	strays, err := p.rows.ReleaseOrphans(ctx, p.now.Add(-orphanAfter))
	if err != nil {
		return fmt.Errorf("give unused slots and holds back: %w", err)
	}
	p.report.Orphans = strays
	p.report.Changes += len(strays)
	return nil
}

func (p *pass) repair(ctx context.Context, f *Finding) error {
	switch {
	case f.Class == Missing, f.Class == Behind:
		return p.catchUp(ctx, f)
	case f.Class == Ended && f.run != "":
		return p.close(ctx, f)
	case f.Class == Stuck:
		return p.wake(ctx, f)
	}
	return p.saveFinding(ctx, f)
}

// catchUp writes what the workflow says. Entries come from its history: those since the row with the snapshot, as the workflow would
// have sent them, so that a slot taken and lost in between is given back; older ones that are missing after it.
func (p *pass) catchUp(ctx context.Context, f *Finding) error {
	all, retold := p.replayLedger(ctx, f.ID, f.run)
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
	f.Changed, f.repaired = true, retold == nil
	if retold != nil {
		return fmt.Errorf("the row is written; its history cannot be read for the ledger: %w", retold)
	}
	return nil
}

func (p *pass) write(ctx context.Context, f *Finding, recent []pmo.Entry) error {
	if _, _, err := p.rows.Project(ctx, f.run, *f.state, recent); err != nil {
		return fmt.Errorf("write the row of %s: %w", f.ID, err)
	}
	if f.row == nil || f.row.Seq != f.state.Seq || same(f.row.Request, *f.state) {
		return nil
	}
	// The same change told otherwise: the guard lets nothing through that is not newer.
	if _, err := p.rows.Rewrite(ctx, f.run, *f.state, f.readAt); err != nil {
		return fmt.Errorf("write the row of %s anew: %w", f.ID, err)
	}
	return nil
}

// close ends a request whose workflow was ended by force.
func (p *pass) close(ctx context.Context, f *Finding) error {
	state := f.state
	if state == nil || f.row != nil && f.row.Seq > state.Seq {
		state = &f.row.Request
	}
	if f.state != nil && (f.row == nil || f.row.Seq < f.state.Seq) {
		if err := p.catchUp(ctx, f); err != nil {
			f.Fault = err.Error() // closing goes on: the slot must come back
		}
	}
	last := state.Snapshot()
	last.Close(pmo.TriggerEndedInTemporal, "Ended in Temporal: "+f.Words+".", pmo.By{Actor: p.Actor, Via: "reconcile"}, p.now)
	entries := last.UnprojectedEntries()
	if _, _, err := p.rows.Project(ctx, f.run, last.Snapshot(), entries); err != nil {
		return fmt.Errorf("close the row of %s: %w", f.ID, err)
	}
	f.Changed, f.repaired = true, true
	return nil
}

// wake wakes a request, once as long as it stays stuck: what a signal cannot wake, a second one will not.
func (p *pass) wake(ctx context.Context, f *Finding) error {
	if f.known {
		return nil
	}
	if err := p.temporal.Wake(ctx, f.ID); err != nil {
		return fmt.Errorf("nudge %s: %w", f.ID, err)
	}
	return p.saveFinding(ctx, f)
}

// saveFinding marks what a person has to decide.
func (p *pass) saveFinding(ctx context.Context, f *Finding) error {
	changed, err := p.rows.SaveFinding(ctx, f.ID, string(f.Class), f.Words, p.now)
	f.Changed, f.known = changed, err == nil
	return err
}
