package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/approach"
	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// requestReader reads requests.
type requestReader interface {
	Request(ctx context.Context, ref string) (store.Row, error)
	List(ctx context.Context, f store.Filter) (store.Page[store.Item], error)
	Ledger(ctx context.Context, id string, after int64, limit int) (store.Page[store.LedgerEntry], error)
	LedgerNewest(ctx context.Context, id string, before int64, limit int) (store.Page[store.LedgerEntry], error)
	CompletionEntries(ctx context.Context, id string) ([]pmo.Entry, error)
	finishedReader
	Learned(ctx context.Context, ids []string, each int) ([]store.Learned, error)
	AgreedPlans(ctx context.Context, id string) ([]store.LedgerEntry, error)
	Standing(ctx context.Context, person string, teams []string, at time.Time) (store.Standing, error)
}

type readOutput struct {
	Status int
	Body   wire.Request
}

// read answers a request. 202 says that it is durable and no worker has processed it yet.
func (a *API) read(ctx context.Context, in *struct {
	RefPath
	AtLeast int64 `query:"at_least" minimum:"0" doc:"The seq of a command's receipt: the answer is not older. While the process cannot be asked, it may be"`
	BurnUp  bool  `query:"burn_up" doc:"With its burn-up, once the work has begun"`
}) (*readOutput, error) {
	t := targetOf(ctx)
	a.atLeast(ctx, t, in.AtLeast)
	status := http.StatusOK
	if t.Unprocessed != nil {
		status = http.StatusAccepted
	}
	out := &readOutput{Status: status, Body: a.requestOf(ctx, t)}
	if in.BurnUp && !t.Request.StartedAt.IsZero() {
		entries, err := a.Store.CompletionEntries(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		burnUp := pmo.BurnUpOf(entries, t.Request.Completion())
		out.Body.BurnUp = &burnUp
	}
	return out, nil
}

// requestOf is a request as every route answers it.
func (a *API) requestOf(ctx context.Context, t *target) wire.Request {
	forecast := a.forecastOf(ctx, &t.Request, t.Row, cache.PullWithin)
	body := wire.Request{State: wire.State(t.Request.Public()), Ref: pmo.Ref(t.Request.Number), Questions: []wire.OpenQuestion{},
		ClosedQuestions: []pmo.Question{}, DueAt: nearestDue(&t.Request),
		Similar: listed(t.Request.Similar), Forecast: &forecast, Quicker: a.quicker(&t.Request), NeededInputs: t.Request.NeededInputs(),
		Links: linksOf(t.ID)}
	for i := range t.Request.Questions {
		if q := t.Request.Questions[i]; q.Open() {
			body.Questions = append(body.Questions, a.openQuestion(ctx, actorOf(ctx), t, q))
		} else {
			body.ClosedQuestions = append(body.ClosedQuestions, q)
		}
	}
	if !t.fresh {
		a.addClaims(ctx, t.ID, body.Questions)
	}
	body.Links.History = a.TemporalUI.Request(t.ID)
	body.Since = t.Request.Since()
	body.GoesOnIn = a.goesOnRefs(ctx, t)
	body.WaitingOn, body.Commands = waitingOn(&t.Request, body.Questions), commandsNow(actorOf(ctx), t)
	limit := ""
	if t.Row != nil {
		limit = t.Row.LimitReason
		body.Rank, body.Score, body.Slot, body.ProjectedAt = t.Row.Rank, t.Row.Score, t.Row.Slot, &t.Row.Projected
	}
	body.WaitsOn = t.Request.WaitsFor(body.WaitingOn, limit)
	a.addDependencies(ctx, t, &body)
	body.Objectives = a.served(ctx, t)
	body.Points = a.shownPoints(t)
	body.Worked = workedOf(&t.Request)
	return body
}

// workedOf compares of a delivered request what was recommended and chosen with what came of it; nil of any other.
func workedOf(r *pmo.Request) *approach.Worked {
	if !r.Delivered() || r.PulledAt.IsZero() {
		return nil
	}
	worked := approach.FinishedOf(r).Worked()
	return &worked
}

// addClaims says of open questions who is on it.
func (a *API) addClaims(ctx context.Context, id string, open []wire.OpenQuestion) {
	if len(open) == 0 {
		return
	}
	notes := a.notesOn(ctx, id)
	for i := range open {
		open[i].Claims = claimsOn(notes, id, &open[i].Question)
	}
}

// quicker says what the requester can do to be quicker while it still helps: before the pull.
func (a *API) quicker(r *pmo.Request) []string {
	switch {
	case r.Closed() || r.Lane == "":
		return nil
	case r.Stage == pmo.StageIntake, r.Stage == pmo.StageReview, r.Stage == pmo.StagePrioritization:
		return a.Policy.Now().Quicker(r.Content)
	}
	return nil
}

// listed makes an absent list an empty one: JSON shows it as [] and not as null.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// nearestDue is when the first of the open questions is due; nil without one.
func nearestDue(r *pmo.Request) *time.Time {
	var due *time.Time
	for _, q := range r.OpenQuestions() {
		if due == nil || q.DueAt.Before(*due) {
			due = &q.DueAt
		}
	}
	return due
}

func linksOf(id string) wire.Links {
	self := "/v1/requests/" + url.PathEscape(id)
	return wire.Links{Self: self, Ledger: self + "/ledger", Explanation: self + "/explanation", Forecast: self + "/forecast", Decisions: self + "/decisions"}
}

type listInput struct {
	Paging
	Choosing
	Portfolio string     `query:"portfolio" maxLength:"64"`
	Stage     pmo.Stage  `query:"stage" enum:"intake,review,prioritization,approach,assignment,execution,closure"`
	Status    pmo.Status `query:"status" enum:"open,on_hold,deferred,closed" doc:"All but closed when absent"`
	Closed    bool       `query:"closed" doc:"Closed ones too"`
	WaitingOn string     `query:"waiting_on" maxLength:"64"`
	Sort      string     `query:"sort" enum:"rank,age,due,newest" default:"newest"`
	Forecast  bool       `query:"forecast" doc:"Each with its forecast; a page has 50 requests at most then"`
}

type listOutput struct {
	Body wire.Page[wire.RequestItem]
}

func (a *API) list(ctx context.Context, in *listInput) (*listOutput, error) {
	f := in.filter(ctx, in.Portfolio, a.Now())
	f.Stage, f.Status, f.Closed, f.WaitingOn, f.Sort, f.Limit, f.Cursor = in.Stage, in.Status, in.Closed, in.WaitingOn, in.Sort, in.Limit, in.Cursor
	if in.Forecast {
		f.Limit = min(f.Limit, mostForecastRows)
	}
	found, err := a.Store.List(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &listOutput{Body: pageOf(found, itemOf)}
	if in.Forecast {
		a.forecastEach(ctx, out.Body.Items, found.Items)
	}
	return out, nil
}

func itemOf(i store.Item) wire.RequestItem {
	return wire.RequestItem{Ref: pmo.Ref(i.Number), ID: i.ID, Number: i.Number, Title: i.Title, Kind: i.Kind, Portfolio: i.Portfolio, Themes: i.Themes,
		Requester: i.Requester, Stage: i.Stage, StageSince: i.StageSince, Since: i.Since, AcceptedAt: i.AcceptedAt, Status: i.Status, Outcome: i.Outcome, Lane: i.Lane, Class: i.Class,
		Team: i.Team, Approach: i.Approach, Rank: i.Rank, Score: i.Score, SubmittedAt: i.SubmittedAt, WantedBy: i.WantedBy,
		WaitingOn: i.WaitingOn, WaitsOn: i.WaitsOn, DueAt: i.DueAt, Health: i.Health, HealthSays: i.HealthSays, HealthKind: i.HealthKind, Revision: i.Revision, Link: linksOf(i.ID).Self}
}

// pageOf is a page of the store as the API answers it.
func pageOf[S, W any](found store.Page[S], of func(S) W) wire.Page[W] {
	out := wire.Page[W]{Items: make([]W, 0, len(found.Items)), Next: found.Next}
	for _, item := range found.Items {
		out.Items = append(out.Items, of(item))
	}
	return out
}

// viewOf says for whom a list is read.
func viewOf(ctx context.Context) store.View {
	actor := actorOf(ctx)
	return store.View{Viewer: access.Viewer(actor), SeesAll: access.SeesAll(actor)}
}
