package web

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// TestHomeSaysWhenWhatIAskedForIsDone: with the forecast of each, and without it where there is none; all are read at once.
func TestHomeSaysWhenWhatIAskedForIsDone(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	list := b.api.answers["GET /v1/requests"].(wire.Page[wire.RequestItem])
	list.Items[0].Forecast = &wire.Forecast{P85: "2027-05-01"}
	require.Contains(t, b.text(b.do("GET", "/", nil)), `85 % likely by <time datetime="2027-05-01"`)
	require.Contains(t, b.api.query["GET /v1/requests"], "forecast=true")
	list.Items[0].Forecast = &wire.Forecast{CannotForecast: true, Why: "too little was finished"}
	page := b.text(b.do("GET", "/", nil))
	require.NotContains(t, page, "85 % likely by")
	require.Contains(t, page, "R-8", "the rest is shown")
}

// TestHomeSaysWhatIsStuck: each with its reason in words, and nothing where all goes on.
func TestHomeSaysWhatIsStuck(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	require.NotContains(t, b.text(b.do("GET", "/", nil)), "What is stuck")
	b.api.answers["GET /v1/stuck"] = wire.Stuck{More: true, Ended: 3, Items: []wire.StuckRequest{
		{RequestItem: wire.RequestItem{ID: "a", Ref: "R-4", Title: "<b>Old</b>", Stage: pmo.StageReview, StageSince: now.AddDate(0, 0, -9), WaitingOn: []string{"ana"}}, Why: pmo.StuckOverUsual, UsualDays: 5},
		{RequestItem: wire.RequestItem{ID: "b", Ref: "R-5", Title: "Stopped", Stage: pmo.StageExecution}, Why: pmo.StuckBlocked}}}
	page := b.text(b.do("GET", "/", nil))
	for _, want := range []string{"What is stuck", "&lt;b&gt;Old&lt;/b&gt;", "85 of 100 leave this stage within 5 days.", "waits for Ana", "The team cannot go on.", "3 whose workflow was ended", "Show all requests, the oldest first"} {
		require.Contains(t, strings.ToLower(page), strings.ToLower(want))
	}
	b.cookies["lang"] = "de"
	require.Contains(t, b.text(b.do("GET", "/", nil)), "85 von 100 verlassen diesen Schritt innerhalb von 5 Tagen.")
}

// TestTheInboxSaysWhatTheOthersSaid: whoever is asked reads it where they answer.
func TestTheInboxSaysWhatTheOthersSaid(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	inbox := b.api.answers["GET /v1/inbox"].(wire.Page[wire.InboxItem])
	inbox.Items[0].Question.Answers = []pmo.Answer{{By: "bo", Verdict: "approve", Reason: "<b>long</b> overdue"}}
	page := b.text(b.do("GET", "/inbox", nil))
	require.Contains(t, page, "<strong>Bo Hansen</strong>: Approve – “&lt;b&gt;long&lt;/b&gt; overdue”")
}
