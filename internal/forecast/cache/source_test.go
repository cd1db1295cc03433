package cache_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast"
	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
)

var now = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

// facts is a source of a portfolio that finished one request a day on the last days, and has a queue.
type facts struct {
	days, queue int
	fails       error
	arrivals    forecast.Arrivals
}

func (f facts) FinishedByDay(context.Context, string, time.Time, string) (map[pmo.Date]int, error) {
	byDay := map[pmo.Date]int{}
	for i := range f.days {
		byDay[date(now.AddDate(0, 0, -i-1))] = 1
	}
	return byDay, f.fails
}

func (f facts) Cycles(context.Context, string, time.Time) ([]forecast.Cycle, error) {
	return nil, f.fails
}

func (f facts) Arrivals(context.Context, string, time.Time, time.Time) (forecast.Arrivals, error) {
	return f.arrivals, f.fails
}

func (f facts) ForecastTeams(context.Context) ([]forecast.Team, error) { return nil, f.fails }

func (f facts) Demand(context.Context, string, time.Time) (forecast.Demand, error) {
	return forecast.Demand{Waiting: f.queue}, f.fails
}

func (f facts) Prerequisites(context.Context) ([]forecast.Prerequisite, error) { return nil, f.fails }

func (f facts) ForecastNeeds(string) (int, forecast.Need) { return 2, forecast.NeedDelivered }

func (f facts) ForecastDays(string) forecast.Calendar { return forecast.Calendar{Zone: time.UTC} }

func date(t time.Time) pmo.Date { return pmo.Date(t.Format(time.DateOnly)) }

func forNew(t *testing.T, f facts) (forecast.Result, error) {
	return cache.New(f, f).ForNew(t.Context(), "core", 2, now)
}

func TestForNewComesAfterTheQueue(t *testing.T) {
	short, err := forNew(t, facts{days: 40, queue: 1})
	require.NoError(t, err)
	long, err := forNew(t, facts{days: 40, queue: 20})
	require.NoError(t, err)
	require.False(t, short.CannotForecast)
	require.Less(t, short.P85.Days, long.P85.Days)
	again, err := forNew(t, facts{days: 40, queue: 20})
	require.NoError(t, err)
	require.Equal(t, long.P85, again.P85, "the same day says the same")
}

func TestThinHistoryIsNoForecast(t *testing.T) {
	out, err := forNew(t, facts{days: 4})
	require.NoError(t, err)
	require.True(t, out.CannotForecast)
	require.NotEmpty(t, out.Why)
}

func TestFaultsAreReturned(t *testing.T) {
	_, err := forNew(t, facts{fails: errors.New("away")})
	require.Error(t, err)
}
