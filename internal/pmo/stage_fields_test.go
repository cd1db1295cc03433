package pmo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// reachesExecution lets a team take the work and both sides agree on its plan.
func reachesExecution(t *testing.T, r *pmo.Request, team string) {
	t.Helper()
	r.Offer(pmo.Assignment{Team: team, Leads: []string{"theo"}}, start)
	answerNext(t, r, pmo.KindAssignment, pmo.VerdictAccept)
	require.Equal(t, pmo.ActionContinue, r.NextStep(start).Action)
	require.Equal(t, pmo.StageExecution, r.Stage)
	answerNext(t, r, pmo.KindPlan, pmo.VerdictAgree)
}

func answerNext(t *testing.T, r *pmo.Request, kind pmo.Kind, verdict string) {
	t.Helper()
	a := r.NextStep(start).Question
	require.Equal(t, kind, a.Kind)
	q := r.OpenQuestion(a, terms(start, "theo"), start)
	c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Question: q.ID, Verdict: verdict}
	require.Nil(t, r.CheckDecide(c, start))
	r.ApplyDecide(c, start)
}

func done(r *pmo.Request) {
	r.ApplyReport(pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Done: true}, start)
}

func anotherTeam(r *pmo.Request) {
	r.ApplyReassign(pmo.Reassign{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Team: "otter", Reason: "has room"}, start)
}

// heldInAcceptance is a request whose team reported done, that was held before anybody accepted it, and that has a slot again.
func heldInAcceptance() *pmo.Request {
	r := working()
	done(r)
	r.NextStep(start)
	r.ApplyHold(pmo.Stop{Reason: "audit"}, start)
	r.ApplyResume(pmo.Stop{}, start)
	r.TakeSlot(pmo.Pull{Run: "run", At: start}, start)
	r.Approach.Chosen = "kanban"
	r.NextStep(start)
	r.NextStep(start)
	return r
}

// TestWorkOfOneTeamDoesNotCountAsTheNextTeams: acceptance is asked for only after the team that has the work now reported that it is done.
func TestWorkOfOneTeamDoesNotCountAsTheNextTeams(t *testing.T) {
	for name, reach := range map[string]func() *pmo.Request{
		"done and another team in one workflow task": func() *pmo.Request {
			r := working()
			done(r)
			anotherTeam(r)
			return r
		},
		"held during acceptance, another team by the PMO": func() *pmo.Request {
			r := heldInAcceptance()
			anotherTeam(r)
			return r
		},
		"held during acceptance, the team before has no room": heldInAcceptance,
	} {
		t.Run(name, func(t *testing.T) {
			r := reach()
			require.Equal(t, pmo.StageAssignment, r.Stage)
			reachesExecution(t, r, "otter")
			require.Zero(t, r.DoneAt)
			require.Nil(t, r.Progress, "the other team has reported nothing")
			require.Equal(t, pmo.ActionWait, r.NextStep(start).Action, "the other team works")
			require.Equal(t, pmo.StageExecution, r.Stage)
			done(r)
			r.NextStep(start)
			require.Equal(t, pmo.KindAcceptance, r.NextStep(start).Question.Kind)
		})
	}
}

// TestTheSameTeamGoesOnAfterAHold: its plan, its reports and that it is done still count.
func TestTheSameTeamGoesOnAfterAHold(t *testing.T) {
	r := heldInAcceptance()
	r.Offer(pmo.Assignment{Team: "falcon", Leads: []string{"theo"}}, start)
	for range 2 {
		require.Equal(t, pmo.ActionContinue, r.NextStep(start).Action)
	}
	require.Equal(t, pmo.KindAcceptance, r.NextStep(start).Question.Kind)
	require.True(t, r.Plan.Agreed())
	require.Nil(t, r.PreviousAssignment)
}

// TestRequestsOfEarlierProcessesKeepTheirFields: a recorded history is replayed with the questions it had.
func TestRequestsOfEarlierProcessesKeepTheirFields(t *testing.T) {
	r := working()
	r.Process = -1
	done(r)
	anotherTeam(r)
	reachesExecution(t, r, "otter")
	require.Equal(t, pmo.ActionContinue, r.NextStep(start).Action)
	require.Equal(t, pmo.StageClosure, r.Stage)
	same := heldInAcceptance()
	same.Process = -1
	same.Offer(pmo.Assignment{Team: "falcon"}, start)
	require.Nil(t, same.PreviousAssignment)
	require.Equal(t, pmo.ActionContinue, same.NextStep(start).Action)
	require.Equal(t, pmo.StageExecution, same.Stage)
}

// TestASlotIsGivenBackWhenTheContentIsReviewedAgain: the slot came in the same workflow task as the answer that changed the content.
func TestASlotIsGivenBackWhenTheContentIsReviewedAgain(t *testing.T) {
	r := submitted()
	r.EnterForTest(pmo.StagePrioritization, start)
	r.NextStep(start)
	five := 5.0
	r.Content.Inputs = pmo.Inputs{BusinessValue: &five, TimeCriticality: &five, RiskReduction: &five, JobSize: &five}
	a := r.NextStep(start.Add(90 * day)).Question
	require.Equal(t, pmo.KindReconfirm, a.Kind)
	q := r.OpenQuestion(a, terms(start.Add(90*day), "sam"), start.Add(90*day))
	require.True(t, r.TakeSlot(pmo.Pull{Run: "run", At: start}, start.Add(91*day)))
	r.ApplyDecide(pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Question: q.ID, Verdict: pmo.VerdictStillNeed, Data: pmo.Data{Patch: &pmo.Patch{Size: ptr(20.0)}}}, start.Add(91*day))
	require.Equal(t, pmo.StageReview, r.Stage)
	require.Nil(t, r.Pull, "approval leads back to the backlog, not to execution without a team")
}

// TestWhatWasAcceptedStaysDelivered: cancelling the workflow in Temporal ends only the wait for the benefit review.
func TestWhatWasAcceptedStaysDelivered(t *testing.T) {
	for _, accepted := range []bool{false, true} {
		r := working()
		r.Rules.BenefitAfter = 90 * day
		done(r)
		r.NextStep(start)
		if accepted {
			answerNext(t, r, pmo.KindAcceptance, pmo.VerdictAccept)
		}
		r.EndInTemporal("The workflow was cancelled in Temporal.", pmo.By{Via: "temporal"}, start)
		require.True(t, r.Closed())
		require.Contains(t, r.Reason, "The workflow was cancelled in Temporal.")
		if accepted {
			require.Equal(t, pmo.OutcomeDelivered, r.Outcome)
		} else {
			require.Equal(t, pmo.OutcomeCancelled, r.Outcome)
		}
	}
}

// TestNobodyIsGivenASeatToJudgeTheirOwnRequest: a score is a judgement as a review is.
func TestNobodyIsGivenASeatToJudgeTheirOwnRequest(t *testing.T) {
	r := submitted()
	r.EnterForTest(pmo.StagePrioritization, start)
	q := r.OpenQuestion(r.NextStep(start).Question, terms(start, "petra"), start)
	require.Equal(t, pmo.KindScore, q.Kind)
	for _, own := range []string{"sam", "lea"} {
		require.Equal(t, pmo.RefusedOwnRequest, kind(r.CheckReassign(pmo.Reassign{Reason: "away", Question: q.ID, From: "petra", To: own})))
	}
	require.Nil(t, r.CheckReassign(pmo.Reassign{Reason: "away", Question: q.ID, From: "petra", To: "dora"}))
}
