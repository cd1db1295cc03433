package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

var smaller = []string{"size > 12 ||", "size > 2 ||"}

func replayBody(t *testing.T, limit int, cursor string) string {
	t.Helper()
	var proposed wire.ProposePolicy
	require.NoError(t, json.Unmarshal([]byte(proposing(t, "x", true, smaller...)), &proposed))
	body, err := json.Marshal(wire.ReplayPolicy{YAML: proposed.YAML, Limit: limit, Cursor: cursor})
	require.NoError(t, err)
	return string(body)
}

func TestAPolicyIsRunOverThePast(t *testing.T) {
	b := setup(t)
	doc := propose(t, b, smaller...)
	link := doc["link"].(string) + "/replay"
	for _, call := range []struct{ method, path, body string }{{"GET", link, ""}, {"POST", "/v1/what-if/policy", replayBody(t, 0, "")}} {
		status, shown, _ := b.call(t, "sam", call.method, call.path, call.body)
		require.Equal(t, http.StatusOK, status, shown)
		require.EqualValues(t, 2, shown["requests"])
		require.EqualValues(t, 3, shown["more"])
		require.EqualValues(t, 1, shown["lanes"], "the default policy would have put R-2 into express, this one too")
		require.NotEmpty(t, shown["limits"])
		line := shown["items"].([]any)[0].(map[string]any)
		require.Equal(t, "R-2", line["ref"])
		require.Equal(t, "major", line["was"].(map[string]any)["lane"])
		require.Equal(t, "express", line["then"].(map[string]any)["lane"])
		require.Contains(t, line["words"], "Lane express instead of major.")
		require.Contains(t, line["words"], "The rules in force lead there too.")
	}
	status, refused, _ := b.call(t, "sam", "POST", "/v1/what-if/policy", `{"yaml":"x: 1"}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, pointers(refused), "/yaml")
	status, refused, _ = b.call(t, "sam", "POST", "/v1/what-if/policy", replayBody(t, 1, "nonsense"))
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, pointers(refused), "/cursor")
	status, _, _ = b.call(t, "sam", "GET", "/v1/policy/proposals/00000000-0000-7000-8000-000000000099/replay", "")
	require.Equal(t, http.StatusNotFound, status)
}

// Lines come in pages, and those that one may not read are counted only.
func TestTheReplayIsPagedAndHidesWhatOneMayNotRead(t *testing.T) {
	b := setup(t)
	var proposed map[string]any
	require.NoError(t, json.Unmarshal([]byte(proposing(t, "x", true, "size > 12 ||", "size > 50 ||")), &proposed))
	body := func(cursor string) string {
		text, err := json.Marshal(map[string]any{"yaml": proposed["yaml"], "limit": 1, "cursor": cursor})
		require.NoError(t, err)
		return string(text)
	}
	status, first, _ := b.call(t, "sam", "POST", "/v1/what-if/policy", body(""))
	require.Equal(t, http.StatusOK, status, first)
	require.Len(t, first["items"], 1)
	status, second, _ := b.call(t, "sam", "POST", "/v1/what-if/policy", body(first["next"].(string)))
	require.Equal(t, http.StatusOK, status, second)
	require.Equal(t, "R-1", second["items"].([]any)[0].(map[string]any)["ref"])
	require.NotContains(t, second, "next")
	b.store.unreadable = []string{requestB}
	_, hidden, _ := b.call(t, "sam", "POST", "/v1/what-if/policy", body(""))
	text, err := json.Marshal(hidden["items"])
	require.NoError(t, err)
	require.Equal(t, "[]", string(text))
	require.EqualValues(t, 1, hidden["hidden"])
}
