package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// TestConditionsThroughTheAPI: they are read with the question they matter to, and come with an approval, a plan and an acceptance.
func TestConditionsThroughTheAPI(t *testing.T) {
	b := setup(t)
	row := b.store.rows[requestA]
	row.Conditions = []pmo.Condition{{ID: "c1", Text: "A pilot first", By: "bo"}, {ID: "c2", Text: "Void", By: "bo", Void: "not taken"}}
	row.Plan = &pmo.Plan{Summary: "s"}
	b.store.rows[requestA] = row
	status, doc, _ := b.call(t, "ana", "GET", "/v1/requests/R-1", "")
	require.Equal(t, 200, status)
	require.Len(t, doc["conditions"], 2, "the request shows all of them")
	asked := doc["questions"].([]any)[0].(map[string]any)["conditions"].([]any)
	require.Len(t, asked, 1, "a question shows those that count")
	require.Equal(t, "A pilot first", asked[0].(map[string]any)["text"])

	b.store.inbox = []store.InboxItem{{RequestID: requestA, Number: 1, Requester: "sam", For: "ana", Facts: row.Request,
		Question: pmo.Question{ID: "review/1/approvers", Kind: pmo.KindReview, People: []string{"ana"}}}}
	_, doc, _ = b.call(t, "ana", "GET", "/v1/inbox", "")
	require.Len(t, doc["items"].([]any)[0].(map[string]any)["conditions"], 1)

	send := func(body string) (int, []string) {
		status, doc, _ := b.call(t, "ana", "POST", "/v1/requests/R-1/decisions", body)
		return status, pointers(doc)
	}
	status, _ = send(`{"decision":"review/1/approvers","verdict":"approve_with_conditions","data":{"conditions":[{"text":"  No  second login "}]}}`)
	require.Equal(t, 200, status)
	decide := b.engine.sent[0].cmd.(*pmo.Decide)
	require.Equal(t, "No  second login", decide.Data.Conditions[0].Text, "it is cleaned as every text")
	status, fields := send(`{"decision":"review/1/approvers","verdict":"approve_with_conditions","data":{"conditions":[{"text":"\u202ea"}]}}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/data/conditions/0/text"}, fields)
	status, _ = send(`{"decision":"review/1/approvers","verdict":"approve_with_conditions","data":{"conditions":["text"]}}`)
	require.Equal(t, 422, status)
	status, fields = send(`{"decision":"plan/1","verdict":"counter","reason":"r","data":{"plan":{"conditions":[{"id":"c9","note":"n"}]}}}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/data/plan/conditions/0/id"}, fields)
}
