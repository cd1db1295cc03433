package workflows_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// tellPeople says that people changed: who may answer is then as the function makes it.
func (s *harness) tellPeople(change func(*pmo.QuestionTerms)) *harness {
	return s.then(func() {
		terms := s.activities.terms[pmo.KindReview]
		change(&terms)
		s.activities.terms[pmo.KindReview] = terms
		s.SignalWorkflow(contract.SignalPeople, contract.Nothing{})
	})
}

func TestPeopleChangeWhileAQuestionIsOpen(t *testing.T) {
	left := func(t *pmo.QuestionTerms) {
		t.People, t.Gone = []string{"rita", "dee"}, []pmo.Departure{{Person: "ana", Why: "who is no longer known"}, {Person: "bo", Why: "who is no longer known"}}
	}
	for _, old := range []bool{false, true} {
		s := newHarness(t, newActivitiesFake())
		if old {
			s.beganBeforeChanges() // no history of an earlier release has the message, so they take it too
		}
		s.tellPeople(left).tellPeople(left).
			check(func(state pmo.Request) { require.Equal(t, []string{"rita", "dee"}, state.Question(first).People) }).
			refused(pmo.RefusedNotAsked, "ana", first, pmo.VerdictApprove).
			decide("rita", first, pmo.VerdictApprove).decide("dee", first, pmo.VerdictApprove).
			check(func(state pmo.Request) { require.Equal(t, pmo.StagePrioritization, state.Stage) }).
			tellPeople(left).stop(contract.UpdateWithdraw, "sam", "")
		s.run(input())
		require.Equal(t, 1, count(s.activities.events(), pmo.EventPeople), "told twice, it changes once")
	}
}

func TestTooFewLeftIsEscalatedAtOnce(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.tellPeople(func(t *pmo.QuestionTerms) {
		t.People, t.Gone = nil, []pmo.Departure{{Person: "ana", Why: "who is away"}, {Person: "bo", Why: "who is away"}}
	}).check(func(state pmo.Request) {
		require.True(t, state.Question(first).Escalated)
		require.Equal(t, []string{"petra"}, state.WaitingOn())
	}).decide("petra", first, pmo.VerdictApprove).stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
}

func TestNobodyIsAskedOfARequestOnHold(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	asked := 0
	s.stop(contract.UpdateHold, "sam", "away").then(func() { asked = len(s.activities.termsAsked) }).
		tellPeople(func(*pmo.QuestionTerms) {}).
		then(func() { require.Len(t, s.activities.termsAsked, asked) }).stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
}

func TestANewMemberAnswersBeforeTheProcessHasHeardOfThem(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.refused(pmo.RefusedNotAsked, "rita", first, pmo.VerdictApprove).
		decide("rita", first, pmo.VerdictApprove, func(c *pmo.Decide) { c.By.Joins = true }).
		check(func(state pmo.Request) {
			require.Equal(t, []string{"ana", "bo", "rita"}, state.Question(first).People)
			require.Equal(t, []string{"ana", "bo"}, state.WaitingOn())
		}).stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
}

func count(list []string, what string) (n int) {
	for _, s := range list {
		if s == what {
			n++
		}
	}
	return n
}

func TestAnOversizedSignalIsDroppedWithAShortLine(t *testing.T) {
	long := strings.Repeat("x", 300_000)
	for name, c := range map[string]pmo.Decide{
		"reason":  {Header: pmo.Header{By: pmo.By{Actor: "ana"}}, Question: first, Verdict: pmo.VerdictApprove, Reason: long},
		"sender":  {Header: pmo.Header{By: pmo.By{Actor: long, For: long, Key: long, Digest: long}}, Question: first, Verdict: pmo.VerdictApprove},
		"verdict": {Header: pmo.Header{By: pmo.By{Actor: "ana"}}, Question: long, Verdict: long},
	} {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			s.then(func() { s.SignalWorkflow(contract.SignalDecide, c) }).stop(contract.UpdateWithdraw, "sam", "")
			s.run(input())
			require.Empty(t, s.activities.tries[contract.ActivityCheckActor])
			for _, e := range s.activities.entries {
				data, err := json.Marshal(e)
				require.NoError(t, err)
				require.Less(t, len(data), 4096)
			}
			require.Contains(t, s.activities.events(), pmo.EventRefused)
		})
	}
}

func TestASignalsPatchIsAMergePatch(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.activities.hasGap = true
	measure, value := "minutes a booking", 8.0
	patch := pmo.Patch{SuccessMeasure: &measure, Inputs: &pmo.Inputs{BusinessValue: &value}}
	s.then(func() {
		s.SignalWorkflow(contract.SignalDecide, pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Question: "clarify/1", Verdict: pmo.VerdictProvide, Data: pmo.Data{Patch: &patch}})
	}).check(func(state pmo.Request) {
		require.Equal(t, 8.0, *state.Content.Inputs.BusinessValue)
		require.NotNil(t, state.Content.Inputs.JobSize, "the other inputs stay")
	}).stop(contract.UpdateWithdraw, "sam", "")
	s.run(input())
}

func TestNullInASignalClears(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.activities.hasGap = true
	signal := json.RawMessage(`{"by":{"actor":"sam"},"decision":"clarify/1","verdict":"provide","data":{"patch":{"success_measure":"minutes a booking","workaround":null,"inputs":{"time_criticality":null}}}}`)
	s.then(func() { s.SignalWorkflow(contract.SignalDecide, signal) }).check(func(state pmo.Request) {
		require.Equal(t, "minutes a booking", state.Content.SuccessMeasure)
		require.Empty(t, state.Content.Workaround, "null clears")
		require.Nil(t, state.Content.Inputs.TimeCriticality, "inside a group too")
		require.NotNil(t, state.Content.Inputs.JobSize, "the other inputs stay")
	}).stop(contract.UpdateWithdraw, "sam", "")
	in := input()
	in.Submission.Content.Workaround = "by hand"
	s.run(in)
}

func TestANewMembersSignalIsTakenWhenTheirSeatIsConfirmed(t *testing.T) {
	signal := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "rita", Joins: true}}, Question: first, Verdict: pmo.VerdictApprove}
	for _, joins := range []bool{true, false} {
		s := newHarness(t, newActivitiesFake())
		s.activities.allowed.Joins = joins
		s.then(func() { s.SignalWorkflow(contract.SignalDecide, signal) }).
			check(func(state pmo.Request) { require.Equal(t, joins, len(state.Question(first).Answers) == 1) }).stop(contract.UpdateWithdraw, "sam", "")
		s.run(input())
	}
}
