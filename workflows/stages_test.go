package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

func TestBacklog(t *testing.T) {
	needsScore := func(in *contract.RequestInput) { in.Submission.Content.Inputs = pmo.Inputs{} }
	cases := map[string]struct {
		input   func(*contract.RequestInput)
		act     func(*harness)
		outcome pmo.Outcome
	}{
		"inputs by command answer the question": {input: needsScore, outcome: pmo.OutcomeDelivered, act: func(s *harness) {
			s.then(func() { s.update(contract.UpdateInputs, pmo.SetInputs{Inputs: *inputs(-1)}, pmo.RefusedInvalid) }).
				then(func() { s.update(contract.UpdateInputs, pmo.SetInputs{Inputs: *inputs(5)}, "") }).
				refused(pmo.RefusedSuperseded, "petra", "score/1", pmo.VerdictScore, with(pmo.Data{Inputs: inputs(1)})).fromBacklog()
		}},
		"a half score is asked about again": {input: needsScore, outcome: pmo.OutcomeDelivered, act: func(s *harness) {
			s.decide("petra", "score/1", pmo.VerdictScore, with(pmo.Data{Inputs: &pmo.Inputs{JobSize: ptr(3.0)}})).
				decide("petra", "score/2", pmo.VerdictScore, with(pmo.Data{Inputs: inputs(2)})).fromBacklog()
		}},
		"expedite needs no score": {input: needsScore, outcome: pmo.OutcomeDelivered, act: func(s *harness) {
			s.then(func() { s.update(contract.UpdateInputs, pmo.SetInputs{Class: ptr(pmo.ClassExpedite)}, "") }).
				check(func(state pmo.Request) { require.Empty(s.t, state.OpenQuestions()) }).fromBacklog()
		}},
		"still needed": {outcome: pmo.OutcomeDelivered, act: func(s *harness) {
			s.pass(90*day).decide("sam", "reconfirm/1", pmo.VerdictStillNeed, with(users)).
				check(func(state pmo.Request) { require.Equal(s.t, "the drivers", state.Content.Users) }).fromBacklog()
		}},
		"still needed, but changed: reviewed again": {outcome: pmo.OutcomeDelivered, act: func(s *harness) {
			s.pass(90*day).decide("sam", "reconfirm/1", pmo.VerdictStillNeed, with(pmo.Data{Patch: &pmo.Patch{Title: ptr("Fleet")}})).
				reviewRound(2).fromBacklog()
		}},
		"no longer needed":     {outcome: pmo.OutcomeWithdrawn, act: func(s *harness) { s.pass(90*day).decide("sam", "reconfirm/1", pmo.VerdictNotNeeded) }},
		"nobody says anything": {outcome: pmo.OutcomeExpired, act: func(s *harness) {}},
		"pulled by override": {outcome: pmo.OutcomeDelivered, act: func(s *harness) {
			s.then(func() {
				s.update(contract.UpdatePull, pmo.OverridePull{Header: pmo.Header{By: pmo.By{Actor: "petra"}}}, pmo.RefusedInvalid)
			}).
				then(func() {
					s.update(contract.UpdatePull, pmo.OverridePull{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "a law"}, "")
				}).
				then(func() {
					s.update(contract.UpdatePull, pmo.OverridePull{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "a law"}, pmo.RefusedMovedOn)
				}).
				decide("theo", "approach/1", pmo.VerdictAccept).fromAssignment()
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			in := input()
			if c.input != nil {
				c.input(&in)
			}
			s.toBacklog()
			c.act(s)
			require.Equal(t, c.outcome, s.run(in).Outcome)
			s.activities.requireUniqueKeys(t)
		})
	}
}

func TestPulledWhenNotWaiting(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	var before int64
	s.check(func(state pmo.Request) { before = state.Seq }).pull().
		check(func(state pmo.Request) {
			require.False(t, state.Pulled())
			require.Greater(t, s.last().Seq, before, "projected again, so that the slot is released")
		}).fromReview()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}

func TestAnotherWayOfWorking(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.toBacklog().pull().
		refused(pmo.RefusedInvalid, "theo", "approach/1", pmo.VerdictChoose, because("we know scrum")).
		decide("theo", "approach/1", pmo.VerdictChoose, because("we know scrum"), with(pmo.Data{Approach: "scrum"})).
		decide("theo", "assignment/1/falcon", pmo.VerdictAccept).
		check(func(state pmo.Request) { require.Equal(t, "a plan for scrum", state.Plan.Summary) }).
		decide("sam", "plan/1", pmo.VerdictCounter, because("too heavy"), with(pmo.Data{Approach: "kanban", Plan: &pmo.Plan{Summary: "week by week"}})).
		check(func(state pmo.Request) { require.Equal(t, []string{"plan/2"}, ids(state.OpenQuestions())) }).
		decide("theo", "plan/2", pmo.VerdictAgree). // sam proposed it
		fromExecution()
	end := s.run(input())
	require.Equal(t, "kanban", end.Plan.Approach)
	require.Equal(t, "week by week", end.Plan.Summary)
}

func TestApproachTakenWithoutAsking(t *testing.T) {
	w := newActivitiesFake()
	w.admitted.Rules.AutoApproach = true
	s := newHarness(t, w)
	s.toBacklog().pull().fromAssignment()
	end := s.run(input())
	require.Equal(t, "policy", end.Approach.ChosenBy)
}

func TestDeclineGoesToTheNextBestTeam(t *testing.T) {
	w := newActivitiesFake()
	w.teams = []contract.AssignResult{w.teams[0], {Team: "otter", Leads: []string{"lena"}}, {Waits: "otter is full"}, {Team: "heron", Leads: []string{"kai"}}}
	s := newHarness(t, w)
	s.toAssignment().
		refused(pmo.RefusedInvalid, "theo", "assignment/1/falcon", pmo.VerdictDecline).
		decide("theo", "assignment/1/falcon", pmo.VerdictDecline, because("no room")).
		refused(pmo.RefusedNotAsked, "theo", "assignment/2/otter", pmo.VerdictAccept).
		decide("lena", "assignment/2/otter", pmo.VerdictDecline, because("not our skill")).
		check(func(state pmo.Request) { require.Equal(t, "otter is full", state.NoTeamReason) }).
		pass(time.Hour). // it is looked for again without a signal
		decide("kai", "assignment/3/heron", pmo.VerdictAccept)
	s.fromPlan()
	end := s.run(input())
	require.Equal(t, "heron", end.Assignment.Team)
	require.Equal(t, []string{"falcon", "otter"}, w.assigns[3].Declined)
	require.Equal(t, time.Hour, w.assigns[3].At.Sub(w.assigns[2].At))
}

func TestReassign(t *testing.T) {
	w := newActivitiesFake()
	w.teams = append(w.teams, contract.AssignResult{Team: "otter", Leads: []string{"lena"}})
	s := newHarness(t, w)
	reassign := func(c pmo.Reassign, refusal string) {
		s.then(func() { c.By = pmo.By{Actor: "petra"}; s.update(contract.UpdateReassign, c, refusal) })
	}
	reassign(pmo.Reassign{Reason: "away", Question: first, From: "theo", To: "kim"}, pmo.RefusedInvalid)
	reassign(pmo.Reassign{Reason: "away", Question: first, From: "ana", To: "sam"}, pmo.RefusedOwnRequest)
	reassign(pmo.Reassign{Reason: "otter knows it", Team: "otter"}, pmo.RefusedMovedOn)
	reassign(pmo.Reassign{Reason: "away", Question: first, From: "ana", To: "kim"}, "")
	s.refused(pmo.RefusedNotAsked, "ana", first, pmo.VerdictApprove).decide("kim", first, pmo.VerdictApprove).decide("bo", first, pmo.VerdictApprove)
	s.pull().decide("theo", "approach/1", pmo.VerdictAccept).decide("theo", "assignment/1/falcon", pmo.VerdictAccept).bothAgree("plan/1")
	reassign(pmo.Reassign{Reason: "otter knows it", Team: "otter"}, "")
	s.decide("lena", "assignment/2/otter", pmo.VerdictAccept).bothAgree("plan/2").fromExecution()
	end := s.run(input())
	require.Equal(t, "otter", end.Assignment.Team)
	require.Equal(t, "otter", w.assigns[1].Preferred)
	for _, e := range w.entries {
		if e.Key == "asked/"+first {
			require.Equal(t, []string{"ana", "bo"}, e.Recipients, "what was told stays told")
		}
	}
}

func TestChange(t *testing.T) {
	cases := map[string]struct {
		act  func(*harness)
		size float64
	}{
		"within the tolerance the plan is agreed anew": {func(s *harness) { s.amend("sam", 1, grow(1.1)).bothAgree("change/1").bothAgree("plan/2") }, 1.1},
		"refused": {func(s *harness) {
			s.amend("sam", 1, grow(1.1)).decide("theo", "change/1", pmo.VerdictRefuse, because("no room"))
		}, 1},
		"beyond it review agrees": {func(s *harness) {
			s.amend("sam", 1, grow(3)).bothAgree("change/1").report(pmo.Report{}).changeRound(1).bothAgree("plan/2")
		}, 3},
		"beyond it review refuses: work goes on": {func(s *harness) {
			s.amend("sam", 1, grow(3)).bothAgree("change/1").decide("ana", "change_review/1/approvers", pmo.VerdictRefuse, because("too dear"))
		}, 1},
		"one at a time, and not done before it is answered": {func(s *harness) {
			s.amend("sam", 1, grow(1.1)).
				then(func() {
					s.update(contract.UpdateAmend, pmo.Amend{Revision: 1, Patch: grow(1.2)}, pmo.RefusedDecided)
				}).
				then(func() { s.update(contract.UpdateProgress, pmo.Report{Done: true}, pmo.RefusedMovedOn) }).
				decide("sam", "change/1", pmo.VerdictRefuse, because("never mind"))
		}, 1},
		// A hold gives the slot back while the change is reviewed: the review goes on once the work does.
		"held under review, agreed": {func(s *harness) {
			s.amend("sam", 1, grow(3)).bothAgree("change/1").stop(contract.UpdateHold, "sam", "no money").stop(contract.UpdateResume, "sam", "").
				pull().changeRound(2).bothAgree("plan/2")
		}, 3},
		"held under review, refused": {func(s *harness) {
			s.amend("sam", 1, grow(3)).bothAgree("change/1").stop(contract.UpdateHold, "sam", "no money").stop(contract.UpdateResume, "sam", "").
				pull().decide("ana", "change_review/2/approvers", pmo.VerdictRefuse, because("too dear"))
		}, 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			s.toExecution()
			c.act(s)
			s.fromExecution()
			end := s.run(input())
			require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
			require.Equal(t, c.size, end.Content.Size)
			require.NotNil(t, end.Pull)
		})
	}
}

func TestClosure(t *testing.T) {
	lesson := pmo.Lesson{By: "sam", Observation: "ask the drivers first"}
	s := newHarness(t, newActivitiesFake())
	s.toExecution().report(pmo.Report{Done: true, Lessons: []pmo.Lesson{lesson}}).
		refused(pmo.RefusedInvalid, "sam", "acceptance/1", pmo.VerdictRework).
		decide("sam", "acceptance/1", pmo.VerdictRework, because("it is slow")).
		report(pmo.Report{Health: pmo.HealthAmber, Note: "a slow query"}).report(pmo.Report{Done: true}).
		decide("sam", "acceptance/2", pmo.VerdictRemarks, because("fast enough"), with(pmo.Data{Lessons: []pmo.Lesson{lesson}}))
	end := s.run(input())
	require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
	require.Equal(t, "fast enough", end.Remarks)
	require.Len(t, end.Lessons, 2)
	require.Contains(t, s.activities.events(), pmo.EventRework)
}

func TestBenefitVerdicts(t *testing.T) {
	for _, verdict := range []string{pmo.VerdictRealised, pmo.VerdictPartly, pmo.VerdictNotYet} {
		t.Run(verdict, func(t *testing.T) {
			w := newActivitiesFake()
			benefits(w)
			s := newHarness(t, w)
			s.toDelivery().pass(30*day).decide("dora", "benefit/1", verdict, because("we measured"))
			end := s.run(input())
			require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
			require.Equal(t, verdict, end.Benefit)
			require.Equal(t, 30*day, end.BenefitAt.Sub(end.AcceptedAt))
		})
	}
}
