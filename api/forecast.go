package api

import (
	"context"
	"fmt"
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// forecastView is if and when, honestly: dates with their chances, or why there are none.
type forecastView struct {
	AsOf           time.Time       `json:"as_of"`
	Words          string          `json:"words"`
	CannotForecast bool            `json:"cannot_forecast,omitempty"`
	Why            string          `json:"why,omitempty" doc:"Why nothing can be said"`
	P50            pmo.Date        `json:"p50,omitempty" doc:"Even odds to be done by this day"`
	P85            pmo.Date        `json:"p85,omitempty" doc:"Done by this day in 85 of 100 futures"`
	P95            pmo.Date        `json:"p95,omitempty"`
	Ahead          int             `json:"ahead" doc:"Open requests that are expected to finish first"`
	Basis          *forecast.Basis `json:"basis,omitempty"`
}

type forecastOutput struct {
	Body forecastView
}

func (a *API) readForecast(ctx context.Context, _ *struct{ RefPath }) (*forecastOutput, error) {
	t := targetOf(ctx)
	view, _ := a.forecastOf(ctx, &t.Request, t.Row, a.Now())
	return &forecastOutput{Body: view}, nil
}

// forecastOf computes a forecast on read; known is false when the read model could not be asked.
func (a *API) forecastOf(ctx context.Context, r *pmo.Request, row *store.Row, at time.Time) (view forecastView, known bool) {
	view = forecastView{AsOf: at.UTC().Truncate(time.Second)}
	switch {
	case r.Delivered():
		view.Words = "Delivered on " + r.AcceptedAt.Format(time.DateOnly) + "."
		return view, true
	case r.Closed():
		view.Words = "Closed as " + string(r.Outcome) + "."
		return view, true
	case r.Portfolio == "":
		return cannot(view, "it has not been looked at yet"), false
	}
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	ahead, err := a.ahead(ctx, r, row)
	if err != nil {
		return cannot(view, "the history cannot be read right now"), false
	}
	result, err := a.forecasts.ForQueue(ctx, r.Portfolio, ahead, at)
	if err != nil {
		return cannot(view, "the history cannot be read right now"), false
	}
	view.Ahead = ahead
	return view.with(result), true
}

func cannot(view forecastView, why string) forecastView {
	view.CannotForecast, view.Why, view.Words = true, why, "Cannot forecast: "+why+"."
	return view
}

func (v forecastView) with(result forecast.Result) forecastView {
	v.Words, v.CannotForecast, v.Why, v.Basis = result.Sentence, result.CannotForecast, result.Why, &result.Basis
	if !result.CannotForecast {
		v.P50, v.P85, v.P95 = day(result.P50), day(result.P85), day(result.P95)
	}
	return v
}

// day is empty for a date beyond what is looked at: a date would be a lie.
func day(p forecast.Point) pmo.Date {
	if p.Beyond || p.Date.IsZero() {
		return ""
	}
	return pmo.Date(p.Date.Format(time.DateOnly))
}

// ahead counts the open requests expected to finish before this one. What works at once is bounded by the portfolio's WIP limit;
// what is not ranked yet comes after everything that is open.
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

// placeOf is the portfolio's time zone.
func (a *API) placeOf(portfolio string) *time.Location {
	for _, p := range a.Policy.Document().Portfolios {
		if p.ID == portfolio {
			if where, err := time.LoadLocation(p.TimeZone); err == nil {
				return where
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
