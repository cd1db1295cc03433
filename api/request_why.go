package api

import (
	"context"
	"errors"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
)

type ledgerInput struct {
	RefPath
	After int64 `query:"after" minimum:"0" doc:"Position of the last entry seen"`
	Limit int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type ledgerOutput struct {
	Body page[store.LedgerEntry]
}

func (a *API) ledger(ctx context.Context, in *ledgerInput) (*ledgerOutput, error) {
	entries, err := a.Store.Ledger(ctx, targetOf(ctx).ID, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	return &ledgerOutput{Body: paged(entries)}, nil
}

// paged never shows null for an empty list.
func paged[T any](p store.Page[T]) page[T] {
	if p.Items == nil {
		p.Items = []T{}
	}
	return page[T]{Items: p.Items, Next: p.Next}
}

// explanation is why a request stands where it stands, stage by stage; what was not decided yet is absent.
type explanation struct {
	ID         string               `json:"id"`
	Ref        string               `json:"ref,omitempty"`
	Policy     string               `json:"policy,omitempty" doc:"The policy it was admitted under"`
	Lane       pmo.Lane             `json:"lane,omitempty"`
	LaneReason string               `json:"lane_reason,omitempty"`
	Severity   string               `json:"severity,omitempty"`
	Missing    []pmo.Gap            `json:"missing,omitempty"`
	Similar    []pmo.Similar        `json:"similar,omitempty"`
	Route      *pmo.Route           `json:"route,omitempty"`
	Rank       *store.RankedRequest `json:"rank,omitempty" doc:"Its line in the newest run"`
	Pull       *pmo.Pull            `json:"pull,omitempty"`
	Approach   *pmo.Approach        `json:"approach,omitempty"`
	Assignment *pmo.Assignment      `json:"assignment,omitempty"`
	Declined   []pmo.Decline        `json:"declined,omitempty"`
	Waits      string               `json:"waits,omitempty" doc:"Why no team could be offered"`
	Outcome    pmo.Outcome          `json:"outcome,omitempty"`
	Reason     string               `json:"reason,omitempty" doc:"Why it ended so"`
}

type explainOutput struct {
	Body explanation
}

func (a *API) explain(ctx context.Context, _ *struct{ RefPath }) (*explainOutput, error) {
	r := &targetOf(ctx).Request
	out := explanation{ID: r.ID, Ref: refOf(r.Number), Policy: r.Rules.Policy, Lane: r.Lane, LaneReason: r.LaneReason, Severity: r.Severity,
		Missing: r.Missing, Similar: r.Similar, Route: r.Route, Pull: r.Pull, Approach: r.Approach, Assignment: r.Assignment,
		Declined: r.Declined, Waits: r.NoTeamReason, Outcome: r.Outcome, Reason: r.Reason}
	line, err := a.Store.RankOf(ctx, r.ID)
	switch {
	case err == nil:
		out.Rank = &line
	case !errors.Is(err, store.ErrNotFound): // not ranked yet, or no longer
		return nil, err
	}
	return &explainOutput{Body: out}, nil
}

type planOutput struct {
	Body struct {
		Agreed bool     `json:"agreed"`
		Plan   pmo.Plan `json:"plan"`
	}
}

func (a *API) plan(ctx context.Context, _ *struct{ RefPath }) (*planOutput, error) {
	plan := targetOf(ctx).Request.Plan
	if plan == nil {
		return nil, problem.New(problem.NotFound, "there is no plan yet; it is proposed with the approach")
	}
	out := &planOutput{}
	out.Body.Agreed, out.Body.Plan = plan.Agreed(), *plan
	return out, nil
}
