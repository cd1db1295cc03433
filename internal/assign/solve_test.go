package assign

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestGreedyIsNotOptimal(t *testing.T) {
	p := &problem{gain: [][]float64{{9, 8}, {8, 1}}, weight: [][]float64{{1, 1}, {1, 1}}, room: []float64{1, 1}, slots: []int{1, 1}}
	for _, must := range []bool{false, true} {
		p.must = must
		sol := solve(p, nil, 1_000_000)
		require.Equal(t, []int{1, 0}, sol.agent)
		require.InDelta(t, 16, sol.gain, 1e-9)
		require.InDelta(t, 16, sol.bound, 1e-9)
		require.True(t, sol.exact)
	}
}

// brute is the best gain over all assignments; ok is false when none is valid.
func brute(p *problem) (gain float64, ok bool) {
	s, gain := newState(p), math.Inf(-1)
	var dive func(i int)
	dive = func(i int) {
		if i == p.jobs() {
			if p.complete(s.agent) {
				gain = max(gain, s.gain)
			}
			return
		}
		if !p.must {
			dive(i + 1)
		}
		for j := range p.agents() {
			if s.fits(i, j) {
				s.put(i, j)
				dive(i + 1)
				s.take(i)
			}
		}
	}
	dive(0)
	return gain, !math.IsInf(gain, -1)
}

func problems() *rapid.Generator[*problem] {
	return rapid.Custom(func(t *rapid.T) *problem {
		jobs, agents := rapid.IntRange(1, 6).Draw(t, "jobs"), rapid.IntRange(1, 4).Draw(t, "agents")
		p := &problem{must: rapid.Bool().Draw(t, "must")}
		for range agents {
			p.room = append(p.room, float64(rapid.IntRange(0, 20).Draw(t, "room")))
			p.slots = append(p.slots, rapid.IntRange(0, 4).Draw(t, "slots"))
		}
		for range jobs {
			gain, weight := make([]float64, agents), make([]float64, agents)
			for j := range gain {
				gain[j], weight[j] = float64(rapid.IntRange(0, 30).Draw(t, "gain")), float64(rapid.IntRange(0, 9).Draw(t, "weight"))
				if rapid.IntRange(0, 4).Draw(t, "forbid") == 0 {
					gain[j] = math.Inf(-1)
				}
			}
			p.gain, p.weight = append(p.gain, gain), append(p.weight, weight)
		}
		return p
	})
}

func TestSolveAgreesWithBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := problems().Draw(t, "problem")
		want, ok := brute(p)
		sol := solve(p, nil, 20_000_000)
		require.True(t, sol.exact || !ok)
		require.Equal(t, ok, sol.agent != nil)
		if ok {
			require.InDelta(t, want, sol.gain, 1e-6)
			require.GreaterOrEqual(t, sol.bound, want-1e-6)
		}
		all := make([]int, p.jobs())
		for i := range all {
			all[i] = i
		}
		q := *p
		q.must = true
		_, feasible := brute(&q)
		_, found, proven := seat(&q, all, 100_000)
		require.True(t, proven)
		require.Equal(t, feasible, found)
	})
}

func TestSolveSaysWhenItDidNotProve(t *testing.T) {
	p := &problem{room: []float64{50, 50, 50}, slots: []int{30, 30, 30}}
	for i := range 30 {
		gain, weight := make([]float64, 3), make([]float64, 3)
		for j := range gain {
			weight[j] = float64(5 + (i*7+j*11)%13)
			gain[j] = weight[j] + float64((i*5+j*3)%4)
		}
		p.gain, p.weight = append(p.gain, gain), append(p.weight, weight)
	}
	little := solve(p, nil, 100_000)
	require.NotNil(t, little.agent)
	require.False(t, little.exact)
	require.Greater(t, little.bound, little.gain)
	more := solve(p, nil, 10_000_000)
	require.Greater(t, more.gain, little.gain)
	require.Equal(t, more.exact, more.bound == more.gain)
	require.Less(t, (more.bound-more.gain)/more.bound, 0.05)
}
