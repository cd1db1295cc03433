// Package backlog joins what is stored of a portfolio, its policy and the engines: it says how a portfolio's requests are ranked and which
// of them are pulled. The prioritization run stores the answer; a what-if and a proposed policy show what the answer would be.
package backlog

import (
	"context"
	"time"

	"leanpmo/internal/pmo"
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
	Asked    map[string]string // requests of which a question about the form or the sponsor is answered first, by id
	Returned []store.Row       // those that gave their slot back
	ForTeam  []store.Row       // those that wait for a team; like the teams, they are read where some gave their slot back
	Teams    []store.TeamLoad
	Needs    *Needs
}

// Read reads a portfolio.
func Read(ctx context.Context, tx *store.PortfolioTx, portfolio string, at time.Time) (Snapshot, error) {
	s := Snapshot{At: at, Taken: priority.WIP{}, Needs: &Needs{}}
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
	if s.Needs, err = readNeeds(ctx, tx, portfolio); err != nil {
		return s, err
	}
	if s.Asked, err = tx.AnswersFirst(ctx, pmo.FormKinds()); err != nil {
		return s, err
	}
	if s.Returned, err = tx.Returned(ctx); err != nil || len(s.Returned) == 0 {
		return s, err
	}
	if s.Teams, err = tx.Teams(ctx); err != nil {
		return s, err
	}
	s.ForTeam, err = tx.WaitingForTeam(ctx)
	return s, err
}

// Rules are what of a policy decides on the order of a portfolio and on what is pulled.
type Rules struct {
	Scoring priority.Policy
	Limits  priority.Limits
	Assign  policy.AssignPolicy
	Zone    *time.Location
	// Prerequisites is how far what a request needs must be before it is pulled.
	Prerequisites policy.Prerequisites
}

// RulesOf takes them from a policy, as they are at a time.
func RulesOf(p *policy.Policy, portfolio string, at time.Time) Rules {
	return Rules{Scoring: p.Scoring(portfolio), Limits: limits(p, portfolio), Assign: p.AssignPolicyAt(portfolio, at), Zone: p.Calendar(portfolio).Location(), Prerequisites: p.Prerequisites()}
}

// Result is an order with what is pulled from it: a decision for each entry.
type Result struct {
	Ranking priority.Ranking
	Pulls   []priority.Decision
	Held    map[string]string // why a request is ranked and not pulled, by id
}

// Rank ranks the items of the snapshot by the rules.
func (s Snapshot) Rank(items []priority.Item, r Rules) (Result, error) {
	held, err := s.heldBack(r.Assign)
	if err != nil {
		return Result{}, err
	}
	held = s.Needs.hold(held, r.Prerequisites)
	ranking := priority.Rank(items, r.Scoring, s.At)
	return Result{Ranking: ranking, Held: held, Pulls: pullExcept(ranking, r.Limits, s.Taken, held)}, nil
}

// Moves are the moves since the ranking that is stored, with their causes.
func (s Snapshot) Moves(now []priority.Item, r Result) []priority.Move {
	return priority.Diff(previousRanking(s.Previous, s.Waiting, now, r.Ranking.Policy), r.Ranking)
}
