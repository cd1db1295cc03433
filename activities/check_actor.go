package activities

import (
	"context"
	"fmt"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/contract"
)

// CheckActor applies to a decision that came as a signal the rule that the API applies. Nobody has checked that the sender is who they claim
// to be: whoever may write to the Temporal namespace may act as anyone.
func (a *Activities) CheckActor(ctx context.Context, in contract.CheckActorInput) (contract.CheckActorResult, error) {
	if !a.SignalDecisions {
		return contract.CheckActorResult{Reason: "decisions by signal are switched off here; use the API"}, nil
	}
	if in.TooLarge != "" {
		return contract.CheckActorResult{Reason: in.TooLarge}, nil
	}
	if fault := reasonFault(in.Text); fault != "" {
		return contract.CheckActorResult{Reason: "the reason " + fault}, nil
	}
	standing, err := a.Store.Standing(ctx, in.Actor, "", time.Now())
	if err != nil {
		return contract.CheckActorResult{}, fmt.Errorf("read delegations: %w", err)
	}
	principal, _ := a.Directory.Principal(in.Actor)
	e := access.Eligible(
		access.Candidate{Actor: access.Actor{ID: principal.ID, Roles: principal.Roles}, ActsFor: standing.ActsFor, For: in.For},
		access.Seats{Kind: in.Kind, Asked: in.Seats, Requester: in.Requester, SubmittedBy: in.SubmittedBy})
	result := contract.CheckActorResult{Allowed: e.Allowed, Reason: e.Reason, UntilAt: a.Policy.DayBegins(in.Portfolio, in.Until)}
	if e.Allowed && e.Seat != in.Actor {
		result.For = e.Seat
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
