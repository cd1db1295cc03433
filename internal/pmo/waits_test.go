package pmo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestWhatARequestWaitsOnIsNeverEmpty: lists showed nobody for what waits on a limit, a date or a team.
func TestWhatARequestWaitsOnIsNeverEmpty(t *testing.T) {
	in := func(stage pmo.Stage, change func(*pmo.Request)) *pmo.Request {
		r := &pmo.Request{Stage: stage, Status: pmo.StatusOpen}
		if change != nil {
			change(r)
		}
		return r
	}
	team := func(r *pmo.Request) { r.Assignment = &pmo.Assignment{Team: "otter"} }
	for want, c := range map[string]struct {
		r      *pmo.Request
		people []string
		limit  string
	}{
		"ana, bo": {r: in(pmo.StageReview, nil), people: []string{"ana", "bo"}},
		"the end of the hold by sam": {r: in(pmo.StageReview, func(r *pmo.Request) {
			r.Status, r.Hold = pmo.StatusOnHold, &pmo.Hold{By: "sam"}
		})},
		"2026-11-02, put off by ana": {r: in(pmo.StageReview, func(r *pmo.Request) {
			r.Status, r.Deferral = pmo.StatusDeferred, &pmo.Deferral{By: "ana", Until: start}
		})},
		"a slot: the next prioritization":             {r: in(pmo.StagePrioritization, nil)},
		"a slot: portfolio WIP limit 12 reached":      {r: in(pmo.StagePrioritization, nil), limit: "portfolio WIP limit 12 reached"},
		"a team":                                      {r: in(pmo.StageAssignment, nil)},
		"a team's capacity: no team with gis is free": {r: in(pmo.StageAssignment, func(r *pmo.Request) { r.NoTeamReason = "no team with gis is free" })},
		"otter, the work":                             {r: in(pmo.StageExecution, team)},
		"otter, the work until 2026-12-24": {r: in(pmo.StageExecution, func(r *pmo.Request) {
			team(r)
			r.Plan = &pmo.Plan{Milestones: []pmo.Milestone{{Due: "2026-12-24"}, {Due: "2026-12-01"}, {}}}
		})},
		"otter, the work is blocked: no parts": {r: in(pmo.StageExecution, func(r *pmo.Request) {
			team(r)
			r.Progress = &pmo.Progress{Blocked: "no parts"}
		})},
		"2026-11-02, the benefit review": {r: in(pmo.StageClosure, func(r *pmo.Request) { r.BenefitAt = start })},
		"the next step of intake":        {r: in(pmo.StageIntake, nil)},
		"nothing: delivered": {r: in(pmo.StageClosure, func(r *pmo.Request) {
			r.Status, r.Outcome = pmo.StatusClosed, pmo.OutcomeDelivered
		})},
	} {
		require.Equal(t, want, c.r.WaitsFor(c.people, c.limit))
	}
	for _, stage := range pmo.Stages() {
		for _, status := range []pmo.Status{pmo.StatusOpen, pmo.StatusOnHold, pmo.StatusDeferred, pmo.StatusClosed} {
			require.NotEmpty(t, (&pmo.Request{Stage: stage, Status: status}).WaitsFor(nil, ""))
		}
	}
}
