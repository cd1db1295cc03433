package workflows_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

func keyed(key, digest string) func(*pmo.Decide) {
	return func(c *pmo.Decide) { c.By.Key, c.By.Digest = key, digest }
}

func TestDoubleDecision(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	var answers []*pmo.Receipt
	decide := func(verdict string, add func(*pmo.Decide), refusal string) {
		s.then(func() {
			c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "ana", Via: "api"}}, Question: first, Verdict: verdict}
			add(&c)
			answers = append(answers, s.update(contract.UpdateDecide, c, refusal))
		})
	}
	decide(pmo.VerdictApprove, keyed("k1", "d1"), "")
	decide(pmo.VerdictApprove, keyed("k1", "d1"), "")
	decide(pmo.VerdictReject, keyed("k1", "d2"), pmo.RefusedKeyReused)
	decide(pmo.VerdictApprove, keyed("k2", "d1"), pmo.RefusedDecided)
	decide(pmo.VerdictAbstain, keyed("", ""), pmo.RefusedDecided)
	s.check(func(state pmo.Request) { require.Len(t, state.Question(first).Answers, 1) }).stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())

	require.Equal(t, "recorded", answers[0].Result)
	require.Equal(t, []string{"bo"}, answers[0].Open[0].Waiting)
	require.True(t, answers[1].Replayed)
	require.Equal(t, answers[0].Tally, answers[1].Tally)
}

// TestTwoAnswersInOneWorkflowTask: both were checked against the same state; the second finds the question settled.
func TestTwoAnswersInOneWorkflowTask(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.then(func() {
		s.decideNow("ana", first, pmo.VerdictReject, "", because("no"))
		s.decideNow("bo", first, pmo.VerdictApprove, pmo.RefusedClosed)
	})
	require.Equal(t, pmo.OutcomeRejected, s.run(input()).Outcome)
}

func TestAnswerNamesWhatFollowed(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	var receipt *pmo.Receipt
	s.toBacklog().then(func() {
		receipt = s.update(contract.UpdatePull, pmo.OverridePull{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "a law"}, "")
	}).stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
	require.Equal(t, pmo.StageApproach, receipt.Stage)
	require.Len(t, receipt.Open, 1)
	require.Equal(t, "approach/1", receipt.Open[0].ID)
	data, err := json.Marshal(receipt)
	require.NoError(t, err)
	require.LessOrEqual(t, len(data), 2048)
}

func TestDecideBySignal(t *testing.T) {
	signal := func(s *harness, c pmo.Decide) {
		s.then(func() { s.SignalWorkflow(contract.SignalDecide, c) })
	}
	approve := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "ana", Via: "api"}}, Question: first, Verdict: pmo.VerdictApprove}

	t.Run("taken once", func(t *testing.T) {
		s := newHarness(t, newActivitiesFake())
		again := approve
		again.By.Key, again.By.Digest = "k1", "d1"
		signal(s, again)
		signal(s, again)
		s.check(func(state pmo.Request) {
			require.Equal(t, "signal", state.Question(first).Answers[0].Via, "whatever its sender claims")
		}).stop(contract.UpdateWithdraw, "sam", "")
		s.run(input())
		require.NotContains(t, s.activities.events(), pmo.EventRefused)
	})
	t.Run("for the absent by delegation", func(t *testing.T) {
		s := newHarness(t, newActivitiesFake())
		s.activities.allowed.For = "ana"
		signal(s, pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "kim", For: "ana"}}, Question: first, Verdict: pmo.VerdictApprove})
		s.check(func(state pmo.Request) { require.Equal(t, []string{"bo"}, state.WaitingOn()) }).stop(contract.UpdateWithdraw, "sam", "")
		s.run(input())
	})
	t.Run("refused by the rules", func(t *testing.T) {
		s := newHarness(t, newActivitiesFake())
		s.activities.allowed = contract.CheckActorResult{Reason: "decisions by signal are switched off"}
		signal(s, approve)
		s.check(func(state pmo.Request) { require.Equal(t, []string{"ana", "bo"}, state.WaitingOn()) }).stop(contract.UpdateWithdraw, "sam", "")
		s.run(input())
		require.Contains(t, s.activities.events(), pmo.EventRefused)
	})
	t.Run("refused by the state", func(t *testing.T) {
		s := newHarness(t, newActivitiesFake())
		signal(s, pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Question: first, Verdict: pmo.VerdictApprove})
		signal(s, pmo.Decide{})
		s.stop(contract.UpdateWithdraw, "sam", "")
		s.run(input())
		require.Empty(t, s.activities.tries[contract.ActivityCheckActor], "nobody is asked about what the state refuses")
	})
	t.Run("overtaken while its sender is checked", func(t *testing.T) {
		s := newHarness(t, newActivitiesFake())
		s.outage()
		signal(s, approve)
		s.decide("ana", first, pmo.VerdictAbstain).back().
			check(func(state pmo.Request) { require.Len(t, state.Question(first).Answers, 1) }).stop(contract.UpdateWithdraw, "sam", "")
		s.run(input())
		require.Contains(t, s.activities.events(), pmo.EventRefused)
	})
	t.Run("closed while its sender is checked", func(t *testing.T) {
		s := newHarness(t, newActivitiesFake())
		s.outage()
		signal(s, approve)
		s.stop(contract.UpdateWithdraw, "sam", "").back()
		require.Equal(t, pmo.OutcomeWithdrawn, s.run(input()).Outcome)
	})
}

func TestMalformedSignalsDoNotStopTheProcess(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	for _, name := range []string{contract.SignalDecide, contract.SignalPulled, contract.SignalCapacity, contract.SignalWatch} {
		for _, payload := range []any{"words", 7, []int{1}, nil, map[string]any{"by": "ana"}, map[string]any{"decision": 3, "at": "noon", "add": "mia"}} {
			s.then(func() { s.SignalWorkflow(name, payload) })
		}
	}
	s.then(func() { s.SignalWorkflow("unheard-of", "x") })
	s.fromReview()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}

func TestWatch(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.then(func() { s.update(contract.UpdateWatch, pmo.Watch{}, pmo.RefusedInvalid) }).
		then(func() { s.update(contract.UpdateWatch, pmo.Watch{Add: []string{"mia", "kim", "mia"}}, "") }).
		then(func() { s.update(contract.UpdateWatch, pmo.Watch{Remove: []string{"kim"}}, "") }).
		then(func() { s.SignalWorkflow(contract.SignalWatch, pmo.Watch{Add: []string{"leo"}}) }).
		then(func() { s.SignalWorkflow(contract.SignalWatch, pmo.Watch{Add: make([]string, 300)}) }).
		check(func(state pmo.Request) { require.Equal(t, []string{"mia", "leo"}, state.Watchers) }).
		stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
}

// TestMergeIntoAConfidentialRequest: a merge, which comes as a signal, makes nobody a reader of a confidential request; a person who may share
// it can.
func TestMergeIntoAConfidentialRequest(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	merge := pmo.Watch{Header: pmo.Header{By: pmo.By{Via: "system", Actor: pmo.MergeActor("other")}}, Add: []string{"rita", "sam"}}
	in := input()
	in.Submission.Content.Confidential = true
	s.then(func() { s.SignalWorkflow(contract.SignalWatch, merge) }).
		check(func(state pmo.Request) { require.Equal(t, []string{"sam"}, state.Watchers) }).
		then(func() {
			s.update(contract.UpdateWatch, pmo.Watch{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Add: []string{"rita"}}, "")
		}).
		check(func(state pmo.Request) { require.Equal(t, []string{"sam", "rita"}, state.Watchers) }).
		stop(contract.UpdateWithdraw, "sam", "")
	s.run(in)
}

// TestCapacitySignalDuringASearch: capacity that becomes free during a search for a team is not missed until the next hour.
func TestCapacitySignalDuringASearch(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.activities.teams = append([]contract.AssignResult{{Waits: "falcon is full"}}, s.activities.teams...)
	s.toBacklog().pull().then(func() {
		s.decideNow("theo", "approach/1", pmo.VerdictAccept, "")
		s.activities.unreachable = true
	}).then(func() { s.SignalWorkflow(contract.SignalCapacity, contract.Pulled{}) }).back().pass(5 * 60e9).
		check(func(state pmo.Request) { require.Equal(t, []string{"assignment/1/falcon"}, ids(state.OpenQuestions())) })
	s.fromAssignment()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}
