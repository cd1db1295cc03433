package api

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
	"leanpmo/internal/audit"
	"leanpmo/internal/clientaddr"
	"leanpmo/internal/store"
)

// fakeOffice keeps the office ledger as the store does, with the address of each line's context.
type fakeOffice struct {
	fakeResources
	asked     store.OfficeFilter
	office    []store.OfficeLine
	refusals  []audit.Refusal
	addresses []string
}

func (f *fakeOffice) Office(_ context.Context, filter store.OfficeFilter) (store.Page[store.OfficeLine], error) {
	f.asked = filter
	if filter.Cursor == "end" {
		return store.Page[store.OfficeLine]{}, nil
	}
	return store.Page[store.OfficeLine]{Items: f.office, Next: "end"}, nil
}

func (f *fakeOffice) AddRefusal(ctx context.Context, r audit.Refusal) error {
	f.refusals, f.addresses = append(f.refusals, r), append(f.addresses, clientaddr.Text(clientaddr.From(ctx)))
	return nil
}

// audited is an API that writes refusals.
func audited(t *testing.T) *bundle {
	b := setup(t)
	d := b.api.Deps
	d.Refusals = audit.NewRefusals(&b.store.fakeOffice, slog.New(slog.DiscardHandler), d.Now)
	b.api = New(d)
	return b
}

func TestTheOfficeLedgerIsReadByAdministratorsAndAuditors(t *testing.T) {
	b := setup(t)
	b.store.office = []store.OfficeLine{{Line: 7, At: now, Actor: "ada", Kind: "token", ID: "=id", Event: "made", Address: "192.0.2.1", Body: json.RawMessage(`{"name":"nightly"}`), Hash: "ab"}}
	for who, want := range map[string]int{"ada": 200, "sam": 403, "petra": 403, "theo": 403, "": 401} {
		status, _, _ := b.call(t, who, "GET", "/v1/audit", "")
		require.Equal(t, want, status, who)
	}
	require.True(t, access.Can(access.Actor{ID: "x", Roles: []string{"auditor"}}, access.ReadAudit, access.Object{}).Allowed)
	_, doc, _ := b.call(t, "ada", "GET", "/v1/audit?kind=token&person=ana&from=2027-03-01T00:00:00Z&until=2027-03-02T00:00:00Z&limit=5", "")
	require.Equal(t, store.OfficeFilter{Kind: "token", Person: "ana", Limit: 5, From: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2027, 3, 2, 0, 0, 0, 0, time.UTC)}, b.store.asked)
	line := doc["items"].([]any)[0].(map[string]any)
	require.Equal(t, "192.0.2.1", line["address"])
	require.Equal(t, map[string]any{"name": "nightly"}, line["details"])
	for _, wrong := range []string{"kind=none", "from=yesterday", "from=2027-03-02T00:00:00Z&until=2027-03-01T00:00:00Z", "format=xml"} {
		status, _, _ := b.call(t, "ada", "GET", "/v1/audit?"+wrong, "")
		require.Equal(t, 422, status, wrong)
	}
	r := httptest.NewRequest("GET", "/v1/audit?format=csv", nil)
	r.Header.Set("Authorization", "Bearer dev-ada")
	w := httptest.NewRecorder()
	b.api.ServeHTTP(w, r)
	require.Equal(t, "text/csv; charset=utf-8", w.Header().Get("Content-Type"))
	rows, err := csv.NewReader(w.Body).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Equal(t, []string{"7", now.Format(time.RFC3339Nano), "token", "made", "ada", "'=id", "192.0.2.1", `{"name":"nightly"}`, "ab"}, rows[1], "no cell is a formula")
}

func TestRefusedAttemptsAreInTheOfficeLedger(t *testing.T) {
	b := audited(t)
	for _, call := range [][3]string{{"sam", "GET", "/v1/tokens"}, {"theo", "DELETE", "/v1/sessions/x"}, {"bo", "GET", "/v1/audit"}, {"sam", "POST", "/v1/prioritizations"}, {"sam", "PUT", "/v1/teams/falcon"}} {
		body := map[string]string{"POST": `{"portfolio":"digital"}`, "PUT": `{"name":"Falcon","portfolio":"digital","leads":["theo"],"skills":[],"capacity":1}`}[call[1]]
		status, _, _ := b.call(t, call[0], call[1], call[2], body)
		require.Equal(t, 403, status, call)
	}
	var said []string
	for i, r := range b.store.refusals {
		require.Equal(t, "192.0.2.1", b.store.addresses[i])
		require.NotEmpty(t, r.Cause)
		said = append(said, fmt.Sprint(r.Kind, " ", r.Actor, " ", r.About, " ", r.Route))
	}
	require.Equal(t, []string{"right sam read_access GET /v1/tokens", "right theo manage_access DELETE /v1/sessions/{id}", "right bo read_audit GET /v1/audit",
		"right sam run_prioritization POST /v1/prioritizations", "right sam edit_team PUT /v1/teams/{id}"}, said)

	b = audited(t)
	status, _, _ := b.call(t, "sam", "POST", "/v1/requests/"+requestA+"/answers", "{}")
	require.GreaterOrEqual(t, status, 400)
	status, _, _ = b.call(t, "", "GET", "/v1/teams", "")
	require.Equal(t, 401, status)
	require.Empty(t, b.store.refusals, "neither a refused command to a request nor somebody who has not signed in")
	b.api.Proxies, _ = clientaddr.Parse("192.0.2.1")
	status, _, _ = b.call(t, "s3cret", "GET", "/v1/requests/s3cret", "", "X-Forwarded-For", "203.0.113.9")
	require.Equal(t, 401, status)
	require.Len(t, b.store.refusals, 1)
	require.Equal(t, "203.0.113.9", b.store.addresses[0], "the client's address, as trusted proxies say")
	require.Equal(t, audit.SignIn, b.store.refusals[0].Kind)
	require.NotContains(t, fmt.Sprint(b.store.refusals), "s3cret", "what was presented may be a secret")
	for range 100 {
		b.call(t, "wrong", "GET", "/v1/teams", "")
	}
	require.Len(t, b.store.refusals, 1+5, "one address writes a few lines a minute")
}

// A call of our own pages has the address of the page's request.
func TestACallOfThePagesHasTheirAddress(t *testing.T) {
	b := audited(t)
	page := httptest.NewRequest("GET", "/access", nil)
	ctx := SignedInAs(clientaddr.With(page.Context(), b.api.Proxies.Of(page)), "sam")
	r := httptest.NewRequest("GET", "/v1/tokens", strings.NewReader("")).WithContext(ctx)
	r.RemoteAddr = "" // as the pages call
	w := httptest.NewRecorder()
	b.api.ServeHTTP(w, r)
	require.Equal(t, 403, w.Code)
	require.Equal(t, []string{"192.0.2.1"}, b.store.addresses)
}
