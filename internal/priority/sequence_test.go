package priority

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func ids(jobs []Job) (s string) {
	for _, j := range jobs {
		s += j.ID
	}
	return s
}

func TestCD3OrderCosts(t *testing.T) {
	a, b, c := Job{"a", 1, 10}, Job{"b", 3, 3}, Job{"c", 10, 1}
	order, err := Sequence([][]Job{{c}, {a}, {b}})
	require.NoError(t, err)
	require.Equal(t, "abc", ids(order))
	require.Equal(t, 36.0, DelayCost(order))
	require.Equal(t, 189.0, DelayCost([]Job{c, b, a}))
	require.Equal(t, 7.0, WaitingCost(order))
	require.Equal(t, 160.0, WaitingCost([]Job{c, b, a}))
}

func TestAChainIsRankedByItsBestPrefix(t *testing.T) {
	a, b, c := Job{"A", 2, 2}, Job{"B", 2, 20}, Job{"C", 3, 12}
	order, err := Sequence([][]Job{{a, b}, {c}})
	require.NoError(t, err)
	require.Equal(t, "ABC", ids(order))
	require.Equal(t, 168.0, DelayCost(order))
	require.Equal(t, 186.0, DelayCost([]Job{c, a, b}))
	require.Equal(t, 204.0, DelayCost([]Job{a, c, b}))

	_, err = Sequence([][]Job{{{ID: "x"}}})
	require.EqualError(t, err, "x: job must have a duration above 0 and a cost of delay of at least 0")
}

func TestSequenceIsOptimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var chains [][]Job
		for c := range rapid.IntRange(1, 3).Draw(t, "chains") {
			var chain []Job
			for j := range rapid.IntRange(1, 3).Draw(t, "length") {
				chain = append(chain, Job{ID: string(rune('a' + 3*c + j)),
					Duration:    float64(rapid.IntRange(1, 6).Draw(t, "duration")),
					CostOfDelay: float64(rapid.IntRange(0, 9).Draw(t, "cost"))})
			}
			chains = append(chains, chain)
		}
		order, err := Sequence(chains)
		require.NoError(t, err)
		require.Equal(t, cheapest(chains, nil), DelayCost(order))
		for _, chain := range chains {
			require.IsIncreasing(t, positionsIn(order, chain))
		}
	})
}

// cheapest tries every merge of the chains.
func cheapest(chains [][]Job, done []Job) float64 {
	best, rest := math.Inf(1), false
	for i, chain := range chains {
		if len(chain) == 0 {
			continue
		}
		rest = true
		next := append([][]Job(nil), chains...)
		next[i] = chain[1:]
		best = min(best, cheapest(next, append(append([]Job(nil), done...), chain[0])))
	}
	if !rest {
		return DelayCost(done)
	}
	return best
}

func positionsIn(order, chain []Job) []int {
	at := make([]int, len(chain))
	for i, j := range chain {
		for k, o := range order {
			if o.ID == j.ID {
				at[i] = k
			}
		}
	}
	return at
}
