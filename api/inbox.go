package api

import (
	"context"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// inboxItem is a pending decision with all it takes to decide in one step.
type inboxItem struct {
	Request   inboxRequest `json:"request"`
	Question  pmo.Question `json:"question"`
	For       string       `json:"for" doc:"Whose seat it is: yours, or of somebody you stand in for"`
	OnBehalf  bool         `json:"on_behalf,omitempty"`
	DecideAt  string       `json:"decide_at" doc:"Where to POST the answer"`
	OnSilence string       `json:"on_silence" doc:"What happens if nobody answers"`
}

type inboxRequest struct {
	ID        string    `json:"id"`
	Number    int64     `json:"number,omitempty"`
	Ref       string    `json:"ref,omitempty"`
	Title     string    `json:"title"`
	Requester string    `json:"requester"`
	Stage     pmo.Stage `json:"stage"`
}

type inboxOutput struct {
	Body page[inboxItem]
}

func (a *API) inbox(ctx context.Context, _ *struct{}) (*inboxOutput, error) {
	actor := actorOf(ctx)
	me := actor.ID
	found, err := a.Store.Inbox(ctx, me, a.Now())
	if err != nil {
		return nil, err
	}
	standing, err := a.Store.Standing(ctx, me, "", a.Now())
	if err != nil {
		return nil, err
	}
	out := &inboxOutput{Body: page[inboxItem]{Items: []inboxItem{}}}
	for _, i := range found {
		candidate := access.Candidate{Actor: actor, ActsFor: standing.ActsFor, For: i.For}
		if e := access.Eligible(candidate, access.Seats{Kind: i.Question.Kind, Asked: i.Question.Seats(), Requester: i.Requester, SubmittedBy: i.SubmittedBy}); !e.Allowed {
			continue // listed only while the read model lags behind a delegation or a role
		}
		out.Body.Items = append(out.Body.Items, inboxItem{
			Request:  inboxRequest{ID: i.RequestID, Number: i.Number, Ref: refOf(i.Number), Title: i.Title, Requester: i.Requester, Stage: i.Stage},
			Question: i.Question, For: i.For, OnBehalf: i.For != me, DecideAt: linksOf(i.RequestID).Decisions, OnSilence: i.Question.OnSilence,
		})
	}
	return out, nil
}

// ranked is a line of the backlog with how people call the request.
type ranked struct {
	store.RankedRequest
	Ref  string `json:"ref,omitempty"`
	Link string `json:"link"`
}

func rankedOf(lines store.Page[store.RankedRequest]) page[ranked] {
	out := page[ranked]{Items: []ranked{}, Next: lines.Next}
	for _, l := range lines.Items {
		out.Items = append(out.Items, ranked{RankedRequest: l, Ref: refOf(l.Number), Link: linksOf(l.ID).Self})
	}
	return out
}

type backlogInput struct {
	Paging
	Portfolio string `query:"portfolio" maxLength:"64" doc:"The first one of the policy when absent"`
}

type backlogOutput struct {
	Body page[ranked]
}

func (a *API) backlog(ctx context.Context, in *backlogInput) (*backlogOutput, error) {
	portfolio, err := a.portfolio(in.Portfolio, "query/portfolio")
	if err != nil {
		return nil, err
	}
	view := viewOf(ctx)
	view.Limit, view.Cursor = in.Limit, in.Cursor
	lines, err := a.Store.Backlog(ctx, portfolio, view)
	if err != nil {
		return nil, err
	}
	return &backlogOutput{Body: rankedOf(lines)}, nil
}
