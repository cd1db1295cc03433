package backlog

import (
	"context"
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// Placement reads what assignments of a portfolio rest on.
func (r Reader) Placement(ctx context.Context, portfolio string, rules policy.AssignPolicy) (Placement, error) {
	var p Placement
	err := r.Store.ReadPortfolio(ctx, portfolio, func(tx *store.PortfolioTx) (err error) {
		p, err = ReadPlacement(ctx, tx, rules, nil)
		return err
	})
	return p, err
}

// WithTeams are the plan of what waits with the teams as they are, and the one with other teams. Both are made now, so that nothing but the teams
// differs. What the teams hold stays where it is.
func (p Placement) WithTeams(teams []store.TeamLoad, at time.Time) (before, after Proposals, err error) {
	if before, err = ProposalsOf(p, at); err != nil {
		return before, after, err
	}
	p.Teams = teams
	after, err = ProposalsOf(p, at)
	return before, after, err
}

// StartOf is when a decision says that a request could start, in days from now, and with which teams; known is false where nobody can say.
func StartOf(d assign.Decision) (teams assign.Pair, days int, known bool) {
	switch {
	case d.Team != "":
		teams.Team = d.Team
		if d.Second != nil {
			teams.Second = d.Second.Team
		}
		return teams, 0, true
	case d.Later != nil:
		return assign.Pair{Team: d.Later.Team, Second: d.Later.Second}, 7 * d.Later.Week, true
	default:
		return teams, 0, false
	}
}

// TeamsOf are the teams of the plan that take a request, the first one first.
func (p *Proposals) TeamsOf(pair assign.Pair) []pmo.Team {
	teams := []pmo.Team{p.TeamOf(pair.Team)}
	if pair.Second != "" {
		teams = append(teams, p.TeamOf(pair.Second))
	}
	return teams
}

// TeamOf is a team of the plan, by id; empty when there is none.
func (p *Proposals) TeamOf(id string) pmo.Team {
	if t := p.Team(id); t != nil {
		return t.Team
	}
	return pmo.Team{}
}
