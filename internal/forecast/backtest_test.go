package forecast

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// outside is the folder of public team histories; it is not part of the repository.
const outside = "../../../shared/data/history"

func TestWalkForwardOnSteadyTeam(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	h := History{}
	for range 3000 {
		h.Counts = append(h.Counts, []int{0, 0, 1, 2, 2}[rng.IntN(5)])
	}
	for _, w := range []Walk{{Window: 90, Items: 20}, {Window: 90, Periods: 14}} {
		b := WalkForward(h, w, Options{})
		require.Greater(t, b.Forecasts, 100)
		require.InDelta(t, .85, float64(b.Judgements[2].Hits)/float64(b.Forecasts), .06)
	}
}

func TestWalkForwardCountsUnknownForecasts(t *testing.T) {
	h := History{Counts: append(make([]int, 20), 1, 1, 1, 1, 1, 1, 1, 1)}
	b := WalkForward(h, Walk{Window: 10, Items: 4}, Options{})
	require.Positive(t, b.Unknown)
	require.Positive(t, b.Open)
	require.Zero(t, b.Forecasts)
	require.Positive(t, WalkForward(h, Walk{Window: 10, Periods: 5}, Options{}).Unknown)
	require.Zero(t, WalkForward(History{}, Walk{Window: 10, Periods: 5}, Options{}).Forecasts)
}

// TestWalkForwardOnRealTeams prints how well forecasts on real histories were met. Real teams change, so the band
// is wide: it detects a wrong method, not a changing team.
func TestWalkForwardOnRealTeams(t *testing.T) {
	if _, err := os.Stat(outside); err != nil {
		t.Skipf("no outside data: %v", err)
	}
	hits, n := 0, 0
	for _, f := range []struct{ path, column, layout string }{
		{"magennis/dashboard_example_1.csv", "completed", time.DateOnly},
		{"magennis/dashboard_example_2.csv", "completed", time.DateOnly},
		{"magennis/dashboard_example_3.csv", "completed", time.DateOnly},
		{"magennis/dashboard_example_4.csv", "completed", time.DateOnly},
		{"magennis/dashboard_example_5.csv", "completed", time.DateOnly},
		{"magennis/flowmetrics_example_2.csv", "completed", time.DateOnly},
		{"jira_project1/jira.csv", "finished_date", time.DateOnly},
		{"ado/flowmetrics_examplefile.csv", "Closed Date", "1/2/2006 3:04:05 PM"},
	} {
		h := readHistory(t, filepath.Join(outside, f.path), f.column, f.layout)
		for _, w := range []Walk{{Window: 60, Items: 10}, {Window: 60, Periods: 14}} {
			b := WalkForward(h, w, Options{})
			v := b.Judgements
			t.Logf("%-36s items %2d periods %2d: %3d forecasts, %2d unknown, %d open; kept %d/%d/%d/%d at 50/70/85/95 %% (85 %%: %d to %d expected), Brier %.3f",
				f.path, w.Items, w.Periods, b.Forecasts, b.Unknown, b.Open, v[0].Hits, v[1].Hits, v[2].Hits, v[3].Hits, v[2].Low, v[2].High, b.Score.Brier)
			hits, n = hits+v[2].Hits, n+b.Forecasts
		}
	}
	rate := float64(hits) / float64(n)
	t.Logf("all: %d of %d forecasts at 85 %% were met (%.1f %%)", hits, n, 100*rate)
	require.InDelta(t, .85, rate, .08)
}

// readHistory counts completions by day from the first to the last.
func readHistory(t *testing.T, path, column, layout string) History {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	if filepath.Base(filepath.Dir(path)) == "ado" {
		r.Comma = ';'
	}
	rows, err := r.ReadAll()
	require.NoError(t, err)
	at := -1
	for i, name := range rows[0] {
		if name == column {
			at = i
		}
	}
	require.GreaterOrEqual(t, at, 0, path)
	byDay := map[int64]int{}
	var first, last int64
	for _, row := range rows[1:] {
		day, err := time.Parse(layout, row[at])
		if err != nil {
			continue // not finished
		}
		n := dayNumber(day)
		if len(byDay) == 0 || n < first {
			first = n
		}
		last = max(last, n)
		byDay[n]++
	}
	h := History{Counts: make([]int, last-first+1)}
	for n, c := range byDay {
		h.Counts[n-first] = c
	}
	return h
}
