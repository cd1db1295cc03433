package assign

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWaitFactor(t *testing.T) {
	for rho, want := range map[float64]float64{-1: 0, 0: 0, .5: 1, .6: 1.5, .7: 2.333, .8: 4, .85: 5.667, .9: 9, .95: 19, .99: 99} {
		require.InDelta(t, want, WaitFactor(rho), 0.001, "ρ = %v", rho)
	}
	require.True(t, math.IsInf(WaitFactor(1), 1))
	require.True(t, math.IsInf(WaitFactor(1.2), 1))
}

func TestKingman(t *testing.T) {
	tests := []struct{ rho, ca2, cs2, service, want float64 }{
		{.8, 1, 1, 5, 20}, {.9, 1, 1, 5, 45}, {.95, 1, 1, 5, 95},
		{.8, .5, .5, 5, 10}, {.8, 1, .25, 5, 12.5}, {1, 0, 0, 5, 0},
	}
	for _, tt := range tests {
		require.InDelta(t, tt.want, Kingman(tt.rho, tt.ca2, tt.cs2, tt.service), 1e-9, "%+v", tt)
	}
	require.True(t, math.IsInf(Kingman(1, 1, 1, 5), 1))
}

func TestPooledWait(t *testing.T) {
	for c, want := range map[int]float64{1: 4, 2: 1.778, 3: 1.079, 5: .554, 8: .286} {
		require.InDelta(t, want, PooledWait(c, .8), 0.0006, "c = %d", c)
	}
	require.True(t, math.IsInf(PooledWait(0, .5), 1))
	require.True(t, math.IsInf(PooledWait(3, 1), 1))
	require.Zero(t, PooledWait(3, 0))
}

func TestSwitchingLoss(t *testing.T) {
	for n, want := range map[int]float64{-1: 0, 0: 0, 1: 0, 2: .2, 3: .4, 4: .6, 5: .75, 9: .75} {
		require.Equal(t, want, SwitchingLoss(n))
	}
}
