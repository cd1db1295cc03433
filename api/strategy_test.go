package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/strategy"
)

func sized(kind string, size float64, themes ...string) store.SizedWork {
	return store.SizedWork{ID: "x", Content: pmo.Content{Kind: kind, Size: size, Themes: themes}}
}

func TestStrategySaysWhereTheCapacityGoes(t *testing.T) {
	b := setup(t)
	delivered := sized("programme", 3, "modernization")
	delivered.Delivered = now.AddDate(0, -1, 0)
	old := delivered
	old.Delivered = now.AddDate(-2, 0, 0)
	b.store.sized = map[string][]store.SizedWork{"digital": {sized("support", 6), sized("bug", 0, "service"), delivered, old}}
	assumed := b.api.Policy.Now().AssignPolicy().AssumeSize
	status, doc, _ := b.call(t, "sam", "GET", "/v1/strategy?portfolio=digital", "")
	require.Equal(t, 200, status, doc)
	require.Equal(t, "Digital services", doc["name"])
	require.EqualValues(t, 182, doc["window_days"])
	require.EqualValues(t, 1, doc["assumed"])
	require.Equal(t, map[string]any{"count": 2.0, "size": 6 + assumed, "share": 1.0}, doc["in_process"])
	themes := doc["themes"].([]any)
	service, modern := themes[0].(map[string]any), themes[4].(map[string]any)
	require.InDelta(t, 0.3, service["target"], 1e-9)
	require.InDelta(t, assumed/(6+assumed), service["in_process"].(map[string]any)["share"], 1e-9)
	require.Equal(t, map[string]any{"count": 1.0, "size": 3.0, "share": 1.0}, modern["delivered"])
	guardrails := doc["guardrails"].([]any)
	require.Len(t, guardrails, 3)
	support := guardrails[0].(map[string]any)
	require.Equal(t, true, support["broken"])
	require.Contains(t, support["words"], "Support has 75 % of the work in process (6 of 8 team-weeks); the guardrail is at most 30 %.")
	status, doc, _ = b.call(t, "sam", "GET", "/v1/strategy?portfolio=none", "")
	require.Equal(t, 422, status, doc)
}

// A line of the backlog and the explanation of a rank say what the pull would do to the guardrails as they stand now, and the numbers.
func TestWaitingLinesSayWhatTheirPullWouldDoToGuardrails(t *testing.T) {
	b := setup(t)
	b.store.sized = map[string][]store.SizedWork{"digital": {sized("support", 6), sized("data", 4)}}
	row := b.store.rows[requestA]
	row.Content.Kind, row.Content.Size, row.Portfolio = "support", 5, "digital"
	b.store.rows[requestA] = row
	b.store.lines = []store.RankedRequest{{ID: requestA, Number: 1, Title: "Help", Rank: 1, Scored: true, Class: "standard"}}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/backlog", "")
	line := doc["items"].([]any)[0].(map[string]any)
	_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/explanation", "")
	for _, said := range []any{line["if_pulled"], doc["rank"].(map[string]any)["if_pulled"]} {
		effect := said.([]any)[0].(map[string]any)
		require.Equal(t, []any{"support", 0.6, 11.0 / 15, true}, []any{effect["of"], effect["before"], effect["share"], effect["broken"]})
		require.NotContains(t, effect, "towards")
		require.Equal(t, "against a guardrail: Support then has 73.3 % of the work in process, the guardrail is at most 30 %", effect["words"])
	}
}

// What is not kept is flagged with the numbers on the board and on the first page of the backlog.
func TestBoardAndBacklogFlagGuardrails(t *testing.T) {
	b := setup(t)
	b.store.sized = map[string][]store.SizedWork{"digital": {sized("support", 6), sized("data", 4)}}
	for _, path := range []string{"/v1/board", "/v1/board?portfolio=digital", "/v1/backlog"} {
		_, doc, _ := b.call(t, "sam", "GET", path, "")
		flags := doc["guardrails"].([]any)
		require.Len(t, flags, 1, path)
		require.EqualValues(t, 0.6, flags[0].(map[string]any)["share"])
	}
	b.store.sized = map[string][]store.SizedWork{"digital": {sized("support", 3), sized("data", 7)}}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/board", "")
	require.NotContains(t, doc, "guardrails", "kept: exactly at its bound")
	require.Empty(t, strategy.Broken(nil))
}

// What was delivered is read once, and again when another request is delivered; what has a slot is read each time.
func TestDeliveredWorkIsReadAgainWhenItChanges(t *testing.T) {
	b := setup(t)
	delivered := sized("programme", 3)
	delivered.Delivered = now.AddDate(0, -1, 0)
	counts := func() (inProcess, done any) {
		_, doc, _ := b.call(t, "sam", "GET", "/v1/strategy?portfolio=digital", "")
		return doc["in_process"].(map[string]any)["count"], doc["delivered"].(map[string]any)["count"]
	}
	for _, list := range [][]store.SizedWork{
		{sized("support", 6), delivered}, {delivered}, {sized("bug", 1), sized("bug", 1), delivered, delivered}, {delivered}, {},
	} {
		b.store.sized = map[string][]store.SizedWork{"digital": list}
		want := map[bool]int{}
		for _, w := range list {
			want[w.Delivered.IsZero()]++
		}
		for range 2 {
			inProcess, done := counts()
			require.EqualValues(t, want[true], inProcess)
			require.EqualValues(t, want[false], done)
		}
	}
}
