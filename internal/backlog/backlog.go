// Package backlog joins what is stored of a portfolio, its policy and the engines: it says how a portfolio's requests are ranked and which
// of them are pulled. The prioritization run stores the answer; a what-if and a proposed policy show what the answer would be.
package backlog

import (
	"context"
	"time"

	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// Snapshot is what a ranking rests on, read in one transaction.
type Snapshot struct {
	At       time.Time
	Waiting  []store.Waiting
	Taken    priority.WIP
	Previous store.PreviousRanking
	Lead     Lead
	Held     map[string]string // why a request is ranked and not pulled, by id
}

// Read reads a portfolio.
func Read(ctx context.Context, tx *store.PortfolioTx, p *policy.Policy, portfolio string, at time.Time) (Snapshot, error) {
	s := Snapshot{At: at, Taken: priority.WIP{}}
	var err error
	if s.Waiting, err = tx.Waiting(ctx); err != nil {
		return s, err
	}
	taken, err := tx.Occupancy(ctx)
	if err != nil {
		return s, err
	}
	for class, n := range taken.ByClass {
		s.Taken[priority.Class(class)] = n
	}
	if s.Previous, err = tx.PreviousRanking(ctx); err != nil {
		return s, err
	}
	if s.Lead, err = leadTime(ctx, tx, at); err != nil {
		return s, err
	}
	s.Held, err = heldBack(ctx, tx, p.AssignPolicyAt(portfolio, at), at)
	return s, err
}

// Rules are what of a policy decides on the order of a portfolio and on what is pulled.
type Rules struct {
	Scoring priority.Policy
	Limits  priority.Limits
	Zone    *time.Location
}

// RulesOf takes them from a policy.
func RulesOf(p *policy.Policy, portfolio string) Rules {
	return Rules{Scoring: p.Scoring(portfolio), Limits: limits(p, portfolio), Zone: p.Calendar(portfolio).Location()}
}

// Result is an order with what is pulled from it: a decision for each entry.
type Result struct {
	Ranking priority.Ranking
	Pulls   []priority.Decision
}

// Rank ranks the items of the snapshot by the rules.
func (s Snapshot) Rank(items []priority.Item, r Rules) Result {
	ranking := priority.Rank(items, r.Scoring, s.At)
	return Result{Ranking: ranking, Pulls: pullExcept(ranking, r.Limits, s.Taken, s.Held)}
}

// Moves are the moves since the ranking that is stored, with their causes.
func (s Snapshot) Moves(now []priority.Item, r Result) []priority.Move {
	return priority.Diff(previousRanking(s.Previous, s.Waiting, now, r.Ranking.Policy), r.Ranking)
}
