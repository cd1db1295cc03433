package api

import (
	"context"
	"fmt"
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

type forecastOutput struct {
	Body wire.Forecast
}

func (a *API) readForecast(ctx context.Context, _ *struct{ RefPath }) (*forecastOutput, error) {
	t := targetOf(ctx)
	return &forecastOutput{Body: a.forecastOf(ctx, &t.Request, t.Row, a.Now())}, nil
}

// forecastOf computes a forecast on read.
func (a *API) forecastOf(ctx context.Context, r *pmo.Request, row *store.Row, at time.Time) wire.Forecast {
	view := wire.Forecast{AsOf: at.UTC().Truncate(time.Second)}
	switch {
	case r.Delivered():
		view.Words = "Delivered on " + r.AcceptedAt.Format(time.DateOnly) + "."
		return view
	case r.Closed():
		view.Words = "Closed as " + string(r.Outcome) + "."
		return view
	case r.Portfolio == "":
		return cannot(view, "no worker has processed it yet")
	}
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	ahead, err := a.ahead(ctx, r, row)
	if err != nil {
		return cannot(view, "the history cannot be read right now")
	}
	result, err := a.forecasts.ForQueue(ctx, r.Portfolio, ahead, at)
	if err != nil {
		return cannot(view, "the history cannot be read right now")
	}
	view.Ahead, view.Words, view.Basis = ahead, result.Sentence, &result.Basis
	view.CannotForecast, view.Why = result.CannotForecast, result.Why
	if !result.CannotForecast {
		view.P50, view.P85, view.P95 = day(result.P50), day(result.P85), day(result.P95)
	}
	return view
}

func cannot(view wire.Forecast, why string) wire.Forecast {
	view.CannotForecast, view.Why, view.Words = true, why, "Cannot forecast: "+why+"."
	return view
}

// day is empty for a date beyond the simulated period: any date would be wrong.
func day(p forecast.Point) pmo.Date {
	if p.Beyond || p.Date.IsZero() {
		return ""
	}
	return pmo.Date(p.Date.Format(time.DateOnly))
}

// ahead counts the open requests expected to finish before this one. The portfolio's WIP limit bounds how many are worked on at once;
// a request that is not ranked yet comes after every open one.
func (a *API) ahead(ctx context.Context, r *pmo.Request, row *store.Row) (int, error) {
	queue, err := a.forecasts.QueueAhead(ctx, r.Portfolio)
	if err != nil {
		return 0, fmt.Errorf("count the queue: %w", err)
	}
	if row != nil && r.Status == pmo.StatusOpen {
		queue-- // itself
	}
	working := a.wipLimit(r.Portfolio)
	switch {
	case r.Pulled() && working > 0:
		queue = min(queue, working-1)
	case row != nil && row.Rank != nil && working > 0:
		queue = min(queue, working+*row.Rank-1)
	}
	return max(queue, 0), nil
}

// locationOf is the portfolio's time zone.
func (a *API) locationOf(portfolio string) *time.Location {
	for _, p := range a.Policy.Document().Portfolios {
		if p.ID == portfolio {
			if location, err := time.LoadLocation(p.TimeZone); err == nil {
				return location
			}
		}
	}
	return time.UTC
}

func (a *API) wipLimit(portfolio string) int {
	for _, p := range a.Policy.Document().Portfolios {
		if p.ID == portfolio {
			return p.WIPLimit
		}
	}
	return 0
}
