package api

import (
	"context"
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
	demand, err := a.forecasts.Demand(ctx, r.Portfolio, at)
	if err != nil {
		return cannot(view, "the history cannot be read right now")
	}
	queue := a.queueOf(r, row, demand, at)
	result, err := a.forecasts.Finish(ctx, r.Portfolio, queue, at)
	if err != nil {
		return cannot(view, "the history cannot be read right now")
	}
	view.Ahead, view.Words, view.Basis = queue.First(), result.Sentence, &result.Basis
	view.CannotForecast, view.Why = result.CannotForecast, result.Why
	if !result.CannotForecast {
		view.P50, view.P85, view.P95 = day(result.P50), day(result.P85), day(result.P95)
	}
	if r.Undecided() {
		view.Approval = &wire.Approval{Chance: demand.Chance(), Approved: demand.Accepted, Decided: demand.Decided}
		if words := demand.ChanceWords(); words != "" {
			view.Words += " " + words
		}
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

// queueOf is the place of an open request among what waits in its portfolio. One that has no rank yet comes after all that wait.
func (a *API) queueOf(r *pmo.Request, row *store.Row, d forecast.Demand, at time.Time) forecast.Queue {
	counted := row != nil && r.Status == pmo.StatusOpen // it is one of those that the demand counts
	q := forecast.Queue{InProgress: d.InProgress, WIPLimit: a.wipLimit(r.Portfolio), Pulled: r.Pulled()}
	switch {
	case q.Pulled:
		q.Age = max(int(at.Sub(r.PulledAt).Hours()/24), 0)
	case row != nil && row.Rank != nil:
		q.Ahead = *row.Rank - 1
	default:
		if counted && r.Undecided() {
			d.Undecided--
		} else if counted {
			d.Waiting--
		}
		q.Ahead = max(d.Ahead(), 0)
	}
	return q
}

// locationOf is the portfolio's time zone.
func (a *API) locationOf(portfolio string) *time.Location {
	for _, p := range a.Policy.Now().Document().Portfolios {
		if p.ID == portfolio {
			if location, err := time.LoadLocation(p.TimeZone); err == nil {
				return location
			}
		}
	}
	return time.UTC
}

func (a *API) wipLimit(portfolio string) int {
	for _, p := range a.Policy.Now().Document().Portfolios {
		if p.ID == portfolio {
			return p.WIPLimit
		}
	}
	return 0
}
