package pmo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// duplicate is a request whose review says that it is a duplicate of r2, and the question to whom it concerns.
func duplicate(t *testing.T) *pmo.Request {
	r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	require.Nil(t, answer(r, "ana", "review/1/board", pmo.VerdictApprove))
	require.Nil(t, answer(r, "bo", "review/1/board", pmo.VerdictDuplicate, pmo.Data{Of: "r2", OfNumber: 7}))
	require.False(t, r.Closed(), "one vote closes nothing")
	require.False(t, r.Question("review/1/board").Open())
	step := r.NextStep(start)
	require.Equal(t, pmo.KindDuplicate, step.Question.Kind)
	require.Contains(t, step.Question.Text, "R-7")
	asked := terms(start, "sam")
	asked.OnSilence, asked.Escalation = pmo.VerdictNotSame, nil
	r.OpenQuestion(step.Question, asked, start)
	require.Equal(t, pmo.ActionWait, r.NextStep(start).Action, "nobody judges meanwhile")
	return r
}

// reviewGoesOn checks that the next round keeps the votes.
func reviewGoesOn(t *testing.T, r *pmo.Request) {
	step := r.NextStep(start)
	require.Equal(t, pmo.KindReview, step.Question.Kind)
	q := openAt(r, step.Question, terms(start, "ana", "bo"))
	require.Equal(t, "review/2/board", q.ID)
	require.Len(t, q.Answers, 1)
}

func TestADuplicateAsksWhomItConcerns(t *testing.T) {
	t.Run("the same", func(t *testing.T) {
		r := duplicate(t)
		require.Nil(t, answer(r, "sam", "duplicate/1", pmo.VerdictSame))
		require.False(t, r.Closed(), "the other one is looked at first")
		require.Equal(t, pmo.ActionCheckMerge, r.NextStep(start).Action)
		r.FinishMerge(pmo.MergeCheck{}, start)
		require.Equal(t, pmo.OutcomeMerged, r.Outcome)
		require.Equal(t, []string{"r2"}, r.MergedInto)
	})
	t.Run("not the same", func(t *testing.T) {
		r := duplicate(t)
		require.Nil(t, answer(r, "sam", "duplicate/1", pmo.VerdictNotSame))
		reviewGoesOn(t, r)
	})
	t.Run("silence closes nothing", func(t *testing.T) {
		r := duplicate(t)
		passTo(r, start.Add(30*day))
		reviewGoesOn(t, r)
	})
	t.Run("the other one ended meanwhile", func(t *testing.T) {
		r := duplicate(t)
		require.Nil(t, answer(r, "sam", "duplicate/1", pmo.VerdictSame))
		r.FinishMerge(pmo.MergeCheck{Refused: "R-7 has ended as withdrawn"}, start)
		require.False(t, r.Closed())
		require.Empty(t, r.MergedInto)
		require.Contains(t, r.Ledger[len(r.Ledger)-1].Text, "R-7 has ended as withdrawn. Review goes on.")
		reviewGoesOn(t, r)
	})
	t.Run("changed content is looked at anew", func(t *testing.T) {
		r := duplicate(t)
		amend(r, pmo.Patch{Size: ptr(9.0)})
		require.Nil(t, r.Merge)
		sameFacts(r)
		require.Equal(t, pmo.ActionRoute, r.NextStep(start).Action)
	})
	t.Run("before Process05 one vote closed it", func(t *testing.T) {
		r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
		r.Process = -1
		require.Nil(t, answer(r, "bo", "review/1/board", pmo.VerdictDuplicate, pmo.Data{Of: "r2"}))
		require.Equal(t, pmo.OutcomeMerged, r.Outcome)
	})
}

func TestACancellationThatMerges(t *testing.T) {
	into := pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "the same", Into: []string{"r2", "r3"}}
	for _, held := range []bool{false, true} {
		r := working()
		if held {
			r.ApplyHold(pmo.Stop{Reason: "audit"}, start)
		}
		receipt := r.ApplyCancel(into, start)
		require.Equal(t, pmo.ResultMerging, receipt.Result)
		require.Equal(t, pmo.ActionCheckMerge, r.NextStep(start).Action)
		r.FinishMerge(pmo.MergeCheck{Refused: "R-2 has ended as merged"}, start)
		require.Equal(t, pmo.ResultNotMerged, r.WithOpenQuestions(receipt).Result)
		require.False(t, r.Closed())
		r.ApplyCancel(into, start)
		r.NextStep(start)
		r.FinishMerge(pmo.MergeCheck{}, start)
		require.Equal(t, "merged", r.WithOpenQuestions(receipt).Result)
		require.Equal(t, into.Into, r.MergedInto)
		require.Equal(t, "petra", r.Ledger[len(r.Ledger)-1].Actor)
	}
	old := working()
	old.Process = -1
	require.Equal(t, "merged", old.ApplyCancel(into, start).Result)
}

func TestWhereARequestMayGoOn(t *testing.T) {
	r := submitted()
	open := &pmo.Request{ID: "r2", Number: 7, Status: pmo.StatusOpen}
	require.Nil(t, r.CheckGoesOnIn(open))
	open.Merge = &pmo.MergeProposal{Into: []string{"r3"}}
	require.Nil(t, r.CheckGoesOnIn(open), "whom it concerns may still say no")
	open.Merge.Into = []string{"r1"}
	require.Equal(t, pmo.RefusedMovedOn, kind(r.CheckGoesOnIn(open)), "each into the other")
	for _, outcome := range []pmo.Outcome{pmo.OutcomeWithdrawn, pmo.OutcomeRejected, pmo.OutcomeDelivered, pmo.OutcomeMerged} {
		ended := &pmo.Request{ID: "r2", Number: 7, Status: pmo.StatusClosed, Outcome: outcome}
		require.Equal(t, pmo.RefusedMovedOn, kind(r.CheckGoesOnIn(ended)))
		ended.MergedInto = []string{"r1"}
		require.Contains(t, r.CheckGoesOnIn(ended).Detail, "this very request")
	}
}
