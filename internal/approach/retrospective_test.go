package approach_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
)

func TestARetrospectiveComparesRecommendedChosenAndOutcome(t *testing.T) {
	pulled := time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return pulled.AddDate(0, 0, n) }
	var all []approach.Finished
	for i, took := range []int{10, 20, 30, 40} { // planned: 20 days
		f := approach.Finished{Approach: "kanban", Recommended: "kanban", Began: "kanban", PlannedEnd: day(20), PulledAt: pulled, StartedAt: day(2), AcceptedAt: day(took), Benefit: []string{"realised", "not_realised", "not_reviewed", ""}[i]}
		f.Reworks, f.Remarks = i%2, i == 2
		all = append(all, f)
	}
	all = append(all, approach.Finished{Approach: "scrumban", Recommended: "scrum", Began: "scrum", PlannedEnd: day(28), PulledAt: pulled, StartedAt: pulled, AcceptedAt: day(14)})
	r := approach.Retrospect(all)
	require.Equal(t, 5, r.Requests)
	kanban := r.Approaches[0]
	require.Equal(t, []any{"kanban", 4, 25.0, 2.0, 4, 0.5, 0.25, 2}, []any{kanban.Approach, kanban.N, kanban.Days, kanban.Waiting, kanban.Planned, kanban.Rework, kanban.Satisfied, kanban.Reviewed})
	require.InDelta(t, 0.25, *kanban.ForecastError, 1e-9, "over by -50, 0, 50 and 100 %")
	require.InDelta(t, 0.5, *kanban.Late, 1e-9)
	require.InDelta(t, 0.5, *kanban.Realised, 1e-9)
	require.InDelta(t, -0.5, *r.Approaches[1].ForecastError, 1e-9, "14 days of 28")
	require.Equal(t, approach.RecommendationFate{Recommended: "scrum", N: 1, Begun: 1, Instead: "scrumban"}, r.Followed[1])
	require.Empty(t, r.Suggestions, "too few requests to suggest anything")
}

func TestARetrospectiveSuggestsChangesWithTheirEvidence(t *testing.T) {
	at := time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC)
	several := func(n int, f approach.Finished) (list []approach.Finished) {
		for range n {
			f.PulledAt, f.StartedAt, f.AcceptedAt = at, at, at.AddDate(0, 0, 30)
			list = append(list, f)
		}
		return list
	}
	for kind, c := range map[string]struct {
		all      []approach.Finished
		evidence string
	}{
		"not_taken": {append(several(3, approach.Finished{Recommended: "scrum", Approach: "kanban"}), several(2, approach.Finished{Recommended: "scrum", Approach: "scrum"})...),
			"3 of 5 requests for which it was recommended began otherwise"},
		"left": {append(several(2, approach.Finished{Recommended: "scrum", Approach: "kanban", Began: "scrum"}), several(4, approach.Finished{Recommended: "scrum", Approach: "scrum"})...),
			"2 of 6 requests that began in it changed to another way of working"},
		"rework": {append(several(2, approach.Finished{Recommended: "xp", Approach: "xp", Reworks: 1}), several(3, approach.Finished{Recommended: "xp", Approach: "xp"})...), "40 % of 5 requests were sent back"},
		"late":   {several(5, approach.Finished{Recommended: "checklist", Approach: "checklist", Began: "checklist", PlannedEnd: at.AddDate(0, 0, 10)}), "100 % of 5 plans were exceeded, half of them by 200 % and more"},
	} {
		found := approach.Retrospect(c.all).Suggestions
		require.Len(t, found, 1, kind)
		require.Equal(t, kind, found[0].Kind)
		require.Equal(t, c.evidence, found[0].Evidence)
		require.NotEmpty(t, found[0].Says)
	}
}
