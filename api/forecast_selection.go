package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const selectionAbout = "When the last of several requests is done, each of which may be of another team or portfolio. Chances of what is independent multiply; requests that wait in one " +
	"portfolio are pulled at the same pace, one after another. So the day is later than that of the slowest alone. Requests are named, or chosen as a list is; " +
	"at most 100. Those that were closed without being delivered are left out."

type selectionInput struct {
	Choosing
	Portfolio string    `query:"portfolio" maxLength:"64"`
	Stage     pmo.Stage `query:"stage" enum:"intake,review,prioritization,approach,assignment,execution,closure"`
	Request   []string  `query:"request" maxItems:"100" doc:"Only these, by id or number, with commas between them"`
	By        string    `query:"by" maxLength:"10" doc:"How likely all are done by this day" example:"2027-03-31"`
}

type selectionOutput struct {
	Body wire.SelectionForecast
}

func (a *API) forecastSelection(ctx context.Context, in *selectionInput) (*selectionOutput, error) {
	if !pmo.Date(in.By).Valid() {
		return nil, problem.InvalidField("query/by", "is not a date like 2027-03-31")
	}
	found, err := a.selected(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &selectionOutput{Body: wire.SelectionForecast{AsOf: a.Now().UTC().Truncate(time.Second), Items: make([]wire.SelectedRequest, 0, len(found))}}
	answers := a.selectedForecasts(ctx, &out.Body, found)
	a.together(&out.Body, answers, pmo.Date(in.By))
	return out, nil
}

// selected are the requests that a selection chooses. One that is named and not found, or not for the reader, is refused.
func (a *API) selected(ctx context.Context, in *selectionInput) ([]store.Item, error) {
	f := in.filter(ctx, in.Portfolio, a.Now())
	f.Stage, f.Closed, f.Sort, f.Limit = in.Stage, len(in.Request) > 0, store.SortAge, wire.MostSelected
	for i, ref := range in.Request {
		canonical, _, ok := parseRef(strings.TrimSpace(ref))
		if !ok {
			return nil, noSelected(i)
		}
		f.Only = append(f.Only, canonical)
	}
	found, err := a.Store.List(ctx, f)
	switch {
	case err != nil:
		return nil, err
	case found.Next != "":
		return nil, problem.InvalidField("query/request", "chooses more than %d requests; choose fewer", wire.MostSelected)
	case f.Filtered() || f.Portfolio != "" || f.Stage != "":
		return found.Items, nil // a named request that the filter leaves out is not chosen
	}
	for i, ref := range f.Only {
		if !slices.ContainsFunc(found.Items, func(item store.Item) bool { return item.ID == ref || pmo.Ref(item.Number) == ref }) {
			return nil, noSelected(i)
		}
	}
	return found.Items, nil
}

func noSelected(i int) error {
	return problem.InvalidField(fmt.Sprintf("query/request/%d", i), "is no request, or it is not for you")
}

// selectedForecasts fills in the requests with the forecast of each, and returns what was computed for those that are open.
func (a *API) selectedForecasts(ctx context.Context, out *wire.SelectionForecast, found []store.Item) []cache.Answer {
	var answers []cache.Answer
	for i := range found {
		row := rowOf(&found[i])
		item := wire.SelectedRequest{Ref: pmo.Ref(found[i].Number), ID: row.ID, Title: found[i].Title, Portfolio: row.Portfolio, Team: found[i].Team, Stage: row.Stage,
			Status: row.Status, Outcome: row.Outcome, Delivered: row.Delivered()}
		view, answer := a.answerOf(ctx, &row.Request, &row, cache.PullWithin)
		item.Forecast = view
		switch {
		case row.Delivered():
			out.Delivered++
		case row.Closed():
			out.Ended++
		default:
			out.Open++
		}
		switch {
		case answer != nil:
			answers = append(answers, *answer)
		case view.CannotForecast:
			out.CannotForecast, out.Why = true, "one of them cannot be forecast: "+view.Why
		}
		out.Items = append(out.Items, item)
	}
	slices.SortStableFunc(out.Items, func(x, y wire.SelectedRequest) int { return cmp.Compare(lateness(&y), lateness(&x)) })
	return answers
}

// lateness orders requests by when they are forecast: what cannot be forecast is last, then what lies beyond ten years.
func lateness(r *wire.SelectedRequest) string {
	switch f := &r.Forecast; {
	case f.CannotForecast:
		return "b"
	case r.Delivered || r.Status == pmo.StatusClosed:
		return ""
	case f.P85 == "":
		return "a"
	default:
		return string(f.P85)
	}
}

// together fills in when all are done. The days hold if all are approved.
func (a *API) together(out *wire.SelectionForecast, answers []cache.Answer, by pmo.Date) {
	all := cache.All(answers)
	out.Approved = rounded(all.Approved)
	finish := &all.Finish
	switch {
	case out.Open == 0:
		out.Words = "Nothing of it is open."
		return
	case out.CannotForecast:
		out.Words = "Cannot forecast: " + out.Why + "."
		return
	case finish.CannotForecast:
		out.CannotForecast, out.Why, out.Words = true, finish.Why, finish.Sentence
		return
	}
	out.Words, out.Basis = finish.Sentence, &finish.Basis
	out.P50, out.P85, out.P95 = finish.P50.Day(), finish.P85.Day(), finish.P95.Day()
	location := a.locationOf(out.Items[0].Portfolio)
	if day, err := by.Time(location); err == nil {
		if odds := all.Wanted(day); odds.Overall.Known {
			out.Wanted = &wire.WantedForecast{By: by, Chance: rounded(odds.When.P), Overall: rounded(odds.Overall.P), Words: odds.Sentence}
		}
	}
	if last := out.Items[0]; out.Open > 1 && last.Forecast.P85 != "" {
		if day, err := last.Forecast.P85.Time(location); err == nil {
			out.Alone = &wire.SelectionAlone{Ref: cmp.Or(last.Ref, last.ID), P85: last.Forecast.P85, Chance: rounded(finish.ChanceBy(day).P)}
		}
	}
	if out.SharedPeople = all.SharedPeople; out.SharedPeople {
		out.Words += " The same people work on some of them: one may hold up another, and the days leave room for that."
	}
	if all.Approved < 1 {
		out.Words += fmt.Sprintf(" If all are approved; the chance of that is %.0f %%.", all.Approved*100)
	}
}
