package approach

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

func work(id string, o, l, p float64, after ...string) pmo.WorkPackage {
	return pmo.WorkPackage{ID: id, Name: id, Optimistic: o, Likely: l, Pessimistic: p, After: after}
}

// TestThreePointEstimates: PERT, (o + 4m + p) / 6 and (p - o) / 6.
func TestThreePointEstimates(t *testing.T) {
	p := work("a", 2, 5, 14)
	require.Equal(t, 6.0, Mean(p))
	require.Equal(t, 2.0, Deviation(p))
}

// TestCriticalPath is a network of six packages: a, c and e, f are critical; b and d have slack.
func TestCriticalPath(t *testing.T) {
	s, faults := ScheduleOf([]pmo.WorkPackage{
		work("a", 2, 3, 4), work("b", 1, 2, 3, "a"), work("c", 2, 5, 14, "a"), work("d", 1, 1, 1, "b"), work("e", 4, 4, 4, "c", "d"), work("f", 1, 2, 3, "e"),
	})
	require.Empty(t, faults)
	require.InDelta(t, 15, s.Duration, 1e-9)
	require.Equal(t, []string{"a", "c", "e", "f"}, s.Critical)
	require.InDelta(t, 2.0548, s.Deviation, 1e-4, "the root of (1/3)² + 2² + 0 + (1/3)²")
	require.InDelta(t, 3, s.Packages[1].Slack, 1e-9)
	require.InDelta(t, 8, s.Packages[3].LatestStart, 1e-9)
	require.InDelta(t, 0.5, s.Within(15), 1e-9)
	require.InDelta(t, 0.85, s.Within(s.P85()), 1e-6)
	require.InDelta(t, 17.13, s.P85(), 0.005)
}

func TestDatesCountWorkingDays(t *testing.T) {
	friday := monday.AddDate(0, 0, 4)
	require.Equal(t, monday, AfterWorking(monday, 1, nil), "the first day counts")
	require.Equal(t, friday, AfterWorking(monday, 5, nil))
	require.Equal(t, monday.AddDate(0, 0, 7), AfterWorking(monday, 5.5, nil))
	require.Equal(t, monday.AddDate(0, 0, 7), AfterWorking(friday.AddDate(0, 0, 1), 1, nil), "who begins on a Saturday begins on Monday")
	require.Equal(t, monday.AddDate(0, 0, 14), AfterWorking(friday, 7, nil))
	dated := WithDates(pmo.Plan{Start: "2026-03-02", WorkPackages: []pmo.WorkPackage{work("a", 5, 5, 5), work("b", 2, 2, 2, "a")},
		Milestones: []pmo.Milestone{{Name: "m", After: []string{"b"}}, {Name: "kept", Due: "2026-04-01", After: []string{"a"}}, {Name: "none"}}}, nil)
	require.Equal(t, []pmo.Date{"2026-03-10", "2026-04-01", ""}, dues(dated))
}

// TestDatesLeaveOutHolidays and follow the days of the week that the portfolio works.
func TestDatesLeaveOutHolidays(t *testing.T) {
	works := func(day time.Time) bool { // Sunday to Thursday, and the first Tuesday is a holiday
		return day.Weekday() != time.Friday && day.Weekday() != time.Saturday && dateOf(day) != "2026-03-03"
	}
	require.Equal(t, pmo.Date("2026-03-02"), dateOf(AfterWorking(monday, 1, works)))
	require.Equal(t, pmo.Date("2026-03-04"), dateOf(AfterWorking(monday, 2, works)), "nobody works on the holiday")
	require.Equal(t, pmo.Date("2026-03-08"), dateOf(AfterWorking(monday, 4, works)), "Sunday is worked, Friday is not")
	require.Equal(t, pmo.Date("2026-03-04"), dateOf(AfterWorking(monday.AddDate(0, 0, 1), 1, works)), "who begins on a holiday begins the day after")
	plan := pmo.Plan{Approach: string(Predictive), Start: "2026-03-02", WorkPackages: []pmo.WorkPackage{work("a", 2, 2, 2)}, Milestones: []pmo.Milestone{{Name: "m", After: []string{"a"}}}}
	dated := WithDates(plan, works)
	require.Equal(t, []pmo.Date{"2026-03-04"}, dues(dated))
	require.Empty(t, Check(dated, works))
	dated.Milestones[0].Due = "2026-03-03"
	require.Len(t, Check(dated, works), 1, "too early, by the holiday alone")
	require.Empty(t, Check(dated, nil))
	size := 4.
	drafted := Skeleton(Work{Approach: Predictive, Size: &size, Start: monday, Works: works})
	require.NotEqual(t, dues(Skeleton(Work{Approach: Predictive, Size: &size, Start: monday})), dues(drafted))
	never := func(time.Time) bool { return false }
	require.False(t, AfterWorking(monday, 1, never).IsZero(), "it ends")
}

// TestSchedulesHold: for every network without circles nothing begins before what it waits for, no slack is negative, and a path is critical.
func TestSchedulesHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []pmo.WorkPackage
		for i := range rapid.IntRange(1, 12).Draw(t, "packages") {
			o := rapid.Float64Range(0, 5).Draw(t, "optimistic")
			p := work(string(rune('a'+i)), o, o+1, o+rapid.Float64Range(1, 9).Draw(t, "more"))
			for before := range i {
				if rapid.IntRange(0, 3).Draw(t, "after") == 0 {
					p.After = append(p.After, string(rune('a'+before)))
				}
			}
			list = append(list, p)
		}
		s, faults := ScheduleOf(list)
		require.Empty(t, faults)
		require.NotEmpty(t, s.Critical)
		for _, p := range s.Packages {
			require.GreaterOrEqual(t, p.Slack, 0.0)
			require.LessOrEqual(t, p.LatestFinish, s.Duration+1e-9)
			for _, before := range p.After {
				require.GreaterOrEqual(t, p.EarlyStart, s.Packages[before[0]-'a'].EarlyFinish-1e-9)
			}
		}
	})
}

func TestEarnedValueExample(t *testing.T) {
	v := Earned(pmo.Budget{Total: 100}, pmo.EarnedValue{Planned: 50, Earned: 40, Spent: 50})
	require.Equal(t, -10.0, v.ScheduleVariance)
	require.Equal(t, -10.0, v.CostVariance)
	for want, got := range map[float64]*float64{125: v.AtCompletion, -25: v.VarianceAtCompletion, 75: v.ToComplete, 1.2: v.NeededIndex} {
		require.InDelta(t, want, *got, 1e-9)
	}
	require.InDelta(t, 0.8, *v.ScheduleIndex, 1e-9)
	require.InDelta(t, 0.8, *v.CostIndex, 1e-9)
	begins := Earned(pmo.Budget{Total: 100}, pmo.EarnedValue{})
	require.Nil(t, begins.CostIndex)
	require.Nil(t, begins.AtCompletion)
	require.Nil(t, Earned(pmo.Budget{Total: 100}, pmo.EarnedValue{Planned: 50, Earned: 40, Spent: 100}).NeededIndex, "no index is enough once the budget is spent")
}

func TestComparedWithItsBaseline(t *testing.T) {
	was := pmo.Plan{Approach: "predictive", Start: "2026-03-02", Milestones: []pmo.Milestone{{Name: "design", Due: "2026-04-01"}, {Name: "dropped"}}, Budget: &pmo.Budget{Unit: "money", Total: 10}}
	is := pmo.Plan{Approach: "hybrid", Start: "2026-03-02", Milestones: []pmo.Milestone{{Name: "design", Due: "2026-04-15"}, {Name: "pilot", Due: "2026-05-01"}}, Iterations: 3, WeeksEach: 2,
		Budget: &pmo.Budget{Unit: "money", Total: 12}}
	require.Equal(t, []Difference{
		{What: "approach", Was: "predictive", Is: "hybrid"},
		{What: "end", Was: "2026-04-01", Is: "2026-05-01", Days: 30},
		{What: "milestone", Name: "design", Was: "2026-04-01", Is: "2026-04-15", Days: 14},
		{What: "milestone", Name: "dropped", Was: "dropped"},
		{What: "milestone", Name: "pilot", Is: "2026-05-01"},
		{What: "iterations", Is: "3 iterations of 2 weeks"},
		{What: "budget", Was: "10 money", Is: "12 money"},
	}, Compare(was, is))
	require.Empty(t, Compare(is, is))
}

// TestWhatDoesNotAddUpIsRefusedWithItsField names a plan for every field that may be wrong.
func TestWhatDoesNotAddUpIsRefusedWithItsField(t *testing.T) {
	start := pmo.Date(monday.Format(time.DateOnly))
	for pointer, plan := range map[string]pmo.Plan{
		"/milestones/0/due":            {Start: start, Milestones: []pmo.Milestone{{Name: "early", Due: "2026-03-01"}}},
		"/milestones/1/due":            {Start: start, WorkPackages: []pmo.WorkPackage{work("a", 5, 6, 7)}, Milestones: []pmo.Milestone{{Name: "m"}, {Name: "too soon", Due: "2026-03-05", After: []string{"a"}}}},
		"/milestones/1/name":           {Milestones: []pmo.Milestone{{Name: "m"}, {Name: "m"}}},
		"/milestones/0/after/0":        {Milestones: []pmo.Milestone{{Name: "m", After: []string{"z"}}}},
		"/due":                         {Start: start, Due: "2026-03-01"},
		"/start":                       {Start: "soon"},
		"/weeks_each":                  {Iterations: 3},
		"/iterations":                  {Iterations: -1, WeeksEach: 2},
		"/iteration_range/high":        {IterationRange: &pmo.IterationRange{Low: 3, High: 2}},
		"/iteration_range/low":         {IterationRange: &pmo.IterationRange{High: 2}},
		"/expectation/days":            {Expectation: &pmo.PlanExpectation{Probability: 0.85}},
		"/expectation/probability":     {Expectation: &pmo.PlanExpectation{Days: 5, Probability: 1}},
		"/wip_limit":                   {WIPLimit: -1},
		"/replenish_days":              {ReplenishDays: -1},
		"/review_days":                 {ReviewDays: 400},
		"/classes/1/name":              {Classes: []pmo.ServiceClass{{Name: "a", Rule: "r"}, {Name: "a", Rule: "r"}}},
		"/classes/0/rule":              {Classes: []pmo.ServiceClass{{Name: "a"}}},
		"/work_packages/0/name":        {WorkPackages: []pmo.WorkPackage{{ID: "a"}}},
		"/work_packages/0/optimistic":  {WorkPackages: []pmo.WorkPackage{work("a", 3, 2, 4)}},
		"/work_packages/0/likely":      {WorkPackages: []pmo.WorkPackage{work("a", 1, 5, 4)}},
		"/work_packages/0/pessimistic": {WorkPackages: []pmo.WorkPackage{work("a", 1, 5, 4000)}},
		"/work_packages/1/id":          {WorkPackages: []pmo.WorkPackage{work("a", 1, 2, 3), work("a", 1, 2, 3)}},
		"/work_packages/0/after/0":     {WorkPackages: []pmo.WorkPackage{work("a", 1, 2, 3, "z")}},
		"/work_packages/0/after":       {WorkPackages: []pmo.WorkPackage{work("a", 1, 2, 3, "b"), work("b", 1, 2, 3, "c"), work("c", 1, 2, 3, "a")}},
		"/budget/total":                {Budget: &pmo.Budget{Unit: pmo.BudgetMoney}},
		"/budget/change":               {Budget: &pmo.Budget{Unit: pmo.BudgetMoney, Total: 5, Change: 6}},
		"/budget/unit":                 {Budget: &pmo.Budget{Unit: "beans", Total: 5}},
		"/done_when/0":                 {DoneWhen: []string{" "}},
		"/risks/0/text":                {Risks: []pmo.Risk{{}}},
		"/risks/0/probability":         {Risks: []pmo.Risk{{Text: "r", Probability: 6}}},
		"/risks/0/impact":              {Risks: []pmo.Risk{{Text: "r", Impact: -1}}},
		"/seam/meets":                  {Seam: &pmo.Seam{Planned: "a", Agile: "b"}},
		"/seam/planned":                {Seam: &pmo.Seam{Agile: "b", Meets: "c"}},
		"/seam/agile":                  {Seam: &pmo.Seam{Planned: "b", Meets: "c"}},
	} {
		faults := Check(plan, nil)
		require.Len(t, faults, 1, pointer)
		require.Equal(t, pointer, faults[0].Pointer)
		require.NotEmpty(t, faults[0].Detail)
	}
	circle := Check(pmo.Plan{WorkPackages: []pmo.WorkPackage{work("a", 1, 2, 3, "b"), work("b", 1, 2, 3, "a")}}, nil)
	require.Equal(t, "is a circle: a waits for b waits for a", circle[0].Detail)
}

// TestAWholePlanHasWhatItsApproachCannotDoWithout names for each approach the fields that a plan lacks in which there is nothing.
func TestAWholePlanHasWhatItsApproachCannotDoWithout(t *testing.T) {
	for a, want := range map[Approach][]string{
		Checklist: {"/owner", "/due", "/done_when"}, Kanban: {"/wip_limit", "/expectation"}, ContinuousDelivery: {"/wip_limit", "/expectation"}, Scrum: {"/goal", "/weeks_each"},
		XP: {"/goal", "/weeks_each"}, Scrumban: {"/goal", "/weeks_each", "/wip_limit", "/expectation"}, Exploratory: {"/goal", "/weeks_each", "/milestones"},
		Program: {"/goal", "/weeks_each"}, Predictive: {"/milestones"}, Hybrid: {"/milestones", "/goal", "/weeks_each", "/seam"},
	} {
		var got []string
		for _, f := range CheckWhole(pmo.Plan{Approach: string(a)}, nil) {
			got = append(got, f.Pointer)
		}
		require.Equal(t, want, got, a)
	}
}
