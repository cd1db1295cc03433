package activities

import (
	"context"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/contract"
)

// CheckActor applies the access rules of the API to a decision that was sent as a signal. The identity of the sender is not verified:
// everybody who may write to the Temporal namespace may act as anyone.
func (a *Activities) CheckActor(ctx context.Context, in contract.CheckActorInput) (contract.CheckActorResult, error) {
	if !a.SignalDecisions {
		return contract.CheckActorResult{Reason: "decisions by signal are switched off here; use the API"}, nil
	}
	principal, known := a.Directory.Principal(in.Actor)
	if !known {
		return contract.CheckActorResult{Reason: "there is no person with this id"}, nil
	}
	absent, err := a.Store.Delegates(ctx, in.Seats, time.Now())
	if err != nil {
		return contract.CheckActorResult{}, fmt.Errorf("read delegations: %w", err)
	}
	seat, relation := seatOf(in, absent)
	if in.Actor == in.Requester {
		relation |= access.Requester
	}
	if seat == in.Requester {
		relation |= access.ForRequester
	}
	verdict := access.Can(access.Actor{ID: principal.ID, Roles: principal.Roles}, access.Answer, access.Object{Relation: relation, Question: in.Kind})
	result := contract.CheckActorResult{Allowed: verdict.Allowed, Reason: verdict.Reason}
	if seat != in.Actor {
		result.For = seat
	}
	return result, nil
}

// seatOf finds the seat for which the sender may answer: their own, or the seat of an absent person who made them the delegate.
func seatOf(in contract.CheckActorInput, absent map[string]string) (string, access.Relation) {
	if in.For == "" || in.For == in.Actor {
		if slices.Contains(in.Seats, in.Actor) {
			return in.Actor, access.Asked
		}
	}
	for _, person := range in.Seats {
		if absent[person] == in.Actor && (in.For == "" || in.For == person) {
			return person, access.Delegate
		}
	}
	return in.Actor, 0
}
