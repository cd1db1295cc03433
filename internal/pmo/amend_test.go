package pmo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func ptr[T any](v T) *T { return &v }

func amend(r *pmo.Request, p pmo.Patch) pmo.Receipt {
	return r.ApplyAmend(pmo.Amend{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Revision: r.Revision, Patch: p}, start)
}

func TestAmendPerStage(t *testing.T) {
	small, material := pmo.Patch{Users: ptr("drivers")}, pmo.Patch{Title: ptr("Fleet")}
	cases := map[string]struct {
		stage    pmo.Stage
		pulled   bool
		patch    pmo.Patch
		result   string
		kind     string
		becomes  pmo.Stage
		round    int
		admitted bool
	}{
		"intake":                   {stage: pmo.StageIntake, patch: small, result: "amended", becomes: pmo.StageIntake},
		"intake, material":         {stage: pmo.StageIntake, patch: material, result: "amended", becomes: pmo.StageIntake},
		"review":                   {stage: pmo.StageReview, patch: small, result: "amended", becomes: pmo.StageReview, admitted: true},
		"review, material":         {stage: pmo.StageReview, patch: material, result: "amended", becomes: pmo.StageReview, round: 1, admitted: true},
		"prioritization":           {stage: pmo.StagePrioritization, patch: small, result: "amended", becomes: pmo.StagePrioritization, admitted: true},
		"prioritization, material": {stage: pmo.StagePrioritization, patch: material, result: "amended", becomes: pmo.StageReview, round: 1, admitted: true},
		"execution":                {stage: pmo.StageExecution, pulled: true, patch: small, result: "amended", becomes: pmo.StageExecution, admitted: true},
		"execution, material":      {stage: pmo.StageExecution, pulled: true, patch: material, result: "change_proposed", becomes: pmo.StageExecution, admitted: true},
		"assignment, material":     {stage: pmo.StageAssignment, pulled: true, patch: material, result: "change_proposed", becomes: pmo.StageAssignment, admitted: true},
		"nothing new":              {stage: pmo.StageReview, patch: pmo.Patch{Title: ptr("Vehicle booking")}, result: "unchanged", becomes: pmo.StageReview, admitted: true},
		"nothing":                  {stage: pmo.StageReview, kind: pmo.RefusedInvalid},
		"closure":                  {stage: pmo.StageClosure, pulled: true, patch: small, kind: pmo.RefusedMovedOn},
		"impossible inputs":        {stage: pmo.StageReview, patch: pmo.Patch{Inputs: &pmo.Inputs{JobSize: ptr(0.0)}}, kind: pmo.RefusedInvalid},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := submitted()
			r.Stage = c.stage
			if c.pulled {
				r.Pull = &pmo.Pull{}
			}
			refusal := r.CheckAmend(pmo.Amend{Revision: r.Revision, Patch: c.patch})
			require.Equal(t, c.kind, kind(refusal))
			if refusal != nil {
				return
			}
			revision, version := r.Revision, r.Version
			require.Equal(t, c.result, amend(r, c.patch).Result)
			require.Equal(t, c.becomes, r.Stage)
			require.Equal(t, c.round, r.Rounds[pmo.KindReview])
			require.Equal(t, c.admitted, r.Admitted)
			if c.result == "amended" {
				require.Equal(t, revision+1, r.Revision)
			} else {
				require.Equal(t, revision, r.Revision)
			}
			if c.patch.Title != nil && c.result == "amended" {
				require.Equal(t, version+1, r.Version)
			}
		})
	}
}

func TestStaleAmendment(t *testing.T) {
	r := submitted()
	amend(r, pmo.Patch{Users: ptr("drivers")})
	require.Equal(t, pmo.RefusedStale, kind(r.CheckAmend(pmo.Amend{Revision: 1, Patch: pmo.Patch{Users: ptr("all")}})))
}

// working is a request a team works on.
func working() *pmo.Request {
	r := submitted()
	r.Stage, r.Pull, r.PulledAt, r.StartedAt = pmo.StageExecution, &pmo.Pull{Run: "run"}, start, start
	r.Approach, r.Plan = &pmo.Approach{Recommended: "kanban"}, &pmo.Plan{Approach: "kanban", AgreedAt: start}
	r.Assignment = &pmo.Assignment{Team: "falcon", Size: 1, ConfirmedAt: start}
	return r
}

func settleChange(r *pmo.Request, verdict string) {
	sameFacts(r)
	a := r.NextStep(start).Question
	q := r.OpenQuestion(a, terms(start, "sam"), start)
	r.ApplyDecide(pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Question: q.ID, Verdict: verdict, Reason: "because"}, start)
}

func TestChangeTolerance(t *testing.T) {
	cases := map[string]struct {
		patch  pmo.Patch
		stage  pmo.Stage // as it was before Process05
		size   float64
		agreed bool // the plan is still in force
	}{
		"at the tolerance":      {pmo.Patch{Size: ptr(1.2)}, pmo.StageExecution, 1.2, false},
		"smaller":               {pmo.Patch{Size: ptr(.5)}, pmo.StageExecution, .5, false},
		"material but no size":  {pmo.Patch{Title: ptr("Fleet")}, pmo.StageExecution, 1, false},
		"just beyond":           {pmo.Patch{Size: ptr(1.21)}, pmo.StageReview, 1, true},
		"beyond, with the name": {pmo.Patch{Size: ptr(3.0), Title: ptr("Fleet")}, pmo.StageReview, 1, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := working()
			amend(r, c.patch)
			require.Equal(t, pmo.RefusedDecided, kind(r.CheckAmend(pmo.Amend{Revision: r.Revision, Patch: pmo.Patch{Size: ptr(9.0)}})), "one change at a time")
			settleChange(r, pmo.VerdictAgree)
			require.Equal(t, pmo.StageExecution, r.Stage, "work goes on")
			require.Equal(t, c.stage == pmo.StageReview, r.Change != nil, "beyond it, the change is reviewed")
			require.InDelta(t, c.size, r.Content.Size, 1e-9)
			require.InDelta(t, c.size, r.Assignment.Size, 1e-9, "as much capacity is held")
			require.Equal(t, c.agreed, r.Plan.Agreed())
		})
	}
}

// TestReviewedChange: before Process05 a change beyond the tolerance went back to the stage review.
func TestReviewedChange(t *testing.T) {
	for name, c := range map[string]struct {
		pulled bool
		stage  pmo.Stage
	}{
		"goes back to work":                 {true, pmo.StageExecution},
		"waits again after losing its slot": {false, pmo.StagePrioritization},
	} {
		t.Run(name, func(t *testing.T) {
			r := working()
			r.Process = -1
			amend(r, pmo.Patch{Size: ptr(3.0)})
			settleChange(r, pmo.VerdictAgree)
			if !c.pulled {
				r.Pull = nil
			}
			r.SetRoute(pmo.Route{Steps: []pmo.RouteStep{{Group: "board", Order: 1, Quorum: pmo.Quorum{Mode: pmo.QuorumAny}}}}, start)
			openAt(r, r.NextStep(start).Question, terms(start, "ana"))
			r.ApplyDecide(vote("ana", pmo.VerdictReject), start)
			require.Equal(t, c.stage, r.Stage)
			require.Nil(t, r.Change)
			require.InDelta(t, 1, r.Content.Size, 1e-9)
			require.False(t, r.Closed())
		})
	}
}

// TestChangeThatLostItsSlot: a proposed change waits for the work to go on; until then review is about the request itself.
func TestChangeThatLostItsSlot(t *testing.T) {
	r := working()
	amend(r, pmo.Patch{Title: ptr("Fleet")})
	sameFacts(r)
	r.ApplyHold(pmo.Stop{Reason: "audit"}, start)
	r.ApplyResume(pmo.Stop{}, start)
	require.Equal(t, pmo.StagePrioritization, r.Stage)
	require.Equal(t, pmo.RefusedDecided, kind(r.CheckAmend(pmo.Amend{Revision: r.Revision, Patch: pmo.Patch{Title: ptr("Cars")}})))
	r.EnterForTest(pmo.StageReview, start)
	r.SetRoute(pmo.Route{Steps: []pmo.RouteStep{{Group: "board", Order: 1, Quorum: pmo.Quorum{Mode: pmo.QuorumAny}}}}, start)
	openAt(r, r.NextStep(start).Question, terms(start, "ana"))
	r.ApplyDecide(vote("ana", pmo.VerdictReject), start)
	require.Equal(t, pmo.OutcomeRejected, r.Outcome)
}

func TestNothingChangesOnceTheTeamIsDone(t *testing.T) {
	r := working()
	r.ApplyReport(pmo.Report{Done: true}, start)
	require.Equal(t, pmo.RefusedMovedOn, kind(r.CheckAmend(pmo.Amend{Revision: 1, Patch: pmo.Patch{Size: ptr(2.0)}})))
	require.Equal(t, pmo.RefusedMovedOn, kind(r.CheckReport(pmo.Report{}, start)))
}

func TestCheckReport(t *testing.T) {
	for name, c := range map[string]struct {
		report pmo.Report
		kind   string
	}{
		"bare":                 {pmo.Report{}, ""},
		"over the top":         {pmo.Report{Percent: ptr(101)}, pmo.RefusedInvalid},
		"below zero":           {pmo.Report{Percent: ptr(-1)}, pmo.RefusedInvalid},
		"no such health":       {pmo.Report{Health: "blue"}, pmo.RefusedInvalid},
		"unknown is not given": {pmo.Report{Health: pmo.HealthUnknown}, pmo.RefusedInvalid},
		"red without a word":   {pmo.Report{Health: pmo.HealthRed}, pmo.RefusedInvalid},
		"red and blocked":      {pmo.Report{Health: pmo.HealthRed, Blocked: ptr("no licence")}, ""},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.kind, kind(working().CheckReport(c.report, start))) })
	}
}
