package web

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

func TestTheBoxesOfTheListLeadToOneAddress(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	list := b.text(b.do(http.MethodGet, "/requests?team=otter&sort=age&closed=1", nil))
	require.Contains(t, list, `<form id="together" class="buttons" method="get" action="/forecast"><input type="hidden" name="team" value="otter"><button`)
	require.Contains(t, list, `form="together" name="r" value="R-8"`)
	require.Contains(t, b.text(b.do(http.MethodGet, "/board?team=otter", nil)), `href="/forecast?team=otter"`)
	response := b.do(http.MethodGet, "/forecast?team=otter&r=R-8&r=R-9&junk=1", nil)
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.Equal(t, "/forecast?requests=R-8%2CR-9&team=otter", response.Header.Get("Location"))
}

func TestWhenSeveralAreDone(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	answer := wire.SelectionForecast{Words: "85 % likely by then.", P50: "2027-04-01", P85: "2027-05-01", P95: "2027-06-01", Approved: .35, Open: 2, Delivered: 1,
		Alone: &wire.SelectionAlone{Ref: "R-8", P85: "2027-04-20", Chance: .72}, Wanted: &wire.WantedForecast{By: "2027-05-09", Chance: .9, Overall: .31},
		Items: []wire.SelectedRequest{{Ref: "R-8", Title: "<b>Lists</b>", Stage: pmo.StageReview, Forecast: wire.Forecast{P50: "2027-03-20", P85: "2027-04-20"}},
			{Ref: "R-9", Title: "Thin", Stage: pmo.StageIntake, Forecast: wire.Forecast{CannotForecast: true, Words: "Cannot forecast: too little."}}}}
	b.api.answers["GET /v1/forecast"] = answer
	page := b.text(b.do(http.MethodGet, "/forecast?requests=R-8,R-9&by=2027-05-09", nil))
	require.Equal(t, "by=2027-05-09&request=R-8%2CR-9", b.api.query["GET /v1/forecast"])
	for _, part := range []string{"2 open, 1 delivered, 0 closed otherwise", `<svg class="forecast"`, "R-8 alone is done by", "in 72 %", "90 % likely that all are done by", "31 %", "35 % likely that all are approved",
		"&lt;b&gt;Lists", "Cannot forecast: too little.", `name="requests" value="R-8,R-9"`, `name="by" value="2027-05-09"`} {
		require.Contains(t, page, part)
	}
	require.NotContains(t, page, "<b>Lists")

	answer = wire.SelectionForecast{CannotForecast: true, Words: "Cannot forecast: the pace broke.", Open: 1, Approved: 1}
	b.api.answers["GET /v1/forecast"] = answer
	page = b.text(b.do(http.MethodGet, "/forecast?theme=energy", nil))
	require.Equal(t, "theme=energy", b.api.query["GET /v1/forecast"])
	require.Contains(t, page, "the pace broke")
	require.NotContains(t, page, `<svg class="forecast"`)

	b.api.refuse["GET /v1/forecast"] = problem.InvalidField("/request", "chooses more than 100 requests; choose fewer")
	response := b.do(http.MethodGet, "/forecast?team=otter", nil)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), "chooses more than 100 requests")
}
