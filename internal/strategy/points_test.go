package strategy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/strategy"
)

func TestPeriodsFollowTheCalendarOfThePortfolio(t *testing.T) {
	chicago, err := time.LoadLocation("America/Chicago")
	require.NoError(t, err)
	lastNight := time.Date(2026, 10, 1, 3, 0, 0, 0, time.UTC) // the evening of 30 September in Chicago
	for _, c := range []struct {
		kind        strategy.PeriodKind
		zone        *time.Location
		id          string
		from, until string
	}{
		{strategy.Month, time.UTC, "2026-10", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"},
		{strategy.Month, chicago, "2026-09", "2026-09-01T05:00:00Z", "2026-10-01T05:00:00Z"},
		{strategy.Quarter, time.UTC, "2026-Q4", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		{strategy.Quarter, chicago, "2026-Q3", "2026-07-01T05:00:00Z", "2026-10-01T05:00:00Z"},
		{strategy.HalfYear, time.UTC, "2026-H2", "2026-07-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		{strategy.Year, chicago, "2026", "2026-01-01T06:00:00Z", "2027-01-01T06:00:00Z"},
	} {
		p := strategy.PeriodAt(c.kind, lastNight, c.zone)
		require.Equal(t, c.id, p.ID, c.kind)
		require.Equal(t, []string{c.from, c.until}, []string{p.From.Format(time.RFC3339), p.Until.Format(time.RFC3339)}, c.kind)
	}
}

// A period ends where the next one begins, whatever the clock does in between.
func TestPeriodsFollowEachOther(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(strategy.PeriodKinds()).Draw(t, "kind")
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0)
		p := strategy.PeriodAt(kind, at, zone)
		require.False(t, at.Before(p.From))
		require.True(t, at.Before(p.Until))
		next := strategy.PeriodAt(kind, p.Until, zone)
		require.Equal(t, p.Until, next.From)
		require.NotEqual(t, p.ID, next.ID)
		require.Equal(t, p, strategy.PeriodAt(kind, p.From, zone))
	})
}

func TestOwnPointsComeBeforeThoseOfGroups(t *testing.T) {
	rules := strategy.PointRules{Holders: []strategy.Allowance{{Holder: strategy.Holder{Group: "approvers"}, Points: 30}, {Holder: strategy.Holder{Person: "ana"}, Points: 5}, {Holder: strategy.Holder{Person: "bo"}, Points: 7}}}
	require.Equal(t, 42, rules.All())
	mine := rules.Of("ana", []string{"approvers", "finance"})
	require.Equal(t, []strategy.Allowance{rules.Holders[1], rules.Holders[0]}, mine)
	require.Empty(t, rules.Of("sam", nil))
	for _, h := range []strategy.Holder{{Person: "ana"}, {Group: "approvers"}} {
		require.Equal(t, h, strategy.HolderOf(h.ID()))
	}
}
