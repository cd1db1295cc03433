package api

import (
	"context"
	"slices"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

// objectiveStore keeps what people say of key results.
type objectiveStore interface {
	SayKeyResult(ctx context.Context, v store.KeyResultValue) error
	KeyResults(ctx context.Context, portfolio string, view store.View) ([]store.KeyResultValue, error)
	KeyResultsOf(ctx context.Context, request string) ([]store.KeyResultValue, error)
	Serving(ctx context.Context, portfolio string, view store.View) ([]store.Serving, error)
}

const keyResultAbout = "The PMO says what a key result of an objective is now, and may name the request that brought it: its page and its answer report it. Earlier values are kept; the newest counts."

type keyResultInput struct {
	Keyed
	Body wire.SayKeyResult
}

type keyResultOutput struct {
	Replayable
	Body strategy.Said
}

func (a *API) sayKeyResult(ctx context.Context, in *keyResultInput) (*keyResultOutput, error) {
	v, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "say key result", in.Body), in.Key, func(ctx context.Context) (store.KeyResultValue, error) {
		v := store.KeyResultValue{Objective: in.Body.Objective, KeyResult: in.Body.KeyResult, Value: in.Body.Value, Note: in.Body.Note, By: actorOf(ctx).ID, At: a.moment()}
		var err error
		if v.Portfolio, err = a.portfolio(in.Body.Portfolio, "/portfolio"); err != nil {
			return v, err
		}
		if err := a.knownKeyResult(v); err != nil {
			return v, err
		}
		if in.Body.Request != "" {
			t, err := a.readableRequest(ctx, in.Body.Request, "/request")
			if err != nil {
				return v, err
			}
			v.RequestID, v.Number = t.ID, t.Request.Number
		}
		return v, a.Store.SayKeyResult(ctx, v)
	})
	if err != nil {
		return nil, err
	}
	return &keyResultOutput{Replayable: replayed, Body: saidOf(v)}, nil
}

func (a *API) knownKeyResult(v store.KeyResultValue) error {
	objectives, _ := a.Policy.Now().Objectives(v.Portfolio)
	i := slices.IndexFunc(objectives, func(o strategy.Objective) bool { return o.ID == v.Objective })
	if i < 0 {
		return problem.InvalidField("/objective", "is no objective of the portfolio")
	}
	if !slices.ContainsFunc(objectives[i].KeyResults, func(k strategy.KeyResult) bool { return k.ID == v.KeyResult }) {
		return problem.InvalidField("/key_result", "is no key result of the objective")
	}
	return nil
}

// readableRequest is a request that a command names and the actor may read.
func (a *API) readableRequest(ctx context.Context, ref, pointer string) (*target, error) {
	t, err := a.find(ctx, ref)
	if err == nil {
		actor := actorOf(ctx)
		a.relate(ctx, actor, t)
		err = may(actor, access.ReadRequest, t.object())
	}
	if problem.Is(err, problem.NotFound) {
		return nil, problem.InvalidField(pointer, "is no request you can see")
	}
	return t, err
}

func saidOf(v store.KeyResultValue) strategy.Said {
	return strategy.Said{Objective: v.Objective, KeyResult: v.KeyResult, Value: v.Value, Note: v.Note, By: v.By, At: v.At, Ref: pmo.Ref(v.Number)}
}

func allSaid(list []store.KeyResultValue) []strategy.Said {
	said := []strategy.Said{}
	for _, v := range list {
		said = append(said, saidOf(v))
	}
	return said
}

// objectives are those of a portfolio as they stand, each with the requests that serve it.
func (a *API) objectives(ctx context.Context, portfolio string) ([]wire.Objective, error) {
	wanted, stale := a.Policy.Now().Objectives(portfolio)
	list := []wire.Objective{}
	if len(wanted) == 0 {
		return list, nil
	}
	v := viewOf(ctx)
	said, err := a.Store.KeyResults(ctx, portfolio, v)
	if err != nil {
		return nil, err
	}
	serving, err := a.Store.Serving(ctx, portfolio, v)
	if err != nil {
		return nil, err
	}
	for _, o := range wanted {
		out := wire.Objective{ObjectiveNow: strategy.Standing(o, allSaid(said), stale, a.Now()), Requests: []wire.ServingRequest{}, MoreRequests: len(serving) > store.MostServing}
		for _, r := range serving[:min(len(serving), store.MostServing)] {
			if slices.Contains(r.Objectives, o.ID) {
				out.Requests = append(out.Requests, wire.ServingRequest{ID: r.ID, Ref: pmo.Ref(r.Number), Title: r.Title, Stage: r.Stage, Outcome: r.Outcome, Link: linksOf(r.ID).Self})
			}
		}
		list = append(list, out)
	}
	return list, nil
}

// served are the objectives that a request names, as they stand, with what was reported because of it. Without the database they are absent.
func (a *API) served(ctx context.Context, t *target) []wire.ServedObjective {
	if len(t.Request.Content.Objectives) == 0 {
		return nil
	}
	said, err := a.Store.KeyResults(ctx, t.Request.Portfolio, viewFor(ctx, t))
	if err != nil {
		return nil
	}
	reported, err := a.Store.KeyResultsOf(ctx, t.ID)
	if err != nil {
		return nil
	}
	wanted, stale := a.Policy.Now().Objectives(t.Request.Portfolio)
	var list []wire.ServedObjective
	for _, id := range t.Request.Content.Objectives {
		o := strategy.Objective{ID: id, Name: id} // one that the policy has no more
		if i := slices.IndexFunc(wanted, func(o strategy.Objective) bool { return o.ID == id }); i >= 0 {
			o = wanted[i]
		}
		out := wire.ServedObjective{ObjectiveNow: strategy.Standing(o, allSaid(said), stale, a.Now()), Reported: []strategy.Said{}}
		for _, v := range reported {
			if v.Objective == id {
				out.Reported = append(out.Reported, saidOf(v))
			}
		}
		list = append(list, out)
	}
	return list
}
