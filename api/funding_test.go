package api

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
)

func TestFundingOfTheRankedBacklog(t *testing.T) {
	b := setup(t)
	b.store.fundable = []store.Fundable{
		{ID: "x", Number: 9, Title: "Outage", Rank: 1, Class: "expedite"},
		{ID: "d", Number: 8, Title: "Law", Rank: 2, Class: "fixed_date", Size: 1},
		{ID: "a", Number: 1, Title: "Portal", Rank: 3, Class: "standard", Scored: true, Value: 20, Size: 4},
		{ID: "b", Number: 2, Title: "Ledger", Rank: 4, Class: "standard", Scored: true, Value: 24, Size: 6},
		{ID: "c", Number: 3, Title: "Directory", Rank: 5, Class: "standard", Scored: true, Value: 3, Size: 3},
		{ID: "e", Number: 4, Title: "Search", Rank: 6, Class: "standard", Scored: true, Value: 32, Size: 3},
		{ID: "f", Number: 5, Title: "Later", Rank: 7, Class: "fixed_date"},
	}
	assumed := b.api.Policy.Now().AssignPolicy().AssumeSize
	capacity := "capacity=" + jsonOf(t, 11+assumed)
	status, doc, _ := b.call(t, "sam", "GET", "/v1/funding?needs=R-4:R-3&"+capacity, "")
	require.Equal(t, 200, status, doc)
	require.Equal(t, "digital", doc["portfolio"])
	require.EqualValues(t, 1, doc["unscored"], "a fixed date that is not due and has no score")
	require.EqualValues(t, 2, doc["unranked"])
	require.EqualValues(t, 4, doc["cut_line"])
	require.Equal(t, map[string]any{"count": 4.0, "value": 44.0, "size": 11 + assumed}, doc["list"])
	require.Equal(t, map[string]any{"count": 5.0, "value": 55.0, "size": 11 + assumed}, doc["set"])
	require.EqualValues(t, 11, doc["gain"])
	require.Equal(t, true, doc["proven"])
	items := doc["items"].([]any)
	require.Len(t, items, 6)
	outage, ledger, directory := items[0].(map[string]any), items[3].(map[string]any), items[4].(map[string]any)
	require.Equal(t, true, outage["must"])
	require.Equal(t, true, outage["size_assumed"])
	require.Equal(t, "less", ledger["reason"])
	require.Equal(t, "It brings 4 for each team-week; what takes its place brings 5.83.", ledger["why"])
	require.Equal(t, []any{"R-4"}, directory["needed_by"])
	require.Equal(t, []any{"R-3"}, items[5].(map[string]any)["needs"])
	require.Equal(t, "The set gains 11: R-3 and R-4 instead of R-2.", doc["words"].([]any)[1])
}

func TestFundingRefusesWhatItCannotUse(t *testing.T) {
	b := setup(t)
	b.store.fundable = []store.Fundable{{ID: "a", Number: 1, Rank: 1, Class: "standard", Scored: true, Value: 1, Size: 1}, {ID: "b", Number: 2, Rank: 2, Class: "standard", Scored: true, Value: 1, Size: 1}}
	for query, want := range map[string]string{
		"":                                 "capacity",
		"capacity=-1":                      "capacity",
		"capacity=x":                       "capacity",
		"capacity=5&portfolio=none":        "portfolio",
		"capacity=5&needs=R-1":             "needs",
		"capacity=5&needs=R-1:R-7":         "not in the ranked backlog",
		"capacity=5&needs=R-1:R-2,R-2:R-1": "form a cycle: R-1 needs R-2 needs R-1",
	} {
		status, doc, _ := b.call(t, "sam", "GET", "/v1/funding?"+query, "")
		require.Equal(t, 422, status, "%s: %v", query, doc)
		require.Contains(t, jsonOf(t, doc), want)
	}
	b.store.fundable = nil
	status, doc, _ := b.call(t, "sam", "GET", "/v1/funding?capacity=5", "")
	require.Equal(t, 200, status)
	require.Empty(t, doc["items"])
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}
