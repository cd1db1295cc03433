package activities

import (
	"context"
	"fmt"
	"strings"
	"time"

	"leanpmo/internal/backlog"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// wake lists whom the run tells of what teams hold and can hold. It returns the accepted work for which its team has no room any more, of which is to
// be said what a move would bring.
func wake(ctx context.Context, tx *store.PortfolioTx, p *policy.Policy, in contract.RankInput, ranked *contract.PrioritizationResult) ([]backlog.NoRoom, error) {
	read, err := backlog.ReadPlacement(ctx, tx, p.AssignPolicyAt(in.Portfolio, in.At), nil)
	if err != nil {
		return nil, err
	}
	if err := tx.NoteRoomRules(ctx, roomRules(p, in.Portfolio), in.At, read.Rules.Today); err != nil {
		return nil, err
	}
	accepted, err := tx.Accepted(ctx)
	if err != nil {
		return nil, err
	}
	lost, found := read.Rooms(accepted)
	for _, w := range found[:min(len(found), maxPulls)] {
		ranked.HasRoom = append(ranked.HasRoom, contract.HasRoom{RequestID: w.RequestID, Team: w.Team})
	}
	ranked.LostPlaces = lostPlaces(&read)
	ranked.WaitForTeam, err = toWake(ctx, tx, &read, p, in)
	return lost[:min(len(lost), mostNoRoom)], err
}

// toWake lists the requests that wait for a team and would get one now, by the same batch as their own search: the others would search in
// vain. One that an earlier run woke is woken again only when its team has more room than then, or when something else changed for it.
func toWake(ctx context.Context, tx *store.PortfolioTx, read *backlog.Placement, p *policy.Policy, in contract.RankInput) ([]string, error) {
	found, err := placed(ctx, tx, read, in.At, p.Name())
	if err != nil {
		return nil, err
	}
	last, err := tx.Wakes(ctx)
	if err != nil || len(found)+len(last) == 0 {
		return nil, err
	}
	ids := wakeChanged(found, last, in.ID)
	return ids, tx.SaveWakes(ctx, found)
}

// lostPlaces are offers for which their teams have no room any more, at most maxPulls.
func lostPlaces(read *backlog.Placement) (list []contract.LostPlace) {
	for _, l := range read.LostPlaces() {
		if len(list) < maxPulls {
			list = append(list, contract.LostPlace{RequestID: l.RequestID, Team: l.Team, Says: pmo.Truncate(l.Says, reasonBytes)})
		}
	}
	return list
}

// planAhead plans the batch of a portfolio before a run takes the portfolio's lock. Where something changes before it has the lock, the run
// plans again.
func (a *Activities) planAhead(ctx context.Context, p *policy.Policy, in contract.RankInput) error {
	var read backlog.Placement
	err := a.Store.ReadPortfolio(ctx, in.Portfolio, func(tx *store.PortfolioTx) (err error) {
		read, err = backlog.ReadPlacement(ctx, tx, p.AssignPolicyAt(in.Portfolio, in.At), nil)
		return err
	})
	if err != nil || len(read.Waiting) == 0 || read.Valid() {
		return err
	}
	return a.plan(ctx, in.Portfolio, &read, in.At)
}

// wakeChanged lists the requests that the run wakes, and notes in found which run woke each last. A repeated attempt of the run that woke a
// request wakes it again: the result of the first may be lost.
func wakeChanged(found, last []store.Wake, run string) []string {
	before := make(map[string]store.Wake, len(last))
	for _, w := range last {
		before[w.RequestID] = w
	}
	var ids []string
	for i := range found {
		w := &found[i]
		b, known := before[w.RequestID]
		if known && b.Run != run && b.Basis == w.Basis && w.Load >= b.Load && w.WIP >= b.WIP {
			w.Run = b.Run
			continue
		}
		w.Run = run
		ids = append(ids, w.RequestID)
	}
	return ids
}

// placed are the requests that wait for a team and would get one now, at most maxPulls of them.
func placed(ctx context.Context, tx *store.PortfolioTx, read *backlog.Placement, at time.Time, policyName string) ([]store.Wake, error) {
	if len(read.Rows) == 0 {
		return nil, nil
	}
	batch := read.Latest
	if !read.Valid() {
		planned, err := read.Plan(at)
		if err != nil {
			return nil, err
		}
		if err := tx.SaveBatch(ctx, planned); err != nil {
			return nil, err
		}
		batch = &planned
	}
	teams := make(map[string]string, len(batch.Places))
	for _, place := range batch.Places {
		teams[place.RequestID] = place.Team
	}
	var found []store.Wake
	for i := range read.Rows {
		r := &read.Rows[i]
		team := teams[r.ID]
		if n := r.NamedTeam; n != nil && n.OverLimit { // it takes its place whatever is planned
			team = n.Team
		}
		if team == "" || len(found) == maxPulls {
			continue
		}
		if t := read.Team(team); t != nil {
			found = append(found, wakeOf(r, *t, policyName))
		}
	}
	return found, nil
}

// wakeOf is a request that would get a team. Its basis is all that its own search depends on, except how much the team holds.
func wakeOf(r *store.Row, t store.TeamLoad, policyName string) store.Wake {
	basis := []string{t.ID, fmt.Sprint(t.Revision), policyName, r.StageSince.UTC().Format(time.RFC3339Nano), fmt.Sprint(r.Revision), r.Preferred, r.PreferredSecond}
	return store.Wake{RequestID: r.ID, Basis: strings.Join(append(basis, r.DeclinedTeams()...), "\n"), Load: t.Load, WIP: t.WIP}
}
