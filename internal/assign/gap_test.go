package assign

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// outside is the folder of public Generalised Assignment Problem instances; it is not part of the repository.
const outside = "../../../shared/data/assignment"

// TestPublicInstances compares with best-known values of the operations research literature. Costs are minimised
// there, so gain is the greatest cost less the cost.
func TestPublicInstances(t *testing.T) {
	known, err := os.Open(filepath.Join(outside, "best_known.csv"))
	if err != nil {
		t.Skipf("no outside data at %s: %v", outside, err)
	}
	defer known.Close()
	rows, err := csv.NewReader(known).ReadAll()
	require.NoError(t, err)
	worst, sum, n, optimal, proven := 0.0, 0.0, 0, 0, 0
	for _, row := range rows[1:] {
		name := filepath.Base(row[0])
		want, err := strconv.ParseFloat(row[7], 64)
		require.NoError(t, err)
		p, top := readGAP(t, filepath.Join(outside, name))
		sol := solve(p, nil, 100_000)
		require.NotNil(t, sol.agent, "%s: no feasible assignment", name)
		checkFeasible(t, p, sol.agent)
		cost := top*float64(p.jobs()) - sol.gain
		bound := top*float64(p.jobs()) - sol.bound
		gap := (cost - want) / want
		require.GreaterOrEqual(t, gap, -1e-9, "%s: better than the proven optimum", name)
		require.LessOrEqual(t, bound, want+1e-6, "%s: the bound is not one", name)
		require.LessOrEqual(t, gap, 0.02, "%s: cost %v, best known %v", name, cost, want)
		if gap < 1e-9 {
			optimal++
		}
		if sol.exact {
			proven++
			require.InDelta(t, want, cost, 1e-6, "%s: claims to be exact", name)
		}
		worst, sum, n = max(worst, gap), sum+gap, n+1
	}
	t.Logf("%d instances: %d at the best known value, %d proven, mean gap %.3f %%, worst %.3f %%", n, optimal, proven, 100*sum/float64(n), 100*worst)
}

func readGAP(t *testing.T, path string) (*problem, float64) {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	next := func() float64 {
		var x float64
		_, err := fmt.Fscan(f, &x)
		require.NoError(t, err)
		return x
	}
	agents, jobs := int(next()), int(next())
	p := &problem{must: true, gain: make([][]float64, jobs), weight: make([][]float64, jobs)}
	top := 0.0
	for i := range jobs {
		p.gain[i], p.weight[i] = make([]float64, agents), make([]float64, agents)
	}
	for j := range agents {
		for i := range jobs {
			p.gain[i][j] = next()
			top = max(top, p.gain[i][j])
		}
	}
	for i := range jobs {
		for j := range agents {
			p.gain[i][j] = top - p.gain[i][j]
		}
	}
	for j := range agents {
		for i := range jobs {
			p.weight[i][j] = next()
		}
	}
	for range agents {
		p.room, p.slots = append(p.room, next()), append(p.slots, jobs)
	}
	return p, top
}

func checkFeasible(t *testing.T, p *problem, agent []int) {
	t.Helper()
	used := make([]float64, p.agents())
	for i, j := range agent {
		require.NotEqual(t, nobody, j)
		used[j] += p.weight[i][j]
	}
	for j := range used {
		require.LessOrEqual(t, used[j], p.room[j]+1e-6)
	}
}
