package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/wire"
)

func TestTheRetrospectiveIsShown(t *testing.T) {
	over := 0.25
	report := wire.Retrospective{From: noon.AddDate(0, 0, -90), To: noon, Retrospective: approach.Retrospective{Requests: 6,
		Approaches:  []approach.RetrospectiveRow{{Approach: "continuous_delivery", N: 6, Days: 12.5, Waiting: 2, Planned: 6, ForecastError: &over, Rework: 0.5, Satisfied: 0.5}},
		Followed:    []approach.RecommendationFate{{Recommended: "scrum", N: 6, Begun: 2, Kept: 1, Instead: "kanban"}},
		Suggestions: []approach.PolicySuggestion{{Kind: "rework", Says: "ask for more", Evidence: "50 % of 6 requests were sent back"}}}}
	f := &fake{answers: map[string]any{"GET /v1/reports/retrospective": report}}
	got := run(t, f, "approach", "retrospective", "--days", "90")
	require.NoError(t, got.err)
	shown := strings.Join(strings.Fields(got.out), " ")
	for _, want := range []string{"6 requests delivered from", "continuous delivery 6 12.5 2.0 25 % – 50 % 50 % –", "scrum 6 2 1 kanban", "Suggestion: ask for more. Evidence: 50 % of 6 requests were sent back.", "pmo policy propose"} {
		require.Contains(t, shown, want)
	}
}
