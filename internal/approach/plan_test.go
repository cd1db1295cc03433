package approach

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func planOf(a Approach, points float64) pmo.Plan {
	return Skeleton(Work{Approach: a, Size: &points, Start: monday, Goal: "people report a crash in a minute"})
}

func dues(p pmo.Plan) (list []pmo.Date) {
	for _, m := range p.Milestones {
		list = append(list, m.Due)
	}
	return list
}

// used names what a plan has, so that a test sees what is too much.
func used(p pmo.Plan) (names []string) {
	for _, part := range []struct {
		name string
		has  bool
	}{
		{"milestones", len(p.Milestones) > 0}, {"iterations", p.Iterations > 0}, {"range", p.IterationRange != nil}, {"goal", p.Goal != ""},
		{"done_when", len(p.DoneWhen) > 0}, {"expectation", p.Expectation != nil}, {"wip_limit", p.WIPLimit > 0}, {"classes", len(p.Classes) > 0},
		{"replenish", p.ReplenishDays > 0}, {"review", p.ReviewDays > 0}, {"work_packages", len(p.WorkPackages) > 0}, {"budget", p.Budget != nil},
		{"seam", p.Seam != nil}, {"due", p.Due != ""},
	} {
		if part.has {
			names = append(names, part.name)
		}
	}
	return names
}

// TestAPlanHasOnlyWhatItsApproachNeeds names for each approach all that its skeleton has.
func TestAPlanHasOnlyWhatItsApproachNeeds(t *testing.T) {
	flow := []string{"expectation", "wip_limit", "classes", "replenish", "review"}
	for a, want := range map[Approach][]string{
		Checklist: {"done_when", "due"}, Kanban: flow, ContinuousDelivery: flow,
		Scrum:    {"milestones", "iterations", "range", "goal", "done_when", "review"},
		XP:       {"milestones", "iterations", "range", "goal", "done_when", "review"},
		Scrumban: {"milestones", "iterations", "range", "goal", "expectation", "wip_limit", "classes", "replenish", "review"}, Exploratory: {"milestones", "iterations", "goal", "review"},
		Program:    {"milestones", "iterations", "goal", "review"},
		Predictive: {"milestones", "review", "work_packages", "budget"},
		Hybrid:     {"milestones", "iterations", "range", "goal", "review", "work_packages", "budget", "seam"},
	} {
		require.Equal(t, want, used(planOf(a, 20)), a)
	}
}

func TestSkeletons(t *testing.T) {
	board := planOf(Kanban, 3)
	require.Equal(t, 21, board.Expectation.Days)
	require.Equal(t, 0.85, board.Expectation.Probability)
	require.Contains(t, board.SLEWords(), "85 % within 21 days (a starting value")
	require.Equal(t, "in words", (&pmo.Plan{SLE: "in words"}).SLEWords())
	require.Len(t, board.Classes, 4)

	points := 3.0
	learned := Skeleton(Work{Approach: Kanban, Size: &points, Start: monday, Cycles: CycleTimes{Days: 13, Finished: 20}})
	require.Equal(t, &pmo.PlanExpectation{Days: 13, Probability: 0.85, Basis: "the forecast, from 20 finished requests"}, learned.Expectation, "the team's own past is better than a guess")
	few := Skeleton(Work{Approach: Kanban, Size: &points, Start: monday, Cycles: CycleTimes{Days: 13, Finished: 9}})
	require.Equal(t, 21, few.Expectation.Days)

	sprints := planOf(Scrum, 5)
	require.Equal(t, 3, sprints.Iterations, "five weeks are three iterations of two")
	require.Equal(t, &pmo.IterationRange{Low: 2, High: 4}, sprints.IterationRange)
	require.Equal(t, []pmo.Date{"2026-03-16", "2026-04-13"}, dues(sprints))
	require.Equal(t, 14, sprints.ReviewDays)

	gates := planOf(Predictive, 20)
	require.True(t, gates.Milestones[0].Gate)
	require.Equal(t, &pmo.Budget{Unit: pmo.BudgetTeamWeeks, Total: 20, Change: 3}, gates.Budget)
	require.Equal(t, 15.0, gates.WorkPackages[0].Likely, "15 % of 20 weeks are 15 working days")
	require.Equal(t, dateOf(AfterWorking(monday, Mean(gates.WorkPackages[0]), nil)), gates.Milestones[0].Due)

	shell := planOf(Hybrid, 20)
	require.Equal(t, 10, shell.Iterations)
	require.NotEmpty(t, shell.Seam.Meets)
	named := Skeleton(Work{Approach: Hybrid, Size: &points, Start: monday, Planned: "the core", Agile: "the pages", Mismatches: []string{"lives are at stake"}})
	require.Equal(t, "the core", named.Seam.Planned)
	require.Equal(t, []pmo.Risk{{Text: "lives are at stake"}}, named.Risks)

	probe := planOf(Exploratory, 20)
	require.Equal(t, []pmo.Date{"2026-03-16", "2026-04-13"}, dues(probe))
	require.Equal(t, "pivot or persevere", probe.Milestones[1].Name)

	train := planOf(Program, 20)
	require.Equal(t, 10, train.Iterations)
	require.Len(t, train.Milestones, 2)

	require.Equal(t, pmo.Date("2026-03-09"), planOf(Checklist, 1).Due)
}

func TestTheSummaryNamesWhatPeopleSign(t *testing.T) {
	for a, want := range map[Approach]string{
		Kanban: "Kanban; about 6 weeks; 85 % within 42 days", Scrum: "Scrum; about 6 weeks; 3 iterations of 2 weeks", Predictive: "Predictive; about 6 weeks; 5 milestones, the last: accepted on 2026-04-",
		Checklist: "Checklist; about 6 weeks; done by 2026-04-13.",
	} {
		require.Contains(t, planOf(a, 6).Summary, want)
	}
	require.Contains(t, Skeleton(Work{Approach: Scrum}).Summary, "size unknown")
}

func TestWithoutSizeOrStartNothingIsInvented(t *testing.T) {
	p := Skeleton(Work{Approach: Predictive})
	require.Len(t, p.Milestones, 5, "the gates without dates")
	require.Equal(t, []pmo.Date{"", "", "", "", ""}, dues(p))
	require.Nil(t, p.Budget)
	require.Equal(t, "Predictive; 5 milestones, the last: accepted; size unknown: estimate it before dates are given; dates follow when the start is known.", p.Summary)
	require.Equal(t, 3, Skeleton(Work{Approach: Exploratory, Start: monday}).Iterations, "experiments need no size")
}

func TestTitles(t *testing.T) {
	require.Equal(t, "XP", XP.Title())
	require.Equal(t, "Continuous delivery", ContinuousDelivery.Title())
	require.Equal(t, "Scrum", Scrum.Title())
	require.Equal(t, "None", Approach("").Title())
	require.Len(t, approaches, 10)
}

// TestEverySkeletonAddsUp: for every approach and every size the plan passes the check of a plan, its milestones do not run backwards, and with
// what only people know (an owner, a goal) it is whole.
func TestEverySkeletonAddsUp(t *testing.T) {
	sizes := []float64{0.2, 1, 8, 20, 400, 1e12, 0, -3, math.NaN(), math.Inf(1)}
	rapid.Check(t, func(t *rapid.T) {
		w := Work{Approach: rapid.SampledFrom(approaches).Draw(t, "approach"), Start: monday, Goal: "goal"}
		if rapid.Bool().Draw(t, "known") {
			w.Size = ptr(rapid.SampledFrom(sizes).Draw(t, "size"))
		}
		plan := Skeleton(w)
		require.Empty(t, Check(plan, nil))
		last := pmo.Date("")
		for _, m := range plan.Milestones {
			require.GreaterOrEqual(t, m.Due, last)
			last = m.Due
		}
		require.LessOrEqual(t, len(plan.Milestones), 50)
		if size, ok := known(w.Size); ok && size > 0 {
			plan.Owner = "theo"
			require.Empty(t, CheckWhole(plan, nil))
		}
	})
}
