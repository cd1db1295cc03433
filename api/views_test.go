package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// TestViewsAreTheirPersons: nobody reads or changes a view of another, and what is kept is a filter and nothing else.
func TestViewsAreTheirPersons(t *testing.T) {
	b := setup(t)
	const path = "/v1/me/views/" + requestB
	status, doc, _ := b.call(t, "sam", "PUT", path, `{"name":" My  team ","filter":{"team":"falcon","days_in_stage":14},"default":true}`)
	require.Equal(t, http.StatusOK, status, doc)
	require.Equal(t, "My team", doc["name"])
	require.Equal(t, map[string]any{"team": "falcon", "days_in_stage": 14.0}, doc["filter"])
	_, doc, _ = b.call(t, "sam", "GET", "/v1/me/views", "")
	require.Len(t, doc["items"], 1)
	_, doc, _ = b.call(t, "rita", "GET", "/v1/me/views", "")
	require.Empty(t, doc["items"])
	status, _, _ = b.call(t, "rita", "DELETE", path, "")
	require.Equal(t, http.StatusNoContent, status)
	_, doc, _ = b.call(t, "sam", "GET", "/v1/me/views", "")
	require.Len(t, doc["items"], 1)
	status, doc, _ = b.call(t, "sam", "PUT", "/v1/me/views/"+requestA, `{"name":"My team","filter":{}}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/name"}, pointers(doc))
	for pointer, body := range map[string]string{"/name": `{"name":"   ","filter":{}}`, "/filter/colour": `{"name":"x","filter":{"colour":"red"}}`,
		"/filter/text": `{"name":"x","filter":{"text":"` + strings.Repeat("x", 201) + `"}}`, "/filter/sort": `{"name":"x","filter":{"sort":"colour"}}`} {
		status, doc, _ = b.call(t, "sam", "PUT", "/v1/me/views/"+requestA, body)
		require.Equal(t, http.StatusUnprocessableEntity, status, body)
		require.Equal(t, []string{pointer}, pointers(doc), body)
	}
}

// TestEveryListTakesTheSameFilters: what is asked for reaches the store, for the reader.
func TestEveryListTakesTheSameFilters(t *testing.T) {
	b := setup(t)
	const query = "?portfolio=digital&theme=service&kind=bug&team=otter&class=expedite&requester=rita&text=road&days_in_stage=14"
	for _, path := range []string{"/v1/requests", "/v1/board", "/v1/backlog", "/v1/reports/flow"} {
		b.store.filter = store.Filter{}
		status, doc, _ := b.call(t, "sam", "GET", path+query, "")
		require.Equal(t, http.StatusOK, status, doc)
		got := b.store.filter
		got.Limit, got.Sort = 0, ""
		require.Equal(t, store.Filter{Portfolio: "digital", Theme: "service", Kind: "bug", Team: "otter", Class: "expedite", Requester: "rita", Text: "road",
			StageBefore: got.StageBefore, Viewer: "sam"}, got, path)
		require.WithinDuration(t, now.AddDate(0, 0, -14), got.StageBefore, time.Second, path)
		status, _, _ = b.call(t, "sam", "GET", path+"?days_in_stage=-1", "")
		require.Equal(t, http.StatusUnprocessableEntity, status, path)
	}
}

func TestTheBoardHasTheLimits(t *testing.T) {
	b := setup(t)
	b.store.slots = []store.SlotsTaken{{Portfolio: "digital", Class: pmo.ClassExpedite, Count: 1}, {Portfolio: "digital", Class: pmo.ClassStandard, Count: 40}, {Portfolio: "other", Class: pmo.ClassStandard, Count: 3}}
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "otter", Name: "Otter", Portfolio: "digital", WIPLimit: 2}, WIP: 1}}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/board", "")
	require.Len(t, doc["columns"], len(pmo.Stages()))
	limits := map[string]map[string]any{}
	for _, l := range doc["limits"].([]any) {
		limit := l.(map[string]any)
		limits[limit["on"].(string)+" "+limit["name"].(string)] = limit
	}
	whole := b.api.Policy.Now().Document().Portfolios[0]
	require.Equal(t, 40.0, limits["portfolio "+whole.Name]["taken"], "expedite has a lane of its own, and other portfolios limits of theirs")
	require.Equal(t, true, limits["portfolio "+whole.Name]["full"])
	require.Equal(t, 1.0, limits["class expedite"]["taken"])
	require.Equal(t, map[string]any{"on": "team", "portfolio": "digital", "team": "otter", "name": "Otter", "taken": 1.0, "limit": 2.0, "full": false}, limits["team Otter"])
	status, doc, _ := b.call(t, "sam", "GET", "/v1/board?portfolio=none", "")
	require.Equal(t, http.StatusUnprocessableEntity, status, doc)
}
