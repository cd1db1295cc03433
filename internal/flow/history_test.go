package flow

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPublishedCycleTimes compares with a public team history that states a cycle time for every item.
func TestPublishedCycleTimes(t *testing.T) {
	f, err := os.Open("../../../shared/data/history/magennis/exercise_history.csv")
	if err != nil {
		t.Skipf("no outside data: %v", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var items []Item
	published := map[string]float64{}
	var first, last time.Time
	for _, row := range rows[1:] {
		from, err := time.Parse(time.DateOnly, row[2])
		require.NoError(t, err)
		to, err := time.Parse(time.DateOnly, row[3])
		require.NoError(t, err)
		published[row[0]], err = strconv.ParseFloat(row[4], 64)
		require.NoError(t, err)
		items = append(items, Item{ID: row[0], Kind: row[1], Submitted: &from, Pulled: &from, Done: &to})
		if first.IsZero() || from.Before(first) {
			first = from
		}
		if to.After(last) {
			last = to
		}
	}
	samples, skipped := CycleTimes(items, Options{PlusOneDay: true})
	// Two rows end the day before they start (published as 0): they are left out and named.
	require.Equal(t, []Skipped{{"Bug 28", "done before it started"}, {"Story 128", "done before it started"}}, skipped)
	require.Len(t, samples, len(items)-2)
	for _, s := range samples {
		require.Equal(t, published[s.ID], s.Days, s.ID)
	}
	sum := 0
	for _, n := range counts(Throughput(items, first, last, Options{})) {
		sum += n
	}
	require.Equal(t, len(items), sum)
	stats := Summarise(Days(samples))
	t.Logf("%d items agree with the published cycle times; mean %.2f, P50 %v, P85 %v, P95 %v days", len(samples), stats.Mean, stats.P50, stats.P85, stats.P95)
}
