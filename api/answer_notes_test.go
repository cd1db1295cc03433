package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

const noteOfA = "/v1/requests/R-1/note"

// TestOthersSeeWhoIsOnIt, and nothing else of a note. It is gone with the answer.
func TestOthersSeeWhoIsOnIt(t *testing.T) {
	b := setup(t)
	r := b.engine.states[requestA]
	b.store.inbox = []store.InboxItem{{RequestID: requestA, Number: 1, Requester: "sam", Question: r.Questions[0], For: "bo", Facts: r}}
	note := func(who, body string) (int, map[string]any) {
		status, doc, _ := b.call(t, who, "PATCH", noteOfA, body)
		return status, doc
	}
	for who, want := range map[string]int{"kai": http.StatusForbidden, "sam": http.StatusForbidden} {
		status, doc := note(who, `{"question":"review/1/approvers","claimed":true}`)
		require.Equal(t, want, status, doc)
	}
	status, doc := note("ana", `{"question":"review/1/approvers","claimed":true,"follow_up":"2027-03-04","draft":{"verdict":"reject","fields":{"reason":["half a\u200b sentence"]}}}`)
	require.Equal(t, http.StatusOK, status, doc)
	status, doc, _ = b.call(t, "ana", "GET", noteOfA+"?question=review/1/approvers", "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "2027-03-04", doc["follow_up"])
	require.Equal(t, map[string]any{"verdict": "reject", "fields": map[string]any{"reason": []any{"half a sentence"}}}, doc["draft"])

	_, doc, _ = b.call(t, "bo", "GET", "/v1/inbox", "")
	item := doc["items"].([]any)[0].(map[string]any)
	require.Equal(t, "ana", item["claims"].([]any)[0].(map[string]any)["person"])
	require.Nil(t, item["note"], "the rest is ana's own")
	_, doc, _ = b.call(t, "bo", "GET", noteOfA+"?question=review/1/approvers", "")
	require.Nil(t, doc["draft"])
	_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1", "")
	require.Len(t, doc["questions"].([]any)[0].(map[string]any)["claims"], 1)

	status, _ = note("ana", `{"question":"review/1/approvers","claimed":false,"follow_up":"","draft":{}}`)
	require.Equal(t, http.StatusOK, status)
	require.Nil(t, b.store.discussion.notes[0].DraftAt)
	require.Nil(t, b.store.discussion.notes[0].FollowUp)
	_, doc, _ = b.call(t, "bo", "GET", "/v1/inbox", "")
	require.Empty(t, doc["items"].([]any)[0].(map[string]any)["claims"])
	status, _, _ = b.call(t, "ana", "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, b.store.discussion.notes)
}

func TestWhatANoteRefuses(t *testing.T) {
	b := setup(t)
	for body, want := range map[string]string{
		`{"question":"review/1/approvers","follow_up":"soon"}`:                                                                       "/follow_up",
		`{"question":"review/1/approvers","follow_up":"2026-01-01"}`:                                                                 "/follow_up",
		`{"question":"review/1/approvers","draft":{"verdict":"x","fields":{"reason":["` + strings.Repeat("x", mostDraft+1) + `"]}}}`: "/draft/fields",
	} {
		status, doc, _ := b.call(t, "ana", "PATCH", noteOfA, body)
		require.Equal(t, http.StatusUnprocessableEntity, status)
		require.Equal(t, []string{want}, pointers(doc))
	}
	status, _, _ := b.call(t, "ana", "PATCH", noteOfA, `{"question":"plan/1","claimed":true}`)
	require.Equal(t, http.StatusNotFound, status)
	row := b.store.rows[requestA]
	row.Questions[0].Status = pmo.QuestionSettled
	status, _, _ = b.call(t, "ana", "GET", noteOfA+"?question=review/1/approvers", "")
	require.Equal(t, http.StatusNotFound, status, "it is not open any more")
}

// TestNotesAreAnExtra: without them, questions and inbox are shown all the same.
func TestNotesAreAnExtra(t *testing.T) {
	b := setup(t)
	b.store.down = true
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/"+requestA, "")
	require.Equal(t, http.StatusOK, status)
	require.Len(t, doc["questions"], 1)
}

func TestWhatIDecided(t *testing.T) {
	b := setup(t)
	b.store.events = []store.Event{{RequestID: requestA, Number: 1, Title: "Invoices", LedgerEntry: store.LedgerEntry{Entry: pmo.Entry{Question: "review/1/approvers", Actor: "ana", At: now, Text: "approve"}}}}
	status, doc, _ := b.call(t, "ana", "GET", "/v1/me/decisions?text=invoice", "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "ana: invoice", b.store.discussion.decided)
	require.Equal(t, "approve", doc["items"].([]any)[0].(map[string]any)["text"])
}

// TestAReadIsNotOlderThanAReceipt: the process is asked when the read model is behind.
func TestAReadIsNotOlderThanAReceipt(t *testing.T) {
	b := setup(t)
	newer := b.engine.states[requestA]
	newer.Seq, newer.Stage = 9, pmo.StagePrioritization
	b.engine.states[requestA] = newer
	_, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1?at_least=7", "")
	require.Equal(t, "review", doc["stage"])
	_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1?at_least=8", "")
	require.Equal(t, "prioritization", doc["stage"])
}
