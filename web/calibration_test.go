package web

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast"
	"leanpmo/internal/promise"
	"leanpmo/internal/wire"
)

func TestCalibrationPage(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	report := wire.Calibration{Calibration: promise.Calibrate(nil)}
	b.api.answers["GET /v1/reports/calibration"] = report
	page := b.text(b.do(http.MethodGet, "/calibration", nil))
	require.Contains(t, page, "No day that was told is over yet.")
	require.Equal(t, "days=365", b.api.query["GET /v1/reports/calibration"])

	for i, level := range []float64{.5, .85, .95} {
		report.Levels[i] = promise.Level{First: forecast.Judge(level, 17, 20), Low: .64, High: .948}
	}
	report.Promises, report.Requests = 60, 20
	past := forecast.Backtest{Forecasts: 8, Judgements: []forecast.Judgement{{Level: .85, N: 8, Hits: 7, Low: 1, High: 3, Independent: 3, Within: true}}}
	report.Backtest = &past
	b.api.answers["GET /v1/reports/calibration"] = report
	page = b.text(b.do(http.MethodGet, "/calibration?days=90&portfolio=core", nil))
	require.Contains(t, page, "17 of 20")
	require.Contains(t, page, "14–20")
	require.Contains(t, page, "8 forecasts of the past")
	require.Contains(t, page, `href="/calibration.csv?days=90&amp;portfolio=core"`)
	require.Contains(t, page, `class="dot p85"`, "half was stated, more was kept")
	require.Equal(t, "days=90&portfolio=core", b.api.query["GET /v1/reports/calibration"])
	require.Equal(t, 3, worth(past.Judgements[0]), "7 of 8 are 2.6 of 3")
}
