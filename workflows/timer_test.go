package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// timersInEveryWaitState requires one timer per request wherever it waits: never two at a time, and one exactly when something is due. It
// returns those that were left when each had come to its end.
func timersInEveryWaitState(t *testing.T, began bool, firesAt func(t *testing.T, at, due time.Time)) (left []map[string]time.Time) {
	inEveryWaitState(t, func(t *testing.T, p waitState) {
		s := newHarness(t, newActivitiesFake())
		if began {
			s.beganBeforeChanges()
		}
		pending := s.countTimers()
		in := p.enter(s)
		s.check(func(state pmo.Request) {
			due, _ := state.NextDue(s.Now())
			require.Equal(t, !due.IsZero(), len(pending) == 1, "a timer exactly when something is due: %v", pending)
			for _, at := range pending {
				firesAt(t, at, due)
			}
		})
		finish := p.finish
		if p.before != nil && began {
			finish = p.before.finish
		}
		if finish != nil {
			finish(s)
		}
		s.run(in)
		left = append(left, pending)
	})
	return left
}

// TestOneTimerInEveryWaitState holds the promise of one timer, set so that nothing is late.
func TestOneTimerInEveryWaitState(t *testing.T) {
	timersInEveryWaitState(t, false, func(t *testing.T, at, due time.Time) {
		require.False(t, at.After(due), "it fires at %s, and something is due at %s", at, due)
	})
}

// TestTimerFollowsEveryDeadlineBeforeTheChange is the way of requests that began before: the timer is rescheduled with every deadline, and cancelled with the request.
func TestTimerFollowsEveryDeadlineBeforeTheChange(t *testing.T) {
	left := timersInEveryWaitState(t, true, func(t *testing.T, at, due time.Time) { require.WithinDuration(t, due, at, 0) })
	for _, timers := range left {
		require.Empty(t, timers)
	}
}

// TestTimerThatFiresEarly: a report moves the time of the next question and keeps the timer. The timer fires as set, finds
// nothing due, and is set to what is.
func TestTimerThatFiresEarly(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	pending, all := s.countTimers(), s.upserts()
	var firesAt time.Time
	var before int
	looked := false
	s.toExecution().then(func() {
		for _, at := range pending {
			firesAt = at
		}
		before = len(*all)
	}).pass(time.Hour).report(pmo.Report{Note: "going on"}).then(func() {
		state := s.snapshot()
		due, _ := state.NextDue(s.Now())
		require.True(t, firesAt.Before(due))
		require.Len(t, *all, before, "neither timer nor search attributes move with a report")
		for _, at := range pending {
			require.Equal(t, firesAt, at)
		}
		s.at(firesAt.Sub(s.Now())+time.Minute, func() {
			looked = true
			after := s.snapshot()
			require.Equal(t, state.LedgerSeq, after.LedgerSeq, "nothing happens when nothing is due")
			require.Len(t, pending, 1)
			for _, at := range pending {
				require.WithinDuration(t, due, at, 0)
			}
			require.Len(t, *all, before, "no question is open, so no due date shows")
		})
	})
	s.next = 15 * day // after that
	s.stop(contract.UpdateWithdraw, "sam", "")
	require.Equal(t, pmo.OutcomeWithdrawn, s.run(input()).Outcome)
	require.True(t, looked)
}
