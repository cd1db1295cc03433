package api

import (
	"cmp"
	"context"
	"slices"

	"leanpmo/internal/backlog"
	"leanpmo/internal/dependency"
	"leanpmo/internal/selection"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// fundingChanges is how many requests an answer lists whose funding differs.
const fundingChanges = 200

// fundingOf answers what scenarios would fund. nil: no capacity was given, and nothing is answered.
type fundingOf struct {
	api      *API
	capacity float64
	rows     map[string]store.Fundable // that the reader may read
	nodes    []dependency.Node
}

// whatIfFunding reads what the funding of scenarios depends on besides their ranking.
func (a *API) whatIfFunding(ctx context.Context, portfolio string, in *wire.WhatIf) (*fundingOf, error) {
	f := &fundingOf{api: a, rows: map[string]store.Fundable{}}
	given := in.Capacity
	for i := range in.Scenarios {
		given = cmp.Or(given, in.Scenarios[i].Capacity)
	}
	if given == nil {
		return nil, nil
	}
	f.capacity = *given
	v := viewOf(ctx)
	rows, err := a.Store.WaitingSizes(ctx, store.Filter{Portfolio: portfolio, Viewer: v.Viewer, ActsFor: v.ActsFor, SeesAll: v.SeesAll})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		f.rows[r.ID] = r
	}
	f.nodes, err = a.Store.BacklogDependencies(ctx, portfolio, v)
	return f, err
}

// scenario compares what is funded by the rules in force with what the scenario would fund.
func (f *fundingOf) scenario(asked backlog.Answer, s *wire.Scenario, without []string) (*wire.ScenarioFunding, error) {
	if f == nil {
		return nil, nil
	}
	out := &wire.ScenarioFunding{CapacityNow: f.capacity, Capacity: f.capacity, Lines: []wire.FundingChange{}}
	if s.Capacity != nil {
		out.Capacity = *s.Capacity
	}
	now, _, err := f.fund(asked.Before, nil, nil, out.CapacityNow)
	if err != nil {
		return nil, err
	}
	then, q, err := f.fund(asked.After, s.More, without, out.Capacity)
	if err != nil {
		return nil, err
	}
	out.Now, out.Then, out.Bound, out.Proven = wire.FundingSum(now.Set), wire.FundingSum(then.Set), then.Bound, then.Proven
	out.Waiting, out.Unscored = len(q.waiting), q.unscored
	f.changes(out, now, then, q)
	return out, nil
}

// fund chooses from a ranking, as far as the reader may read it.
func (f *fundingOf) fund(r backlog.Result, more *wire.NewRequest, without []string, capacity float64) (selection.Funding, *fundingQuestion, error) {
	var ranked []store.Fundable
	for i := range r.Ranking.Entries {
		e := &r.Ranking.Entries[i]
		row, readable := f.rows[e.Item.ID]
		if e.Item.ID == backlog.Hypothetical && more != nil {
			row, readable = store.Fundable{ID: e.Item.ID, Title: titleOfMore(more), Size: more.Size}, true
		}
		if !readable {
			continue
		}
		row.Rank, row.Class, row.Scored, row.Value = e.Rank, string(e.Class), e.Score.Known, e.Score.CostOfDelay
		ranked = append(ranked, row)
	}
	q := f.api.fundingQuestion(ranked)
	q.needing(slices.DeleteFunc(slices.Clone(f.nodes), func(n dependency.Node) bool { return slices.Contains(without, n.ID) }))
	q.leaveOut()
	found, err := f.api.fundings.Fund(q.requests, capacity)
	return found, q, err
}

// changes lists the requests that are funded in one of both alone.
func (f *fundingOf) changes(out *wire.ScenarioFunding, now, then selection.Funding, q *fundingQuestion) {
	was := map[string]bool{}
	for _, l := range now.Lines {
		was[l.ID] = l.InSet
	}
	add := func(l selection.Line, now, then bool) {
		if len(out.Lines) == fundingChanges {
			out.MoreLines++
			return
		}
		row, assumed := f.rows[l.ID], l.Size == f.api.Policy.Now().AssignPolicy().AssumeSize && f.rows[l.ID].Size <= 0
		change := wire.FundingChange{ID: l.ID, Ref: l.Ref, Title: row.Title, Size: l.Size, SizeAssumed: assumed, Now: now, Then: then, Link: linksOf(l.ID).Self}
		if l.ID == backlog.Hypothetical {
			change.Ref, change.Title, change.SizeAssumed, change.Link = "–", q.rows[l.ID].Title, q.assumed[l.ID], ""
		}
		out.Lines = append(out.Lines, change)
	}
	seen := map[string]bool{}
	for _, l := range then.Lines {
		seen[l.ID] = true
		if l.InSet != was[l.ID] {
			add(l, was[l.ID], l.InSet)
		}
	}
	for _, l := range now.Lines {
		if l.InSet && !seen[l.ID] { // it is not there in the scenario, or cannot be chosen
			add(l, true, false)
		}
	}
}
