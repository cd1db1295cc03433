package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// TestRestartInMidProcess stops the whole stack while a timer runs and an approval is half given, and starts it again on the same
// data: the vote is still there, and the deadline falls at its old moment.
func TestRestartInMidProcess(t *testing.T) {
	e := start(t)
	api := e.API
	f := harness.Ordinary("Personnel files")
	f.Confidential = true
	r := api.Submit("sam", f)
	r.AwaitOpen("review/1/security")
	r.Decide("ana", "review/1/approvers", "approve")
	due := dueOf(t, r.Read(), "review/1/security")

	e.Stack.Restart()
	state := r.AwaitOpen("review/1/security")
	require.Equal(t, due, dueOf(t, state, "review/1/security"), "the deadline moved")
	r.Decide("bo", "review/1/approvers", "approve")

	r.Await("escalated", func(a *drive.Answer) bool { return question(a, "review/1/security")["escalated"] == true })
	for _, item := range api.As("petra").Get(r.Path("/ledger?limit=200")).List("items") {
		entry := item.(map[string]any)
		if entry["event"] == "escalated" {
			at, err := time.Parse(time.RFC3339, entry["at"].(string))
			require.NoError(t, err)
			require.False(t, at.Before(due), "escalated at %s, due at %s", at, due) // how much later is the machine's speed
		}
	}
	r.Decide("petra", "review/1/security", "approve")
	r.AwaitStage("prioritization")
	require.Equal(t, http.StatusNotFound, must(api.As("rita").Try(http.MethodGet, r.Path(""), nil)).Status, "it is confidential")
}

// question is an open or closed question of a request as read.
func question(a *drive.Answer, id string) map[string]any {
	for _, q := range append(a.List("questions"), a.List("closed_questions")...) {
		if question := q.(map[string]any); question["id"] == id {
			return question
		}
	}
	return map[string]any{}
}

func dueOf(t *testing.T, a *drive.Answer, id string) time.Time {
	t.Helper()
	text, _ := question(a, id)["due_at"].(string)
	due, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err, "%s", a.Raw)
	return due
}
