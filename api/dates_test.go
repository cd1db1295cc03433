package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/engine"
)

func TestDatesThatCannotBeMeantAreRefused(t *testing.T) {
	b := setup(t)
	const decisions = inReviewA + "/decisions"
	for name, c := range map[string]struct{ who, method, path, body, pointer string }{
		"a year typo":    {"sam", "POST", "/v1/requests", `{"title":"T","kind":"bug","problem":"p","class":"fixed_date","wanted_by":"0226-12-01"}`, "/wanted_by"},
		"over":           {"sam", "POST", "/v1/requests", `{"title":"T","kind":"bug","problem":"p","wanted_by":"2020-01-01"}`, "/wanted_by"},
		"yesterday":      {"sam", "POST", "/v1/requests", `{"title":"T","kind":"bug","problem":"p","wanted_by":"2027-02-28"}`, "/wanted_by"},
		"never":          {"sam", "POST", "/v1/requests", `{"title":"T","kind":"bug","problem":"p","wanted_by":"9999-12-31"}`, "/wanted_by"},
		"amended":        {"sam", "PATCH", inReviewA, `{"revision":1,"patch":{"wanted_by":"0226-12-01"}}`, "/patch/wanted_by"},
		"with an answer": {"ana", "POST", decisions, `{"decision":"review/1/approvers","verdict":"approve","data":{"patch":{"wanted_by":"2020-01-01"}}}`, "/data/patch/wanted_by"},
		"deferred":       {"ana", "POST", decisions, `{"decision":"review/1/approvers","verdict":"defer","reason":"r","data":{"until":"9999-12-31"}}`, "/data/until"},
		"a milestone":    {"ana", "POST", decisions, `{"decision":"review/1/approvers","verdict":"approve","data":{"plan":{"approach":"scrum","summary":"s","milestones":[{"name":"m","due":"0226-01-01"}]}}}`, "/data/plan/milestones/0/due"},
		"a part":         {"petra", "POST", inReviewA + "/split", `{"reason":"r","parts":[{"title":"a","kind":"support"},{"title":"b","kind":"support","wanted_by":"2020-01-01"}]}`, "/parts/1/wanted_by"},
	} {
		t.Run(name, func(t *testing.T) {
			status, doc, _ := b.call(t, c.who, c.method, c.path, c.body)
			require.Equal(t, 422, status, doc)
			require.Equal(t, []string{c.pointer}, pointers(doc))
			require.Empty(t, b.engine.submitted)
			require.Empty(t, b.engine.sent)
		})
	}
	status, doc, _ := b.call(t, "sam", "POST", "/v1/requests", `{"title":"T","kind":"bug","problem":"p","wanted_by":"2027-03-01"}`)
	require.Equal(t, 201, status, doc)
}

// A form that was right stays right: its repetition after the wanted date gets the first answer, and an amendment of other fields is taken.
func TestARepeatedSubmissionMayBeLate(t *testing.T) {
	b := setup(t)
	const late = `{"title":"T","kind":"bug","problem":"p","wanted_by":"2027-02-01"}`
	status, _, _ := b.call(t, "sam", "POST", "/v1/requests", late, "Idempotency-Key", "k")
	require.Equal(t, 422, status, "nobody submitted it in time")
	id := engine.SubmissionRequestID("sam", "k")
	b.engine.states[id] = inReview(id, 3, "sam")
	status, doc, _ := b.call(t, "sam", "POST", "/v1/requests", late, "Idempotency-Key", "k")
	require.Equal(t, 201, status, doc)

	row := b.store.rows[requestA]
	row.Content.WantedBy = "2027-02-01"
	b.store.rows[requestA] = row
	status, doc, _ = b.call(t, "sam", "PATCH", inReviewA, `{"revision":1,"patch":{"wanted_by":"2027-02-01","size":2}}`)
	require.Equal(t, 200, status, doc)
}
