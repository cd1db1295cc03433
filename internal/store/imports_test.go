package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/flow"
	"leanpmo/internal/forecast"
	"leanpmo/internal/history"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func TestImport(t *testing.T) {
	s := open(t)
	day1, day2 := day.AddDate(0, 0, -20), day.AddDate(0, 0, -10)
	items := []history.Item{{ID: "1", Started: day1, Finished: day2}, {ID: "2", Kind: "bug", Finished: day2}}
	imported := func(dry bool, items ...history.Item) store.Imported {
		done, err := s.Import(t.Context(), "core", "jira", items, dry, "petra", day)
		require.NoError(t, err)
		return done
	}
	require.Equal(t, store.Imported{Added: 2}, imported(true, items...))
	require.Equal(t, store.Imported{Added: 2}, imported(false, items...), "dry stored nothing")
	items[1].Kind = "defect"
	require.Equal(t, store.Imported{Added: 1, Changed: 1, Same: 1}, imported(false, append(items, history.Item{ID: "3", Finished: day1})...))

	finished, err := s.FinishedByDay(t.Context(), "core", day.AddDate(0, 0, -30), "UTC")
	require.NoError(t, err)
	require.Equal(t, map[pmo.Date]int{dateOf(day1): 1, dateOf(day2): 2}, finished)
	cycles, err := s.Cycles(t.Context(), "core", day.AddDate(0, 0, -30))
	require.NoError(t, err)
	require.Len(t, cycles, 1, "only of an item whose beginning is known")
	require.Equal(t, 10*24*time.Hour, cycles[0].Until.Sub(cycles[0].From))
	require.Empty(t, cycles[0].Team)
	for portfolio, want := range map[string][]flow.Imported{"core": {{Kind: "", Days: 10}}, "": {{Kind: "", Days: 10}}, "other": {}} {
		compared, err := s.ImportedCycles(t.Context(), portfolio, day.AddDate(0, 0, -30))
		require.NoError(t, err)
		require.ElementsMatch(t, want, compared, portfolio)
	}
	demand, err := s.Demand(t.Context(), "core", day.AddDate(-1, 0, 0))
	require.NoError(t, err)
	require.Equal(t, forecast.Demand{}, demand, "imported work is no request")

	sources, err := s.ImportedSources(t.Context())
	require.NoError(t, err)
	require.Len(t, sources, 1)
	require.Equal(t, 3, sources[0].Items)
	require.Equal(t, 1, sources[0].Started)
	require.True(t, sources[0].First.Equal(day1) && sources[0].Last.Equal(day2) && sources[0].At.Equal(day))
	lines, err := s.Office(t.Context(), store.OfficeFilter{Kind: store.OfficeHistory})
	require.NoError(t, err)
	require.Len(t, lines.Items, 2, "one line for each import that stored")

	removed, err := s.RemoveImport(t.Context(), "core", "jira", "petra", day)
	require.NoError(t, err)
	require.EqualValues(t, 3, removed)
	finished, err = s.FinishedByDay(t.Context(), "core", time.Time{}, "UTC")
	require.NoError(t, err)
	require.Empty(t, finished)
}

func TestAnImportIsWholeOrNothing(t *testing.T) {
	s := open(t)
	backwards := history.Item{ID: "2", Started: day.AddDate(0, 0, 1), Finished: day}
	_, err := s.Import(context.Background(), "core", "jira", []history.Item{{ID: "1", Finished: day}, backwards}, false, "petra", day)
	require.Error(t, err, "the database refuses what the door lets through")
	sources, err := s.ImportedSources(t.Context())
	require.NoError(t, err)
	require.Empty(t, sources)
}
