package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

const falconHasLess = "From 2026-12-01 Falcon may take 2.4 team-weeks at once and has accepted 3.5, 1 of them for this."

// loseRoom sends what a prioritization run sends once a team has no room any more for what it accepted.
func (s *harness) loseRoom(team string, after time.Duration) *harness {
	return s.then(func() {
		s.SignalWorkflow(contract.SignalCapacity, contract.Pulled{Says: falconHasLess, NoRoom: &pmo.NoRoom{Team: team, Why: falconHasLess, At: begin.Add(after),
			Next: "otter", Move: "Otter could take it now and finish it by 2027-01-15 in 85 of 100 cases."}})
	})
}

func (s *harness) findRoom(team string) *harness {
	return s.then(func() { s.SignalWorkflow(contract.SignalCapacity, contract.Pulled{HasRoom: team}) })
}

// open requires that these questions are open.
func (s *harness) open(questions ...string) *harness {
	return s.check(func(state pmo.Request) { require.Equal(s.t, questions, ids(state.OpenQuestions())) })
}

// TestAcceptedWorkThatNoLongerFitsIsProposedToBothSides: the team that accepted the work has no room for it any more. Both sides are asked once, and nothing moves before both
// say so.
func TestAcceptedWorkThatNoLongerFitsIsProposedToBothSides(t *testing.T) {
	asked := func(t *testing.T) (*harness, *activitiesFake) {
		w := newActivitiesFake()
		w.teams = append(w.teams, contract.AssignResult{Team: "otter", Leads: []string{"lena"}, Size: 1})
		s := newHarness(t, w)
		s.toExecution().loseRoom("falcon", time.Hour).loseRoom("falcon", time.Hour).check(func(state pmo.Request) {
			q := state.OpenQuestionOf(pmo.KindPlace)
			require.Equal(t, "place/1", q.ID, "told twice, it is asked once")
			require.Equal(t, []string{"sam", "theo"}, q.People)
			require.Equal(t, falconHasLess+` Shall "Vehicle booking" stay with falcon, over its limits, or move to another team? `+
				"Otter could take it now and finish it by 2027-01-15 in 85 of 100 cases. Without an answer it stays.", q.Text)
			require.Equal(t, pmo.VerdictKeep, q.OnSilence)
		})
		return s, w
	}
	stays := func(s *harness) *harness {
		return s.loseRoom("falcon", time.Hour).check(func(state pmo.Request) {
			require.Empty(s.t, state.OpenQuestions(), "what was settled is not asked again")
			require.Equal(s.t, pmo.StageExecution, state.Stage)
			require.Equal(s.t, "falcon", state.Assignment.Team)
			require.False(s.t, state.Assignment.NoRoom.Kept.IsZero())
			require.True(s.t, state.Plan.Agreed())
		})
	}
	delivered := func(s *harness) {
		s.fromExecution()
		require.Equal(s.t, pmo.OutcomeDelivered, s.run(input()).Outcome)
	}
	t.Run("both let it move", func(t *testing.T) {
		s, w := asked(t)
		s.decide("sam", "place/1", pmo.VerdictMove).open("place/1").decide("theo", "place/1", pmo.VerdictMove, because("we are two fewer")).
			open("assignment/2/otter").check(func(state pmo.Request) {
			require.Equal(t, []pmo.Decline{{Team: "falcon", Reason: falconHasLess}}, state.Declined)
			require.Equal(t, []string{"falcon"}, w.assigns[1].Declined)
			require.Equal(t, "otter", w.assigns[1].Preferred)
			require.False(t, state.Plan.Agreed())
		}).decide("lena", "assignment/2/otter", pmo.VerdictAccept).findRoom("falcon").bothAgree("plan/2")
		delivered(s)
		require.Contains(t, w.told(pmo.EventReassigned), "Requester and team let it move: another team is looked for: we are two fewer.")
	})
	t.Run("one side keeps it", func(t *testing.T) {
		s, w := asked(t)
		stays(s.decide("theo", "place/1", pmo.VerdictKeep, because("nearly done"))).refused(pmo.RefusedDecided, "sam", "place/1", pmo.VerdictMove)
		delivered(s)
		require.Equal(t, []string{"It stays with falcon, over its limits: nearly done."}, w.told(pmo.EventPlaceKept))
	})
	t.Run("one moves, one keeps", func(t *testing.T) {
		s, _ := asked(t)
		stays(s.decide("theo", "place/1", pmo.VerdictMove).decide("sam", "place/1", pmo.VerdictKeep))
		delivered(s)
	})
	t.Run("silence keeps it", func(t *testing.T) {
		s, w := asked(t)
		stays(s.decide("sam", "place/1", pmo.VerdictMove).pass(8 * 24 * time.Hour))
		delivered(s)
		require.Equal(t, []string{"It stays with falcon, over its limits: no answer in time."}, w.told(pmo.EventPlaceKept))
	})
	t.Run("there is room again", func(t *testing.T) {
		s, w := asked(t)
		s.findRoom("otter").open("place/1").findRoom("falcon").open().check(func(state pmo.Request) {
			require.Nil(t, state.Assignment.NoRoom)
			require.Equal(t, pmo.QuestionSuperseded, state.Question("place/1").Status)
		}).loseRoom("falcon", 2*time.Hour).open("place/2")
		delivered(s)
		require.Equal(t, []string{"falcon has room for it again: it stays."}, w.told(pmo.EventPlaceKept))
	})
	t.Run("the work is done meanwhile", func(t *testing.T) {
		s, _ := asked(t)
		s.report(pmo.Report{Done: true}).open("acceptance/1").loseRoom("falcon", time.Hour).open("acceptance/1").decide("sam", "acceptance/1", pmo.VerdictAccept)
		require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
	})
	t.Run("the PMO moves it meanwhile", func(t *testing.T) {
		s, _ := asked(t)
		s.then(func() {
			s.update(contract.UpdateReassign, pmo.Reassign{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Team: "otter", Reason: "they know it"}, "")
		}).open("assignment/2/otter").stop(contract.UpdateCancel, "petra", "enough")
		require.Equal(t, pmo.OutcomeCancelled, s.run(input()).Outcome)
	})
}

// TestWhatIsNotProposed: another team's change, what was found before the team accepted, and requests that began before.
func TestWhatIsNotProposed(t *testing.T) {
	for name, act := range map[string]func(*harness){
		"another team":       func(s *harness) { s.toExecution().loseRoom("otter", time.Hour) },
		"found before":       func(s *harness) { s.toExecution().loseRoom("falcon", 0) },
		"began before":       func(s *harness) { s.beganWith(pmo.Process11 - 1); s.toExecution().loseRoom("falcon", time.Hour) },
		"room nobody missed": func(s *harness) { s.toExecution().findRoom("falcon") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			act(s)
			s.check(func(state pmo.Request) {
				require.Empty(t, state.OpenQuestions())
				require.Nil(t, state.Assignment.NoRoom)
			}).stop(contract.UpdateCancel, "petra", "enough")
			require.Equal(t, pmo.OutcomeCancelled, s.run(input()).Outcome)
		})
	}
}

// told are the texts of the entries of an event.
func (w *activitiesFake) told(event string) (texts []string) {
	for _, e := range w.entries {
		if e.Event == event && !slices.Contains(texts, e.Text) {
			texts = append(texts, e.Text)
		}
	}
	return texts
}
