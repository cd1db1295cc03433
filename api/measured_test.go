package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// TestCapacityFollowsFromWhatATeamFinished: it is measured when it is asked for, refused where too little is finished, and given back to who states one.
func TestCapacityFollowsFromWhatATeamFinished(t *testing.T) {
	b := setup(t)
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "falcon", Name: "Falcon", Portfolio: "digital", Leads: []string{"theo"}, Skills: []string{}, Capacity: 4, Revision: 1}}}
	put := func(body string) (int, map[string]any) {
		status, doc, _ := b.call(t, "theo", "PUT", "/v1/teams/falcon", `{"name":"Falcon","portfolio":"digital","leads":["theo"],"skills":[],"revision":1,`+body+`}`)
		return status, doc
	}
	finish := func(n int) {
		for range n {
			end := b.api.Now().AddDate(0, 0, -1)
			b.store.finishedWork = append(b.store.finishedWork, pmo.FinishedWork{Size: 2.6, Started: end.AddDate(0, 0, -70), Ended: end})
		}
	}
	finish(9)
	status, doc := put(`"capacity_measured":true`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/capacity_measured"}, pointers(doc))
	require.Contains(t, doc["errors"].([]any)[0].(map[string]any)["detail"], "and there are 9")
	finish(1)
	status, doc = put(`"capacity_measured":true`)
	require.Equal(t, http.StatusOK, status, doc)
	require.InDelta(t, 10*2.6*10/(71./7)/0.8, doc["capacity"], 0.01, "ten of 2.6 for ten weeks, in ten weeks and a day, at a ceiling of 80 %")
	require.EqualValues(t, 10, doc["finished"].(map[string]any)["requests"])

	b.store.teams[0].Team = *b.store.saved
	b.store.teams[0].Revision, b.store.finishedWork = 1, nil
	status, doc = put(`"wip_limit":3`)
	require.Equal(t, http.StatusOK, status, doc)
	require.Equal(t, b.store.teams[0].Capacity, doc["capacity"], "what was measured before holds where too little is finished since")
	status, doc = put(`"capacity":7`)
	require.Equal(t, http.StatusOK, status, doc)
	require.EqualValues(t, 7, doc["capacity"], "who gives a capacity states it")
	require.Nil(t, doc["capacity_measured"])
	status, doc = put(`"capacity_measured":true,"capacity_per_person":2`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/capacity_measured"}, pointers(doc))
}
