package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/wire"
)

func TestTheRetrospectiveLeadsToAProposal(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	over := 0.25
	b.api.answers["GET /v1/reports/retrospective"] = wire.Retrospective{Retrospective: approach.Retrospective{Requests: 6,
		Approaches:  []approach.RetrospectiveRow{{Approach: "kanban", N: 6, Days: 12.5, ForecastError: &over, Rework: 0.5}},
		Followed:    []approach.RecommendationFate{{Recommended: "scrum", N: 6, Begun: 2, Kept: 1, Instead: "kanban"}},
		Suggestions: []approach.PolicySuggestion{{Kind: "rework", Says: "ask for more", Evidence: "50 % of 6 requests were sent back"}}}}
	page := b.text(b.do("GET", "/retrospective", nil))
	for _, want := range []string{"What came of ways of working", "12.5", "25 %", "Ask for more. ", "50 % of 6 requests were sent back.", `href="/policy/propose"`} {
		require.Contains(t, page, want)
	}
	b.do("GET", "/retrospective?lang=de", nil)
	require.Contains(t, b.text(b.do("GET", "/retrospective", nil)), "Was aus Arbeitsweisen wurde")
	b.api.answers["GET /v1/reports/retrospective"] = wire.Retrospective{}
	require.Contains(t, b.text(b.do("GET", "/retrospective?days=90", nil)), "nichts geliefert")
}
