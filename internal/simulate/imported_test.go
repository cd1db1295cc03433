package simulate

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// daily was created every day between two days before the begin, so many a day, and finished after so many days; at most until yesterday.
func daily(from, until, each int, took float64) []Imported {
	var list []Imported
	for day := from; day > until; day-- {
		for range each {
			w := Imported{Created: at.AddDate(0, 0, -day)}
			w.Finished = w.Created.Add(time.Duration(took * 24 * float64(time.Hour)))
			if w.Finished.Before(at) {
				list = append(list, w)
			}
		}
	}
	return list
}

// TestImportedWorkSaysHowManyComeInAWeek of the first day: a portfolio whose requests all came today is played with the counts of imported work.
func TestImportedWorkSaysHowManyComeInAWeek(t *testing.T) {
	in := portfolio(5, 3, 12, 4, 3)
	for i := range in.Past.Requests {
		in.Past.Requests[i].Arrived = at.Add(-time.Hour)
	}
	var thin *ThinError
	_, err := Simulate(context.Background(), in)
	require.True(t, errors.As(err, &thin), "%v", err)
	require.Equal(t, ThinError{LacksWeeks, 0, LeastWeeks}, *thin)

	in.Past.Imported, in.Runs = daily(300, 0, 1, 20), 20
	got := simulated(t, in).Basis
	require.Equal(t, 37, got.ImportedWeeks, "from the first end, 280 days ago, until 20 days before the last one")
	require.Equal(t, got.ImportedWeeks, got.Weeks)
	require.InDelta(t, 7, got.PerWeek, 0.01)
	require.Equal(t, len(in.Past.Requests), got.Arrivals, "what comes is drawn from the requests")
	in.Past.Requests = in.Past.Requests[:LeastPast-1]
	_, err = Simulate(context.Background(), in)
	require.True(t, errors.As(err, &thin), "%v", err)
	require.Equal(t, LacksArrivals, thin.Lack, "imported work does not say what comes")
}

// TestWeeksOfImportedWork: what may be missing at the ends of an import does not lower the pace, and no week counts twice.
func TestWeeksOfImportedWork(t *testing.T) {
	p := Past{From: at.AddDate(-1, 0, 0), Until: at}
	weeks := func() (time.Time, []int) { return p.importedWeeks(at.AddDate(0, 0, -60)) }
	from, counts := weeks()
	require.Empty(t, counts)
	require.Equal(t, at.AddDate(0, 0, -60), from)

	p.Imported = daily(700, 0, 2, 30)
	from, counts = weeks()
	require.Len(t, counts, 43, "from a year ago until the first request")
	require.Equal(t, at.AddDate(0, 0, -60-7*43), from)
	for _, n := range counts {
		require.Equal(t, 14, n)
	}
	p.Imported = daily(200, 100, 1, 30)
	_, counts = weeks()
	require.Len(t, counts, 9, "from its first end until 30 days before its last one")
	for _, n := range counts {
		require.Equal(t, 7, n)
	}
	p.Imported = daily(50, 0, 1, 10)
	_, counts = weeks()
	require.Empty(t, counts, "all of it is of a time with requests")
	p.Imported = daily(200, 170, 1, 100)
	_, counts = weeks()
	require.Empty(t, counts, "too short to say")
}
