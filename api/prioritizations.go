package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"leanpmo/internal/contract"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
)

// runWithin is how long "run now" waits for the result before it answers 202.
const runWithin = 5 * time.Second

// runGlance is long enough to learn that a run exists.
const runGlance = 200 * time.Millisecond

func noSuchRun() error { return problem.New(problem.NotFound, "there is no such run") }

type prioritizeInput struct {
	Keyed
	Body struct {
		Portfolio string `json:"portfolio,omitempty" maxLength:"64" doc:"The first one of the policy when absent"`
		Reason    string `json:"reason" minLength:"1" maxLength:"1000"`
		Dry       bool   `json:"dry,omitempty" doc:"Only look: nothing is ranked, pulled or told"`
	}
}

// runView is a run; while it is not done only its id and link are there.
type runView struct {
	store.Prioritization
	Done  bool     `json:"done"`
	Lines []ranked `json:"lines"`
	Next  string   `json:"next,omitempty" doc:"Cursor of the next lines"`
	Link  string   `json:"link"`
}

type runOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     runView
}

func runLink(id string) string { return "/v1/prioritizations/" + url.PathEscape(id) }

func (a *API) prioritize(ctx context.Context, in *prioritizeInput) (*runOutput, error) {
	portfolio, err := a.portfolio(in.Body.Portfolio, "/portfolio")
	if err != nil {
		return nil, err
	}
	run := contract.PrioritizationInput{Portfolio: portfolio, Cause: "now", Actor: actorOf(ctx).ID, Reason: in.Body.Reason, Dry: in.Body.Dry}
	id, err := a.Prioritizations.PrioritizeNow(ctx, run, in.Key)
	if err != nil {
		return nil, err
	}
	view := runView{Prioritization: store.Prioritization{ID: id, Portfolio: portfolio, At: a.Now().UTC(), Cause: run.Cause, Actor: run.Actor, Reason: run.Reason, Dry: run.Dry},
		Lines: []ranked{}, Link: runLink(id)}
	out := &runOutput{Status: http.StatusAccepted, Location: view.Link, Body: view}
	result, done, err := a.Prioritizations.PrioritizationResult(ctx, id, runWithin)
	if err != nil || !done {
		return out, err
	}
	out.Status, out.Body.Done, out.Body.Count, out.Body.Moves = http.StatusCreated, true, result.Count, result.Moves
	out.Body.Pulled, out.Body.Words = result.Pulled, result.Words
	if full, err := a.runView(ctx, id, Paging{Limit: 200}); err == nil { // what the run wrote; without it the result stands
		out.Body = full
	}
	return out, nil
}

type runsInput struct {
	Paging
	Portfolio string `query:"portfolio" maxLength:"64" doc:"The first one of the policy when absent"`
}

type runsOutput struct {
	Body page[runView]
}

func (a *API) runs(ctx context.Context, in *runsInput) (*runsOutput, error) {
	portfolio, err := a.portfolio(in.Portfolio, "query/portfolio")
	if err != nil {
		return nil, err
	}
	found, err := a.Store.Prioritizations(ctx, portfolio, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &runsOutput{Body: page[runView]{Items: []runView{}, Next: found.Next}}
	for _, run := range found.Items {
		out.Body.Items = append(out.Body.Items, runView{Prioritization: run, Done: true, Lines: []ranked{}, Link: runLink(run.ID)})
	}
	return out, nil
}

type runInput struct {
	Paging
	ID string `path:"id" doc:"Id of the run, percent-encoded"`
}

// run shows one run. 202 says that it has started and not ended.
func (a *API) run(ctx context.Context, in *runInput) (*runOutput, error) {
	view, err := a.runView(ctx, in.ID, in.Paging)
	if !errors.Is(err, store.ErrNotFound) {
		return &runOutput{Status: http.StatusOK, Body: view}, err
	}
	if !strings.HasPrefix(in.ID, contract.ScheduleID("")) { // another process's id must not tell whether it runs
		return nil, noSuchRun()
	}
	if _, done, asked := a.Prioritizations.PrioritizationResult(ctx, in.ID, runGlance); asked != nil || done {
		return nil, noSuchRun()
	}
	return &runOutput{Status: http.StatusAccepted, Body: runView{Prioritization: store.Prioritization{ID: in.ID}, Lines: []ranked{}, Link: runLink(in.ID)}}, nil
}

func (a *API) runView(ctx context.Context, id string, p Paging) (runView, error) {
	run, err := a.Store.Prioritization(ctx, id)
	if err != nil {
		return runView{}, err
	}
	view := viewOf(ctx)
	view.Limit, view.Cursor = p.Limit, p.Cursor
	lines, err := a.Store.PrioritizationLines(ctx, id, view)
	if err != nil {
		return runView{}, err
	}
	out := rankedOf(lines)
	return runView{Prioritization: run, Done: true, Lines: out.Items, Next: out.Next, Link: runLink(id)}, nil
}

// portfolio is the one asked for, or the policy's first: most offices have one.
func (a *API) portfolio(id, pointer string) (string, error) {
	known := a.Policy.Document().Portfolios
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
