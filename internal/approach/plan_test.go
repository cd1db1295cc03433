package approach

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func weeksOf(p Plan) (w []int) {
	for _, m := range p.Milestones {
		w = append(w, m.Week)
	}
	return w
}

func TestSkeletonWeights(t *testing.T) {
	plan := func(a Approach, points float64) Plan { return Skeleton(a, &points, monday, PlanPolicy{}) }

	check := plan(Checklist, 1)
	require.Equal(t, 7, check.SLE.Days)
	require.Len(t, check.Steps, 4)
	require.Empty(t, check.Milestones)

	board := plan(Kanban, 3)
	require.Equal(t, &Expectation{Days: 21, Probability: 0.85, Basis: board.SLE.Basis}, board.SLE)
	require.Equal(t, 3, board.WIPLimit)
	require.Zero(t, board.Iterations)

	sprints := plan(Scrum, 5)
	require.Equal(t, 3, sprints.Iterations, "five weeks are three iterations of two")
	require.Equal(t, []int{2, 6}, weeksOf(sprints))
	require.Equal(t, monday.AddDate(0, 0, 42), sprints.Milestones[1].Due)
	require.Nil(t, sprints.SLE)

	both := plan(Scrumban, 5)
	require.Equal(t, 3, both.Iterations)
	require.NotNil(t, both.SLE)

	gates := plan(Predictive, 20)
	require.Equal(t, []int{3, 7, 15, 18, 20}, weeksOf(gates))
	require.True(t, gates.Milestones[0].Gate)
	require.Zero(t, gates.Iterations)

	shell := plan(Hybrid, 20)
	require.Equal(t, []int{3, 14, 20}, weeksOf(shell))
	require.Equal(t, 10, shell.Iterations)
	require.Equal(t, 0.15, shell.ChangeBudget)

	probe := plan(Exploratory, 20)
	require.Equal(t, []int{2, 6}, weeksOf(probe))
	require.Equal(t, "pivot or persevere", probe.Milestones[1].Name)
	require.Equal(t, monday.AddDate(0, 0, 42), probe.Milestones[1].Due)

	train := plan(Program, 20)
	require.Equal(t, 2, train.Intervals)
	require.Equal(t, 10, train.Iterations)
	require.Equal(t, []int{10, 20}, weeksOf(train))
}

func TestSkeletonWithoutSizeOrStart(t *testing.T) {
	p := Skeleton(Predictive, nil, time.Time{}, PlanPolicy{})
	require.Zero(t, p.Weeks)
	require.Empty(t, p.Milestones)
	require.Len(t, p.Steps, 5, "the gates without dates")
	require.Equal(t, []string{"size unknown: estimate it before dates are given", "dates follow when the start is known"}, p.Notes)
	require.Equal(t, 6, Skeleton(Exploratory, nil, monday, PlanPolicy{}).Weeks, "experiments need no size")

	b, err := json.Marshal(Skeleton(Scrum, ptr(2.0), time.Time{}, PlanPolicy{}))
	require.NoError(t, err)
	require.JSONEq(t, `{"kind":"scrum","weeks":2,"iterations":1,"iteration_weeks":2,
		"milestones":[{"name":"accepted","week":2}],"notes":["dates follow when the start is known"]}`, string(b))
}

func TestTitles(t *testing.T) {
	require.Equal(t, "XP", XP.Title())
	require.Equal(t, "Continuous delivery", ContinuousDelivery.Title())
	require.Equal(t, "Scrum", Scrum.Title())
	require.Equal(t, "None", Approach("").Title())
	require.Len(t, approaches, 10)
}

func TestSkeletonIsTotal(t *testing.T) {
	sizes := []float64{0.2, 1, 8, 20, 400, 1e12, 0, -3, math.NaN(), math.Inf(1)}
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom(approaches).Draw(t, "approach")
		var size *float64
		if rapid.Bool().Draw(t, "known") {
			size = ptr(rapid.SampledFrom(sizes).Draw(t, "size"))
		}
		plan := Skeleton(a, size, monday, PlanPolicy{})
		require.Equal(t, a, plan.Kind)
		last := monday
		for _, m := range plan.Milestones {
			require.False(t, m.Due.Before(last), "milestones do not run backwards")
			require.Equal(t, monday.AddDate(0, 0, 7*m.Week), m.Due)
			last = m.Due
		}
		require.True(t, len(plan.Milestones)+len(plan.Steps)+plan.WIPLimit+plan.IterationWeeks > 0, "never empty")
	})
}
