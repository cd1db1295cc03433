package approach_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/pmo"
)

// TestHowARequestWasWorked compares what was recommended, chosen and said with what came true.
func TestHowARequestWasWorked(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2027, 1, 4+n, 12, 0, 0, 0, time.UTC) }
	r := pmo.Request{Approach: &pmo.Approach{Recommended: "scrum", Chosen: "scrumban"}, PulledAt: day(0), StartedAt: day(2), AcceptedAt: day(30),
		FirstPlan: &pmo.FirstPlan{Approach: "scrum", EndsAt: day(20)}, Reworks: 1, Benefit: pmo.VerdictPartly}
	w := approach.FinishedOf(&r).Worked()
	require.Equal(t, []any{"scrum", "scrum", "scrumban", true, false}, []any{w.Recommended, w.Began, w.Ended, w.Taken, w.Kept})
	require.Equal(t, []any{30.0, 2.0, 10.0, 0.5, true}, []any{w.Days, *w.Waiting, *w.DaysOver, *w.ForecastError, w.Late})
	require.Equal(t, []any{1, false, pmo.VerdictPartly, false}, []any{w.Reworks, w.Satisfied, w.Benefit, w.Realised})

	r.FirstPlan, r.Reworks, r.Benefit, r.Approach.Chosen = nil, 0, pmo.VerdictNotReview, ""
	w = approach.FinishedOf(&r).Worked()
	require.Equal(t, []any{"scrum", true, true, true}, []any{w.Began, w.Taken, w.Kept, w.Satisfied}, "no first plan is kept: it counts as begun in the one that it ended in")
	require.Nil(t, w.PlannedEnd)
	require.Nil(t, w.ForecastError)
	require.Empty(t, w.Benefit)
}
