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
			require.Len(t, *all, before, "one more vote moves nothing")
			asked, _ := (*all)[before-1].GetKeywordList(contract.AttrWaitingOn)
			require.Equal(t, []string{"ana", "bo"}, asked, "whom the open questions ask")
		}).
		decide("bo", first, pmo.VerdictApprove).
		then(func() {
			require.Len(t, *all, before+1)
			_, waiting := (*all)[before].GetKeywordList(contract.AttrWaitingOn)
			require.False(t, waiting)
		}).
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
		require.Equal(t, fmt.Sprintf("+%d more", 100-len(waiting)+1), waiting[len(waiting)-1])
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
