package activities

import (
	"context"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// CheckActor applies to a decision that came as a signal the rule that the API applies. Nobody has checked that the sender is who they claim
// to be: whoever may write to the Temporal namespace may act as anyone.
func (a *Activities) CheckActor(ctx context.Context, in contract.CheckActorInput) (contract.CheckActorResult, error) {
	if !a.SignalDecisions {
		return contract.CheckActorResult{Reason: "decisions by signal are switched off here; use the API"}, nil
	}
	if fault := reasonFault(in.Text); fault != "" {
		return contract.CheckActorResult{Reason: "the reason " + fault}, nil
	}
	now := time.Now()
	standing, err := a.Store.Standing(ctx, in.Actor, nil, now)
	if err != nil {
		return contract.CheckActorResult{}, fmt.Errorf("read delegations: %w", err)
	}
	principal, _ := a.Directory.Principal(in.Actor)
	p := a.Policy.Now()
	actor, asked := p.Actor(principal), in.Seats
	if in.People != nil {
		if err := a.leadsToday(ctx, in.People); err != nil {
			return contract.CheckActorResult{}, err
		}
		asked = p.SeatsToday(*in.People, a.Directory)
	}
	e := access.Eligible(access.Candidate{Actor: actor, ActsFor: standing.ActsFor, For: in.For},
		access.Seats{Kind: in.Kind, Asked: asked, Requester: in.Requester, SubmittedBy: in.SubmittedBy})
	result := contract.CheckActorResult{Allowed: e.Allowed, Reason: pmo.Truncate(e.Reason, reasonBytes), UntilAt: p.DayBegins(in.Portfolio, in.Until)}
	if !e.Allowed {
		return result, nil
	}
	if e.Seat != in.Actor {
		result.For = e.Seat
	}
	result.Joins = !slices.Contains(in.Seats, e.Seat)
	fault, err := a.decisionFault(ctx, in, actor, now, &result)
	if err != nil || fault != "" {
		return contract.CheckActorResult{Reason: pmo.Truncate(fault, reasonBytes)}, err
	}
	return result, nil
}

// reasonFault judges the reason of an answer as the API does; only the API can also clean it.
func reasonFault(text string) string {
	if text != "" && !cleantext.Shows(text) {
		return "shows nothing"
	}
	return cleantext.Fault(text)
}
