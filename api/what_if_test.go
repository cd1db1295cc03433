package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func whatIf(t *testing.T, b *bundle, who, body string) map[string]any {
	t.Helper()
	status, doc, _ := b.call(t, who, "POST", "/v1/what-if/prioritization", body)
	require.Equal(t, http.StatusOK, status, doc)
	return doc
}

func scenarioLines(doc map[string]any, i int) []any {
	return doc["scenarios"].([]any)[i].(map[string]any)["effect"].(map[string]any)["lines"].([]any)
}

func TestWhatIfSaysWhoMoves(t *testing.T) {
	b := setup(t)
	doc := whatIf(t, b, "petra", `{"scenarios":[{"name":"Urgent first","time":5},{"without":["r-1"]},{"more":{"title":"New","inputs":{"business_value":20,"time_criticality":20,"risk_reduction":20,"job_size":1}}}]}`)
	require.Len(t, doc["scenarios"], 3)
	first := scenarioLines(doc, 0)[0].(map[string]any)
	require.Equal(t, "R-2", first["ref"])
	require.Equal(t, "policy", first["causes"].([]any)[0].(map[string]any)["kind"])
	require.EqualValues(t, 1, first["causes"].([]any)[0].(map[string]any)["places"])

	without := scenarioLines(doc, 1)
	require.Equal(t, "R-2", without[0].(map[string]any)["ref"])
	require.Equal(t, "departure", without[0].(map[string]any)["causes"].([]any)[0].(map[string]any)["kind"])
	require.EqualValues(t, 0, without[1].(map[string]any)["then"].(map[string]any)["rank"], "R-1 is not there")

	more := scenarioLines(doc, 2)
	require.Equal(t, "New", more[0].(map[string]any)["title"])
	require.Len(t, more, 3, "both others give way")
	require.Empty(t, b.store.proposals)
}

// A scenario is judged by the checker of policies, and names no request that the reader may not read.
func TestWhatIfRefusesWhatCannotBe(t *testing.T) {
	b := setup(t)
	b.store.unreadable = []string{requestB}
	var said []string
	for name, c := range map[string]struct{ body, pointer string }{
		"unreadable":     {`{"scenarios":[{"without":["R-2"]}]}`, "/scenarios/0/without/0"},
		"unknown":        {`{"scenarios":[{"without":["R-99"]}]}`, "/scenarios/0/without/0"},
		"no criteria":    {`{"scenarios":[{"model":"weighted"}]}`, "/scenarios/0"},
		"no policy":      {`{"scenarios":[{"yaml":"x: 1"}]}`, "/scenarios/0/yaml"},
		"not on a scale": {`{"scenarios":[{"more":{"inputs":{"business_value":4}}}]}`, "/scenarios/0/more/inputs/business_value"},
		"no class":       {`{"scenarios":[{"more":{"class":"x","inputs":{}}}]}`, "/scenarios/0/more/class"},
		"no portfolio":   {`{"portfolio":"x","scenarios":[{}]}`, "/portfolio"},
	} {
		status, doc, _ := b.call(t, "sam", "POST", "/v1/what-if/prioritization", c.body)
		require.Equal(t, http.StatusUnprocessableEntity, status, name)
		require.Contains(t, pointers(doc), c.pointer, name)
		if name == "unreadable" || name == "unknown" {
			text, _ := json.Marshal(doc["errors"])
			said = append(said, string(text))
		}
	}
	require.Equal(t, said[0], said[1])
	text, _ := json.Marshal(whatIf(t, b, "sam", `{"scenarios":[{"time":5}]}`))
	require.NotContains(t, string(text), "R-2")
	require.Contains(t, string(text), `"hidden":1`)
}

// What was asked is answered as a run would rank: a scenario without a change moves nobody.
func TestWhatIfNothingChangesNothingMoves(t *testing.T) {
	b := setup(t)
	require.Empty(t, scenarioLines(whatIf(t, b, "sam", `{"scenarios":[{}]}`), 0))
	require.Empty(t, scenarioLines(whatIf(t, b, "sam", `{"scenarios":[{"time":1}]}`), 0), "the weight it has")
}

// With a capacity a scenario says who is funded by it and who no longer is, as far as one may read them.
func TestWhatIfSaysWhatIsFunded(t *testing.T) {
	b := setup(t)
	doc := whatIf(t, b, "petra", `{"capacity":2,"scenarios":[{"time":20},{"capacity":3},{"more":{"title":"New","size":1,"inputs":{"business_value":20,"time_criticality":20,"risk_reduction":20,"job_size":1}}}]}`)
	funding := func(i int) map[string]any {
		return doc["scenarios"].([]any)[i].(map[string]any)["funding"].(map[string]any)
	}
	refs := func(i int) (list []string) {
		for _, l := range funding(i)["lines"].([]any) {
			line := l.(map[string]any)
			list = append(list, fmt.Sprint(line["ref"], " ", line["now"], " ", line["then"]))
		}
		return list
	}
	require.Equal(t, []string{"R-2 false true", "R-1 true false"}, refs(0), "urgent work of two weeks instead of valuable work of one")
	require.Equal(t, []string{"R-2 false true"}, refs(1), "there is room for both")
	require.EqualValues(t, 2, funding(1)["capacity_now"])
	require.EqualValues(t, 3, funding(1)["capacity"])
	require.EqualValues(t, 3, funding(1)["then"].(map[string]any)["size"])
	require.Equal(t, []string{"– false true"}, refs(2))
	require.Equal(t, "New", funding(2)["lines"].([]any)[0].(map[string]any)["title"])

	b.store.unreadable = []string{requestB}
	doc = whatIf(t, b, "sam", `{"capacity":3,"scenarios":[{"time":20}]}`)
	text, err := json.Marshal(funding(0))
	require.NoError(t, err)
	require.NotContains(t, string(text), "R-2")
	require.EqualValues(t, 1, funding(0)["then"].(map[string]any)["count"])
	_, doc, _ = b.call(t, "petra", "POST", "/v1/what-if/prioritization", `{"scenarios":[{"time":20}]}`)
	require.NotContains(t, doc["scenarios"].([]any)[0], "funding", "nobody asked")
}
