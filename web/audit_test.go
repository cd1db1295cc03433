package web

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/audit"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

func TestTheOfficeLedgerOnItsPage(t *testing.T) {
	b, shared := withAccess(t)
	b.api.answers["GET /v1/audit"] = wire.Page[wire.AuditLine]{Next: "older", Items: []wire.AuditLine{
		{Line: 9, At: now, Kind: "person", Event: "changed", Actor: "system", About: "ana", Details: json.RawMessage(`{"before":{"roles":["<script>"]}}`), Hash: "abc"},
		{Line: 8, At: now, Kind: "sign_in", Event: "refused", Address: "203.0.113.7", Details: json.RawMessage(`{}`)},
		{Line: 7, At: now, Kind: "later", Event: "invented", Actor: "ada", Details: json.RawMessage(`{}`)}}}
	b.signIn("ada").knowsSessions(t, shared, "ada")
	require.Contains(t, b.text(b.do("GET", "/access", nil)), `href="/access/audit"`)
	text := b.text(b.do("GET", "/access/audit?kind=person&person=ana&from=2027-03-01&until=2027-03-31&cursor=c", nil))
	require.Contains(t, text, "Rights in the directory file changed of <strong>Ana Moreau</strong>")
	require.Contains(t, text, "nobody by hand")
	require.Contains(t, text, "somebody unknown")
	require.Contains(t, text, "203.0.113.7")
	require.NotContains(t, text, `["<script>`)
	require.Contains(t, text, "invented", "a kind of a later version is shown as it is")
	require.Contains(t, text, `<option value="person" selected>`)
	require.Contains(t, text, "cursor=older")
	require.Contains(t, text, `href="/access/audit.csv?from=2027-03-01&amp;kind=person&amp;person=ana&amp;until=2027-03-31"`)
	asked, err := url.ParseQuery(b.api.query["GET /v1/audit"])
	require.NoError(t, err)
	require.Equal(t, url.Values{"kind": {"person"}, "person": {"ana"}, "from": {"2027-03-01T00:00:00Z"}, "until": {"2027-04-01T00:00:00Z"}, "cursor": {"c"}}, asked, "the last day counts")

	response := b.do("GET", "/access/audit.csv?kind=token", nil)
	require.Equal(t, "text/csv; charset=utf-8", response.Header.Get("Content-Type"))
	require.Contains(t, b.api.query["GET /v1/audit"], "format=csv")
	b.api.answers["GET /v1/audit"] = wire.Page[wire.AuditLine]{}
	require.Contains(t, b.text(b.do("GET", "/access/audit", nil)), "No line is like that.")
}

func TestTheOfficeLedgerIsNotForEverybody(t *testing.T) {
	b, shared := withAccess(t)
	b.signIn("sam").knowsSessions(t, shared, "sam")
	b.api.refuse["GET /v1/audit"] = problem.New(problem.Forbidden, "only an auditor or an administrator may do this")
	require.NotContains(t, b.text(b.do("GET", "/access", nil)), "/access/audit")
	require.Equal(t, http.StatusForbidden, b.do("GET", "/access/audit", nil).StatusCode)
	require.Equal(t, http.StatusForbidden, b.do("GET", "/access/audit.csv", nil).StatusCode)
}

// Every kind and event has its sentence in every language, and every sentence its kind.
func TestEveryLineOfTheOfficeHasASentence(t *testing.T) {
	english := &reader{Lang: "en"}
	for _, kind := range auditKinds {
		require.True(t, english.Has("audit.kinds."+kind), kind)
	}
	said := 0
	for key := range texts["en"] {
		if parts := regexp.MustCompile(`^audit\.([a-z_]+)\.([a-z_]+)$`).FindStringSubmatch(key); parts != nil && parts[1] != "kinds" {
			require.Contains(t, auditKinds, parts[1], key)
			said++
		}
	}
	require.Greater(t, said, 20)
}

// refused keeps refusals as the office ledger does.
type refused struct{ lines []audit.Refusal }

func (r *refused) AddRefusal(_ context.Context, l audit.Refusal) error {
	r.lines = append(r.lines, l)
	return nil
}

func TestRefusedSignInsAreInTheOfficeLedger(t *testing.T) {
	ledger := &refused{}
	refusals := audit.NewRefusals(ledger, slog.New(slog.DiscardHandler), func() time.Time { return now })
	b, _, _ := withProvider(t)
	b.site.Refusals = refusals
	response := url.Values{"state": {"s3cret"}, "code": {"s3cret"}}
	require.Equal(t, http.StatusBadRequest, b.back(response).StatusCode)
	require.Len(t, ledger.lines, 1)
	require.Equal(t, audit.SignIn, ledger.lines[0].Kind)
	require.NotContains(t, fmt.Sprint(ledger.lines), "s3cret", "what was brought back may be a secret")
	for range 100 {
		b.back(response)
	}
	require.Len(t, ledger.lines, 5)
}
