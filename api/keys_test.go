package api

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"
)

// TestTheFirstAnswerIsMarked when a command is repeated, on every route that gives a command to a request.
func TestTheFirstAnswerIsMarked(t *testing.T) {
	for _, c := range []struct{ who, method, path, body string }{
		{"sam", "POST", "/v1/requests", `{"title":"Invoices by e-mail","kind":"enhancement"}`},
		{"sam", "POST", "/v1/requests/R-1/hold", `{"reason":"budget"}`},
		{"sam", "POST", "/v1/requests/R-1/withdraw", `{"reason":"budget"}`},
		{"sam", "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":{"title":"Invoices by post"}}`},
		{"ana", "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`},
		{"petra", "POST", "/v1/requests/R-1/split", `{"reason":"two","parts":[{"title":"One","kind":"support"},{"title":"Two","kind":"support"}]}`},
	} {
		b := setup(t)
		for _, want := range []string{"", "true"} {
			b.engine.replayed = want != ""
			status, doc, header := b.call(t, c.who, c.method, c.path, c.body, "Idempotency-Key", "k")
			require.Less(t, status, http.StatusMultipleChoices, doc)
			require.Equal(t, want, header.Get("Idempotency-Replayed"), c.path)
		}
	}
}

// TestAKeyOfTheOfficeBelongsToOneCommand: runs, teams, delegations and splits take a key with one body only, and repeat their first answer.
func TestAKeyOfTheOfficeBelongsToOneCommand(t *testing.T) {
	const (
		run   = `{"reason":"a slot is free"}`
		team  = `{"name":"Heron","portfolio":"digital","leads":["kai"],"skills":[],"capacity":2}`
		away  = `{"delegate":"kai","until":"2027-03-10T08:00:00Z"}`
		parts = `{"reason":"two","parts":[{"title":"One","kind":"support"},{"title":"Two","kind":"support"}]}`
	)
	for _, c := range []struct{ method, path, body, other string }{
		{"POST", "/v1/prioritizations", run, `{"reason":"another"}`},
		{"POST", "/v1/prioritizations", run, `{"reason":"a slot is free","dry":true}`},
		{"PUT", "/v1/teams/heron", team, `{"name":"Hero","portfolio":"digital","leads":["kai"],"skills":[],"capacity":2}`},
		{"PUT", "/v1/me/delegation", away, `{"delegate":"theo","until":"2027-03-10T08:00:00Z"}`},
		{"DELETE", "/v1/me/delegation", "", ""},
		{"POST", "/v1/requests/R-1/split", parts, `{"reason":"three","parts":[{"title":"One","kind":"support"},{"title":"Two","kind":"support"},{"title":"Three","kind":"support"}]}`},
	} {
		b := setup(t)
		call := func(method, path, body string) (int, map[string]any, http.Header) {
			return b.call(t, "petra", method, path, body, "Idempotency-Key", "k")
		}
		status, first, header := call(c.method, c.path, c.body)
		require.Less(t, status, http.StatusMultipleChoices, "%s: %v", c.path, first)
		require.Empty(t, header.Get("Idempotency-Replayed"), c.path)
		b.engine.replayed = true
		status, again, header := call(c.method, c.path, c.body)
		require.Less(t, status, http.StatusMultipleChoices, "%s: %v", c.path, again)
		require.Equal(t, "true", header.Get("Idempotency-Replayed"), c.path)
		if c.path != "/v1/requests/R-1/split" { // its receipt says replayed
			require.Equal(t, first, again, c.path)
		}
		refused := func(method, path, body string) {
			status, doc, _ := call(method, path, body)
			require.Equal(t, http.StatusUnprocessableEntity, status, "%s after %s", path, c.path)
			require.Equal(t, "idempotency_mismatch", doc["kind"])
		}
		if c.other != "" {
			refused(c.method, c.path, c.other)
		}
		if c.path != "/v1/requests/R-1/split" { // a split has its request's keys
			for _, o := range []struct{ method, path, body string }{{"POST", "/v1/prioritizations", run}, {"PUT", "/v1/teams/heron", team},
				{"PUT", "/v1/teams/egret", team}, {"PUT", "/v1/me/delegation", away}, {"DELETE", "/v1/me/delegation", ""}} {
				if o.method+o.path != c.method+c.path {
					refused(o.method, o.path, o.body)
				}
			}
		}
		require.LessOrEqual(t, len(b.engine.submitted), 4, "the third part is not submitted")
		require.LessOrEqual(t, b.store.puts, 1)
	}
}

// TestALateRepetitionChangesNothing, although the same command would be refused or mean something else by now.
func TestALateRepetitionChangesNothing(t *testing.T) {
	b := setup(t)
	const past = `{"delegate":"kai","until":"2027-03-01T10:00:00Z"}`
	status, first, _ := b.call(t, "ana", "PUT", "/v1/me/delegation", past, "Idempotency-Key", "k1")
	require.Equal(t, http.StatusOK, status)
	status, _, _ = b.call(t, "ana", "DELETE", "/v1/me/delegation", "", "Idempotency-Key", "k2")
	require.Equal(t, http.StatusNoContent, status)
	later := b.api.Deps
	later.Now = func() time.Time { return now.Add(24 * time.Hour) }
	b.api = New(later)
	status, again, _ := b.call(t, "ana", "PUT", "/v1/me/delegation", past, "Idempotency-Key", "k1")
	require.Equal(t, http.StatusOK, status, again)
	require.Equal(t, first, again)
	require.Nil(t, b.store.delegation, "it stays cleared")
	status, _, _ = b.call(t, "ana", "PUT", "/v1/me/delegation", past)
	require.Equal(t, http.StatusUnprocessableEntity, status, "without the key it is a new command, in the past")
}

// TestASplitTakesNoKeyOfAnotherCommand: no part is submitted.
func TestASplitTakesNoKeyOfAnotherCommand(t *testing.T) {
	b := setup(t)
	status, _, _ := b.call(t, "petra", "POST", "/v1/requests/R-1/hold", `{"reason":"budget"}`, "Idempotency-Key", "k")
	require.Equal(t, http.StatusOK, status)
	status, doc, _ := b.call(t, "petra", "POST", "/v1/requests/R-1/split",
		`{"reason":"two","parts":[{"title":"One","kind":"support"},{"title":"Two","kind":"support"}]}`, "Idempotency-Key", "k")
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, "idempotency_mismatch", doc["kind"])
	require.Empty(t, b.engine.submitted)
}

// TestEveryWriteSaysWhatARepetitionMeans without a key, and every write takes a key and marks a repeated answer.
func TestEveryWriteSaysWhatARepetitionMeans(t *testing.T) {
	b := setup(t)
	said := map[string]bool{}
	for path, item := range b.api.huma.OpenAPI().Paths {
		for _, o := range []*huma.Operation{item.Post, item.Put, item.Patch, item.Delete} {
			if o == nil || slices.Contains(readsByPost, o.OperationID) {
				continue
			}
			said[o.OperationID] = true
			require.Contains(t, withoutKey, o.OperationID, path)
			require.Contains(t, o.Description, withoutKey[o.OperationID])
			require.True(t, slices.ContainsFunc(o.Parameters, func(p *huma.Param) bool { return p.Name == keyHeader }), "%s takes no key", o.OperationID)
			for status, answer := range o.Responses {
				if status < "300" {
					require.Contains(t, answer.Headers, "Idempotency-Replayed", o.OperationID)
				}
			}
		}
	}
	require.Len(t, said, len(withoutKey))
	require.NotContains(t, b.api.huma.OpenAPI().Components.Schemas.Map()["Receipt"].Properties, "call")
}
