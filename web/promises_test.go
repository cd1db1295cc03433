package web

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/promise"
	"leanpmo/internal/wire"
)

// TestTheRequestPageSaysTheOddsAndWhatWasTold: the start, the wanted date, and what was told before with the reasons, in both languages.
func TestTheRequestPageSaysTheOddsAndWhatWasTold(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	request := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	forecast := *request.Forecast
	forecast.Start = &wire.StartForecast{P50: "2027-03-10", P85: "2027-03-20", Within: 28, Chance: 0.55}
	forecast.Wanted = &wire.WantedForecast{By: "2027-04-30", Chance: 0.9, Overall: 0.004}
	forecast.AbovePerWeek = 0.4
	request.Forecast = &forecast
	b.api.answers["GET /v1/requests/R-8"] = request
	page := b.text(b.do(http.MethodGet, "/requests/R-8", nil))
	require.Contains(t, page, "55 % likely to be approved and pulled within 28 days.")
	require.Contains(t, page, "About 0.4 a week are expected to come and rank above it")
	require.Contains(t, page, "90 % likely to be done by the wanted date")
	require.Contains(t, page, "With its approval still open: &lt; 1 %.")
	require.Contains(t, page, "What was told before (2)")
	require.Contains(t, page, "requests ahead 2 → 5; team &lt;b&gt;otter&lt;/b&gt; has it")
	require.Contains(t, page, "missed")
	b.cookies["lang"] = "de"
	require.Contains(t, b.text(b.do(http.MethodGet, "/requests/R-8", nil)), "Anfragen davor 2 → 5")
}

// TestEveryCauseHasItsWords in both languages.
func TestEveryCauseHasItsWords(t *testing.T) {
	for lang, catalogue := range texts {
		for _, cause := range []promise.Cause{promise.Approved, promise.Pulled, promise.SlotGone, promise.Team, promise.Priority, promise.Queue, promise.WIPLimit,
			promise.Pace, promise.Arrivals, promise.Needs, promise.Wanted, promise.Known, promise.Unknown, promise.TimePassing} {
			require.NotEmpty(t, catalogue["promise.why."+string(cause)], lang)
		}
		for _, state := range []promise.State{promise.Pending, promise.Kept, promise.Missed, promise.Void, promise.None} {
			require.NotEmpty(t, catalogue["promise.state."+string(state)], lang)
		}
	}
}
