package api

import (
	"context"
	"net/http"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// requestView is one request, whole.
type requestView struct {
	pmo.Request
	Ref       string        `json:"ref,omitempty" example:"R-42"`
	WaitingOn []string      `json:"waiting_on"`
	DueAt     *time.Time    `json:"due_at,omitempty" doc:"When the first open question is due"`
	Rank      *int          `json:"rank,omitempty"`
	Score     *float64      `json:"score,omitempty"`
	Slot      *time.Time    `json:"slot,omitempty" doc:"When it got a slot of its portfolio"`
	Projected *time.Time    `json:"projected_at,omitempty" doc:"How fresh this is; absent when the process itself was asked"`
	Forecast  *forecastView `json:"forecast,omitempty"`
	Links     links         `json:"links"`
}

type readOutput struct {
	Status int
	Body   requestView
}

// read shows a request. 202 says that it is accepted and nobody has looked at it yet.
func (a *API) read(ctx context.Context, _ *struct{ RefPath }) (*readOutput, error) {
	t := targetOf(ctx)
	status := http.StatusOK
	if t.Unprocessed != nil {
		status = http.StatusAccepted
	}
	view := requestView{Request: t.Request.Public(), Ref: refOf(t.Request.Number), WaitingOn: t.Request.WaitingOn(), DueAt: nearestDue(&t.Request), Links: linksOf(t.ID)}
	if view.WaitingOn == nil {
		view.WaitingOn = []string{}
	}
	if t.Row != nil {
		view.Rank, view.Score, view.Slot, view.Projected = t.Row.Rank, t.Row.Score, t.Row.Slot, &t.Row.Projected
	}
	forecast, _ := a.forecastOf(ctx, &t.Request, t.Row, a.Now())
	view.Forecast = &forecast
	return &readOutput{Status: status, Body: view}, nil
}

type listInput struct {
	Paging
	Portfolio string     `query:"portfolio" maxLength:"64"`
	Stage     pmo.Stage  `query:"stage" enum:"intake,review,prioritization,approach,assignment,execution,closure"`
	Status    pmo.Status `query:"status" enum:"open,on_hold,deferred,closed" doc:"All but closed when absent"`
	Closed    bool       `query:"closed" doc:"Closed ones too"`
	Theme     string     `query:"theme" maxLength:"64"`
	Kind      string     `query:"kind" maxLength:"64"`
	Team      string     `query:"team" maxLength:"64"`
	Requester string     `query:"requester" maxLength:"64"`
	WaitingOn string     `query:"waiting_on" maxLength:"64"`
	Text      string     `query:"text" maxLength:"200" doc:"Words of title, problem and outcome"`
	Sort      string     `query:"sort" enum:"rank,age,due,newest" default:"newest"`
}

// requestItem is a request in a list.
type requestItem struct {
	Ref string `json:"ref,omitempty"`
	store.Item
	Link string `json:"link"`
}

type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
}

type listOutput struct {
	Body page[requestItem]
}

func (a *API) list(ctx context.Context, in *listInput) (*listOutput, error) {
	v := viewOf(ctx)
	found, err := a.Store.List(ctx, store.Filter{
		Portfolio: in.Portfolio, Theme: in.Theme, Kind: in.Kind, Team: in.Team, Requester: in.Requester, Text: in.Text,
		Stage: in.Stage, Status: in.Status, Closed: in.Closed, WaitingOn: in.WaitingOn, Sort: in.Sort, Limit: in.Limit, Cursor: in.Cursor,
		Viewer: v.Viewer, SeesAll: v.SeesAll,
	})
	if err != nil {
		return nil, err
	}
	out := &listOutput{Body: page[requestItem]{Items: []requestItem{}, Next: found.Next}}
	for _, item := range found.Items {
		out.Body.Items = append(out.Body.Items, requestItem{Ref: refOf(item.Number), Item: item, Link: linksOf(item.ID).Self})
	}
	return out, nil
}

// viewOf says for whom a list is read.
func viewOf(ctx context.Context) store.View {
	actor := actorOf(ctx)
	return store.View{Viewer: actor.ID, SeesAll: access.SeesAll(actor)}
}
