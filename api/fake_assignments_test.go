package api

import (
	"context"
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// Placement has two requests that wait for one team, which has room for the first: A is firm before both, and B is confidential.
func (fakeBacklogs) Placement(_ context.Context, _ string, rules policy.AssignPolicy) (backlog.Placement, error) {
	team := pmo.Team{ID: "falcon", Name: "Falcon", Portfolio: "digital", Skills: []string{"web"}, Capacity: 10}
	return backlog.Placement{Rules: rules, Teams: []store.TeamLoad{{Team: team, WIP: 1, Load: 2}},
		Holds: []store.TeamHold{{RequestID: "firm", Team: "falcon", Size: 2, Firm: true, Until: rules.Weeks[1].From}},
		Waiting: []assign.Request{{ID: requestB, Number: "R-2", Rank: 1, Size: 4, Skills: []string{"web"}}, {ID: requestA, Number: "R-1", Rank: 2, Size: 3},
			{ID: requestC, Number: "R-3", Rank: 3, Size: 1, Skills: []string{"cobol"}}}}, nil
}

func (f fakeBacklogs) Proposals(ctx context.Context, portfolio string, rules policy.AssignPolicy, at time.Time) (backlog.Proposals, error) {
	read, err := f.Placement(ctx, portfolio, rules)
	if err != nil {
		return backlog.Proposals{}, err
	}
	return backlog.ProposalsOf(read, at)
}
