package api

import (
	"context"

	"leanpmo/internal/wire"
)

const savedViewsDescription = "Lists of the Temporal UI for the caller, as of now: a query of the UI cannot say \"now\". The UI has an access of its own and " +
	"shows every request: who may open it is not this API's to say."

type savedViewsOutput struct {
	Body wire.Page[wire.SavedView]
}

func (a *API) savedViews(ctx context.Context, _ *struct{}) (*savedViewsOutput, error) {
	out := savedViewsOutput{Body: wire.Page[wire.SavedView]{Items: []wire.SavedView{}}}
	for _, v := range a.TemporalUI.Views(actorOf(ctx).ID, a.Now()) {
		out.Body.Items = append(out.Body.Items, wire.SavedView(v))
	}
	return &out, nil
}
