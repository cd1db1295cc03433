package backlog

import (
	"cmp"
	"slices"
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// Moves plans accepted work as if it waited for another team than the one, by request, that has no room for it any more, together with all that waits.
// Of two teams the other may keep its part. It returns the plan and what it says about each of the requests, by id.
func (p Placement) Moves(rows []store.Row, from map[string]string, at time.Time) (Proposals, map[string]assign.Decision, error) {
	moved := make(map[string]bool, len(rows))
	p.Waiting = slices.Clone(p.Waiting)
	for _, row := range rows {
		moved[row.ID] = true
		row.NamedTeam, row.Declined = nil, append(slices.Clone(row.Declined), pmo.Decline{Team: from[row.ID]}) // as when it does move
		if a := row.Assignment; a != nil && a.Team != from[row.ID] {
			row.Preferred = a.Team
		}
		r := AssignRequest(row, p.Rules)
		p.Waiting = append(p.Waiting, r)
	}
	p.Holds = slices.DeleteFunc(slices.Clone(p.Holds), func(h store.TeamHold) bool { return moved[h.RequestID] })
	plan, err := ProposalsOf(p, at)
	decisions := make(map[string]assign.Decision, len(rows))
	for _, d := range plan.Plan.Decisions {
		if moved[d.Request] {
			decisions[d.Request] = d
		}
	}
	return plan, decisions, err
}

// MoveText says what a move would bring: which team could take the work, from when on, and by when it would be finished in 85 of 100 cases, where that
// is known.
func (p *Proposals) MoveText(d assign.Decision, finished pmo.Date) string {
	teams, _, placed := StartOf(d)
	switch {
	case !placed && d.Binding != nil && d.Binding.Code == assign.LimitDeclined: // as its own team is counted here
		return "If it moves, it waits: no other team has the skills it needs and has not declined it."
	case !placed:
		return "If it moves, it waits until another team can take it. " + Waits(d)
	}
	text := cmp.Or(p.TeamOf(teams.Team).Name, teams.Team)
	if teams.Second != "" {
		text += " and " + cmp.Or(p.TeamOf(teams.Second).Name, teams.Second)
	}
	text += " could take it"
	if d.Later == nil || d.Team != "" {
		text += " now"
	} else {
		text += " from " + d.Later.From + " on"
	}
	if finished == "" {
		return text + "; too little finished work says when it would be done."
	}
	return text + " and finish it by " + string(finished) + " in 85 of 100 cases."
}
