package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

func (s *harness) outage() *harness { return s.then(func() { s.activities.unreachable = true }) }

func (s *harness) back() *harness { return s.then(s.recover) }

// TestDecisionsGoOnWithoutTheDatabase: while it is away, every answer is taken at once; one ordinary activity waits for it, and all
// that happened meanwhile is in one write.
func TestDecisionsGoOnWithoutTheDatabase(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	var answers []*pmo.Receipt
	s.outage()
	for _, who := range []string{"ana", "bo"} {
		s.then(func() {
			answers = append(answers, s.update(contract.UpdateDecide, pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: who}}, Question: first, Verdict: pmo.VerdictApprove}, ""))
		})
		s.then(func() { require.NotZero(t, answers[len(answers)-1].Seq, "answered within the minute") })
	}
	s.then(func() {
		require.Equal(t, pmo.StagePrioritization, s.snapshot().Stage)
		require.Equal(t, pmo.StageReview, s.last().Stage, "Postgres has not heard yet")
		s.activities.projected = nil
		s.recover()
	}).pass(2 * time.Minute).check(func(pmo.Request) {
		require.LessOrEqual(t, len(s.activities.projected), 2, "the write that waited and one for all that came later")
		require.Equal(t, pmo.StagePrioritization, s.last().Stage)
	})
	s.fromBacklog()
	end := s.run(input())
	require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
	require.Equal(t, end.LedgerSeq, int64(len(s.activities.entries)), "no entry is lost or told twice")
	s.activities.requireUniqueKeys(t)
	require.True(t, s.activities.oneOrdinary(contract.ActivityProject))
}

// oneOrdinary reports whether the ordinary attempts follow each other: 1, 2, 3, …, then a local one before the next 1.
func (w *activitiesFake) oneOrdinary(name string) bool {
	last := 0
	for _, attempt := range w.tries[name] {
		if attempt != 0 && attempt != last+1 {
			return false
		}
		last = attempt
	}
	return true
}

// TestEveryCommandIsAnsweredWithoutTheDatabase: more commands than the server lets wait at once, in a stage whose own step is stuck.
func TestEveryCommandIsAnsweredWithoutTheDatabase(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.toBacklog().outage().pull()
	for range 25 {
		s.then(func() { s.update(contract.UpdateWatch, watchedBy("p"+time.Now().String(), "", ""), "") })
	}
	s.then(func() { require.Equal(t, s.calls, s.answered) }).back()
	s.pass(2*time.Minute).decide("theo", "approach/1", pmo.VerdictAccept).fromAssignment()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}

func TestOutageInEveryWaitState(t *testing.T) {
	inEveryWaitState(t, func(t *testing.T, p waitState) {
		s := newHarness(t, newActivitiesFake())
		in := p.enter(s)
		var known pmo.Request
		s.outage().check(func(state pmo.Request) { known = state })
		s.then(func() { s.update(contract.UpdateWatch, watchedBy("mia", "k", "d"), "") })
		s.pass(time.Hour).back().pass(2 * time.Minute).check(func(state pmo.Request) {
			require.Equal(t, ids(known.OpenQuestions()), ids(state.OpenQuestions()))
			require.Equal(t, state.Seq, s.last().Seq)
		})
		if p.finish != nil {
			p.finish(s)
		}
		require.Equal(t, pmo.OutcomeDelivered, s.run(in).Outcome)
	})
}

// TestNothingClosesBeforeItIsWritten, not even a request that is cancelled in Temporal.
func TestNothingClosesBeforeItIsWritten(t *testing.T) {
	cases := map[string]struct {
		act     func(*harness)
		outcome pmo.Outcome
	}{
		"withdrawn":                 {func(s *harness) { s.stop(contract.UpdateWithdraw, "sam", "") }, pmo.OutcomeWithdrawn},
		"cancelled in temporal":     {func(s *harness) { s.then(s.CancelWorkflow) }, pmo.OutcomeCancelled},
		"withdrawn, then cancelled": {func(s *harness) { s.stop(contract.UpdateWithdraw, "sam", "").then(s.CancelWorkflow) }, pmo.OutcomeWithdrawn},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			s.outage()
			c.act(s)
			s.refused(pmo.RefusedClosed, "ana", first, pmo.VerdictApprove).
				then(func() {
					require.False(t, s.IsWorkflowCompleted())
					require.NotEqual(t, pmo.StatusClosed, s.last().Status)
				}).back()
			end := s.run(input())
			require.Equal(t, c.outcome, end.Outcome)
			require.Equal(t, pmo.EventClosed, s.activities.entries[len(s.activities.entries)-1].Event)
		})
	}
}

// TestDeadlinesStartWhenPeopleCanSeeTheQuestion: a question that was to be asked before a long outage is not late when it opens.
func TestDeadlinesStartWhenPeopleCanSeeTheQuestion(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	in := input()
	in.Submission.Content.Inputs = pmo.Inputs{}
	s.outage().toBacklog().pass(40 * day).back().pass(time.Minute).check(func(state pmo.Request) {
		q := state.Question("score/1")
		require.NotNil(t, q)
		require.True(t, q.Open())
		require.WithinDuration(t, s.Now().Add(7*day), q.DueAt, 5*time.Minute)
	})
	s.decide("petra", "score/1", pmo.VerdictScore, with(pmo.Data{Inputs: inputs(3)})).fromBacklog()
	require.Equal(t, pmo.OutcomeDelivered, s.run(in).Outcome)
}

// TestHeldCapacityFollowsTheState: a team found while the request was put on hold is projected away again.
func TestHeldCapacityFollowsTheState(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	var held pmo.Request
	s.toBacklog().pull().then(func() {
		s.decideNow("theo", "approach/1", pmo.VerdictAccept, "")
		s.activities.unreachable = true
	}).stop(contract.UpdateHold, "petra", "audit").check(func(state pmo.Request) { held = state }).back().
		pass(2*time.Minute).check(func(state pmo.Request) {
		require.Len(t, s.activities.assigns, 1, "the step found a team all the same")
		require.Nil(t, state.Assignment)
		require.Greater(t, s.last().Seq, held.Seq, "Postgres is told once more, after the step")
	}).stop(contract.UpdateWithdraw, "sam", "")
	require.Equal(t, pmo.OutcomeWithdrawn, s.run(input()).Outcome)
}

// TestNobodyIsTimedOutWhoWasNeverTold: projections fail for longer than the deadlines of a question that was opened meanwhile.
func TestNobodyIsTimedOutWhoWasNeverTold(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.activities.unprojected = true
	timers := s.countTimers()
	s.pass(20 * day).check(func(state pmo.Request) {
		require.True(t, state.Question(first).Open())
		require.False(t, state.Question(first).Escalated)
		require.Zero(t, state.Question(first).Reminded)
		require.Empty(t, timers, "nothing is waited for but the projection")
	})
	s.back().pass(2 * time.Minute).check(func(state pmo.Request) {
		require.WithinDuration(t, s.Now().Add(7*day), state.Question(first).DueAt, 5*time.Minute)
		projected := s.last()
		require.Equal(t, state.Question(first).DueAt, projected.Question(first).DueAt, "the new deadline is projected")
		require.Len(t, timers, 1)
	})
	s.pass(8 * day).check(func(state pmo.Request) { require.True(t, state.Question(first).Escalated) })
	s.decide("petra", first, pmo.VerdictApprove).fromBacklog()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)

	s = newHarness(t, newActivitiesFake())
	s.beganWith(pmo.Process05)
	s.activities.unprojected = true
	s.pass(20 * day).back()
	require.Equal(t, pmo.OutcomeRejected, s.run(input()).Outcome, "before Process06 the deadlines went on")
}
