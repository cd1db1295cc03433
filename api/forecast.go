package api

import (
	"context"
	"math"
	"time"

	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

type forecastOutput struct {
	Body wire.Forecast
}

func (a *API) readForecast(ctx context.Context, in *struct {
	RefPath
	Within int `query:"within" minimum:"1" maximum:"365" default:"28" doc:"In how many days it is said how likely it is pulled"`
}) (*forecastOutput, error) {
	t := targetOf(ctx)
	return &forecastOutput{Body: a.forecastOf(ctx, &t.Request, t.Row, in.Within)}, nil
}

// forecastOf computes a forecast on read.
func (a *API) forecastOf(ctx context.Context, r *pmo.Request, row *store.Row, within int) wire.Forecast {
	view, _ := a.answerOf(ctx, r, row, within)
	return view
}

// answerOf is a forecast as it is answered and as it was computed; the latter is nil where none was.
func (a *API) answerOf(ctx context.Context, r *pmo.Request, row *store.Row, within int) (wire.Forecast, *cache.Answer) {
	at := a.Now()
	view := wire.Forecast{AsOf: at.UTC().Truncate(time.Second)}
	switch {
	case r.Delivered():
		view.Words = "Delivered on " + r.AcceptedAt.Format(time.DateOnly) + "."
		return view, nil
	case r.Closed():
		view.Words = "Closed as " + string(r.Outcome) + "."
		return view, nil
	case r.Portfolio == "":
		return cannot(view, "no worker has processed it yet"), nil
	}
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	answer, err := a.forecasts.ForRequest(ctx, r, a.placeOf(r, row), at)
	if err != nil {
		return cannot(view, "the history cannot be read right now"), nil
	}
	a.fill(&view, &answer, r, within)
	return view, &answer
}

// fill puts an answer into the words and days of a view.
func (a *API) fill(view *wire.Forecast, answer *cache.Answer, r *pmo.Request, within int) {
	finish := &answer.Finish
	view.Ahead, view.Words, view.Basis = answer.Queue.First(), finish.Sentence, &finish.Basis
	view.AbovePerWeek = answer.AbovePerWeek()
	view.CannotForecast, view.Why = finish.CannotForecast, finish.Why
	if !finish.CannotForecast {
		view.P50, view.P85, view.P95 = finish.P50.Day(), finish.P85.Day(), finish.P95.Day()
	}
	if chance, known := answer.PulledWithin(within); known {
		start := &answer.Start
		view.Start = &wire.StartForecast{P50: start.P50.Day(), P85: start.P85.Day(), P95: start.P95.Day(), Within: within, Chance: rounded(chance)}
	}
	if by, err := r.Content.WantedBy.Time(a.locationOf(r.Portfolio)); err == nil {
		if odds := answer.Wanted(by); odds.Overall.Known {
			view.Wanted = &wire.WantedForecast{By: r.Content.WantedBy, Chance: rounded(odds.When.P), Overall: rounded(odds.Overall.P), Words: odds.Sentence}
		}
	}
	if !answer.Undecided {
		return
	}
	d := &answer.Demand
	view.Approval = &wire.Approval{Chance: d.Chance(), Approved: d.Accepted, Decided: d.Decided}
	if words := d.ChanceWords(); words != "" {
		view.Words += " " + words
	}
}

// rounded is a chance as it is answered: more digits than these are noise.
func rounded(chance float64) float64 { return math.Round(chance*1000) / 1000 }

// mostForecastRows is how many requests of a list have a forecast.
const mostForecastRows = 50

// forecastEach gives each request of a list its forecast. What forecasts are made from is read once for a portfolio, and kept for some seconds.
func (a *API) forecastEach(ctx context.Context, items []wire.RequestItem, found []store.Item) {
	for i := range found {
		row := rowOf(&found[i])
		f := a.forecastOf(ctx, &row.Request, &row, cache.PullWithin)
		items[i].Forecast = &f
	}
}

// rowOf is what a forecast needs to know of a request, from its line in a list.
func rowOf(i *store.Item) store.Row {
	row := store.Row{Rank: i.Rank, Request: pmo.Request{ID: i.ID, Portfolio: i.Portfolio, Stage: i.Stage, Status: i.Status, Outcome: i.Outcome, Content: pmo.Content{WantedBy: i.WantedBy}}}
	if i.AcceptedAt != nil {
		row.AcceptedAt = *i.AcceptedAt
	}
	if i.PulledAt != nil {
		row.Pull, row.PulledAt = &pmo.Pull{}, *i.PulledAt
	}
	if i.Team != "" {
		row.Assignment = &pmo.Assignment{Team: i.Team}
	}
	return row
}

func cannot(view wire.Forecast, why string) wire.Forecast {
	view.CannotForecast, view.Why, view.Words = true, why, "Cannot forecast: "+why+"."
	return view
}

// placeOf is where an open request stands among what waits.
func (a *API) placeOf(r *pmo.Request, row *store.Row) cache.Place {
	place := cache.Place{WIPLimit: a.Policy.Now().Limits(r.Portfolio).WIP, Counted: row != nil}
	if row != nil && row.Rank != nil {
		place.Rank = *row.Rank
	}
	return place
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
