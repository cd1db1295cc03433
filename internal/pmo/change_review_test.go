package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// underReview is running work whose change to the size 3 both sides agreed to; the board reviews it.
func underReview(t *testing.T) *pmo.Request {
	r := working()
	r.Assignment.Leads = []string{"theo"}
	amend(r, pmo.Patch{Size: ptr(3.0)})
	settleChange(r, pmo.VerdictAgree)
	routeChange(t, r)
	askBoard(t, r, "change_review/1/board")
	return r
}

func routeChange(t *testing.T, r *pmo.Request) {
	require.Equal(t, pmo.ActionRoute, r.NextStep(start).Action)
	require.InDelta(t, 3, r.RouteInput().Content.Size, 1e-9, "the route is that of the changed content")
	require.True(t, r.RouteInput().Proposed)
	r.SetRoute(pmo.Route{Steps: []pmo.RouteStep{{Group: "board", Order: 1, Quorum: pmo.Quorum{Mode: pmo.QuorumAll}}}}, start)
}

func askBoard(t *testing.T, r *pmo.Request, id string) *pmo.Question {
	step := r.NextStep(start)
	require.Equal(t, pmo.ActionOpenQuestion, step.Action)
	require.Equal(t, pmo.KindChangeReview, step.Question.Kind)
	asked := terms(start, "ana", "bo")
	asked.OnSilence = pmo.VerdictRefuse
	q := openAt(r, step.Question, asked)
	require.Equal(t, id, q.ID)
	return q
}

func answer(r *pmo.Request, actor, question, verdict string, data ...pmo.Data) *pmo.Refusal {
	c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: actor}}, Question: question, Verdict: verdict, Reason: "because"}
	for _, d := range data {
		c.Data = d
	}
	refusal := r.CheckDecide(c, start)
	if refusal == nil {
		r.ApplyDecide(c, start)
	}
	return refusal
}

// goesOn checks that nothing of running work changed.
func goesOn(t *testing.T, r *pmo.Request) {
	require.Equal(t, pmo.StageExecution, r.Stage)
	require.Equal(t, pmo.StatusOpen, r.Status)
	require.True(t, r.Plan.Agreed())
	require.True(t, r.Pulled())
	require.InDelta(t, 1, r.Content.Size, 1e-9)
	require.InDelta(t, 1, r.Assignment.Size, 1e-9, "the capacity held is that of the agreed size")
	require.Nil(t, r.CheckReport(pmo.Report{Percent: ptr(40)}, start), "reports go on")
}

func TestAChangeIsReviewedWhileWorkGoesOn(t *testing.T) {
	const board = "change_review/1/board"
	t.Run("approved", func(t *testing.T) {
		r := underReview(t)
		goesOn(t, r)
		require.Equal(t, pmo.RefusedMovedOn, kind(r.CheckReport(pmo.Report{Done: true}, start)), "done waits for the change")
		require.Equal(t, pmo.RefusedOwnRequest, kind(answer(r, "sam", board, pmo.VerdictApprove)))
		require.Equal(t, pmo.RefusedInvalid, kind(answer(r, "ana", board, pmo.VerdictAnswered)), "no verdict ends running work")
		require.Equal(t, pmo.RefusedInvalid, kind(answer(r, "ana", board, pmo.VerdictDefer)))
		require.Nil(t, answer(r, "ana", board, pmo.VerdictApprove))
		goesOn(t, r)
		require.Nil(t, answer(r, "bo", board, pmo.VerdictApprove))
		require.Equal(t, pmo.ActionContinue, r.NextStep(start).Action)
		require.Nil(t, r.Change)
		require.InDelta(t, 3, r.Content.Size, 1e-9)
		require.InDelta(t, 3, r.Assignment.Size, 1e-9, "the capacity held follows the size that was taken")
		require.False(t, r.Plan.Agreed(), "the plan is agreed again")
		require.Equal(t, pmo.StageExecution, r.Stage)
	})
	t.Run("refused", func(t *testing.T) {
		r := underReview(t)
		require.Nil(t, answer(r, "bo", board, pmo.VerdictRefuse))
		require.Nil(t, r.Change)
		goesOn(t, r)
		require.Equal(t, pmo.ActionWait, r.NextStep(start).Action)
	})
	t.Run("silence refuses", func(t *testing.T) {
		r := underReview(t)
		passTo(r, start.Add(7*day))
		require.NotNil(t, r.Change, "escalated")
		passTo(r, r.Question(board).DueAt)
		require.Nil(t, r.Change)
		require.Equal(t, pmo.StageExecution, r.Stage)
		require.Equal(t, pmo.StatusOpen, r.Status)
		require.True(t, r.Plan.Agreed())
	})
}

func TestVotesOnAnotherChangeDoNotCount(t *testing.T) {
	r := underReview(t)
	require.Nil(t, answer(r, "ana", "change_review/1/board", pmo.VerdictApprove))
	require.Nil(t, answer(r, "bo", "change_review/1/board", pmo.VerdictRefuse))
	amend(r, pmo.Patch{Size: ptr(3.0)})
	settleChange(r, pmo.VerdictAgree)
	routeChange(t, r)
	require.Empty(t, askBoard(t, r, "change_review/2/board").Answers)
}

func TestWhatAnApproverAsksAboutAChange(t *testing.T) {
	ask := func(t *testing.T) (*pmo.Request, string) {
		r := underReview(t)
		require.Nil(t, answer(r, "ana", "change_review/1/board", pmo.VerdictApprove))
		require.Nil(t, answer(r, "bo", "change_review/1/board", pmo.VerdictNeedInfo))
		goesOn(t, r)
		step := r.NextStep(start)
		require.Equal(t, pmo.KindClarify, step.Question.Kind)
		return r, r.OpenQuestion(step.Question, terms(start, "sam"), start).ID
	}
	t.Run("a patch changes the proposal, which both sides agree to again", func(t *testing.T) {
		r, clarify := ask(t)
		require.Nil(t, answer(r, "sam", clarify, pmo.VerdictProvide, pmo.Data{Patch: &pmo.Patch{Size: ptr(2.0)}}))
		goesOn(t, r)
		sameFacts(r)
		require.Equal(t, pmo.KindChange, r.NextStep(start).Question.Kind)
		settleChange(r, pmo.VerdictAgree)
		require.InDelta(t, 2, r.RouteInput().Content.Size, 1e-9)
		r.SetRoute(pmo.Route{Steps: []pmo.RouteStep{{Group: "board", Order: 1, Quorum: pmo.Quorum{Mode: pmo.QuorumAll}}}}, start)
		q := askBoard(t, r, "change_review/3/board")
		require.Empty(t, q.Answers, "ana approved another change")
	})
	t.Run("a patch within the tolerance needs no review", func(t *testing.T) {
		r, clarify := ask(t)
		require.Nil(t, answer(r, "sam", clarify, pmo.VerdictProvide, pmo.Data{Patch: &pmo.Patch{Size: ptr(1.1)}}))
		settleChange(r, pmo.VerdictAgree)
		require.Nil(t, r.Change)
		require.InDelta(t, 1.1, r.Content.Size, 1e-9)
	})
	t.Run("without a patch the groups are asked again, votes kept", func(t *testing.T) {
		r, clarify := ask(t)
		require.Nil(t, answer(r, "sam", clarify, pmo.VerdictUnknown))
		q := askBoard(t, r, "change_review/2/board")
		require.Len(t, q.Answers, 1)
		require.False(t, r.Waived, "the gaps of a form are another question")
	})
	t.Run("silence that ends a request elsewhere ends the change only", func(t *testing.T) {
		r, clarify := ask(t)
		q := r.Question(clarify)
		q.OnSilence, q.Escalation = pmo.VerdictExpire, nil
		passTo(r, start.Add(30*day))
		require.False(t, r.Closed())
		require.Nil(t, r.Change)
		require.Equal(t, pmo.StageExecution, r.Stage)
	})
}

func TestAnotherTeamAgreesToAChangeUnderReviewFirst(t *testing.T) {
	r := underReview(t)
	r.ApplyReassign(pmo.Reassign{Reason: "busy", Team: "otter"}, start)
	require.Empty(t, r.OpenQuestions())
	r.Offer(pmo.Assignment{Team: "otter", Leads: []string{"lena"}, Size: 1}, start)
	r.Assignment.ConfirmedAt = start
	r.NextStep(start) // to execution
	r.NextStep(start) // sees the other team
	sameFacts(r)
	require.Equal(t, pmo.KindChange, r.NextStep(start).Question.Kind)
	settleChange(r, pmo.VerdictAgree)
	routeChange(t, r)
	askBoard(t, r, "change_review/2/board")
}

func TestAHoldDuringTheReviewOfAChange(t *testing.T) {
	r := underReview(t)
	require.Nil(t, answer(r, "ana", "change_review/1/board", pmo.VerdictApprove))
	r.ApplyHold(pmo.Stop{Reason: "audit"}, start)
	require.Equal(t, pmo.RefusedOnHold, kind(answer(r, "bo", "change_review/1/board", pmo.VerdictApprove)))
	r.ApplyResume(pmo.Stop{}, start.Add(time.Hour))
	require.Equal(t, pmo.StagePrioritization, r.Stage, "it asks for a slot again")
	r.EnterForTest(pmo.StageAssignment, start)
	r.Pull = &pmo.Pull{Run: "run"}
	r.Offer(pmo.Assignment{Team: "falcon", Leads: []string{"theo"}, Size: 1}, start)
	require.Equal(t, pmo.ActionContinue, r.NextStep(start).Action)
	require.Len(t, askBoard(t, r, "change_review/2/board").Answers, 1, "the same team agreed, and votes are kept")
	r.ApplyWithdraw(pmo.Stop{}, start)
	require.True(t, r.Closed())
	require.Empty(t, r.OpenQuestions())
}

func TestPlanVotesDoNotSurviveAChangeThatWasTaken(t *testing.T) {
	r := working()
	r.Plan.AgreedAt = time.Time{}
	plan := terms(start, "sam", "theo")
	step := r.NextStep(start)
	require.Equal(t, pmo.KindPlan, step.Question.Kind)
	r.OpenQuestion(step.Question, plan, start)
	require.Nil(t, answer(r, "sam", "plan/1", pmo.VerdictAgree))
	amend(r, pmo.Patch{Size: ptr(1.1)})
	settleChange(r, pmo.VerdictAgree)
	require.Equal(t, pmo.QuestionSuperseded, r.Question("plan/1").Status)
	require.Empty(t, r.OpenQuestion(r.NextStep(start).Question, plan, start).Answers)
}

func TestAGroupIsAskedOnceAtATime(t *testing.T) {
	r := submitted()
	r.EnterForTest(pmo.StageReview, start)
	anyOne := pmo.Quorum{Mode: pmo.QuorumAny}
	r.SetRoute(pmo.Route{Steps: []pmo.RouteStep{{Group: "board", Order: 1, Quorum: anyOne}, {Group: "finance", Order: 1, Quorum: anyOne}}}, start)
	again := terms(start, "ana")
	again.OnSilence, again.Escalation = pmo.VerdictAskAgain, nil
	openAt(r, r.NextStep(start).Question, again)
	openAt(r, r.NextStep(start).Question, terms(start, "fin"))
	passTo(r, start.Add(7*day)) // the board is silent, finance is escalated
	openAt(r, r.NextStep(start).Question, terms(start.Add(7*day), "ana"))
	require.Equal(t, pmo.ActionWait, r.NextStep(start).Action, "finance is asked already")
	require.NotNil(t, r.OpenQuestion(pmo.QuestionSpec{Kind: pmo.KindReview, Group: "finance", Quorum: &anyOne}, terms(start, "fin"), start))
	open := map[string]int{}
	for _, q := range r.OpenQuestions() {
		open[q.Group]++
	}
	require.Equal(t, map[string]int{"board": 1, "finance": 1}, open)
}
