package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func reminders(r *pmo.Request) (n int) {
	for _, e := range r.Ledger {
		if e.Event == pmo.EventReminded {
			n++
		}
	}
	return n
}

// TestEachStepRunsFromTheOneBefore: no worker ran for ten weeks over reminders, deadline and last deadline.
func TestEachStepRunsFromTheOneBefore(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana")
	id := q.ID
	back := start.Add(70 * day)
	r.FireDue(back)
	require.True(t, r.Question(id).Open())
	require.Equal(t, 1, reminders(r), "one reminder of two")
	require.Equal(t, back.Add(2*day), r.Question(id).DueAt, "two days after the last reminder, as it was set")
	require.False(t, r.Question(id).Escalated)

	late := back.Add(12 * day) // away again: ten days too late
	r.FireDue(late)
	require.True(t, r.Question(id).Escalated)
	require.Equal(t, late.Add(7*day), r.Question(id).DueAt, "who joined has a week, as it was set")
	r.FireDue(late.Add(7 * day))
	require.False(t, r.Question(id).Open(), "silence has its effect")
}

func TestStepsOnTimeMoveNothing(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana")
	id := q.ID
	for _, at := range []time.Duration{3 * day, 5 * day, 7 * day} {
		r.FireDue(start.Add(at + time.Second))
	}
	require.Equal(t, 2, reminders(r))
	require.Equal(t, start.Add(14*day), r.Question(id).DueAt)
}

func TestBeforeProcess05AllStepsFellInOneTask(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana")
	r.Process = -1
	id := q.ID
	r.FireDue(start.Add(70 * day))
	require.Equal(t, 2, reminders(r))
	r.FireDue(start.Add(70 * day))
	require.False(t, r.Question(id).Open())
}

func TestAHoldMovesNoDeferralPastItsLatestDate(t *testing.T) {
	for name, c := range map[string]struct {
		process pmo.ProcessVersion
		until   time.Duration
	}{"as the policy allows": {pmo.Process05, 180 * day}, "before Process05": {-1, 230 * day}} {
		t.Run(name, func(t *testing.T) {
			r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana")
			r.Process = c.process
			until := start.Add(170 * day)
			defers := vote("ana", pmo.VerdictDefer)
			defers.Data = pmo.Data{Until: pmo.Date(until.Format(time.DateOnly)), UntilAt: until}
			r.ApplyDecide(defers, start)
			r.ApplyHold(pmo.Stop{Reason: "audit"}, start)
			r.ApplyResume(pmo.Stop{}, start.Add(60*day))
			require.Equal(t, start.Add(c.until), r.Deferral.Until)
		})
	}
}

// passTo lets time go by with a worker that is never away: each step is taken when it is due.
func passTo(r *pmo.Request, until time.Time) {
	for range 20 {
		at, _ := r.NextDue(until)
		seq := r.Seq
		if at.IsZero() || at.After(until) {
			return
		}
		r.FireDue(at)
		if r.Seq == seq {
			return
		}
	}
}
