package api

import (
	"context"
	"fmt"
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/simulate"
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

// Simulation has one team with two skills, twenty that wait and a year in which two came in a week and each took thirty days. Where a resource is
// shared, each of the twenty needs all of it.
func (f fakeBacklogs) Simulation(_ context.Context, portfolio string, at time.Time, zone *time.Location) (backlog.Simulation, error) {
	team := pmo.Team{ID: "falcon", Name: "Falcon", Portfolio: portfolio, Skills: []string{"web:2", "data:1"}, Capacity: 6}
	s := backlog.Simulation{Portfolio: portfolio, Teams: []store.TeamLoad{{Team: team}}, Input: simulate.Input{At: at.In(zone)}}
	if f.young {
		return s, nil
	}
	s.Input.Runs = 20
	s.Input.Past = simulate.Past{From: at.AddDate(-1, 0, 0), Until: at}
	add := func(list *[]simulate.Request, id string, days float64, value float64) {
		came := at.Add(-time.Duration(days * 24 * float64(time.Hour)))
		points := 3.0
		*list = append(*list, simulate.Request{Arrived: came, Work: assign.Request{ID: id, Size: 1, Value: value, Skills: []string{"web"}},
			Item: priority.Item{ID: id, Class: priority.Standard, SubmittedAt: came, Inputs: priority.Inputs{BusinessValue: &value, TimeCriticality: &points, RiskReduction: &points, JobSize: &points}}})
	}
	for i := range 100 {
		add(&s.Input.Past.Requests, fmt.Sprintf("past%03d", i), 3.5*float64(i)+1, float64(1+i%13))
		s.Input.Past.Cycles = append(s.Input.Past.Cycles, simulate.Cycle{Team: "falcon", Days: float64(5 + i%50)})
	}
	for i := range 20 {
		add(&s.Input.Backlog, fmt.Sprintf("waits%02d", i), float64(i), float64(1+i%8))
	}
	if f.shared {
		s.Resources = []pmo.Resource{{ID: "staging", Name: "Staging", Portfolio: portfolio, Amounts: []pmo.ResourceAmount{{From: "2020-01-01", Amount: 1}}}}
		for i := range s.Input.Backlog {
			s.Input.Backlog[i].Work.Resources = map[string]float64{"staging": 1}
		}
	}
	return s, nil
}
