package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// TestOneAlarmEverywhere holds the promise of one timer per request: never two at a time, one exactly when something is due, and set so
// that nothing is late.
func TestOneAlarmEverywhere(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := newScene(t, newWorld())
		pending := s.countTimers()
		in := p.stay(s)
		s.check(func(state pmo.Request) {
			due, _ := state.NextDue(s.Now())
			require.Equal(t, !due.IsZero(), len(pending) == 1, "an alarm exactly when something is due: %v", pending)
			for _, rings := range pending {
				require.False(t, rings.After(due), "it rings at %s, and something is due at %s", rings, due)
			}
		})
		if p.finish != nil {
			p.finish(s)
		}
		s.run(in)
	})
}

// TestOneExactAlarmEverywhere is the way of requests that began before: the alarm is moved with every deadline, and ends with the request.
func TestOneExactAlarmEverywhere(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := newScene(t, newWorld())
		s.asBefore()
		pending := s.countTimers()
		in := p.stay(s)
		s.check(func(state pmo.Request) {
			due, _ := state.NextDue(s.Now())
			require.Equal(t, !due.IsZero(), len(pending) == 1, "an alarm exactly when something is due: %v", pending)
			for _, rings := range pending {
				require.WithinDuration(t, due, rings, 0)
			}
		})
		if p.finish != nil {
			p.finish(s)
		}
		s.run(in)
		require.Empty(t, pending)
	})
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
