package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// withoutTeam is a request that no team fits until the fake gets one.
func withoutTeam(t *testing.T) *harness {
	w := newActivitiesFake()
	w.teams = []contract.AssignResult{{Waits: "no team covers cobol"}}
	return newHarness(t, w)
}

// TestARequestWithoutATeamGivesItsSlotBack when the PMO does not answer in time; the next pull is an ordinary one.
func TestARequestWithoutATeamGivesItsSlotBack(t *testing.T) {
	s := withoutTeam(t)
	s.toAssignment().check(func(state pmo.Request) {
		require.Equal(t, []string{"exception/1/no_team"}, ids(state.OpenQuestions()))
		require.Equal(t, []string{"petra"}, state.WaitingOn())
		require.True(t, state.Pulled())
	}).pass(7 * day).check(func(state pmo.Request) {
		require.Equal(t, pmo.StagePrioritization, state.Stage)
		require.False(t, state.Pulled())
		require.Equal(t, "the PMO did not answer in time", state.Returned.Reason)
		s.activities.teams = newActivitiesFake().teams
	}).pull().check(func(state pmo.Request) {
		require.Equal(t, []string{"assignment/1/falcon"}, ids(state.OpenQuestions()))
		require.Nil(t, state.Returned)
	}).fromAssignment()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
	require.Equal(t, map[string][]time.Duration{pmo.EventAsked: {0}, pmo.EventReminded: {84 * time.Hour}, pmo.EventTimedOut: {7 * day}, pmo.EventSlotReturned: {7 * day}},
		s.activities.times("exception/1/no_team"))
}

// TestATeamNamedByThePMOIsAsked: the search is told of it, over its limits where the PMO says so.
func TestATeamNamedByThePMOIsAsked(t *testing.T) {
	s := withoutTeam(t)
	s.toAssignment().then(func() { s.activities.teams = newActivitiesFake().teams }).
		decide("petra", "exception/1/no_team", pmo.VerdictRaiseLimit, because("a law"), with(pmo.Data{Team: "falcon"})).
		check(func(state pmo.Request) {
			require.Equal(t, []string{"assignment/1/falcon"}, ids(state.OpenQuestions()))
			last := s.activities.assigns[len(s.activities.assigns)-1]
			require.Equal(t, "falcon", last.Named)
			require.True(t, last.OverLimit)
		}).fromAssignment()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}

// TestARequestOfBeforeWaitsForATeamAsItDid: its history has no question to the PMO.
func TestARequestOfBeforeWaitsForATeamAsItDid(t *testing.T) {
	s := withoutTeam(t)
	s.beganBeforeChanges()
	s.toAssignment().pass(30 * day).check(func(state pmo.Request) {
		require.Equal(t, pmo.StageAssignment, state.Stage)
		require.Empty(t, state.OpenQuestions())
		s.activities.teams = newActivitiesFake().teams
		s.SignalWorkflow(contract.SignalCapacity, contract.Pulled{})
	}).fromAssignment()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}
