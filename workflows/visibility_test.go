package workflows_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// upserts collects what the search attributes were set to, in order.
func (s *harness) upserts() *[]temporal.SearchAttributes {
	var all []temporal.SearchAttributes
	s.OnUpsertTypedSearchAttributes(mock.Anything).Run(func(args mock.Arguments) {
		values, ok := args.Get(0).(temporal.SearchAttributes)
		require.True(s.t, ok)
		all = append(all, values)
	}).Return(nil)
	return &all
}

func stageOf(t *testing.T, a temporal.SearchAttributes) string {
	stage, ok := a.GetKeyword(contract.AttrStage)
	require.True(t, ok)
	return stage
}

func TestSearchAttributesFollowTheRequest(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	all := s.upserts()
	s.toExecution().report(pmo.Report{Done: true}).decide("sam", "acceptance/1", pmo.VerdictAccept)
	s.run(input())

	var stages []string
	for _, a := range *all {
		if stage := stageOf(t, a); len(stages) == 0 || stages[len(stages)-1] != stage {
			stages = append(stages, stage)
		}
	}
	require.Equal(t, []string{"review", "prioritization", "approach", "assignment", "execution", "closure"}, stages)
	for i := 1; i < len(*all); i++ {
		require.NotEqual(t, (*all)[i-1], (*all)[i], "set only when one of them differs")
	}
	last := (*all)[len(*all)-1]
	outcome, _ := last.GetKeyword(contract.AttrOutcome)
	require.Equal(t, "delivered", outcome)
	team, _ := last.GetKeyword(contract.AttrTeam)
	require.Equal(t, "falcon", team)
	_, waiting := last.GetKeywordList(contract.AttrWaitingOn)
	require.False(t, waiting, "nobody is waited for at the end")
}

func TestNothingIsPublishedForWhatDoesNotShow(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	all := s.upserts()
	var before int
	s.then(func() { before = len(*all) }).
		then(func() { s.update(contract.UpdateWatch, watchedBy("mia", "", ""), "") }).
		amend("sam", 1, *users.Patch).
		decide("ana", first, pmo.VerdictApprove).
		then(func() {
			require.Len(t, *all, before+1, "watchers and what nobody votes on move nothing")
			asked, _ := (*all)[before-1].GetKeywordList(contract.AttrWaitingOn)
			require.Equal(t, []string{"ana", "bo"}, asked)
			asked, _ = (*all)[before].GetKeywordList(contract.AttrWaitingOn)
			require.Equal(t, []string{"bo"}, asked, "who has still to answer")
			due, _ := (*all)[before].GetTime(contract.AttrDueAt)
			state := s.snapshot()
			require.True(t, state.Question(first).DueAt.Equal(due), "when it is due, not when the timer fires")
		}).
		decide("bo", first, pmo.VerdictApprove).
		then(func() {
			require.Len(t, *all, before+2)
			_, waiting := (*all)[before+1].GetKeywordList(contract.AttrWaitingOn)
			require.False(t, waiting)
			_, due := (*all)[before+1].GetTime(contract.AttrDueAt)
			require.False(t, due)
		}).
		stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
}

// TestAnAnswerMovedNothingInProcess05: histories of 0.5 have no upsert with a vote that settles nothing, and none with a new title.
func TestAnAnswerMovedNothingInProcess05(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.beganWith(pmo.Process05)
	s.activities.admitted.Rules.Material = nil
	all := s.upserts()
	var before int
	s.then(func() { before = len(*all) }).
		amend("sam", 1, pmo.Patch{Title: ptr("Booking of vehicles")}).
		decide("ana", first, pmo.VerdictApprove).
		then(func() {
			require.Len(t, *all, before)
			asked, _ := (*all)[before-1].GetKeywordList(contract.AttrWaitingOn)
			require.Equal(t, []string{"ana", "bo"}, asked)
		}).
		decide("bo", first, pmo.VerdictApprove).
		then(func() { require.Equal(t, "Booking of vehicles", titleOf(t, (*all)[len(*all)-1])) }).
		stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
}

func titleOf(t *testing.T, a temporal.SearchAttributes) string {
	title, ok := a.GetKeyword(contract.AttrTitle)
	require.True(t, ok)
	return title
}

// TestTitleInTheList: the list shows the title; of a request that becomes confidential, the number alone.
func TestTitleInTheList(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	all := s.upserts()
	s.then(func() { require.Equal(t, "Vehicle booking", titleOf(t, (*all)[len(*all)-1])) }).
		amend("sam", 1, pmo.Patch{Confidential: ptr(true)}).
		then(func() { require.Equal(t, "R-42", titleOf(t, (*all)[len(*all)-1])) }).
		stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
}

// TestAnAnswerBeginsWithItsSentence: a history in Temporal shows the beginning of an update's result.
func TestAnAnswerBeginsWithItsSentence(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	answer := func(person string) *pmo.Receipt {
		return s.update(contract.UpdateDecide, pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: person, Via: "api"}}, Question: first, Verdict: pmo.VerdictApprove}, "")
	}
	var ana, bo *pmo.Receipt
	s.then(func() { ana = answer("ana") }).
		then(func() {
			require.Equal(t, "ana approves, 1 of 2; waits on bo", ana.Says)
			data, err := json.Marshal(ana)
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(string(data), `{"says":"ana approves`), "%s", data)
			bo = answer("bo")
		}).
		then(func() { require.Equal(t, "bo approves: review passed → prioritization", bo.Says) }).
		stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
}

// TestRequestsThatBeganBeforeShowEveryChange: their histories have an upsert with every vote and every moved deadline.
func TestRequestsThatBeganBeforeShowEveryChange(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.beganBeforeChanges()
	all := s.upserts()
	var before int
	s.then(func() { before = len(*all) }).
		decide("ana", first, pmo.VerdictApprove).
		then(func() {
			require.Len(t, *all, before+1)
			waiting, _ := (*all)[before].GetKeywordList(contract.AttrWaitingOn)
			require.Equal(t, []string{"bo"}, waiting)
			due, _ := (*all)[before].GetTime(contract.AttrDueAt)
			state := s.snapshot()
			next, _ := state.NextDue(s.Now())
			require.True(t, next.Equal(due))
		}).
		stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
}

// TestManyPeopleFitIntoOneAttribute: the server terminates a workflow whose attribute is larger than 2 KiB. The value says how many it leaves out.
func TestManyPeopleFitIntoOneAttribute(t *testing.T) {
	w := newActivitiesFake()
	terms := w.terms[pmo.KindReview]
	terms.People = nil
	for i := range 100 {
		terms.People = append(terms.People, fmt.Sprintf("approver-with-a-long-name-%03d", i))
	}
	w.terms[pmo.KindReview] = terms
	s := newHarness(t, w)
	all := s.upserts()
	s.then(func() {
		state := s.snapshot()
		require.Len(t, state.WaitingOn(), 100, "the state has everybody")
		waiting, _ := (*all)[len(*all)-1].GetKeywordList(contract.AttrWaitingOn)
		value, err := json.Marshal(waiting)
		require.NoError(t, err)
		require.LessOrEqual(t, len(value), 512)
		require.Greater(t, len(waiting), 12, "as many as fit")
		require.Equal(t, fmt.Sprintf("and %d more", 100-len(waiting)+1), waiting[len(waiting)-1])
	}).stop(contract.UpdateWithdraw, "sam", "")
	require.Equal(t, pmo.OutcomeWithdrawn, s.run(input()).Outcome)
}

// TestLargeCommandsAreRefused: the validator refuses them, so that they are not in the history.
func TestLargeCommandsAreRefused(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	large := pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo", Via: "api"}}, Note: strings.Repeat("n", 5000)}
	s.toExecution().then(func() { s.update(contract.UpdateProgress, large, pmo.RefusedInvalid) }).
		check(func(state pmo.Request) { require.Nil(t, state.Progress) }).stop(contract.UpdateCancel, "petra", "done elsewhere")
	require.Equal(t, pmo.OutcomeCancelled, s.run(input()).Outcome)
}
