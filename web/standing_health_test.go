package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// TestReasonsForHealthAreSaidInTheReadersLanguage: the words of the rule are English, so who reads another language gets the catalogue's words for their
// kind. What somebody says instead is in no known language, and marked as none.
func TestReasonsForHealthAreSaidInTheReadersLanguage(t *testing.T) {
	en, de := &reader{Lang: "en"}, &reader{Lang: "de"}
	require.Nil(t, de.HealthReason("", ""))
	require.Equal(t, &healthReason{"blocked since 2027-03-01: no licence", "en"}, en.HealthReason("blocker", "blocked since 2027-03-01: no licence"))
	require.Equal(t, &healthReason{"blockiert", ""}, de.HealthReason("blocker", "blocked since 2027-03-01: no licence"))
	require.Equal(t, &healthReason{"anders gesehen: der Rest geht weiter", ""}, de.HealthReason(pmo.HealthKindOverride, "der Rest geht weiter"))
	require.Equal(t, &healthReason{"as 0.9 wrote it", "en"}, de.HealthReason("", "as 0.9 wrote it"))
	for _, kind := range []string{"blocker", "milestone", "schedule", "cost", "age", "report", "silent", "raid"} {
		require.NotEmpty(t, de.HealthWord(kind), kind)
	}

	b := newBrowser(t).signIn("petra")
	b.cookies["lang"] = "de"
	b.api.answers["GET /v1/board"] = wire.Board{Columns: []wire.BoardColumn{{Stage: pmo.StageExecution, Count: 1, Items: []wire.RequestItem{
		{ID: "1", Ref: "R-1", Title: "Lists", Stage: pmo.StageExecution, Status: pmo.StatusOpen, Health: pmo.HealthRed, HealthKind: "blocker", HealthSays: "blocked since today: no licence"}}}}}
	page := b.text(b.do("GET", "/board", nil))
	require.Contains(t, page, "<span>blockiert</span>")
	require.NotContains(t, page, "no licence")
}
