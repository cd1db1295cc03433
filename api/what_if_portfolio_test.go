package api

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

func whatIfPortfolio(t *testing.T, b *bundle, who, body string) wire.PortfolioSimulation {
	t.Helper()
	status, doc, _ := b.call(t, who, "POST", "/v1/what-if/portfolio", body)
	require.Equal(t, 200, status, doc)
	raw, err := json.Marshal(doc)
	require.NoError(t, err)
	var got wire.PortfolioSimulation
	require.NoError(t, json.Unmarshal(raw, &got))
	return got
}

func TestTheNextHalfYear(t *testing.T) {
	b := setup(t)
	got := whatIfPortfolio(t, b, "petra", `{}`)
	require.Equal(t, 26, got.Weeks)
	require.Equal(t, 20, got.Runs)
	require.Equal(t, 100, got.Basis.Arrivals)
	require.Equal(t, 20, got.Basis.Backlog)
	require.Equal(t, []string{"falcon"}, got.Basis.OwnPace)
	require.InDelta(t, 2, got.Basis.PerWeek, 0.1)
	require.Len(t, got.Now.Weeks, 26)
	require.Equal(t, 20.0, got.Now.Weeks[0].Backlog.P50+got.Now.Weeks[0].WIP.P50, "nothing has come yet")
	require.Positive(t, got.Now.Delivered.P50)
	require.LessOrEqual(t, got.Now.Value.P85, got.Now.Value.P50)
	require.Len(t, got.Now.Classes, 4)
	for _, w := range got.Now.Teams[0].Weeks {
		require.LessOrEqual(t, w.Load.P85, w.Most)
	}
	require.Nil(t, got.Then)
	require.Equal(t, got, whatIfPortfolio(t, b, "petra", `{"portfolio":"digital","weeks":26}`), "asked again, it is the same")
}

func TestAnotherTeamInTheNextHalfYear(t *testing.T) {
	b := setup(t)
	got := whatIfPortfolio(t, b, "rita", `{"weeks":12,"changes":[{"name":"Heron","capacity":8,"skills":["web:3"]}]}`)
	require.Positive(t, got.Difference.Value.Mean)
	require.Greater(t, got.Then.Delivered.P50, got.Now.Delivered.P50)
	require.Empty(t, got.Other, "the policy is the same")
	require.Len(t, got.Then.Teams, 2)
	require.True(t, got.Then.Teams[0].New, "%v", got.Then.Teams)
	require.Len(t, got.Now.Teams, 1)

	got = whatIfPortfolio(t, b, "rita", `{"weeks":12,"wip_limit":3}`)
	require.NotEmpty(t, got.Other)
	require.Negative(t, got.Difference.Delivered.Mean)
	for _, w := range got.Then.Weeks {
		require.LessOrEqual(t, w.WIP.P85, 3.0)
	}
	got = whatIfPortfolio(t, b, "rita", `{"weeks":12,"changes":[{"team":"falcon","load_ceiling":0.8}]}`)
	require.Zero(t, got.Difference.Value.Mean, "what changes nothing differs in nothing")
}

// TestSharedResourcesInTheNextHalfYear: one that all need lets one begin at a time, and it is said how many wait for it.
func TestSharedResourcesInTheNextHalfYear(t *testing.T) {
	b := setup(t)
	require.Empty(t, whatIfPortfolio(t, b, "petra", `{"weeks":8}`).Now.Resources)
	b.api.Backlogs = fakeBacklogs{shared: true}
	got := whatIfPortfolio(t, b, "petra", `{"weeks":8}`).Now.Resources
	require.Len(t, got, 1)
	require.Equal(t, "Staging", got[0].Name)
	require.Len(t, got[0].Weeks, 8)
	first := got[0].Weeks[0]
	require.Equal(t, []float64{1, 1, 1}, []float64{first.Amount, first.Used.P50, first.Used.P85})
	require.Equal(t, 19.0, first.Waiting.P50)
}

// TestAThinPastIsSaid in words and as numbers, and no figure is given.
func TestAThinPastIsSaid(t *testing.T) {
	b := setup(t)
	b.api.Backlogs = fakeBacklogs{young: true}
	got := whatIfPortfolio(t, b, "petra", `{}`)
	require.True(t, got.CannotSimulate)
	require.Contains(t, got.Why, "only 0 requests came into the backlog")
	require.Equal(t, "arrivals", got.Lacks)
	require.Equal(t, 10, got.Needed)
	require.Nil(t, got.Now)
	require.Zero(t, got.Runs)
}

func TestAWrongQuestionAboutTheNextHalfYearNamesTheField(t *testing.T) {
	b := setup(t)
	for body, field := range map[string]string{
		`{"portfolio":"nowhere"}`:                       "/portfolio",
		`{"weeks":3}`:                                   "/weeks",
		`{"weeks":53}`:                                  "/weeks",
		`{"wip_limit":1}`:                               "/wip_limit", // less than is reserved
		`{"wip_limit":0}`:                               "/wip_limit",
		`{"model":"best"}`:                              "/model",
		`{"value":-1}`:                                  "/value",
		`{"yaml":"version: ["}`:                         "/yaml",
		`{"changes":[{"team":"gone"}]}`:                 "/changes/0/team",
		`{"changes":[{"name":"Heron"}]}`:                "/changes/0/capacity",
		`{"changes":[{"team":"falcon","capacity":-1}]}`: "/changes/0/capacity",
		`{"changes":[{"team":"falcon","load_ceiling":1.01}]}`: "/changes/0/load_ceiling",
	} {
		status, doc, _ := b.call(t, "petra", "POST", "/v1/what-if/portfolio", body)
		require.Equal(t, 422, status, body)
		require.Equal(t, field, doc["errors"].([]any)[0].(map[string]any)["pointer"], body)
	}
}
