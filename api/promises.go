package api

import (
	"context"
	"fmt"
	"strings"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/promise"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// promiseStore keeps what was told about when requests are done.
type promiseStore interface {
	RecordPromise(ctx context.Context, p promise.Promise) error
	Promises(ctx context.Context, id string, before pmo.Date, limit int) ([]promise.Promise, error)
	ToldPromises(ctx context.Context, v store.View, since time.Time) ([]store.ToldPromise, error)
	PromiseOutcomes(ctx context.Context, portfolio string, since time.Time) ([]store.PromiseOutcome, error)
}

const promisesAbout = "What was told about when it is done: with the receipt, when it moved on, and in the digest of a day on which the forecast had changed by more " +
	"than a day and five percent of the time left. At most one a day; to read a request or its forecast tells nothing new. A changed promise says why it changed."

type promisesInput struct {
	RefPath
	Limit  int      `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor pmo.Date `query:"cursor" maxLength:"10" doc:"The next of the page before"`
}

type promisesOutput struct {
	Body wire.Page[wire.Promise]
}

func (a *API) promises(ctx context.Context, in *promisesInput) (*promisesOutput, error) {
	t := targetOf(ctx)
	if _, err := in.Cursor.Time(time.UTC); in.Cursor != "" && err != nil {
		return nil, problem.InvalidField("query/cursor", "is no cursor of this list")
	}
	told, err := a.Store.Promises(ctx, t.ID, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &promisesOutput{Body: wire.Page[wire.Promise]{Items: []wire.Promise{}}}
	if len(told) > in.Limit {
		told = told[:in.Limit]
		out.Body.Next = string(told[in.Limit-1].Day)
	}
	zone := a.locationOf(t.Request.Portfolio)
	outcome, today := promise.OutcomeOf(timeOf(t.Request.AcceptedAt), timeOf(t.Request.ClosedAt), zone), pmo.Date(a.Now().In(zone).Format(time.DateOnly))
	for i := range told {
		out.Body.Items = append(out.Body.Items, promiseOf(&told[i], outcome, today))
	}
	return out, nil
}

func timeOf(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func promiseOf(p *promise.Promise, o promise.Outcome, today pmo.Date) wire.Promise {
	view := wire.Promise{Day: p.Day, ToldAt: p.ToldAt, Occasion: p.Occasion, To: listed(p.To), P50: p.Finish.P50, P85: p.Finish.P85, P95: p.Finish.P95,
		CannotForecast: p.Cannot != "", Why: p.Cannot, WantedBy: p.WantedBy, WantedChance: rounded(p.Wanted), RestsOn: p.Facts, Reasons: listed(p.Reasons),
		Words: promiseWords(p), Kept: wire.PromiseKept{P50: o.Judge(p.Finish.P50, today), P85: o.Judge(p.Finish.P85, today), P95: o.Judge(p.Finish.P95, today)}}
	if p.Start != (promise.Days{}) {
		view.Start = &p.Start
	}
	return view
}

// mostForecasts is how many forecasts a digest has.
const mostForecasts = 50

// addForecasts adds what the person was told about when requests are done.
func (a *API) addForecasts(ctx context.Context, d *wire.Digest) error {
	view := viewOf(ctx)
	view.Limit = mostForecasts + 1
	told, err := a.Store.ToldPromises(ctx, view, d.Since)
	if err != nil {
		return err
	}
	d.MoreForecasts = len(told) > mostForecasts
	for _, t := range told[:min(len(told), mostForecasts)] {
		zone := a.locationOf(t.Portfolio)
		outcome, today := promise.OutcomeOf(t.AcceptedAt, t.ClosedAt, zone), pmo.Date(a.Now().In(zone).Format(time.DateOnly))
		d.Forecasts = append(d.Forecasts, wire.DigestForecast{Told: promiseOf(&t.Promise, outcome, today),
			Request: wire.InboxRequest{ID: t.RequestID, Number: t.Number, Ref: pmo.Ref(t.Number), Title: t.Title, Stage: t.Stage}})
	}
	return nil
}

func promiseWords(p *promise.Promise) string {
	said := "Cannot forecast: " + p.Cannot
	if p.Cannot == "" {
		said = fmt.Sprintf("85 %% likely by %s, even odds by %s", orLater(p.Finish.P85), orLater(p.Finish.P50))
	}
	var why []string
	for _, r := range p.Reasons {
		why = append(why, r.Words())
	}
	if len(why) > 0 {
		said += "; changed because " + strings.Join(why, ", ")
	}
	return said + "."
}

func orLater(day pmo.Date) string {
	if day == "" {
		return "a day more than ten years ahead"
	}
	return string(day)
}

// tellSubmission records what the receipt of a submission says. A promise that cannot be recorded now is recorded by the worker: the submission
// does not depend on it.
func (a *API) tellSubmission(ctx context.Context, t *target) {
	r := &t.Request
	if t.Unprocessed != nil || t.Row == nil || r.Portfolio == "" || r.Closed() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	at, place := a.Now().In(a.locationOf(r.Portfolio)), a.placeOf(r, t.Row)
	answer, err := a.forecasts.ForRequest(ctx, r, place, at)
	if err == nil {
		err = a.Store.RecordPromise(ctx, promise.New(r, place, &answer, at, promise.Submitted))
	}
	if err != nil {
		a.Log.DebugContext(ctx, "what a receipt says was not recorded", "request", r.ID, "cause", err)
	}
}
