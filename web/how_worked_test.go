package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// TestADeliveredRequestSaysHowItWasWorked: recommended, chosen, what the first plan said and what came true.
func TestADeliveredRequestSaysHowItWasWorked(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	require.NotContains(t, b.text(b.do("GET", "/requests/R-8", nil)), `id="h-how"`, "it is not delivered")
	f := approach.Finished{Approach: "scrumban", Recommended: "scrum", Began: "kanban", PulledAt: now.AddDate(0, 0, -40), AcceptedAt: now.AddDate(0, 0, -1),
		PlannedEnd: time.Date(2027, 2, 10, 0, 0, 0, 0, time.UTC), Reworks: 2, Benefit: pmo.VerdictPartly}
	show := func(lang string) string {
		r := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
		worked := f.Worked()
		r.AcceptedAt, r.Stage, r.Worked = f.AcceptedAt, pmo.StageClosure, &worked
		b.api.answers["GET /v1/requests/R-8"] = r
		b.cookies["lang"] = lang
		return b.text(b.do("GET", "/requests/R-8", nil))
	}
	page := show("en")
	for _, want := range []string{"How it was worked", "<dd>Scrum</dd>", "instead of what was recommended", "changed while work went on", "9 Feb 2027", "days after the planned end", "sent back 2×", "Some of it came"} {
		require.Contains(t, page, want)
	}
	f.Began, f.Approach, f.Reworks, f.PlannedEnd = "scrum", "scrum", 0, f.AcceptedAt.AddDate(0, 0, 3)
	page = show("de")
	for _, want := range []string{"Wie gearbeitet wurde", "wie empfohlen", "bis zum Ende beibehalten", "mit 3 Tagen Vorsprung vor dem ersten Plan", "ohne Anmerkungen abgenommen, nie zurückgegeben"} {
		require.Contains(t, page, want)
	}
	f.PlannedEnd = f.AcceptedAt.Add(time.Hour)
	require.Contains(t, show("en"), "on the planned day")
	f.PlannedEnd = time.Time{}
	require.Contains(t, show("en"), "the first agreed plan named none")
}
