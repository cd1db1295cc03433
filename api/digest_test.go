package api

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func heard(request string, number int64, minutes int, text string) store.Event {
	e := store.Event{RequestID: request, Number: number, Title: "Lists"}
	e.Entry = pmo.Entry{Event: pmo.EventStage, Stage: pmo.StageReview, Text: text, At: now.Add(time.Duration(minutes) * time.Minute)}
	return e
}

func TestADigestSaysWhatWaitsIsLateAndChanged(t *testing.T) {
	b := setup(t)
	late := pmo.Question{ID: "review/1/approvers", Kind: pmo.KindReview, People: []string{"ana"}, Status: pmo.QuestionOpen, DueAt: now.Add(-time.Hour)}
	b.store.inbox = []store.InboxItem{{RequestID: requestA, Number: 1, Title: "Invoices", Requester: "sam", Stage: pmo.StageReview, Question: late, For: "ana"}}
	b.store.events = []store.Event{heard(requestA, 1, -1, "third"), heard(requestB, 2, -2, "second"), heard(requestA, 1, -3, "first")}
	b.store.moreEvents = true
	status, doc, _ := b.call(t, "ana", "GET", "/v1/digest", "")
	require.Equal(t, 200, status, doc)
	require.Equal(t, now.Add(-24*time.Hour).Format(time.RFC3339), doc["since"])
	require.Len(t, doc["waiting"], 1)
	require.Equal(t, "your answer to review/1/approvers", doc["late"].([]any)[0].(map[string]any)["what"])
	changed := doc["changed"].([]any)
	require.Len(t, changed, 2)
	entries := changed[0].(map[string]any)["entries"].([]any)
	require.Equal(t, "first", entries[0].(map[string]any)["text"])
	require.Equal(t, "third", entries[1].(map[string]any)["text"])
	require.Equal(t, true, doc["more_changed"])

	for _, since := range []string{"2027-03-02T00:00:00Z", "2026-01-01T00:00:00Z"} {
		status, doc, _ = b.call(t, "ana", "GET", "/v1/digest?since="+since, "")
		require.Equal(t, 422, status)
		require.Equal(t, []string{"query/since"}, pointers(doc))
	}
}

func TestOwnRequestsArePastTheirDateInTheirPortfolio(t *testing.T) {
	b := setup(t)
	accepted := now
	for name, c := range map[string]struct {
		item store.Item
		late bool
	}{
		"yesterday": {store.Item{WantedBy: "2027-02-28"}, true},
		"today":     {store.Item{WantedBy: "2027-03-01"}, false},
		"none":      {store.Item{}, false},
		"delivered": {store.Item{WantedBy: "2027-02-28", AcceptedAt: &accepted}, false},
	} {
		require.Equal(t, c.late, len(b.api.late(nil, []store.Item{c.item}, now)) == 1, name)
	}
}
