package web

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// The whole question is in the address: who is given it asks the same, and is answered as themselves.
func TestScenariosAreSideBySideAndSharedByLink(t *testing.T) {
	b := newBrowser(t)
	answer := wire.WhatIfAnswer{At: now, Portfolio: "digital", Policy: "2 (abc)", Scenarios: []wire.ScenarioAnswer{
		{Effect: wire.BacklogEffect{Portfolio: "digital", Count: 3, Moved: 1, Lines: []wire.EffectLine{{ID: "hypothetical", Ref: "–", Title: "<b>New</b>", Then: wire.EffectPlace{Rank: 1}}}}},
		{Effect: wire.BacklogEffect{Portfolio: "digital", Count: 2}}}}
	b.api.answers["POST /v1/what-if/prioritization"] = answer
	b.signIn("sam")
	require.Contains(t, b.text(b.do("GET", "/what-if", nil)), "s3.time")
	require.NotContains(t, b.api.sent, "POST /v1/what-if/prioritization", "nothing was asked")
	const link = "/what-if?s1.more=business_value%3D13+job_size%3D2&s1.time=5&s3.without=R-7%2C+R-9"
	page := b.text(b.do("GET", link+"&s2.name=", nil))
	require.Contains(t, page, "&lt;b&gt;New&lt;/b&gt;")
	require.Contains(t, page, `href="/what-if?s1.more=business_value%3D13&#43;job_size%3D2&amp;s1.time=5&amp;s3.without=R-7%2C&#43;R-9"`)
	var asked wire.WhatIf
	require.NoError(t, json.Unmarshal(b.api.sent["POST /v1/what-if/prioritization"], &asked))
	require.Len(t, asked.Scenarios, 2)
	require.EqualValues(t, 5, *asked.Scenarios[0].Time)
	require.EqualValues(t, 13, *asked.Scenarios[0].More.Inputs.BusinessValue)
	require.Equal(t, []string{"R-7", "R-9"}, asked.Scenarios[1].Without)

	require.Equal(t, http.StatusUnprocessableEntity, b.do("GET", "/what-if?s1.time=soon", nil).StatusCode)
	b.api.refuse["POST /v1/what-if/prioritization"] = problem.InvalidFields([]problem.Field{{Pointer: "/scenarios/0/without/0", Detail: "is no request that waits in the backlog"}})
	response := b.do("GET", "/what-if?s2.without=R-99", nil)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), "is no request that waits in the backlog")
}

// With a capacity the scenarios say beside each other what is funded.
func TestScenariosSayWhatIsFunded(t *testing.T) {
	b := newBrowser(t)
	funding := &wire.ScenarioFunding{CapacityNow: 10, Capacity: 12, Now: wire.FundingSum{Count: 3, Value: 30, Size: 9}, Then: wire.FundingSum{Count: 4, Value: 41, Size: 11.5}, Proven: true,
		Lines: []wire.FundingChange{{ID: "x", Ref: "R-7", Title: "<b>Ledger</b>", Size: 2, Then: true, Link: "/x"}, {ID: "y", Ref: "R-9", Title: "Roads", Size: 3, Now: true, SizeAssumed: true, Link: "/y"}}}
	b.api.answers["POST /v1/what-if/prioritization"] = wire.WhatIfAnswer{At: now, Policy: "2 (abc)", Scenarios: []wire.ScenarioAnswer{{Effect: wire.BacklogEffect{Portfolio: "digital", Count: 3, Moved: 1}, Funding: funding}}}
	b.signIn("sam")
	page := b.text(b.do("GET", "/what-if?capacity=10&s1.capacity=12&s1.name=More", nil))
	for _, said := range []string{"4 instead of 3", "11.5 of 12, instead of 9", "joins", "&lt;b&gt;Ledger", "leaves", "Side by side", "Scenario 1: More"} {
		require.Contains(t, page, said)
	}
	var asked wire.WhatIf
	require.NoError(t, json.Unmarshal(b.api.sent["POST /v1/what-if/prioritization"], &asked))
	require.InDelta(t, 10, *asked.Capacity, 0)
	require.InDelta(t, 12, *asked.Scenarios[0].Capacity, 0)
	require.Equal(t, http.StatusUnprocessableEntity, b.do("GET", "/what-if?capacity=lots&s1.time=5", nil).StatusCode)
}
