package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const (
	// resultWithin is how long "run now" waits for the result before it answers 202.
	resultWithin = 5 * time.Second
	// existsWithin is enough to find out whether a run exists.
	existsWithin = 200 * time.Millisecond
)

// rankingReader reads prioritization runs and what they ranked.
type rankingReader interface {
	Backlog(ctx context.Context, f store.Filter) (store.Page[store.RankedRequest], error)
	Unranked(ctx context.Context, f store.Filter) (int, error)
	Fundable(ctx context.Context, f store.Filter) ([]store.Fundable, error)
	WaitingSizes(ctx context.Context, f store.Filter) ([]store.Fundable, error)
	RankOf(ctx context.Context, id string) (store.RankedRequest, error)
	Prioritizations(ctx context.Context, portfolio, cursor string, limit int) (store.Page[store.Prioritization], error)
	Prioritization(ctx context.Context, id string) (store.Prioritization, error)
	PrioritizationLines(ctx context.Context, run string, v store.View) (store.Page[store.RankedRequest], error)
}

func noSuchPrioritization() error { return problem.New(problem.NotFound, "there is no such run") }

type prioritizeInput struct {
	Keyed
	Body wire.StartPrioritization
}

type prioritizationOutput struct {
	Replayable
	Status   int
	Location string `header:"Location"`
	Body     wire.Prioritization
}

func prioritizationOf(p store.Prioritization) wire.Prioritization {
	return wire.Prioritization{ID: p.ID, Portfolio: p.Portfolio, At: p.At, Cause: p.Cause, Actor: p.Actor, Reason: p.Reason, Dry: p.Dry,
		Policy: p.Policy, Count: p.Count, Moves: p.Moves, Pulled: p.Pulled, Words: p.Words, Model: p.Model,
		LeadDays: int(p.Lead / (24 * time.Hour)), LeadOf: p.LeadOf, Guardrails: p.Guardrails,
		Lines: []wire.RankedRequest{}, Link: "/v1/prioritizations/" + url.PathEscape(p.ID)}
}

// storedPrioritization is a run that has ended: a run stores itself at its end.
func storedPrioritization(p store.Prioritization) wire.Prioritization {
	out := prioritizationOf(p)
	out.Done = true
	return out
}

func rankedOf(r store.RankedRequest) wire.RankedRequest {
	out := wire.RankedRequest{ID: r.ID, Number: r.Number, Title: r.Title, Rank: r.Rank, PreviousRank: r.PreviousRank, Class: r.Class, Score: r.Score,
		Scored: r.Scored, CostOfDelay: r.CostOfDelay, JobSize: r.JobSize, Ageing: r.Ageing, Pulled: r.Pulled, LimitReason: r.LimitReason,
		Cause: r.Cause, Why: r.Why, Sensitivity: r.Sensitivity, Missing: r.Missing, Inputs: r.Inputs, Ref: pmo.Ref(r.Number), Link: linksOf(r.ID).Self,
		FixedDate: r.FixedDate, Points: r.Points}
	if d := r.Detail; d != nil {
		out.Needs, out.Unblocks, out.MoreUnblocked, out.Inherited, out.Problem = d.Needs, d.Unblocks, d.MoreUnblocked, d.Inherited, d.Problem
		out.Guardrails = d.Guardrails
		out.Parts, out.Above, out.Below, out.Up, out.Top, out.TopText, out.NearTie, out.Causes, out.Range = d.Parts, d.Above, d.Below, d.Up, d.Top, d.TopText, d.NearTie, d.Causes, d.Range
	}
	return out
}

func (a *API) prioritize(ctx context.Context, in *prioritizeInput) (*prioritizationOutput, error) {
	// The portfolio is kept with the key: it is part of the run's id, and another policy may have another first portfolio.
	portfolio, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "prioritize", in.Body), in.Key, func(ctx context.Context) (string, error) {
		portfolio, err := a.portfolio(in.Body.Portfolio, "/portfolio")
		if err != nil || in.Key == "" {
			return portfolio, err
		}
		return portfolio, a.Store.KeepKey(ctx, portfolio)
	})
	if err != nil {
		return nil, err
	}
	run := contract.PrioritizationInput{Portfolio: portfolio, Cause: "now", Actor: actorOf(ctx).ID, Reason: in.Body.Reason, Dry: in.Body.Dry}
	id, err := a.Prioritizations.PrioritizeNow(ctx, run, in.Key)
	if err != nil {
		return nil, err
	}
	out := &prioritizationOutput{Replayable: replayed, Status: http.StatusAccepted, Body: prioritizationOf(store.Prioritization{ID: id, Portfolio: portfolio, At: a.Now().UTC(),
		Cause: run.Cause, Actor: run.Actor, Reason: run.Reason, Dry: run.Dry})}
	out.Location = out.Body.Link
	result, ended, err := a.Prioritizations.PrioritizationResult(ctx, id, resultWithin)
	if err != nil || !ended {
		return out, err
	}
	out.Status, out.Body.Done, out.Body.Count, out.Body.Moves = http.StatusCreated, true, result.Count, result.Moves
	out.Body.Pulled, out.Body.Words = result.Pulled, result.Words
	if full, err := a.prioritizationWithLines(ctx, id, Paging{Limit: 200}); err == nil { // what the run stored; without it the result has to do
		out.Body = full
		return out, nil
	}
	out.Body, err = a.hideRun(ctx, viewOf(ctx), out.Body)
	return out, err
}

// hideRun is hideRuns for one run.
func (a *API) hideRun(ctx context.Context, v store.View, run wire.Prioritization) (wire.Prioritization, error) {
	runs := []wire.Prioritization{run}
	err := a.hideRuns(ctx, v, runs)
	return runs[0], err
}

type prioritizationsInput struct {
	Paging
	Portfolio string `query:"portfolio" maxLength:"64" doc:"The first one of the policy when absent"`
}

type prioritizationsOutput struct {
	Body wire.Page[wire.Prioritization]
}

func (a *API) prioritizations(ctx context.Context, in *prioritizationsInput) (*prioritizationsOutput, error) {
	portfolio, err := a.portfolio(in.Portfolio, "query/portfolio")
	if err != nil {
		return nil, err
	}
	found, err := a.Store.Prioritizations(ctx, portfolio, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &prioritizationsOutput{Body: pageOf(found, storedPrioritization)}
	return out, a.hideRuns(ctx, viewOf(ctx), out.Body.Items)
}

type prioritizationInput struct {
	Paging
	ID string `path:"id" doc:"Id of the run, percent-encoded"`
}

// prioritization answers one run. 202 says that it has started and not ended.
func (a *API) prioritization(ctx context.Context, in *prioritizationInput) (*prioritizationOutput, error) {
	found, err := a.prioritizationWithLines(ctx, in.ID, in.Paging)
	if !errors.Is(err, store.ErrNotFound) {
		return &prioritizationOutput{Status: http.StatusOK, Body: found}, err
	}
	if !strings.HasPrefix(in.ID, contract.ScheduleID("")) { // whether a workflow of another type exists is not answered
		return nil, noSuchPrioritization()
	}
	if _, ended, err := a.Prioritizations.PrioritizationResult(ctx, in.ID, existsWithin); err != nil || ended {
		return nil, noSuchPrioritization()
	}
	return &prioritizationOutput{Status: http.StatusAccepted, Body: prioritizationOf(store.Prioritization{ID: in.ID})}, nil
}

func (a *API) prioritizationWithLines(ctx context.Context, id string, p Paging) (wire.Prioritization, error) {
	found, err := a.Store.Prioritization(ctx, id)
	if err != nil {
		return wire.Prioritization{}, err
	}
	view := viewOf(ctx)
	view.Limit, view.Cursor = p.Limit, p.Cursor
	lines, err := a.Store.PrioritizationLines(ctx, id, view)
	if err != nil {
		return wire.Prioritization{}, err
	}
	out, page := storedPrioritization(found), pageOf(lines, rankedOf)
	out.Lines, out.Next = page.Items, page.Next
	if err := a.hideLines(ctx, view, out.Lines); err != nil {
		return wire.Prioritization{}, err
	}
	return a.hideRun(ctx, view, out)
}

type backlogOutput struct {
	Body wire.Backlog
}

type backlogInput struct {
	Paging
	Choosing
	Portfolio string `query:"portfolio" maxLength:"64" doc:"The first one of the policy when absent"`
}

func (a *API) backlog(ctx context.Context, in *backlogInput) (*backlogOutput, error) {
	portfolio, err := a.portfolio(in.Portfolio, "query/portfolio")
	if err != nil {
		return nil, err
	}
	f := in.filter(ctx, portfolio, a.Now())
	f.Limit, f.Cursor = in.Limit, in.Cursor
	found, err := a.Store.Backlog(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &backlogOutput{Body: wire.Backlog{Page: pageOf(found, rankedOf)}}
	view := viewOf(ctx)
	view.ActsFor = f.ActsFor
	if err := a.hideLines(ctx, view, out.Body.Items); err != nil {
		return nil, err
	}
	if in.Cursor == "" {
		if out.Body.Unranked, err = a.Store.Unranked(ctx, f); err != nil {
			return nil, err
		}
		if out.Body.Guardrails, err = a.brokenGuardrails(ctx, portfolio); err != nil { // before foresee, which takes the work that this one read
			return nil, err
		}
	}
	return out, a.foresee(ctx, portfolio, out.Body.Items)
}

// portfolio is the given one, or the policy's first when none is given: most offices have one.
func (a *API) portfolio(id, pointer string) (string, error) {
	known := a.Policy.Now().Document().Portfolios
	if id == "" && len(known) > 0 {
		return known[0].ID, nil
	}
	for _, p := range known {
		if p.ID == id {
			return id, nil
		}
	}
	return "", problem.InvalidField(pointer, "is no portfolio of the policy")
}
