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
	if t.Thin != nil {
		status = http.StatusAccepted
	}
	view := requestView{Request: t.Request.Snapshot(), Ref: refOf(t.Request.Number), WaitingOn: t.Request.WaitingOn(), DueAt: nearestDue(&t.Request), Links: linksOf(t.ID)}
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
	ID          string             `json:"id"`
	Number      int64              `json:"number,omitempty"`
	Ref         string             `json:"ref,omitempty"`
	Title       string             `json:"title"`
	Kind        string             `json:"kind"`
	Portfolio   string             `json:"portfolio,omitempty"`
	Themes      []string           `json:"themes"`
	Requester   string             `json:"requester"`
	Stage       pmo.Stage          `json:"stage"`
	StageSince  time.Time          `json:"stage_since"`
	Status      pmo.Status         `json:"status"`
	Outcome     pmo.Outcome        `json:"outcome,omitempty"`
	Lane        pmo.Lane           `json:"lane,omitempty"`
	Class       pmo.ClassOfService `json:"class,omitempty"`
	Team        string             `json:"team,omitempty"`
	Approach    string             `json:"approach,omitempty"`
	Rank        *int               `json:"rank,omitempty"`
	Score       *float64           `json:"score,omitempty"`
	SubmittedAt time.Time          `json:"submitted_at"`
	WantedBy    pmo.Date           `json:"wanted_by,omitempty"`
	WaitingOn   []string           `json:"waiting_on"`
	DueAt       *time.Time         `json:"due_at,omitempty"`
	Health      pmo.Health         `json:"health,omitempty"`
	Revision    int                `json:"revision"`
	Link        string             `json:"link"`
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
	for i := range found.Items {
		out.Body.Items = append(out.Body.Items, itemOf(&found.Items[i]))
	}
	return out, nil
}

func itemOf(row *store.Row) requestItem {
	r := &row.Request
	item := requestItem{
		ID: r.ID, Number: r.Number, Ref: refOf(r.Number), Title: r.Content.Title, Kind: r.Content.Kind, Portfolio: r.Portfolio,
		Themes: r.Content.Themes, Requester: r.Requester, Stage: r.Stage, StageSince: r.StageSince, Status: r.Status, Outcome: r.Outcome,
		Lane: r.Lane, Class: r.Content.Class, Approach: r.Approach.Name(), Rank: row.Rank, Score: row.Score, SubmittedAt: r.SubmittedAt,
		WantedBy: r.Content.WantedBy, WaitingOn: r.WaitingOn(), DueAt: nearestDue(r), Revision: r.Revision, Link: linksOf(r.ID).Self,
	}
	if item.WaitingOn == nil {
		item.WaitingOn = []string{}
	}
	if item.Themes == nil {
		item.Themes = []string{}
	}
	if r.Assignment != nil {
		item.Team = r.Assignment.Team
	}
	if r.Progress != nil {
		item.Health = r.Progress.Health
	}
	return item
}

// viewOf says for whom a list is read.
func viewOf(ctx context.Context) store.View {
	actor := actorOf(ctx)
	return store.View{Viewer: actor.ID, SeesAll: access.SeesAll(actor)}
}
