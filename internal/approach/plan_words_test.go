package approach

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPlanSentenceNamesWhatPeopleSign(t *testing.T) {
	size := 6.0
	start := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	for approach, want := range map[Approach]string{
		Kanban:     "Kanban; about 6 weeks; 85 % within",
		Scrum:      "Scrum; about 6 weeks; 3 iterations of 2 weeks",
		Predictive: "Predictive; about 6 weeks; ",
	} {
		require.Contains(t, Skeleton(approach, &size, start, PlanPolicy{}).Sentence(), want)
	}
	require.Contains(t, Skeleton(Predictive, &size, start, PlanPolicy{}).Sentence(), "2026-12-14")
	require.Contains(t, Skeleton(Scrum, nil, start, PlanPolicy{}).Sentence(), "size unknown")
}
