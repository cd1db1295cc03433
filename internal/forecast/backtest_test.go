package forecast

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRollingOriginOnASteadyTeam: on a team whose days are drawn from one distribution, forecasts hold as often as they say.
func TestRollingOriginOnASteadyTeam(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	h := History{PeriodDays: 1}
	for range 3 * 365 {
		h.Counts = append(h.Counts, []int{0, 0, 1, 2, 2}[rng.IntN(5)])
	}
	b := RollingOrigin(h, Options{})
	require.Equal(t, (3*365-backtestFrom+backtestEvery-1)/backtestEvery, b.Forecasts)
	require.Zero(t, b.Unknown)
	p85 := b.Judgements[2]
	require.InDelta(t, .9, float64(p85.Hits)/float64(p85.N), .1)
	require.Less(t, p85.Independent, p85.N)
	require.True(t, p85.Within, p85.Sentence)
}

// TestRollingOriginCountsWhatIsLate: work that is not finished when its day is over was missed; a day that is not over is not judged.
func TestRollingOriginCountsWhatIsLate(t *testing.T) {
	h := History{PeriodDays: 1}
	for i := range 200 {
		h.Counts = append(h.Counts, 1+i%2)
	}
	silent := RollingOrigin(History{Counts: append(append([]int{}, h.Counts...), make([]int, 120)...), PeriodDays: 1}, Options{})
	steady := RollingOrigin(h, Options{})
	require.Greater(t, silent.Judgements[2].N-silent.Judgements[2].Hits, steady.Judgements[2].N-steady.Judgements[2].Hits)
	require.Positive(t, silent.Unknown, "the silence refuses")
	require.Less(t, steady.Judgements[3].N, steady.Forecasts, "the last ones are not over")
	short := RollingOrigin(History{Counts: []int{1, 2, 3}, PeriodDays: 1}, Options{})
	require.Zero(t, short.Forecasts)
	require.Contains(t, short.Sentence, "too short")
	require.Contains(t, short.Judgements[0].Sentence, "too few to judge")
}
