package api

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// viewStore keeps the filters that people keep under a name.
type viewStore interface {
	SavedViews(ctx context.Context, person string) ([]store.SavedView, error)
	PutView(ctx context.Context, person string, v store.SavedView) error
	DropView(ctx context.Context, person, id string) error
}

// ViewPath names a view of the caller's. Its id is the caller's choice.
type ViewPath struct {
	ID string `path:"id" format:"uuid"`
}

type viewsOutput struct {
	Body wire.Page[wire.View]
}

func (a *API) views(ctx context.Context, _ *struct{}) (*viewsOutput, error) {
	found, err := a.Store.SavedViews(ctx, actorOf(ctx).ID)
	if err != nil {
		return nil, err
	}
	out := &viewsOutput{Body: wire.Page[wire.View]{Items: []wire.View{}}}
	for _, v := range found {
		view, err := viewKept(v)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, view)
	}
	return out, nil
}

func viewKept(v store.SavedView) (wire.View, error) {
	out := wire.View{ID: v.ID, Name: v.Name, Default: v.Default, At: v.At}
	return out, json.Unmarshal(v.Filter, &out.Filter)
}

type viewOutput struct {
	Replayable
	Body wire.View
}

func (a *API) putView(ctx context.Context, in *struct {
	ViewPath
	Keyed
	Body wire.SetView
}) (*viewOutput, error) {
	v, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "view "+in.ID, in.Body), in.Key, func(ctx context.Context) (store.SavedView, error) {
		name := strings.Join(strings.Fields(in.Body.Name), " ")
		if name == "" {
			return store.SavedView{}, problem.InvalidField("/name", "is empty")
		}
		filter, err := json.Marshal(in.Body.Filter)
		if err != nil {
			return store.SavedView{}, err
		}
		v := store.SavedView{ID: in.ID, Name: name, Filter: filter, Default: in.Body.Default, At: a.moment()}
		err = a.Store.PutView(ctx, actorOf(ctx).ID, v)
		if errors.Is(err, store.ErrConflict) {
			return v, problem.InvalidField("/name", "is the name of another view of yours")
		}
		return v, err
	})
	if err != nil {
		return nil, err
	}
	body, err := viewKept(v)
	return &viewOutput{Replayable: replayed, Body: body}, err
}

func (a *API) dropView(ctx context.Context, in *struct {
	ViewPath
	Keyed
}) (*clearedOutput, error) {
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "drop view "+in.ID, nil), in.Key, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.Store.DropView(ctx, actorOf(ctx).ID, in.ID)
	})
	return &clearedOutput{Replayable: replayed}, err
}
