package forecast

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

var weekdays = [7]bool{false, true, true, true, true, true, false}

func TestDaysOff(t *testing.T) {
	c := Calendar{Zone: time.UTC, Works: weekdays, Holidays: []pmo.Date{"2027-03-29", "2027-03-26", "2027-03-28"}}
	require.Equal(t, []pmo.Date{"2027-03-26", "2027-03-29"}, c.DaysOff(), "a Sunday is no day off")
	away := pmo.Absence{From: "2027-03-25", Until: "2027-03-30", WholeTeam: true}
	require.Equal(t, []pmo.Date{"2027-03-25", "2027-03-26", "2027-03-29", "2027-03-30"}, c.DaysOff(away))
	away.WholeTeam = false
	require.Equal(t, c.DaysOff(), c.DaysOff(away), "some are there")
}

func TestDaysOffDoNotCountAsWorked(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	c := Calendar{Zone: berlin, Works: weekdays, Holidays: []pmo.Date{"2027-03-26", "2027-03-29"}}
	at := func(day, hour int) time.Time { return time.Date(2027, 3, day, hour, 0, 0, 0, berlin) }
	for name, x := range map[string]struct {
		from, until time.Time
		want        float64
	}{
		"no day off":             {at(22, 9), at(24, 21), 2.5},
		"over both, and Easter":  {at(25, 12), at(30, 12), 3 - 1./24}, // the clock is put forward on Sunday
		"begun on a day off":     {at(26, 12), at(27, 12), .5},
		"ended on a day off":     {at(25, 12), at(26, 18), .5},
		"within one day off":     {at(26, 8), at(26, 18), 0},
		"the end before the day": {at(24, 0), at(26, 0), 2},
	} {
		require.InDelta(t, x.want, c.Worked(c.DaysOff(), x.from, x.until), 1e-9, name)
	}
}

// TestNothingIsFinishedOnADayOff, and what is forecast to take n days takes n that are no days off, before the pull and after it.
func TestNothingIsFinishedOnADayOff(t *testing.T) {
	start := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		var off []time.Time
		for _, d := range rapid.SliceOfNDistinct(rapid.IntRange(1, 40), 0, 12, rapid.ID).Draw(t, "days off") {
			off = append(off, start.AddDate(0, 0, d))
		}
		h := steadyDays(120, 2)
		plain, holidays := Learn(h, Options{}), Learn(h, Options{Start: start, Blackout: off})
		q := Queue{Ahead: rapid.IntRange(0, 12).Draw(t, "ahead"), InProgress: 3, WIPLimit: 3, Pulled: rapid.Bool().Draw(t, "pulled"),
			Above: rapid.SampledFrom([]float64{0, .1}).Draw(t, "above")}
		days := cycles[:rapid.SampledFrom([]int{4, 20}).Draw(t, "cycle times")]
		a, b := plain.Finish(q, days), holidays.Finish(q, days)
		open := openDaysOf(holidays.options)
		for d := range len(b.dist.cdf) {
			require.InDelta(t, a.dist.Within(open.at(d)), b.dist.Within(d), 1e-9, "day %d", d)
		}
		for _, d := range off {
			day := daysBetween(start, d)
			require.InDelta(t, b.dist.Within(day-1), b.dist.Within(day), 1e-12)
		}
	})
}

func TestOpenDaysCountBothWays(t *testing.T) {
	start := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	o := Options{Start: start, Horizon: 20, Blackout: []time.Time{start, start.AddDate(0, 0, 3), start.AddDate(0, 0, 4), start.AddDate(0, 0, 99)}}
	open := openDaysOf(o)
	require.Equal(t, []int{0, 1, 2, 2, 2, 3}, open.until[:6])
	for day := range 30 {
		for n := 1; n < 30; n++ {
			end := open.after(day, n)
			require.Equal(t, open.at(day)+n, open.at(end))
			require.Less(t, open.at(end-1), open.at(end), "the first such day")
		}
	}
	require.Nil(t, openDaysOf(Options{Start: start, Horizon: 20, Blackout: []time.Time{start}}), "what is over changes nothing")
}
