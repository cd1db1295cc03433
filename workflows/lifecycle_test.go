package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// TestHoldInEveryWaitState: held, it refuses answers, waits on nobody and has no timer. Resumed before the pull it goes on where it
// was; after the pull it has given slot and capacity back and asks for them again, its agreed team first and without asking twice.
func TestHoldInEveryWaitState(t *testing.T) {
	after := map[string]func(*harness){
		"approach":   func(s *harness) { s.pull().decide("theo", "approach/2", pmo.VerdictAccept).fromAssignment() },
		"assignment": func(s *harness) { s.pull().decide("theo", "assignment/2/falcon", pmo.VerdictAccept).fromPlan() },
		"no team": func(s *harness) {
			s.then(func() { s.activities.teams = newActivitiesFake().teams }).pull().fromAssignment()
		},
		"plan":                func(s *harness) { s.pull().bothAgree("plan/2").fromExecution() },
		"execution":           func(s *harness) { s.pull().fromExecution() },
		"change":              func(s *harness) { s.pull().bothAgree("change/2").bothAgree("plan/2").fromExecution() },
		"change under review": func(s *harness) { s.pull().changeRound(2).bothAgree("plan/2").fromExecution() },
		"acceptance":          func(s *harness) { s.pull().decide("sam", "acceptance/2", pmo.VerdictAccept) },
	}
	inEveryWaitState(t, func(t *testing.T, p waitState) {
		s := newHarness(t, newActivitiesFake())
		in := p.enter(s)
		if p.name == "delivered" || p.name == "benefit" {
			s.stopped(contract.UpdateHold, "petra", "audit", pmo.RefusedMovedOn)
			require.Equal(t, pmo.OutcomeDelivered, s.run(in).Outcome)
			return
		}
		var before, held pmo.Request
		s.check(func(state pmo.Request) { before = state })
		s.stopped(contract.UpdateHold, "petra", "", pmo.RefusedInvalid).stop(contract.UpdateHold, "petra", "audit").check(func(state pmo.Request) {
			held = state
			require.Nil(t, state.Pull)
			require.Nil(t, state.Assignment)
			require.Empty(t, state.WaitingOn())
			due, _ := state.NextDue(s.Now())
			require.Zero(t, due)
		})
		for _, id := range p.waits {
			s.refused(pmo.RefusedOnHold, "ana", id, pmo.VerdictApprove)
		}
		s.stopped(contract.UpdateHold, "petra", "again", pmo.RefusedOnHold).amendRefused(pmo.RefusedOnHold)
		s.pass(200*day).stop(contract.UpdateResume, "petra", "audit is over").check(func(state pmo.Request) {
			if before.PulledAt.IsZero() {
				require.Equal(t, before.Stage, state.Stage)
				require.Equal(t, before.Status, state.Status)
				requireShifted(t, before, state, s.Now().Sub(held.Hold.Since)-time.Minute)
				return
			}
			require.Equal(t, before.PulledAt, state.PulledAt, "its age is kept")
		})
		if finish := after[p.name]; finish != nil {
			finish(s)
		} else {
			p.finish(s)
		}
		end := s.run(in)
		require.NoError(t, s.GetWorkflowError())
		require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
	})
}

func requireShifted(t *testing.T, before, after pmo.Request, by time.Duration) {
	for _, q := range before.OpenQuestions() {
		now := after.Question(q.ID)
		require.Equal(t, q.DueAt.Add(by), now.DueAt)
		require.Equal(t, q.Remind[0].Add(by), now.Remind[0])
	}
	if before.Deferral != nil {
		require.Equal(t, before.Deferral.Until.Add(by), after.Deferral.Until)
	}
	if !before.ReconfirmBy.IsZero() {
		require.Equal(t, before.ReconfirmBy.Add(by), after.ReconfirmBy)
	}
}

func (s *harness) amendRefused(kind string) *harness {
	return s.then(func() { s.update(contract.UpdateAmend, pmo.Amend{Revision: 1, Patch: *users.Patch}, kind) })
}

func TestThePreviousTeamGoesOn(t *testing.T) {
	cases := map[string]struct {
		team string
		act  func(*harness)
	}{
		"has room again": {"falcon", func(s *harness) {}},
		"another team is asked, and for the plan again": {"otter", func(s *harness) { s.decide("lena", "assignment/2/otter", pmo.VerdictAccept).bothAgree("plan/2") }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newActivitiesFake()
			w.teams = append(w.teams, contract.AssignResult{Team: c.team, Leads: []string{"lena"}})
			s := newHarness(t, w)
			s.toExecution().stop(contract.UpdateHold, "petra", "audit").pass(30*day).stop(contract.UpdateResume, "petra", "").pull()
			c.act(s)
			s.check(func(state pmo.Request) {
				require.Equal(t, pmo.StageExecution, state.Stage)
				require.Empty(t, state.OpenQuestions(), "nobody is chased for the time of the hold")
			})
			s.fromExecution()
			end := s.run(input())
			require.Equal(t, "falcon", w.assigns[1].Keep)
			require.Equal(t, c.team, end.Assignment.Team)
			require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
		})
	}
}

func TestMergeNotifiesItsTargets(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	told := []string{}
	for _, target := range []string{"one", "two"} {
		s.OnSignalExternalWorkflow("default-test-namespace", contract.RequestWorkflowID(target), "", contract.SignalWatch, anyWatch).
			Run(watchers(t, &told)).Return(map[bool]error{true: errGone}[target == "one"]).Once()
	}
	cancel := func(into []string, refusal string) {
		s.then(func() {
			s.update(contract.UpdateCancel, pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "split", Into: into}, refusal)
		})
	}
	cancel([]string{requestID}, pmo.RefusedInvalid)
	cancel([]string{"one", "two"}, "")
	in := input()
	in.Submission.Watchers = []string{"mia"}
	end := s.run(in)
	require.NoError(t, s.GetWorkflowError(), "a target that is gone is nobody's fault")
	require.Equal(t, pmo.OutcomeMerged, end.Outcome)
	require.Equal(t, []string{"one", "two"}, end.MergedInto)
	require.Equal(t, []string{"sam", "mia", "sam", "mia"}, told)
	s.AssertExpectations(t)
}
