package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/flow"
	"leanpmo/internal/forecast"
	"leanpmo/internal/promise"
	"leanpmo/internal/wire"
)

func TestPrintCalibration(t *testing.T) {
	var out strings.Builder
	p := text.New(&out, 0, time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), time.UTC)
	report := wire.Calibration{Calibration: promise.Calibrate(nil)}
	printCalibration(p, &report)
	require.Contains(t, out.String(), "Nothing was promised in this time.")
	require.NotContains(t, out.String(), "CHANCE")
	report.Promises = 21
	report.Levels[1] = promise.Level{First: forecast.Judge(.85, 17, 20), Share: .85, Low: .64, High: .948, N: 21, Hits: 18}
	backtest := forecast.RollingOrigin(forecast.History{Counts: []int{1, 2}}, forecast.Options{})
	report.Backtest = &backtest
	printCalibration(p, &report)
	require.Contains(t, out.String(), "64 % to 95 %")
	require.Contains(t, out.String(), "14 to 20")
	require.Contains(t, out.String(), "too short to test forecasts")
}

func TestPrintForecastSaysTheOddsAndWhatWasTold(t *testing.T) {
	var out strings.Builder
	p := text.New(&out, 0, time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), time.UTC)
	printForecast(p, &wire.Forecast{Words: "85 % likely by May.", P50: "2027-04-01", Approval: &wire.Approval{Chance: .59}, Start: &wire.StartForecast{P50: "2027-03-10", P85: "2027-03-20", Within: 28, Chance: .55},
		Wanted: &wire.WantedForecast{By: "2027-04-30", Words: "90 % likely by 2027-04-30."}})
	printPromises(p, &wire.Page[wire.Promise]{Next: "more", Items: []wire.Promise{{Day: "2027-02-01", Words: "85 % likely by 2027-02-20.", Kept: wire.PromiseKept{P85: promise.Missed}}}})
	for _, line := range []string{"2027-03-10 (even odds), 2027-03-20 (85 of 100)", "55 % to be approved and pulled within 28 days", "2027-04-30: 90 % likely", "59 %", "The day of 85 in 100 was missed.", "Earlier ones are left out."} {
		require.Contains(t, out.String(), line)
	}
}

func TestPrintSelectionSaysAllAndTheSlowest(t *testing.T) {
	var out strings.Builder
	p := text.New(&out, 0, time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), time.UTC)
	printSelection(p, &wire.SelectionForecast{Words: "85 % likely by May.", P85: "2027-05-01", Open: 2, Delivered: 1, Alone: &wire.SelectionAlone{Ref: "R-8", P85: "2027-04-20", Chance: .72},
		Wanted: &wire.WantedForecast{By: "2027-05-09", Words: "90 % likely by 2027-05-09."},
		Items:  []wire.SelectedRequest{{Ref: "R-8", Title: "Lists", Stage: "review", Forecast: wire.Forecast{P85: "2027-04-20"}}, {Ref: "R-9", Title: "Thin", Forecast: wire.Forecast{CannotForecast: true}}}})
	for _, line := range []string{"R-8 by 2027-04-20; all are done by then with 72 %", "by 2027-05-09", "90 % likely", "2 open, 1 delivered, 0 closed otherwise", "2027-05-01", "unknown"} {
		require.Contains(t, out.String(), line)
	}
}

func TestPrintWaitingSaysWhatItCost(t *testing.T) {
	var out strings.Builder
	p := text.New(&out, 0, time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), time.UTC)
	printWaiting(p, &wire.GroupsWaiting{Days: 90})
	require.Empty(t, out.String())
	printWaiting(p, &wire.GroupsWaiting{Days: 90, Items: []flow.GroupTime{{Group: "delivery_leads", Open: 2, Oldest: 6, Days: flow.Stats{N: 12, P85: 3}, Waited: 34, Cost: 12000, Costed: 5}}})
	require.Contains(t, strings.Join(strings.Fields(out.String()), " "), "delivery leads 34.0d in all; 85 % of 12 were answered within 3.0d; 2 open, the oldest for 6.0d; that delay cost 12000, by the cost of delay of 5 questions.")
}
