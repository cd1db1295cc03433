package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// alarmsEverywhere requires one timer per request wherever it waits: never two at a time, and one exactly when something is due. It
// returns those that were left when each had come to its end.
func alarmsEverywhere(t *testing.T, prepare func(*scene), rings func(t *testing.T, at, due time.Time)) (left []map[string]time.Time) {
	everywhere(t, func(t *testing.T, p place) {
		s := newScene(t, newWorld())
		prepare(s)
		pending := s.countTimers()
		in := p.stay(s)
		s.check(func(state pmo.Request) {
			due, _ := state.NextDue(s.Now())
			require.Equal(t, !due.IsZero(), len(pending) == 1, "an alarm exactly when something is due: %v", pending)
			for _, at := range pending {
				rings(t, at, due)
			}
		})
		if p.finish != nil {
			p.finish(s)
		}
		s.run(in)
		left = append(left, pending)
	})
	return left
}

// TestOneAlarmEverywhere holds the promise of one timer, set so that nothing is late.
func TestOneAlarmEverywhere(t *testing.T) {
	alarmsEverywhere(t, func(*scene) {}, func(t *testing.T, at, due time.Time) {
		require.False(t, at.After(due), "it rings at %s, and something is due at %s", at, due)
	})
}

// TestOneExactAlarmEverywhere is the way of requests that began before: the alarm is moved with every deadline, and ends with the request.
func TestOneExactAlarmEverywhere(t *testing.T) {
	left := alarmsEverywhere(t, (*scene).asBefore, func(t *testing.T, at, due time.Time) { require.WithinDuration(t, due, at, 0) })
	for _, timers := range left {
		require.Empty(t, timers)
	}
}

// TestAlarmThatRingsEarly: a report moves the moment of the next question, and leaves the alarm alone. It rings when it was to, finds
// nothing due, and is set to what is.
func TestAlarmThatRingsEarly(t *testing.T) {
	s := newScene(t, newWorld())
	pending, all := s.countTimers(), s.upserts()
	var rings time.Time
	var before int
	looked := false
	s.toExecution().then(func() {
		for _, at := range pending {
			rings = at
		}
		before = len(*all)
	}).pass(time.Hour).report(pmo.Report{Note: "going on"}).then(func() {
		state := s.snapshot()
		due, _ := state.NextDue(s.Now())
		require.True(t, rings.Before(due))
		require.Len(t, *all, before, "neither alarm nor search attributes move with a report")
		for _, at := range pending {
			require.Equal(t, rings, at)
		}
		s.at(rings.Sub(s.Now())+time.Minute, func() {
			looked = true
			after := s.snapshot()
			require.Equal(t, state.LedgerSeq, after.LedgerSeq, "nothing happens when nothing is due")
			require.Len(t, pending, 1)
			for _, at := range pending {
				require.WithinDuration(t, due, at, 0)
			}
			require.Len(t, *all, before+1)
			shown, _ := (*all)[before].GetTime(contract.AttrDueAt)
			require.WithinDuration(t, due, shown, 0)
		})
	})
	s.step = 15 * day // after that
	s.stop(contract.UpdateWithdraw, "sam", "")
	require.Equal(t, pmo.OutcomeWithdrawn, s.run(input()).Outcome)
	require.True(t, looked)
}
