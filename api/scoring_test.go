package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

const scoringOfA = "/v1/requests/R-1/scoring"

// openedScoring has a round of private scores of request A.
func openedScoring(t *testing.T, people ...string) *bundle {
	t.Helper()
	b := setup(t)
	body, err := json.Marshal(map[string]any{"people": people})
	require.NoError(t, err)
	status, doc, _ := b.call(t, "petra", "POST", scoringOfA, string(body))
	require.Equal(t, http.StatusCreated, status, doc)
	return b
}

func give(t *testing.T, b *bundle, who, body string) map[string]any {
	t.Helper()
	status, doc, _ := b.call(t, who, "PUT", scoringOfA+"/mine", body)
	require.Equal(t, http.StatusOK, status, doc)
	return doc
}

func TestScoresAreSeenByNobodyElseBeforeTheyAreRevealed(t *testing.T) {
	b := openedScoring(t, "ana", "paul")
	mine := give(t, b, "ana", `{"inputs":{"business_value":13,"job_size":2},"sure":"low","reason":"ana-reason"}`)
	require.Equal(t, "ana-reason", mine["mine"].(map[string]any)["reason"])
	require.Equal(t, true, mine["open"])
	for _, who := range []string{"petra", "paul", "sam", "lena"} {
		status, doc, _ := b.call(t, who, "GET", scoringOfA, "")
		require.Equal(t, 200, status, who)
		text, _ := json.Marshal(doc)
		require.NotContains(t, string(text), "13", who)
		require.NotContains(t, string(text), "ana-reason", who)
		require.Contains(t, string(text), `{"person":"ana","scored":true}`, "who has scored is no secret")
		require.Empty(t, doc["results"])
	}
	for _, entry := range b.store.discussion.noted {
		require.NotContains(t, entry.Text, "13")
		require.NotContains(t, entry.Text, "ana-reason")
	}
	status, waits, _ := b.call(t, "paul", "GET", "/v1/me/scoring", "")
	require.Equal(t, 200, status)
	require.Equal(t, "R-1", waits["items"].([]any)[0].(map[string]any)["ref"])
	_, none, _ := b.call(t, "ana", "GET", "/v1/me/scoring", "")
	require.Empty(t, none["items"])

	all := give(t, b, "paul", `{"inputs":{"business_value":3,"time_criticality":1}}`)
	require.Equal(t, false, all["open"], "everybody has scored")
	results := all["results"].([]any)
	value := results[0].(map[string]any)
	require.Equal(t, "business_value", value["input"])
	require.Equal(t, []any{"3", "13", "3", true}, []any{value["low"], value["high"], value["middle"], value["apart"]})
	size := results[3].(map[string]any)
	require.Equal(t, "job_size", size["input"])
	require.NotContains(t, size, "apart", "one alone is not apart")
	require.Contains(t, all["comments"], "/comments")
	status, late, _ := b.call(t, "ana", "PUT", scoringOfA+"/mine", `{"inputs":{"business_value":3}}`)
	require.Equal(t, http.StatusConflict, status)
	require.Equal(t, "superseded", late["kind"])
}

func TestThePMORevealsWhatIsThere(t *testing.T) {
	b := openedScoring(t, "ana", "paul", "kai")
	status, again, _ := b.call(t, "petra", "POST", scoringOfA, `{"people":["ana","paul"]}`)
	require.Equal(t, http.StatusConflict, status, again)
	give(t, b, "ana", `{"inputs":{"business_value":5}}`)
	give(t, b, "ana", `{"inputs":{"business_value":8}}`)
	for _, who := range []string{"ana", "sam", "kai"} {
		status, _, _ := b.call(t, who, "POST", scoringOfA+"/reveal", "")
		require.Equal(t, http.StatusForbidden, status, who)
	}
	status, doc, _ := b.call(t, "petra", "POST", scoringOfA+"/reveal", "", "Idempotency-Key", "k")
	require.Equal(t, 200, status, doc)
	require.Equal(t, "petra", doc["revealed_by"])
	require.Len(t, doc["results"].([]any)[0].(map[string]any)["scores"], 1)
	status, _, header := b.call(t, "petra", "POST", scoringOfA+"/reveal", "", "Idempotency-Key", "k")
	require.Equal(t, 200, status)
	require.Equal(t, "true", header.Get("Idempotency-Replayed"))
	status, second, _ := b.call(t, "petra", "POST", scoringOfA, `{"people":["ana","paul"],"inputs":["job_size"]}`)
	require.Equal(t, http.StatusCreated, status, second)
	require.EqualValues(t, 2, second["no"])
	require.Empty(t, second["results"])
}

func TestOnlyThoseAskedScoreAndNobodyTheirOwn(t *testing.T) {
	b := setup(t)
	status, _, _ := b.call(t, "petra", "GET", scoringOfA, "")
	require.Equal(t, http.StatusNotFound, status)
	own := b.store.rows[requestA].Requester
	for name, c := range map[string]struct{ body, pointer string }{
		"requester":      {`{"people":["ana","` + own + `"]}`, "/people/1"},
		"administrator":  {`{"people":["ana","ada"]}`, "/people/1"},
		"unknown":        {`{"people":["ana","nobody"]}`, "/people/1"},
		"twice":          {`{"people":["ana","ana"]}`, "/people/1"},
		"one alone":      {`{"people":["ana"]}`, "/people"},
		"no input":       {`{"people":["ana","paul"],"inputs":["beauty"]}`, "/inputs/0"},
		"an input twice": {`{"people":["ana","paul"],"inputs":["reach","reach"]}`, "/inputs/1"},
	} {
		status, doc, _ := b.call(t, "petra", "POST", scoringOfA, c.body)
		require.Equal(t, http.StatusUnprocessableEntity, status, name)
		require.Contains(t, pointers(doc), c.pointer, name)
	}
	status, _, _ = b.call(t, own, "POST", scoringOfA, `{"people":["ana","paul"]}`)
	require.Equal(t, http.StatusForbidden, status)

	b = openedScoring(t, "ana", "paul")
	status, doc, _ := b.call(t, "kai", "PUT", scoringOfA+"/mine", `{"inputs":{"business_value":3}}`)
	require.Equal(t, http.StatusForbidden, status, doc)
	for name, c := range map[string]struct{ body, pointer string }{
		"not on the scale": {`{"inputs":{"business_value":4}}`, "/inputs/business_value"},
		"not asked about":  {`{"inputs":{"reach":4}}`, "/inputs/reach"},
		"nothing":          {`{"inputs":{}}`, "/inputs"},
	} {
		status, doc, _ := b.call(t, "ana", "PUT", scoringOfA+"/mine", c.body)
		require.Equal(t, http.StatusUnprocessableEntity, status, name)
		require.Contains(t, pointers(doc), c.pointer, name)
	}
}

// A confidential request is not there for those who may not read it; they are not asked either.
func TestScoringOfAConfidentialRequestIsHidden(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "petra", "POST", "/v1/requests/R-2/scoring", `{"people":["ana","kai"]}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, pointers(doc), "/people/1")
	for method, path := range map[string]string{"GET": "", "PUT": "/mine", "POST": "/reveal"} {
		status, _, _ := b.call(t, "kai", method, "/v1/requests/R-2/scoring"+path, `{"inputs":{"business_value":3}}`)
		require.Equal(t, http.StatusNotFound, status, method)
	}
}
