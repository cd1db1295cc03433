package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/policy"
	"leanpmo/internal/wire"
)

func withPolicies(b *browser) {
	difference := &policy.RulesDifference{No: []string{"rank was this."}, New: []string{"rank is <that>."}, Changes: []policy.RuleChange{{Path: "scoring.weights.business_value", Before: "1", After: "3"}}}
	effect := &wire.PolicyEffect{At: now, Limits: []string{"Not everything."}, Portfolios: []wire.BacklogEffect{{Portfolio: "digital", Count: 9, Moved: 2, Pulled: 2, PulledNow: 1, Hidden: 4, More: 5,
		Lines: []wire.EffectLine{{ID: "x", Ref: "R-7", Title: "<i>Ledger</i>", Now: wire.EffectPlace{Rank: 4}, Then: wire.EffectPlace{Rank: 1, Pulled: true}, Because: "3 up by policy", Link: "/v1/requests/x"}}}}}
	proposal := wire.PolicyProposal{ID: "p1", Version: 3, Base: 2, InForce: 2, State: "open", Proposer: "petra", At: now, Reason: "Value counts more.", Difference: difference, Effect: effect}
	b.api.answers["GET /v1/policy/proposals"] = wire.Page[wire.PolicyProposal]{Items: []wire.PolicyProposal{proposal}, Next: "older"}
	b.api.answers["GET /v1/policy/proposals/p1"] = proposal
	b.api.answers["GET /v1/policy/proposals/p1/effect"] = effect
	b.api.answers["GET /v1/policy/proposals/p1/replay"] = wire.PolicyReplay{At: now, From: now, Policy: "2 (abc)", Requests: 12, Lanes: 3, Reviewed: 9, Routes: 4, Ranked: 8, Ranks: 5, Earlier: 2, Later: 1,
		Review: wire.ReplayWait{Now: 3, Then: 1.5, Of: 9}, Limits: []string{"Not everything."}, Next: "7/x", Hidden: 1, More: 6,
		Items: []wire.ReplayLine{{ID: "x", Ref: "R-7", Title: "<i>Ledger</i>", Words: []string{"Lane express instead of standard."}, Amended: true}}}
	b.api.answers["GET /v1/policy/versions"] = wire.Page[wire.PolicyVersion]{Items: []wire.PolicyVersion{{Version: 2, Since: now, InForce: true, Actor: "paul", Proposer: "petra", Proposal: "p0"}, {Version: 1, Since: now, Actor: "operator"}}}
	b.api.answers["GET /v1/policy/versions/1"] = wire.PolicyVersion{Version: 1, Since: now, Actor: "operator", Difference: difference, YAML: "version: 1"}
	b.api.answers["POST /v1/policy"] = proposal
	for _, step := range []string{"accept", "reject", "withdraw"} {
		b.api.answers["POST /v1/policy/proposals/p1/"+step] = proposal
	}
}

func TestPoliciesAreProposedOnPages(t *testing.T) {
	b := newBrowser(t)
	withPolicies(b)
	b.signIn("petra")
	page := b.text(b.do("GET", "/policy/proposals", nil))
	require.Contains(t, page, "/policy/propose")
	require.Contains(t, page, "/policy/proposals/p1")
	require.Contains(t, page, "From a policy file")
	page = b.text(b.do("GET", "/policy/versions/1", nil))
	require.Contains(t, page, "/policy/propose?returns_to=1")

	form := url.Values{"key": {"k"}, "yaml": {"version: 3"}, "reason": {"Value."}, "try": {"yes"}}
	page = b.text(b.do("POST", "/policy/propose", form))
	require.Contains(t, page, "Rank is &lt;that&gt;.")
	require.Contains(t, page, "↑ 3")
	require.Contains(t, page, "version: 3", "the form keeps what was typed")
	form.Del("try")
	response := b.do("POST", "/policy/propose", form)
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.Equal(t, "/policy/proposals/p1", response.Header.Get("Location"))
	var sent wire.ProposePolicy
	require.NoError(t, json.Unmarshal(b.api.sent["POST /v1/policy"], &sent))
	require.Equal(t, wire.ProposePolicy{YAML: "version: 3", Reason: "Value."}, sent)
	b.do("POST", "/policy/propose", url.Values{"key": {"k"}, "returns_to": {"1"}, "reason": {"Better."}})
	require.NoError(t, json.Unmarshal(b.api.sent["POST /v1/policy"], &sent))
	require.Equal(t, wire.ProposePolicy{ReturnsTo: 1, Reason: "Better."}, wire.ProposePolicy{ReturnsTo: sent.ReturnsTo, Reason: sent.Reason})
}

// The proposer is offered to take it back, another of the PMO to decide, and everybody else to read.
func TestAProposalOffersWhatOneMay(t *testing.T) {
	for who, steps := range map[string][]string{"petra": {"withdraw"}, "paul": {"accept", "reject"}, "sam": nil} {
		b := newBrowser(t)
		withPolicies(b)
		b.signIn(who)
		page := b.text(b.do("GET", "/policy/proposals/p1", nil))
		require.Contains(t, page, "&lt;i&gt;Ledger&lt;/i&gt;")
		for _, step := range []string{"accept", "reject", "withdraw"} {
			offered := false
			for _, s := range steps {
				offered = offered || s == step
			}
			if offered {
				require.Contains(t, page, "/policy/proposals/p1/"+step, who)
			} else {
				require.NotContains(t, page, "/policy/proposals/p1/"+step, who)
			}
		}
	}
	b := newBrowser(t)
	withPolicies(b)
	b.signIn("paul")
	require.Contains(t, b.text(b.do("GET", "/policy/proposals/p1/accept", nil)), "take force at once")
	response := b.do("POST", "/policy/proposals/p1/reject", url.Values{"key": {"k"}, "reason": {""}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	response = b.do("POST", "/policy/proposals/p1/accept", url.Values{"key": {"k"}})
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
}

// The past is run over only where the address asks for it: it takes seconds.
func TestAProposalIsRunOverThePast(t *testing.T) {
	b := newBrowser(t)
	withPolicies(b)
	b.signIn("sam")
	page := b.text(b.do("GET", "/policy/proposals/p1", nil))
	require.Contains(t, page, "/policy/proposals/p1?past=365#h-past")
	require.NotContains(t, page, "Lane express")
	page = b.text(b.do("GET", "/policy/proposals/p1?past=90", nil))
	for _, said := range []string{"Lane express instead of standard.", "&lt;i&gt;Ledger&lt;/i&gt;", "3 of 12", "4 of 9", "5 of 8", "2 earlier, 1 later", "Not everything.", "past=90", "after=7%2Fx", "1 are not yours to read."} {
		require.Contains(t, page, said)
	}
}
