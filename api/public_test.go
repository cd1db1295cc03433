package api

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/publicform"
	"leanpmo/internal/store"
)

// fakePublic is who asked by the public form, by request.
type fakePublic map[string]publicform.Request

func (f *fakeStore) PublicOf(_ context.Context, request string) (publicform.Request, error) {
	p, known := f.public[request]
	if !known {
		return p, store.ErrNotFound
	}
	return p, f.fails()
}

func (f *fakeStore) RevokeLink(ctx context.Context, request, actor string, at time.Time) error {
	p, known := f.public[request]
	if !known {
		return store.ErrNotFound
	}
	p.Revoked, p.RevokedBy = &at, actor
	f.public[request] = p
	return f.KeepKey(ctx, struct{}{})
}

// publicRequest makes request A one of the public form.
func publicRequest(t *testing.T) *bundle {
	b := setup(t)
	row := b.store.rows[requestA]
	row.Requester, row.SubmittedBy = "public-form", "public-form"
	b.store.rows[requestA], b.engine.states[requestA] = row, row.Request
	b.store.public = fakePublic{requestA: {RequestID: requestA, Name: "Ida Larsen", Contact: "ida@example.net", At: now}}
	b.store.acts["rita"] = []string{"public-form"}
	return b
}

// Name and contact of who asked are for the PMO, whoever answers in their place and whoever is asked about the request.
func TestWhoReadsTheContactOfAPublicRequest(t *testing.T) {
	b := publicRequest(t)
	for who, want := range map[string]int{"petra": http.StatusOK, "rita": http.StatusOK, "ana": http.StatusOK, "sam": http.StatusForbidden, "ada": http.StatusForbidden, "kai": http.StatusForbidden} {
		status, doc, _ := b.call(t, who, "GET", "/v1/requests/R-1/contact", "")
		require.Equal(t, want, status, who)
		if want == http.StatusOK {
			require.Equal(t, "ida@example.net", doc["contact"], who)
			require.Equal(t, who == "petra", doc["may_revoke"] == true, who)
		}
	}
	status, _, _ := b.call(t, "petra", "GET", "/v1/requests/R-2/contact", "")
	require.Equal(t, http.StatusNotFound, status, "nobody asked for that one by the form")
	require.NotContains(t, b.log.String(), "ida@example.net")
	status, doc, _ := b.call(t, "petra", "GET", "/v1/requests/R-1", "")
	require.Equal(t, http.StatusOK, status)
	require.NotContains(t, doc, "contact", "the request itself does not tell")
}

func TestThePMOEndsAStatusLink(t *testing.T) {
	b := publicRequest(t)
	status, _, _ := b.call(t, "rita", "DELETE", "/v1/requests/R-1/status-link", "")
	require.Equal(t, http.StatusForbidden, status)
	status, _, _ = b.call(t, "petra", "DELETE", "/v1/requests/R-2/status-link", "")
	require.Equal(t, http.StatusNotFound, status)
	status, _, _ = b.call(t, "petra", "DELETE", "/v1/requests/R-1/status-link", "", "Idempotency-Key", "a")
	require.Equal(t, http.StatusNoContent, status)
	require.Equal(t, "petra", b.store.public[requestA].RevokedBy)
	_, doc, _ := b.call(t, "petra", "GET", "/v1/requests/R-1/contact", "")
	require.Equal(t, "petra", doc["link_revoked_by"])
	require.Nil(t, doc["may_revoke"])
}

// The desk of the public form has the rights of a requester, and does not judge what it asks for.
func TestTheDeskIsTheRequester(t *testing.T) {
	b := publicRequest(t)
	_, doc, _ := b.call(t, "rita", "GET", "/v1/requests/R-1", "")
	require.Contains(t, doc["commands"], "withdraw")
	_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1", "")
	require.NotContains(t, doc["commands"], "withdraw")
	b.store.acts["ana"] = []string{"public-form"}
	status, doc, _ := b.call(t, "ana", "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, http.StatusForbidden, status, doc)
	require.Equal(t, "own_request", doc["kind"])
}
