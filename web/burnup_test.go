package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func withBurnUp(b *browser, change func(*wire.Request)) {
	r := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	r.Stage, r.Forecast = pmo.StageExecution, &wire.Forecast{Words: "done by 1 May", P50: "2027-04-01", P85: "2027-05-01", P95: "2027-06-01"}
	r.BurnUp = &pmo.BurnUp{Unit: pmo.UnitTeamWeeks, Points: []pmo.BurnUpPoint{{At: now.AddDate(0, 0, -20), Event: "planned", Scope: 4}, {At: now.AddDate(0, 0, -10), Event: "reported", Scope: 4, Done: 2},
		{At: now.AddDate(0, 0, -5), Event: "change", Scope: 6, Done: 3}}}
	change(&r)
	b.api.answers["GET /v1/requests/R-8"] = r
}

// TestARequestShowsItsBurnUp: scope as a step, done work, the way to the forecast day, in words and as a table.
func TestARequestShowsItsBurnUp(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	require.NotContains(t, b.text(b.do("GET", "/requests/R-8", nil)), "h-burnup", "the work has not begun")
	require.Contains(t, b.api.query["GET /v1/requests/R-8"], "burn_up=true")
	withBurnUp(b, func(*wire.Request) {})
	page := b.text(b.do("GET", "/requests/R-8", nil))
	for _, want := range []string{"3 of 6 team-weeks are done.", "The scope was 4 team-weeks at the beginning and is 6 now.", `role="img" aria-labelledby="bu-title bu-desc"`, `class="expected"`, `class="range"`,
		"It is as likely as not done by Thursday, 1 Apr 2027, and with 85 % by Saturday, 1 May 2027.",
		">plan agreed</td>", "9 Feb 2027</td>", "Done, team-weeks</th>"} {
		require.Contains(t, page, want)
	}
	b.cookies["lang"] = "de"
	require.Contains(t, b.text(b.do("GET", "/requests/R-8", nil)), "3 von 6 Teamwochen sind erledigt.")
	withBurnUp(b, func(r *wire.Request) { r.Forecast = &wire.Forecast{Words: "by 1 May", P85: "2027-05-01"} })
	page = b.text(b.do("GET", "/requests/R-8", nil))
	require.NotContains(t, page, `class="range"`, "one day is no range")
	require.Contains(t, page, "Mit 85 % ist es bis Samstag, 1. Mai 2027 fertig.")
	withBurnUp(b, func(r *wire.Request) { r.AcceptedAt, r.Stage = now.AddDate(0, 0, -1), pmo.StageClosure })
	require.NotContains(t, b.text(b.do("GET", "/requests/R-8", nil)), `class="expected"`, "it is done")
}

// TestBurnUpStaysInsideThePicture, also of a single entry and of one in the future.
func TestBurnUpStaysInsideThePicture(t *testing.T) {
	reader := &reader{Lang: "en", zone: time.UTC, now: now}
	for _, at := range []time.Time{now, now.AddDate(0, 0, -400), now.Add(time.Hour)} {
		r := &wire.Request{BurnUp: &pmo.BurnUp{Unit: pmo.UnitPercent, Points: []pmo.BurnUpPoint{{At: at, Event: "reported", Scope: 100, Done: 130}}}}
		c := newBurnUpChart(reader, r)
		for _, m := range c.Marks {
			require.True(t, m.X >= plotLeft && m.X <= plotRight && m.Y >= plotTop && m.Y <= plotBottom, m)
		}
		require.NotContains(t, c.Scope+c.Done, "NaN")
		require.Empty(t, c.Expected)
	}
}
