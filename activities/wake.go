package activities

import (
	"context"
	"fmt"
	"strings"
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/contract"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// toWake lists the requests that wait for a team and would get one now, by the same plan as their own search: the others would search in
// vain. One that an earlier run woke is woken again only when its team has more room than then, or when something else changed for it.
func toWake(ctx context.Context, tx *store.PortfolioTx, p *policy.Policy, in contract.RankInput) ([]string, error) {
	found, err := placed(ctx, tx, p.AssignPolicyAt(in.Portfolio, in.At), p.Name())
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
func placed(ctx context.Context, tx *store.PortfolioTx, rules policy.AssignPolicy, policyName string) ([]store.Wake, error) {
	waiting, err := tx.WaitingForTeam(ctx)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	teams, err := tx.Teams(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]assign.Request, 0, len(waiting))
	rows := make(map[string]*store.Row, len(waiting))
	for i, w := range waiting {
		list = append(list, backlog.AssignRequest(w, rules))
		rows[w.ID] = &waiting[i]
	}
	plan, err := assign.Assign(list, backlog.Candidates(teams, rules), backlog.Assigning(rules))
	if err != nil {
		return nil, err
	}
	named, err := namedWithoutRoom(waiting, teams, rules)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]store.TeamLoad, len(teams))
	for _, t := range teams {
		byID[t.ID] = t
	}
	var found []store.Wake
	for _, d := range plan.Decisions {
		if d.Team != "" && len(found) < maxPulls && !named[d.Request] {
			r, team := rows[d.Request], d.Team
			if r.NamedTeam != nil { // it searches for that one alone
				team = r.NamedTeam.Team
			}
			found = append(found, wakeOf(r, byID[team], policyName))
		}
	}
	return found, nil
}

// wakeOf is a request that would get a team. Its basis is all that its own search depends on, except how much the team holds.
func wakeOf(r *store.Row, t store.TeamLoad, policyName string) store.Wake {
	basis := []string{t.ID, fmt.Sprint(t.Revision), policyName, r.StageSince.UTC().Format(time.RFC3339Nano), fmt.Sprint(r.Revision), r.Preferred}
	return store.Wake{RequestID: r.ID, Basis: strings.Join(append(basis, r.DeclinedTeams()...), "\n"), Load: t.Load, WIP: t.WIP}
}

// namedWithoutRoom are those of the waiting requests for which the PMO named a team that has no room for them: room elsewhere does not
// concern them, because they search for that team alone.
func namedWithoutRoom(waiting []store.Row, teams []store.TeamLoad, rules policy.AssignPolicy) (map[string]bool, error) {
	without := map[string]bool{}
	for _, w := range waiting {
		if w.NamedTeam == nil {
			continue
		}
		in := contract.AssignInput{ID: w.ID, Number: w.Number, Content: w.Content, Named: w.NamedTeam.Team, OverLimit: w.NamedTeam.OverLimit}
		found, err := chooseNamed(in, teams, waiting, rules)
		if err != nil {
			return nil, err
		}
		without[w.ID] = found.Team == ""
	}
	return without, nil
}
