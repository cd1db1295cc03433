package web

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

func withPoints(b *browser) {
	period := &strategy.PointPeriod{ID: "2026-Q4", From: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
	group := strategy.PointBudget{Allowance: strategy.Allowance{Holder: strategy.Holder{Group: "approvers"}, Points: 30}, Spent: 12, Left: new(18)}
	own := strategy.PointBudget{Allowance: strategy.Allowance{Holder: strategy.Holder{Person: "sam"}, Points: 10}, Left: new(0)}
	stake := wire.Stake{Holder: group.Holder, Period: "2026-Q4", Points: 12, By: "ana", At: now}
	back := wire.Stake{Holder: strategy.Holder{Person: "bo"}, Period: "2026-Q3", Points: 4, By: "bo", At: now, Returned: true}
	on := wire.PointsOn{Points: 12, Stakes: []wire.Stake{stake, back}}
	b.api.answers["GET /v1/points"] = wire.Points{Portfolio: "digital", Name: "Digital", Period: period, Weight: 0.5, Budgets: []strategy.PointBudget{group, {Allowance: own.Allowance}},
		Requests: []wire.PointsRequest{{ID: "R-7", Ref: "R-7", Title: "<i>Ledger</i>", Points: 12, Stakes: []wire.Stake{stake, back}}}, More: true}
	b.api.answers["GET /v1/requests/R-7"] = wire.Request{Ref: "R-7", State: wire.State{ID: "R-7", Portfolio: "digital", Content: pmo.Content{Title: "<i>Ledger</i>"}}, Points: &on}
	b.api.answers["GET /v1/requests/R-7/points"] = wire.RequestPoints{PointsOn: on, Period: period, Mine: []strategy.PointBudget{own, group}}
	b.api.answers["PUT /v1/requests/R-7/points"] = wire.RequestPoints{}
}

func TestPointsOfAPeriodStandOnAPage(t *testing.T) {
	b := newBrowser(t)
	withPoints(b)
	b.signIn("sam")
	page := b.text(b.do("GET", "/points", nil))
	for _, said := range []string{"2026-Q4", "31 Dec", "with the weight 0.5", "Approvers (group)", "<strong>18</strong>", "&lt;i&gt;Ledger", "came back", "more than are listed", "/requests/R-7/points"} {
		require.Contains(t, page, said)
	}
	b.api.answers["GET /v1/points"] = wire.Points{Portfolio: "digital", Name: "Digital"}
	require.Contains(t, b.text(b.do("GET", "/points", nil)), "gives no points")
	require.Contains(t, b.text(b.do("GET", "/backlog", nil)), `href="/points"`)
}

func TestPointsArePutOnARequestOnItsPage(t *testing.T) {
	b := newBrowser(t)
	withPoints(b)
	b.signIn("sam")
	request := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	request.Points = &wire.PointsOn{Points: 12, Stakes: []wire.Stake{{Holder: strategy.Holder{Group: "approvers"}, Points: 12}}}
	b.api.answers["GET /v1/requests/R-8"] = request
	shown := b.text(b.do("GET", "/requests/R-8", nil))
	require.Contains(t, shown, "It has 12 points.")
	require.Contains(t, shown, "/points")
	page := b.text(b.do("GET", "/requests/R-7/points", nil))
	for _, said := range []string{"My points", "0 of 10 points of 2026-Q4 are left", "Points of the group approvers", "18 of 30 points", `value="12"`, "Put points on it", "Change"} {
		require.Contains(t, page, said)
	}
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-7/points", url.Values{"key": {"k"}, "group": {"approvers"}, "points-approvers": {"5"}}).StatusCode)
	require.JSONEq(t, `{"points":5,"group":"approvers"}`, string(b.api.sent["PUT /v1/requests/R-7/points"]))
	for _, wrong := range []string{"", "-1", "many", "1.5"} {
		response := b.do("POST", "/requests/R-7/points", url.Values{"key": {"k"}, "group": {""}, "points": {wrong}})
		require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode, wrong)
		require.Contains(t, b.text(response), "whole number from 0")
	}
	b.api.refuse["PUT /v1/requests/R-7/points"] = problem.InvalidField("/points", "is more than is left")
	response := b.do("POST", "/requests/R-7/points", url.Values{"key": {"k"}, "group": {""}, "points": {"7"}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), "Is more than is left")
	b.api.answers["GET /v1/requests/R-7/points"] = wire.RequestPoints{Closed: "it has ended"}
	require.Contains(t, b.text(b.do("GET", "/requests/R-7/points", nil)), "can no longer be changed")
}
