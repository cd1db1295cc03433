package pmo_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestASizeIsDividedByThePace(t *testing.T) {
	require.InDelta(t, 3, pmo.Team{}.SizeOf(3), 0)
	require.InDelta(t, 1.5, pmo.Team{Pace: 2}.SizeOf(3), 0)
	require.InDelta(t, 1.153846, pmo.Team{Pace: 2.6}.SizeOf(3), 0, "to a millionth, so that it compares equal after storing")
	require.InDelta(t, 12, pmo.Assignment{Pace: 0.25}.SizeFor(3), 0)
	for _, pace := range []float64{0, 0.25, 1, 4} {
		require.Empty(t, pmo.Team{Pace: pace}.PaceFault(), pace)
	}
	for _, pace := range []float64{-1, 0.2, 4.1, math.NaN()} {
		require.NotEmpty(t, pmo.Team{Pace: pace}.PaceFault(), pace)
	}
}
