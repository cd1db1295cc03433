package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// TestHomeSaysWhenWhatIAskedForIsDone: with the forecast of each, and without it where there is none.
func TestHomeSaysWhenWhatIAskedForIsDone(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	require.Contains(t, b.text(b.do("GET", "/", nil)), `85 % likely by <time datetime="2027-05-01"`)
	call := "GET /v1/requests/018f0000-0000-7000-8000-00000000000a/forecast"
	b.api.answers[call] = wire.Forecast{CannotForecast: true, Why: "too little was finished"}
	require.NotContains(t, b.text(b.do("GET", "/", nil)), "85 % likely by")
	b.api.refuse[call] = problem.New(problem.Unavailable, "the database is away")
	page := b.text(b.do("GET", "/", nil))
	require.NotContains(t, page, "85 % likely by")
	require.Contains(t, page, "R-8", "the rest is shown")
}

// TestTheInboxSaysWhatTheOthersSaid: whoever is asked reads it where they answer.
func TestTheInboxSaysWhatTheOthersSaid(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	inbox := b.api.answers["GET /v1/inbox"].(wire.Page[wire.InboxItem])
	inbox.Items[0].Question.Answers = []pmo.Answer{{By: "bo", Verdict: "approve", Reason: "<b>long</b> overdue"}}
	page := b.text(b.do("GET", "/inbox", nil))
	require.Contains(t, page, "<strong>Bo Hansen</strong>: Approve – “&lt;b&gt;long&lt;/b&gt; overdue”")
}
