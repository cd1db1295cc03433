package api

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const form = `{"title":"Invoices by e-mail","kind":"enhancement","problem":"Paper gets lost"}`

func TestSubmit(t *testing.T) {
	b := setup(t)
	id := engine.SubmissionRequestID("sam", "k1")
	state := inReview(id, 42, "sam")
	state.Similar = []pmo.Similar{{ID: requestA, Number: 1, Title: "Invoices by e-mail", Score: 0.9, Words: "same title"}}
	b.engine.states[id] = state
	status, first, header := b.call(t, "sam", "POST", "/v1/requests", form, "Idempotency-Key", "k1")
	require.Equal(t, 201, status, first)
	require.Equal(t, "/v1/requests/"+id, header.Get("Location"))
	require.Equal(t, "R-42", first["ref"])
	require.Equal(t, "review", first["stage"])
	question := first["questions"].([]any)[0].(map[string]any)
	require.Equal(t, "review/1/approvers", question["id"])
	require.Equal(t, []any{"ana", "bo"}, question["waiting"])
	require.Equal(t, true, first["forecast"].(map[string]any)["cannot_forecast"])
	require.NotEmpty(t, first["forecast"].(map[string]any)["words"])
	require.Len(t, first["similar"], 1)
	require.Equal(t, pmo.Submission{Content: pmo.Content{Title: "Invoices by e-mail", Kind: "enhancement", Problem: "Paper gets lost"},
		Requester: "sam", SubmittedBy: "sam", At: now}, b.engine.submitted[0])
}

// TestSubmitAgain submits the same form twice, the second time to another server: what identifies the submission is equal, everything
// else is the request as it is now.
func TestSubmitAgain(t *testing.T) {
	b := setup(t)
	id := engine.SubmissionRequestID("sam", "k1")
	state := inReview(id, 42, "sam")
	b.engine.states[id] = state
	status, first, _ := b.call(t, "sam", "POST", "/v1/requests", form, "Idempotency-Key", "k1")
	require.Equal(t, 201, status, first)
	require.Empty(t, first["closed_questions"])

	state.Stage, state.Questions[0].Status = pmo.StagePrioritization, pmo.QuestionSettled
	b.engine.states[id] = state
	status, again, _ := b.another().call(t, "sam", "POST", "/v1/requests", form, "Idempotency-Key", "k1")
	require.Equal(t, 201, status)
	for _, field := range []string{"id", "number", "ref", "digest", "submitted_at", "links"} {
		require.NotEmpty(t, first[field], field)
		require.Equal(t, first[field], again[field], field)
	}
	require.Equal(t, "prioritization", again["stage"])
	require.Equal(t, []any{}, again["questions"])
	require.Len(t, again["closed_questions"], 1)
}

// TestOneShapeOfARequest: a submission and a read answer the same JSON, and the client's type decodes all of it.
func TestOneShapeOfARequest(t *testing.T) {
	b := setup(t)
	id := engine.SubmissionRequestID("sam", "k1")
	state := inReview(id, 42, "sam")
	state.Questions = append(state.Questions, pmo.Question{ID: "clarify/1", Kind: pmo.KindClarify, Status: pmo.QuestionSettled})
	state.Forecast = "the first forecast in words"
	state.Ledger, state.Keys, state.EntryCounts = []pmo.Entry{{}}, []pmo.Key{{}}, map[string]int{"submitted": 1}
	b.store.rows[id] = store.Row{Request: state, Projected: now}
	status, submitted, _ := b.call(t, "sam", "POST", "/v1/requests", form, "Idempotency-Key", "k1")
	require.Equal(t, 201, status)
	status, read, _ := b.call(t, "sam", "GET", "/v1/requests/R-42", "")
	require.Equal(t, 200, status)
	require.Equal(t, read, submitted)
	golden(t, "testdata/request_fields.txt", strings.Join(slices.Sorted(maps.Keys(read)), "\n")+"\n")
	for _, private := range []string{"ledger", "keys", "lines"} {
		require.NotContains(t, read, private)
	}

	text, err := json.Marshal(read)
	require.NoError(t, err)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var r wire.Request
	require.NoError(t, decoder.Decode(&r))
	require.Equal(t, "review/1/approvers", r.QuestionOf(pmo.KindReview).ID)
	require.Nil(t, r.QuestionOf(pmo.KindClarify), "it is closed")
	require.Equal(t, "clarify/1", r.ClosedQuestions[0].ID)
	again, err := json.Marshal(r)
	require.NoError(t, err)
	require.JSONEq(t, string(text), string(again))
}

// TestSubmitWhileNothingCanBeRead: the receipt and the submission are enough for an answer of the same shape.
func TestSubmitWhileNothingCanBeRead(t *testing.T) {
	b := setup(t)
	b.store.down = true
	status, doc, _ := b.call(t, "sam", "POST", "/v1/requests", form, "Idempotency-Key", "k1")
	require.Equal(t, 201, status)
	require.EqualValues(t, 42, doc["number"])
	require.Equal(t, now.Format(time.RFC3339), doc["submitted_at"])
	require.Equal(t, "Invoices by e-mail", doc["content"].(map[string]any)["title"])
	require.Equal(t, true, doc["forecast"].(map[string]any)["cannot_forecast"])
}

func TestSubmitWithoutWorker(t *testing.T) {
	b := setup(t)
	b.engine.noWorker, b.store.down = true, true
	status, doc, header := b.call(t, "sam", "POST", "/v1/requests", form)
	require.Equal(t, 202, status)
	require.NotEmpty(t, doc["id"])
	require.Equal(t, "/v1/requests/"+doc["id"].(string), header.Get("Location"))
	require.EqualValues(t, 0, doc["number"])
	require.NotContains(t, doc, "ref")

	b.engine.err = problem.New(problem.Unavailable, "away")
	status, doc, header = b.call(t, "sam", "POST", "/v1/requests", form)
	require.Equal(t, 503, status)
	require.Equal(t, "unavailable", doc["kind"])
	require.NotEmpty(t, header.Get("Retry-After"))
}

func TestSubmitForSomebodyElse(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "petra", "POST", "/v1/requests", `{"title":"T","kind":"support","requester":"sam"}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/reason"}, pointers(doc))
	status, doc, _ = b.call(t, "petra", "POST", "/v1/requests", `{"title":"T","kind":"support","requester":"nobody","reason":"by phone"}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/requester"}, pointers(doc))
	status, _, _ = b.call(t, "petra", "POST", "/v1/requests", `{"title":"T","kind":"support","requester":"sam","reason":"by phone"}`)
	require.Equal(t, 201, status)
	require.Equal(t, "sam", b.engine.submitted[0].Requester)
	require.Equal(t, "petra", b.engine.submitted[0].SubmittedBy)
}

func TestSubmitRefusals(t *testing.T) {
	b := setup(t)
	for _, c := range []struct {
		name, who, body string
		status          int
		kind            string
		pointers        []string
	}{
		{"no title", "sam", `{"kind":"support"}`, 422, "invalid_input", []string{"/title"}},
		{"blank title", "sam", `{"title":" ","kind":"support"}`, 422, "invalid_input", []string{"/title"}},
		{"unknown kind", "sam", `{"title":"T","kind":"verysecret"}`, 422, "invalid_input", []string{"/kind"}},
		{"unknown field", "sam", `{"title":"T","kind":"support","colour":"verysecret"}`, 422, "invalid_input", []string{"/colour"}},
		{"wrong type", "sam", `{"title":"T","kind":"support","size":"verysecret"}`, 422, "invalid_input", []string{"/size"}},
		{"wrong nested type", "sam", `{"title":"T","kind":"support","skills":["a",7]}`, 422, "invalid_input", []string{"/skills/1"}},
		{"nested unknown", "sam", `{"title":"T","kind":"support","baseline":{"verysecret":1}}`, 422, "invalid_input", []string{"/baseline/verysecret"}},
		{"too large an integer", "sam", `{"title":"T","kind":"support","baseline":{"people":1e300}}`, 422, "invalid_input", nil},
		{"no date", "sam", `{"title":"T","kind":"support","wanted_by":"verysecret"}`, 422, "invalid_input", []string{"/wanted_by"}},
		{"unknown watcher", "sam", `{"title":"T","kind":"support","watchers":["verysecret"]}`, 422, "invalid_input", []string{"/watchers/0"}},
		{"not an object", "sam", `[]`, 422, "invalid_input", nil},
		{"no body", "sam", ``, 400, "malformed_request", nil},
		{"duplicate key", "sam", `{"title":"verysecret","title":"b"}`, 400, "malformed_request", []string{"/title"}},
		{"an administrator", "ada", form, 403, "forbidden", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, doc, _ := b.call(t, c.who, "POST", "/v1/requests", c.body)
			require.Equal(t, c.status, r, doc)
			require.Equal(t, c.kind, doc["kind"])
			if c.pointers != nil {
				require.Equal(t, c.pointers, pointers(doc))
			}
			text, _ := json.Marshal(doc)
			require.NotContains(t, strings.ReplaceAll(string(text), "/baseline/verysecret", ""), "verysecret")
			require.Empty(t, b.engine.submitted)
		})
	}
}
