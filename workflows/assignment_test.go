package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// otherTeams answer the searches after falcon declined: otter, then nobody.
func otherTeams(w *activitiesFake) {
	w.teams = append(w.teams, contract.AssignResult{Team: "otter", Leads: []string{"lena"}, Size: 1}, contract.AssignResult{Waits: "heron is full"})
}

// TestAPlaceIsHeldWhileTheLeadIsAskedAndFirmOnceAccepted: the read model is told of both, because it tells held from firm by it.
func TestAPlaceIsHeldWhileTheLeadIsAskedAndFirmOnceAccepted(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.toAssignment().check(func(state pmo.Request) {
		require.Equal(t, []string{"theo"}, state.WaitingOn())
		require.Equal(t, "falcon", s.last().Assignment.Team)
		require.Zero(t, s.last().Assignment.ConfirmedAt)
	}).decide("theo", "assignment/1/falcon", pmo.VerdictAccept).check(func(pmo.Request) {
		require.Equal(t, s.Now().Add(-time.Minute).UTC(), s.last().Assignment.ConfirmedAt)
	}).fromPlan()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
	require.Len(t, s.activities.assigns, 1)
}

// TestTwoDeclinesAreRespectedWithTheirReasons: neither team is looked at again, the requester reads why, and the PMO is asked with both reasons.
func TestTwoDeclinesAreRespectedWithTheirReasons(t *testing.T) {
	w := newActivitiesFake()
	otherTeams(w)
	s := newHarness(t, w)
	s.toAssignment().
		decide("theo", "assignment/1/falcon", pmo.VerdictDecline, because("no room before May")).
		check(func(state pmo.Request) { require.Equal(t, "otter", state.Assignment.Team) }).
		decide("lena", "assignment/2/otter", pmo.VerdictDecline, because("not our product")).
		check(func(state pmo.Request) {
			require.Nil(t, s.last().Assignment, "its place is given back")
			require.Equal(t, []pmo.Decline{{Team: "falcon", Reason: "no room before May"}, {Team: "otter", Reason: "not our product"}}, state.Declined)
			text := state.OpenQuestionOf(pmo.KindException).Text
			require.Contains(t, text, "falcon declined: no room before May.")
			require.Contains(t, text, "otter declined: not our product.")
		}).pass(3*time.Hour).
		decide("petra", "exception/1/no_team", pmo.VerdictCancel, because("nobody can"))
	require.Equal(t, pmo.OutcomeCancelled, s.run(input()).Outcome)
	require.Greater(t, len(w.assigns), 4, "it is looked for again every hour")
	for _, in := range w.assigns[2:] {
		require.Equal(t, []string{"falcon", "otter"}, in.Declined)
	}
	var told []string
	for _, e := range w.entries {
		if e.Event == pmo.EventDeclined {
			told = append(told, e.Text)
		}
	}
	require.Equal(t, []string{"falcon declines: no room before May. The next best team is asked.", "otter declines: not our product. The next best team is asked."}, told)
}

// TestSilenceOfALeadIsADecline: the place is given back, and the next team is asked.
func TestSilenceOfALeadIsADecline(t *testing.T) {
	w := newActivitiesFake()
	otherTeams(w)
	s := newHarness(t, w)
	s.toAssignment().pass(7*day).check(func(state pmo.Request) {
		require.Equal(t, "otter", state.Assignment.Team)
		require.Equal(t, []string{"falcon"}, state.DeclinedTeams())
	}).decide("lena", "assignment/2/otter", pmo.VerdictAccept)
	s.then(func() {
		s.update(contract.UpdateCancel, pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "enough"}, "")
	})
	require.Equal(t, pmo.OutcomeCancelled, s.run(input()).Outcome)
}

// TestCapacityWithdrawnInFlight: a team whose capacity goes keeps what it holds, asked or accepted, until its lead or the PMO says otherwise.
// The word that capacity changed makes no request search that has a team. What the lead then declines finds nobody, and the PMO is asked.
func TestCapacityWithdrawnInFlight(t *testing.T) {
	cases := map[string]struct {
		accepted bool
		leave    func(*harness)
		searches int
	}{
		"while the lead is asked, who declines": {false, func(s *harness) {
			s.decide("theo", "assignment/1/falcon", pmo.VerdictDecline, because("two people left"))
		}, 2},
		"after acceptance, and the PMO looks for another team": {true, func(s *harness) {
			s.then(func() {
				s.update(contract.UpdateReassign, pmo.Reassign{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "two people left", Team: "otter"}, "")
			})
		}, 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			s.toAssignment()
			if c.accepted {
				s.decide("theo", "assignment/1/falcon", pmo.VerdictAccept)
			}
			s.then(func() {
				s.activities.teams = []contract.AssignResult{{Waits: "falcon has no capacity"}}
				s.SignalWorkflow(contract.SignalCapacity, contract.Pulled{})
			}).check(func(state pmo.Request) {
				require.Equal(t, "falcon", state.Assignment.Team)
				require.Equal(t, c.accepted, state.TeamConfirmed())
				require.Len(t, s.activities.assigns, 1)
			})
			c.leave(s)
			s.check(func(state pmo.Request) {
				require.Nil(t, s.last().Assignment)
				require.Equal(t, pmo.StageAssignment, state.Stage)
				require.Equal(t, []string{"exception/1/no_team"}, ids(state.OpenQuestions()))
				require.Len(t, s.activities.assigns, c.searches)
				s.activities.teams = []contract.AssignResult{{Team: "otter", Leads: []string{"lena"}, Size: 1}}
				s.SignalWorkflow(contract.SignalCapacity, contract.Pulled{})
			}).decide("lena", "assignment/2/otter", pmo.VerdictAccept).check(func(state pmo.Request) {
				require.Equal(t, "otter", s.last().Assignment.Team)
				require.NotContains(t, ids(state.OpenQuestions()), "exception/1/no_team", "the PMO is asked no longer")
			}).then(func() {
				s.update(contract.UpdateCancel, pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "enough"}, "")
			})
			require.Equal(t, pmo.OutcomeCancelled, s.run(input()).Outcome)
		})
	}
}

// TestAStopGivesThePlaceBack whether the lead is still asked or the team has accepted: the read model, which releases by it, is told.
func TestAStopGivesThePlaceBack(t *testing.T) {
	for _, accepted := range []bool{false, true} {
		for _, stop := range []string{contract.UpdateHold, contract.UpdateWithdraw, contract.UpdateCancel} {
			name := map[bool]string{false: "asked", true: "accepted"}[accepted] + " " + stop
			t.Run(name, func(t *testing.T) {
				s := newHarness(t, newActivitiesFake())
				s.toAssignment()
				if accepted {
					s.decide("theo", "assignment/1/falcon", pmo.VerdictAccept)
				}
				s.check(func(pmo.Request) { require.Equal(t, "falcon", s.last().Assignment.Team) })
				s.stop(stop, "petra", "no money").check(func(state pmo.Request) {
					require.Empty(t, state.WaitingOn(), "nobody is asked any more")
				})
				if stop == contract.UpdateHold {
					s.check(func(pmo.Request) {
						require.Nil(t, s.last().Assignment)
						require.Nil(t, s.last().Pull)
					}).stop(contract.UpdateWithdraw, "sam", "never mind")
				}
				end := s.run(input())
				require.True(t, end.Closed())
			})
		}
	}
}

// TestThePMOIsAskedWhatWouldHelp after the time of the policy, with the changes that the search computed; the answer makes a team be looked for at
// once, and the lead is asked.
func TestThePMOIsAskedWhatWouldHelp(t *testing.T) {
	w := newActivitiesFake()
	raise := pmo.Remedy{ID: "team/falcon", Team: "falcon", Name: "Falcon", WIPLimit: &pmo.Raise{From: 3, To: 4}, Text: "Raise the WIP limit of Falcon from 3 to 4."}
	w.teams = []contract.AssignResult{{Waits: "Falcon at WIP limit 3/3", AskAt: begin.Add(2 * day), Remedies: []pmo.Remedy{raise}}}
	s := newHarness(t, w)
	s.countTimers()
	s.toAssignment().check(func(state pmo.Request) {
		require.Empty(t, state.OpenQuestions(), "teams are full: that is no exception yet")
		require.True(t, w.assigns[0].Remedies)
		require.Zero(t, w.assigns[0].Since)
	}).pass(2*day).check(func(state pmo.Request) {
		q := state.OpenQuestionOf(pmo.KindException)
		require.Equal(t, []pmo.Remedy{raise}, q.Remedies)
		require.Contains(t, q.Text, raise.Text)
		last := w.assigns[len(w.assigns)-1]
		require.Equal(t, state.Unplaced.Since, last.Since.UTC())
		w.teams = newActivitiesFake().teams
	}).refused(pmo.RefusedInvalid, "petra", "exception/1/no_team", pmo.VerdictRemedy, because("a law"), with(pmo.Data{Remedy: "team/otter"})).
		decide("petra", "exception/1/no_team", pmo.VerdictRemedy, because("a law"), with(pmo.Data{Remedy: "team/falcon"})).
		check(func(state pmo.Request) { require.Equal(t, []string{"assignment/1/falcon"}, ids(state.OpenQuestions())) })
	s.fromAssignment()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}

// TestRequestsOfBeforeAreNotAskedWhatWouldHelp: their histories say that the PMO is asked at once.
func TestRequestsOfBeforeAreNotAskedWhatWouldHelp(t *testing.T) {
	w := newActivitiesFake()
	w.teams = []contract.AssignResult{{Waits: "Falcon at WIP limit 3/3", AskAt: begin.Add(20 * day), Remedies: []pmo.Remedy{{ID: pmo.RemedyWait}}}}
	s := newHarness(t, w)
	s.beganWith(pmo.Process10 - 1)
	s.toAssignment().check(func(state pmo.Request) {
		q := state.OpenQuestionOf(pmo.KindException)
		require.NotNil(t, q)
		require.Empty(t, q.Remedies)
		require.False(t, w.assigns[0].Remedies)
	}).decide("petra", "exception/1/no_team", pmo.VerdictCancel, because("nobody can"))
	require.Equal(t, pmo.OutcomeCancelled, s.run(input()).Outcome)
}

// TestAPlaceThatIsLostWhileTheLeadIsAsked: another team is looked for and both sides are told; the team is not counted as one that declined. What a
// team has accepted stays, and so does an offer that came after the team had no room.
func TestAPlaceThatIsLostWhileTheLeadIsAsked(t *testing.T) {
	lose := func(s *harness, at time.Time) *harness {
		return s.then(func() {
			s.SignalWorkflow(contract.SignalCapacity, contract.Pulled{Lost: "falcon", Says: "Falcon holds 9 team-weeks and can hold 8", At: at})
		})
	}
	end := func(s *harness) {
		s.stop(contract.UpdateCancel, "petra", "enough")
		require.Equal(t, pmo.OutcomeCancelled, s.run(input()).Outcome)
	}
	t.Run("asked", func(t *testing.T) {
		w := newActivitiesFake()
		w.teams = append(w.teams, contract.AssignResult{Team: "otter", Leads: []string{"lena"}, Size: 1})
		s := newHarness(t, w)
		lose(s.toAssignment(), begin.Add(time.Hour)).check(func(state pmo.Request) {
			require.Equal(t, []string{"assignment/2/otter"}, ids(state.OpenQuestions()))
			require.Empty(t, state.Declined)
		}).refused(pmo.RefusedSuperseded, "theo", "assignment/1/falcon", pmo.VerdictAccept)
		end(s)
		for _, e := range w.entries {
			if e.Event == pmo.EventReassigned {
				require.Equal(t, "falcon is no longer asked: Falcon holds 9 team-weeks and can hold 8. A team is looked for again.", e.Text)
				require.Equal(t, []string{"sam", "theo"}, slices.Sorted(slices.Values(e.Recipients)))
			}
		}
		require.Contains(t, w.events(), pmo.EventReassigned)
	})
	stays := map[string]func(*harness){
		"accepted":      func(s *harness) { lose(s.toPlan(), begin.Add(time.Hour)) },
		"offered later": func(s *harness) { lose(s.toAssignment(), begin) },
		"began before":  func(s *harness) { s.beganWith(pmo.Process10 - 1); lose(s.toAssignment(), begin.Add(time.Hour)) },
	}
	for name, act := range stays {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			act(s)
			s.check(func(state pmo.Request) {
				require.Equal(t, "falcon", state.Assignment.Team)
				require.Len(t, s.activities.assigns, 1)
			})
			end(s)
		})
	}
}
