package cache

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// counted is a source that counts how often it is read.
type counted struct {
	reads    int
	finished int // on each of the last days
	fails    error
	needs    []forecast.Prerequisite
	cycles   []forecast.Cycle
	arrivals forecast.Arrivals
	teams    []forecast.Team
	gate     chan struct{} // reads after the first wait for it; nil: they do not
}

func (c *counted) FinishedByDay(context.Context, string, time.Time, string) (map[pmo.Date]int, error) {
	c.reads++
	days := map[pmo.Date]int{}
	for i := range 30 {
		days[pmo.Date(time.Now().UTC().AddDate(0, 0, -i-1).Format(time.DateOnly))] = c.finished
	}
	return days, c.fails
}

func (c *counted) Cycles(context.Context, string, time.Time) ([]forecast.Cycle, error) {
	return c.cycles, c.fails
}

func (c *counted) Arrivals(context.Context, string, time.Time, time.Time) (forecast.Arrivals, error) {
	return c.arrivals, c.fails
}

func (c *counted) ForecastTeams(context.Context) ([]forecast.Team, error) { return c.teams, c.fails }

func (c *counted) Demand(context.Context, string, time.Time) (forecast.Demand, error) {
	c.reads++
	if c.gate != nil && c.reads > 1 {
		<-c.gate
	}
	return forecast.Demand{Waiting: c.reads}, c.fails
}

func (c *counted) Prerequisites(context.Context) ([]forecast.Prerequisite, error) {
	return c.needs, c.fails
}

// utc is a calendar in which all days are worked but the holidays.
type utc struct {
	holidays []pmo.Date
	need     forecast.Need
}

func (u utc) ForecastNeeds(string) (int, forecast.Need) { return 4, u.need }

func (u utc) ForecastDays(string) forecast.Calendar {
	return forecast.Calendar{Zone: time.UTC, Works: everyDay, Holidays: u.holidays}
}

var everyDay = [7]bool{true, true, true, true, true, true, true}

func TestSourceIsReadOnceWhileFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &counted{}
		o := New(source, utc{})
		ahead := func(portfolio string) int {
			n, err := o.Demand(t.Context(), portfolio, time.Now())
			require.NoError(t, err)
			return n.Waiting
		}
		require.Equal(t, 1, ahead("core"))
		require.Equal(t, 1, ahead("core"))
		require.Equal(t, 2, ahead("other"), "each portfolio has its own")
		time.Sleep(freshFor)
		require.Equal(t, 1, ahead("core"), "stale data is returned without waiting")
		synctest.Wait()
		require.Equal(t, 3, ahead("core"), "the background read has finished")
		time.Sleep(usableFor)
		require.Equal(t, 4, ahead("core"), "data that is too old is read first")
		for range 2 {
			_, err := o.Finish(t.Context(), "core", forecast.Queue{Ahead: 3}, time.Now())
			require.NoError(t, err)
		}
		require.Equal(t, 5, source.reads)
	})
}

func TestOneCallerRefreshes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &counted{gate: make(chan struct{})}
		o := New(source, utc{})
		_, _ = o.Demand(t.Context(), "core", time.Now())
		time.Sleep(freshFor)
		for range 10 {
			n, err := o.Demand(t.Context(), "core", time.Now())
			require.NoError(t, err)
			require.Equal(t, 1, n.Waiting)
		}
		close(source.gate)
		synctest.Wait()
		require.Equal(t, 2, source.reads)
	})
}

func TestNoFailureIsCached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &counted{fails: errors.New("away")}
		o := New(source, utc{})
		_, err := o.Demand(t.Context(), "core", time.Now())
		require.Error(t, err)
		_, err = o.Finish(t.Context(), "core", forecast.Queue{Ahead: 3}, time.Now())
		require.Error(t, err)
		source.fails = nil
		n, err := o.Demand(t.Context(), "core", time.Now())
		require.NoError(t, err)
		require.Equal(t, 3, n.Waiting)
		time.Sleep(freshFor)
		source.fails = errors.New("away again")
		n, err = o.Demand(t.Context(), "core", time.Now())
		require.NoError(t, err)
		require.Equal(t, 3, n.Waiting, "stale data is used for a while")
		synctest.Wait()
		time.Sleep(usableFor)
		_, err = o.Demand(t.Context(), "core", time.Now())
		require.Error(t, err, "and no longer")
	})
}

// TestForecastsAreCached until the day ends or a request is finished.
func TestForecastsAreCached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &counted{finished: 1}
		o := New(source, utc{})
		known := func() *inputs {
			_, err := o.Finish(t.Context(), "core", forecast.Queue{Ahead: 3}, time.Now())
			require.NoError(t, err)
			b, err := o.inputs(t.Context(), "core", time.Now())
			require.NoError(t, err)
			return b
		}
		first := known()
		require.Len(t, first.byQueue, 1)
		time.Sleep(usableFor)
		require.Same(t, first, known(), "read again, and found the same")
		time.Sleep(usableFor)
		source.finished = 2
		second := known()
		require.NotSame(t, first, second)
		require.Less(t, second.forecast(forecast.Queue{Ahead: 9}).finish.P85.Days, first.forecast(forecast.Queue{Ahead: 9}).finish.P85.Days)
		time.Sleep(day)
		require.NotSame(t, second, known(), "dates of another day")
	})
}

func TestEntriesAreLimited(t *testing.T) {
	b := &inputs{byQueue: map[forecast.Queue]*queueEntry{}}
	for ahead := range maxEntries + 10 {
		b.entry(forecast.Queue{Ahead: ahead})
	}
	require.LessOrEqual(t, len(b.byQueue), maxEntries)
}

func TestHolidaysMakeOtherForecasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var days utc
		o := New(&counted{finished: 1}, &days)
		finish := func() forecast.Result {
			r, err := o.Finish(t.Context(), "core", forecast.Queue{Ahead: 3}, time.Now())
			require.NoError(t, err)
			return r
		}
		before := finish()
		for i := range 10 {
			days.holidays = append(days.holidays, pmo.Date(time.Now().UTC().AddDate(0, 0, i+1).Format(time.DateOnly)))
		}
		time.Sleep(usableFor)
		require.Equal(t, before.P50.Days+10, finish().P50.Days)
	})
}
