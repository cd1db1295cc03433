package gap

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// brute is the least cost of all assignments; ok is false where none is valid.
func brute(p *Problem) (least int64, ok bool) {
	agent := make([]int, p.jobs())
	least = math.MaxInt64
	var dive func(i int)
	dive = func(i int) {
		if i == p.jobs() {
			if sum, valid := p.cost(agent); valid {
				least, ok = min(least, sum), true
			}
			return
		}
		for j := range p.agents() {
			agent[i] = j
			dive(i + 1)
		}
	}
	dive(0)
	return least, ok
}

func problems() *rapid.Generator[Problem] {
	return rapid.Custom(func(t *rapid.T) Problem {
		jobs, agents := rapid.IntRange(0, 6).Draw(t, "jobs"), rapid.IntRange(1, 4).Draw(t, "agents")
		p := Problem{}
		limited := rapid.Bool().Draw(t, "slots limit")
		for range agents {
			p.Room = append(p.Room, rapid.Int64Range(0, 20).Draw(t, "room"))
			if limited {
				p.Slots = append(p.Slots, rapid.IntRange(0, 4).Draw(t, "slots"))
			}
		}
		for range jobs {
			cost, weight := make([]int64, agents), make([]int64, agents)
			for j := range cost {
				cost[j], weight[j] = rapid.Int64Range(-30, 30).Draw(t, "cost"), rapid.Int64Range(0, 9).Draw(t, "weight")
				if rapid.IntRange(0, 5).Draw(t, "forbid") == 0 {
					cost[j] = Forbidden
				}
			}
			p.Cost, p.Weight = append(p.Cost, cost), append(p.Weight, weight)
		}
		return p
	})
}

func TestSolveAgreesWithBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := problems().Draw(t, "problem")
		want, ok := brute(&p)
		s, err := Solve(p, Options{Work: 2_000_000})
		require.NoError(t, err)
		require.True(t, s.Proven)
		require.Equal(t, ok, s.Agent != nil)
		if !ok {
			return
		}
		cost, valid := p.cost(s.Agent)
		require.True(t, valid)
		require.Equal(t, want, cost)
		require.Equal(t, want, s.Cost)
		require.Equal(t, want, s.Bound)
	})
}

// tight is a problem of some size in which the agents are nearly full and costs are the lower, the more a job weighs.
func tight(jobs, agents int) Problem {
	p := Problem{Room: make([]int64, agents)}
	for i := range jobs {
		cost, weight := make([]int64, agents), make([]int64, agents)
		for j := range agents {
			weight[j] = int64(5 + (i*7919+j*104729+i*j*31)%60)
			cost[j] = 111 - weight[j] + int64((i*31+j*17)%21) - 10
			p.Room[j] += weight[j]
		}
		p.Cost, p.Weight = append(p.Cost, cost), append(p.Weight, weight)
	}
	for j := range p.Room {
		p.Room[j] = p.Room[j] * 8 / int64(10*agents)
	}
	return p
}

func TestTheBoundIsNeverAboveTheCost(t *testing.T) {
	p := tight(40, 5)
	last := int64(math.MaxInt64)
	for _, work := range []int64{1_000_000, 5_000_000, 20_000_000} {
		s, err := Solve(p, Options{Work: work})
		require.NoError(t, err)
		require.NotNil(t, s.Agent, "work %d", work)
		cost, valid := p.cost(s.Agent)
		require.True(t, valid)
		require.Equal(t, cost, s.Cost)
		require.LessOrEqual(t, s.Bound, s.Cost)
		require.Equal(t, s.Bound == s.Cost, s.Proven)
		last = min(last, s.Cost)
		again, err := Solve(p, Options{Work: work})
		require.NoError(t, err)
		require.Equal(t, s, again, "the same problem and work give the same answer")
		better, err := Solve(p, Options{Work: work, Start: s.Agent})
		require.NoError(t, err)
		require.LessOrEqual(t, better.Cost, s.Cost, "never worse than where it starts")
	}
	require.Less(t, float64(last), 1.01*float64(lowest(t, p)))
}

func lowest(t *testing.T, p Problem) int64 {
	t.Helper()
	s, err := Solve(p, Options{Work: 20_000_000})
	require.NoError(t, err)
	return s.Bound
}

// TestStopEndsTheSearch with what has been found.
func TestStopEndsTheSearch(t *testing.T) {
	asked := 0
	s, err := Solve(tight(60, 6), Options{Stop: func() bool { asked++; return asked > 3 }})
	require.NoError(t, err)
	require.False(t, s.Proven)
	require.Less(t, asked, 1000)
}

func TestWhatCannotBeSolvedIsNamed(t *testing.T) {
	for want, p := range map[string]Problem{
		"sizes":                              {Cost: [][]int64{{1}}, Room: []int64{1}},
		"room or the slots of agent 0":       {Cost: [][]int64{{1}}, Weight: [][]int64{{1}}, Room: []int64{-1}},
		"job 0 has not":                      {Cost: [][]int64{{1, 2}}, Weight: [][]int64{{1}}, Room: []int64{1}},
		"cost or weight of job 0 at agent 0": {Cost: [][]int64{{1}}, Weight: [][]int64{{-1}}, Room: []int64{1}},
	} {
		_, err := Solve(p, Options{})
		var fault *Fault
		require.ErrorAs(t, err, &fault)
		require.Contains(t, err.Error(), want[:5])
	}
}
