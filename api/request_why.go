package api

import (
	"context"
	"errors"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

type ledgerInput struct {
	RefPath
	After int64  `query:"after" minimum:"0" doc:"Position of the last entry seen"`
	Order string `query:"order" enum:"oldest,newest" default:"oldest" doc:"Which entries come first; after then is the last one seen in this order"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type ledgerOutput struct {
	Body wire.Page[wire.LedgerEntry]
}

func (a *API) ledger(ctx context.Context, in *ledgerInput) (*ledgerOutput, error) {
	read := a.Store.Ledger
	if in.Order == "newest" {
		read = a.Store.LedgerNewest
	}
	entries, err := read(ctx, targetOf(ctx).ID, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	return &ledgerOutput{Body: pageOf(entries, func(e store.LedgerEntry) wire.LedgerEntry { return wire.LedgerEntry(e) })}, nil
}

type explainOutput struct {
	Body wire.Explanation
}

func (a *API) explain(ctx context.Context, _ *struct{ RefPath }) (*explainOutput, error) {
	r := &targetOf(ctx).Request
	out := wire.Explanation{ID: r.ID, Ref: pmo.Ref(r.Number), Policy: r.Rules.Policy, Lane: r.Lane, LaneReason: r.LaneReason, Severity: r.Severity,
		Missing: r.Missing, Similar: r.Similar, Route: r.Route, Pull: r.Pull, Approach: r.Approach, Assignment: r.Assignment,
		Declined: r.Declined, Waits: r.NoTeamReason, Outcome: r.Outcome, Reason: r.Reason, Worked: workedOf(r)}
	out.Inputs = a.scoreInputs(r)
	out.Objectives = a.served(ctx, targetOf(ctx))
	found, err := a.Store.RankOf(ctx, r.ID)
	switch {
	case err == nil:
		lines := []wire.RankedRequest{rankedOf(found)}
		if err := a.hideLines(ctx, viewFor(ctx, targetOf(ctx)), lines); err != nil {
			return nil, err
		}
		if err := a.foreseeOne(ctx, r, &lines[0]); err != nil {
			return nil, err
		}
		out.Rank = &lines[0]
	case !errors.Is(err, store.ErrNotFound): // not ranked yet, or no longer
		return nil, err
	}
	return &explainOutput{Body: out}, nil
}
