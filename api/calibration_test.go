package api

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/promise"
	"leanpmo/internal/store"
)

// outcome is a promise of a year ago that was accepted so many days later.
func outcomeOf(request string, number int64, days int) store.PromiseOutcome {
	told := now.AddDate(-1, 0, 1)
	day := func(n int) pmo.Date { return pmo.Date(told.AddDate(0, 0, n).Format(time.DateOnly)) }
	accepted := told.AddDate(0, 0, days)
	return store.PromiseOutcome{Number: number, AcceptedAt: &accepted, Promise: promise.Promise{RequestID: request, Portfolio: "digital", Day: day(0), ToldAt: told,
		Occasion: promise.Submitted, Finish: promise.Days{P50: day(10), P85: day(20), P95: day(30)}, WantedBy: day(15), Wanted: .7}}
}

func TestCalibrationReport(t *testing.T) {
	b := setup(t)
	for i := range 200 {
		b.store.finished = append(b.store.finished, now.AddDate(0, 0, -i))
	}
	for i, days := range []int{5, 12, 14, 16, 19, 25} {
		b.store.promises.outcomes = append(b.store.promises.outcomes, outcomeOf([]string{requestA, requestB, "c", "d", "e", "f"}[i], int64(i+1), days))
	}
	b.store.promises.outcomes[1].Confidential, b.store.unreadable = true, []string{requestB}
	status, doc, _ := b.call(t, "sam", "GET", "/v1/reports/calibration?portfolio=digital", "")
	require.Equal(t, 200, status, doc)
	require.EqualValues(t, 6, doc["promises"], "the confidential one counts")
	first := doc["levels"].([]any)[1].(map[string]any)["first"].(map[string]any)
	require.EqualValues(t, []any{5.0, 6.0}, []any{first["hits"], first["n"]})
	require.InDelta(t, (3*.3*.3+3*.7*.7)/6, doc["wanted"].(map[string]any)["brier"], 1e-9)
	require.EqualValues(t, 10, doc["sharpness"].(map[string]any)["to_p85_days"])
	require.Positive(t, doc["backtest"].(map[string]any)["forecasts"])

	table, err := b.clientOf(t, "sam").CalibrationCSV(t.Context(), "", 365)
	require.NoError(t, err)
	text := string(table)
	require.Contains(t, text, "ref,portfolio,day,occasion,p50,p50_kept")
	require.Contains(t, text, "R-1,digital,")
	require.NotContains(t, text, "R-2,", "whoever may not read a request finds it in no table")
	status, _, _ = b.call(t, "sam", "GET", "/v1/reports/calibration?portfolio=nowhere", "")
	require.Equal(t, 422, status)
}
