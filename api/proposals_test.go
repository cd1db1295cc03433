package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/policy"
	"leanpmo/internal/wire"
)

// proposing is a body that proposes the default policy with changes.
func proposing(t *testing.T, reason string, dry bool, pairs ...string) string {
	t.Helper()
	text := string(policy.Default().Source())
	for i := 0; i+1 < len(pairs); i += 2 {
		require.Contains(t, text, pairs[i])
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	body, err := json.Marshal(wire.ProposePolicy{YAML: text, Reason: reason, Dry: dry})
	require.NoError(t, err)
	return string(body)
}

// urgent counts time more, so that request B overtakes request A.
var urgent = []string{"time_criticality: 1", "time_criticality: 5"}

func propose(t *testing.T, b *bundle, pairs ...string) map[string]any {
	t.Helper()
	status, doc, header := b.call(t, "petra", "POST", "/v1/policy", proposing(t, "Time counts more.", false, pairs...))
	require.Equal(t, http.StatusCreated, status, doc)
	require.Equal(t, doc["link"], header.Get("Location"))
	return doc
}

func TestAProposalSaysWhatItChanges(t *testing.T) {
	b := setup(t)
	status, tried, _ := b.call(t, "petra", "POST", "/v1/policy", proposing(t, "", true, urgent...))
	require.Equal(t, http.StatusOK, status, tried)
	require.Empty(t, b.store.proposals, "dry")
	doc := propose(t, b, urgent...)
	for _, said := range []map[string]any{tried, doc} {
		require.EqualValues(t, 2, said["version"])
		change := said["difference"].(map[string]any)["changes"].([]any)[0].(map[string]any)
		require.Equal(t, "scoring.weights.time_criticality", change["path"])
		backlog := said["effect"].(map[string]any)["portfolios"].([]any)[0].(map[string]any)
		require.EqualValues(t, 2, backlog["moved"])
		first := backlog["lines"].([]any)[0].(map[string]any)
		require.Equal(t, "R-2", first["ref"])
		require.EqualValues(t, 2, first["now"].(map[string]any)["rank"])
		require.EqualValues(t, 1, first["then"].(map[string]any)["rank"])
		require.Contains(t, first["because"], "policy")
	}
	require.Contains(t, doc["yaml"], "version: 2\n", "the version after the one in force")
	status, now, _ := b.call(t, "sam", "GET", doc["link"].(string)+"/effect", "")
	require.Equal(t, 200, status, now)
	require.EqualValues(t, 2, now["portfolios"].([]any)[0].(map[string]any)["moved"])
}

// What a proposal does to a confidential request is nobody's to read but its people's.
func TestTheEffectHidesWhatOneMayNotRead(t *testing.T) {
	b := setup(t)
	doc := propose(t, b, urgent...)
	b.store.unreadable = []string{requestB}
	for _, path := range []string{"", "/effect"} {
		status, shown, _ := b.call(t, "sam", "GET", doc["link"].(string)+path, "")
		require.Equal(t, 200, status)
		text, _ := json.Marshal(shown)
		require.NotContains(t, string(text), "R-2")
		require.NotContains(t, string(text), requestB)
		require.Contains(t, string(text), `"hidden":1`)
	}
}

func TestAnAcceptedProposalIsInForceAtOnce(t *testing.T) {
	b := setup(t)
	b.api.PolicyChanged = func(ctx context.Context) {
		p, _ := b.store.PolicyInForce(ctx)
		taken, err := policy.Parse(p.Source)
		require.NoError(t, err)
		b.api.Policy.Take(taken)
	}
	doc := propose(t, b, urgent...)
	link := doc["link"].(string)
	status, refused, _ := b.call(t, "petra", "POST", link+"/accept", `{}`)
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, refused["detail"], "another member of the PMO")
	for _, who := range []string{"sam", "ada", "theo"} {
		status, _, _ := b.call(t, who, "POST", link+"/accept", `{}`)
		require.Equal(t, http.StatusForbidden, status, who)
	}
	status, accepted, _ := b.call(t, "paul", "POST", link+"/accept", `{"reason":"Agreed."}`, "Idempotency-Key", "k")
	require.Equal(t, 200, status, accepted)
	require.Equal(t, "accepted", accepted["state"])
	require.Equal(t, "paul", accepted["decided_by"])
	status, again, header := b.call(t, "paul", "POST", link+"/accept", `{"reason":"Agreed."}`, "Idempotency-Key", "k")
	require.Equal(t, 200, status, again)
	require.Equal(t, "true", header.Get("Idempotency-Replayed"))
	_, read, _ := b.call(t, "sam", "GET", "/v1/policy", "")
	require.EqualValues(t, 2, read["version"])
	status, late, _ := b.call(t, "paul", "POST", link+"/reject", `{"reason":"No."}`)
	require.Equal(t, http.StatusConflict, status)
	require.Equal(t, "already_decided", late["kind"])

	_, versions, _ := b.call(t, "sam", "GET", "/v1/policy/versions?limit=1", "")
	require.Equal(t, true, versions["items"].([]any)[0].(map[string]any)["in_force"])
	require.Equal(t, "2", versions["next"])
	_, versions, _ = b.call(t, "sam", "GET", "/v1/policy/versions?cursor=2", "")
	require.EqualValues(t, 1, versions["items"].([]any)[0].(map[string]any)["version"])
	_, second, _ := b.call(t, "sam", "GET", "/v1/policy/versions/2", "")
	require.Len(t, second["difference"].(map[string]any)["changes"], 1)

	status, back, _ := b.call(t, "paul", "POST", "/v1/policy", `{"returns_to":1,"reason":"It was better."}`)
	require.Equal(t, http.StatusCreated, status, back)
	require.EqualValues(t, 3, back["version"])
	require.EqualValues(t, 1, back["returns_to"])
	status, _, _ = b.call(t, "petra", "POST", back["link"].(string)+"/accept", `{}`)
	require.Equal(t, 200, status)
	require.True(t, policy.SameRules(policy.Default(), b.api.Policy.Now()))
}

// A proposal made for a version that was replaced says so, and is refused until it is proposed again.
func TestAStaleProposalIsRefused(t *testing.T) {
	b := setup(t)
	first, second := propose(t, b, urgent...), propose(t, b, "business_value: 1", "business_value: 2")
	status, _, _ := b.call(t, "paul", "POST", first["link"].(string)+"/accept", `{}`)
	require.Equal(t, 200, status)
	_, read, _ := b.call(t, "sam", "GET", second["link"].(string), "")
	require.Equal(t, true, read["stale"])
	status, doc, _ := b.call(t, "paul", "POST", second["link"].(string)+"/accept", `{}`)
	require.Equal(t, http.StatusConflict, status)
	require.Equal(t, "stale_revision", doc["kind"])
	status, _, _ = b.call(t, "paul", "POST", second["link"].(string)+"/withdraw", `{}`)
	require.Equal(t, http.StatusForbidden, status, "only the proposer takes it back")
	status, doc, _ = b.call(t, "petra", "POST", second["link"].(string)+"/withdraw", `{}`)
	require.Equal(t, 200, status, doc)
	require.Equal(t, "withdrawn", doc["state"])
	status, doc, _ = b.call(t, "sam", "GET", second["link"].(string)+"/effect", "")
	require.Equal(t, http.StatusConflict, status, doc)
}

func TestAProposalThatCannotBeIsRefusedWithTheField(t *testing.T) {
	b := setup(t)
	for name, c := range map[string]struct{ body, pointer, says string }{
		"the rules in force": {proposing(t, "Why not.", false), "/yaml", "would change nothing"},
		"no reason":          {proposing(t, " ", false, urgent...), "/reason", "needed"},
		"no policy":          {`{"yaml":"nonsense: true","reason":"x"}`, "/yaml", "nonsense"},
		"nothing":            {`{"reason":"x"}`, "/yaml", "is empty"},
		"both":               {`{"yaml":"a","returns_to":1,"reason":"x"}`, "/returns_to", "not both"},
		"no such version":    {`{"returns_to":7,"reason":"x"}`, "/returns_to", "no version 7"},
		"unknown people":     {proposing(t, "x", false, "group: approvers", "group: nobody"), "/yaml", `no group "nobody"`},
	} {
		t.Run(name, func(t *testing.T) {
			status, doc, _ := b.call(t, "petra", "POST", "/v1/policy", c.body)
			require.Equal(t, http.StatusUnprocessableEntity, status, doc)
			text, _ := json.Marshal(doc["errors"])
			require.Contains(t, pointers(doc), c.pointer)
			require.Contains(t, strings.ReplaceAll(string(text), `\"`, `"`), c.says)
		})
	}
	require.Empty(t, b.store.proposals)
	status, _, _ := b.call(t, "sam", "POST", "/v1/policy", proposing(t, "x", false, urgent...))
	require.Equal(t, http.StatusForbidden, status)
}

// A portfolio with open requests is not dropped under them; another process may have forgotten that since.
func TestAPortfolioWithOpenRequestsIsNotDropped(t *testing.T) {
	b := setup(t)
	b.store.openIn = 3
	status, doc, _ := b.call(t, "petra", "POST", "/v1/policy", proposing(t, "x", false, "id: digital\n", "id: other\n"))
	require.Equal(t, http.StatusUnprocessableEntity, status, doc)
	text, _ := json.Marshal(doc)
	require.Contains(t, string(text), "drops the portfolio digital, in which 3 requests are open")
}
