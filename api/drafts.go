package api

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// draftStore keeps submissions that somebody has begun, and when they were here.
type draftStore interface {
	Drafts(ctx context.Context, person string) ([]store.Draft, error)
	Draft(ctx context.Context, person, id string) (store.Draft, error)
	DraftedBy(ctx context.Context, person, id string) (string, error)
	PutDraft(ctx context.Context, d store.Draft) error
	DropDraft(ctx context.Context, person, id string, at time.Time) error
	Visit(ctx context.Context, person string, at time.Time) (time.Time, error)
	VisitedSince(ctx context.Context, person string) (time.Time, error)
	Similar(ctx context.Context, id, title, problem string, limit int) ([]pmo.Similar, error)
}

// DraftPath names a draft of the caller's. Its id is the caller's choice: a form has it before it is saved.
type DraftPath struct {
	ID string `path:"id" format:"uuid"`
}

type draftsOutput struct {
	Body wire.Page[wire.Draft]
}

func (a *API) drafts(ctx context.Context, _ *struct{}) (*draftsOutput, error) {
	found, err := a.Store.Drafts(ctx, actorOf(ctx).ID)
	if err != nil {
		return nil, err
	}
	out := &draftsOutput{Body: wire.Page[wire.Draft]{Items: []wire.Draft{}}}
	for _, d := range found {
		draft, err := draftOf(d)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, draft)
	}
	return out, nil
}

func draftOf(d store.Draft) (wire.Draft, error) {
	out := wire.Draft{ID: d.ID, Kind: d.Kind, At: d.At, Agent: d.Agent, Request: d.Request}
	if d.Agent != "" {
		out.For = d.Person
	}
	err := json.Unmarshal(d.Fields, &out.Fields)
	if title := out.Fields["title"]; len(title) > 0 {
		out.Title = pmo.Truncate(title[0], 200)
	}
	return out, err
}

type draftOutput struct {
	Replayable
	Body wire.Draft
}

func (a *API) draft(ctx context.Context, in *struct{ DraftPath }) (*draftOutput, error) {
	d, err := a.Store.Draft(ctx, actorOf(ctx).ID, in.ID)
	if err != nil {
		return nil, err
	}
	body, err := draftOf(d)
	return &draftOutput{Body: body}, err
}

type putDraftInput struct {
	DraftPath
	Keyed
	Body wire.SetDraft
}

func (a *API) putDraft(ctx context.Context, in *putDraftInput) (*draftOutput, error) {
	d, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "draft "+in.ID, in.Body), in.Key, func(ctx context.Context) (store.Draft, error) {
		fields, err := cleanFields(in.Body.Fields, "/fields")
		if err != nil {
			return store.Draft{}, err
		}
		text, err := json.Marshal(fields)
		if err != nil {
			return store.Draft{}, err
		}
		d := store.Draft{ID: in.ID, Kind: in.Body.Kind, At: a.moment(), Fields: text, Person: actorOf(ctx).ID}
		if err = a.leave(ctx, &d, in.Body); err != nil {
			return d, err
		}
		err = a.Store.PutDraft(ctx, d)
		if errors.Is(err, store.ErrDropped) {
			err = problem.New(problem.Conflict, "%s: begin another one under another id", store.ErrDropped)
		}
		return d, err
	})
	if err != nil {
		return nil, err
	}
	body, err := draftOf(d)
	return &draftOutput{Replayable: replayed, Body: body}, err
}

func (a *API) dropDraft(ctx context.Context, in *struct {
	DraftPath
	Keyed
}) (*clearedOutput, error) {
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "drop draft "+in.ID, nil), in.Key, func(ctx context.Context) (struct{}, error) {
		person := actorOf(ctx).ID
		if actorOf(ctx).Agent { // it takes back what it left with somebody
			d, err := a.Store.Draft(ctx, person, in.ID)
			if errors.Is(err, store.ErrNotFound) {
				return struct{}{}, a.Store.KeepKey(ctx, struct{}{})
			}
			if err != nil {
				return struct{}{}, err
			}
			person = d.Person
		}
		return struct{}{}, a.Store.DropDraft(ctx, person, in.ID, a.moment())
	})
	return &clearedOutput{Replayable: replayed}, err
}

type visitOutput struct {
	Replayable
	Body wire.Visit
}

func visitOf(since time.Time, replayed Replayable) *visitOutput {
	out := &visitOutput{Replayable: replayed}
	if !since.IsZero() {
		out.Body.Since = &since
	}
	return out
}

func (a *API) visit(ctx context.Context, _ *struct{}) (*visitOutput, error) {
	since, err := a.Store.VisitedSince(ctx, actorOf(ctx).ID)
	if err != nil {
		return nil, err
	}
	return visitOf(since, Replayable{}), nil
}

func (a *API) beginVisit(ctx context.Context, in *struct{ Keyed }) (*visitOutput, error) {
	since, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "visit", nil), in.Key, func(ctx context.Context) (time.Time, error) {
		return a.Store.Visit(ctx, actorOf(ctx).ID, a.moment())
	})
	if err != nil {
		return nil, err
	}
	return visitOf(since, replayed), nil
}

// mostSimilar is how many similar requests are shown to somebody who writes one.
const mostSimilar = 5

type similarInput struct {
	Title   string `query:"title" required:"true" minLength:"3" maxLength:"200"`
	Problem string `query:"problem" maxLength:"1000"`
}

type similarOutput struct {
	Body wire.SimilarRequests
}

func (a *API) similar(ctx context.Context, in *similarInput) (*similarOutput, error) {
	found, err := a.Store.Similar(ctx, "", in.Title, in.Problem, mostSimilar)
	if err != nil {
		return nil, err
	}
	lessons, err := a.lessonsOf(ctx, found)
	if err != nil {
		return nil, err
	}
	return &similarOutput{Body: wire.SimilarRequests{Similar: listed(found), Lessons: lessons}}, nil
}
