package activities

import (
	"context"
	"fmt"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/contract"
	"leanpmo/internal/policy"
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
	standing, err := a.Store.Standing(ctx, in.Actor, "", time.Now())
	if err != nil {
		return contract.CheckActorResult{}, fmt.Errorf("read delegations: %w", err)
	}
	principal, _ := a.Directory.Principal(in.Actor)
	e := access.Eligible(
		access.Candidate{Actor: access.Actor{ID: principal.ID, Roles: principal.Roles}, ActsFor: standing.ActsFor, For: in.For},
		access.Seats{Kind: in.Kind, Asked: in.Seats, Requester: in.Requester, SubmittedBy: in.SubmittedBy})
	if fault := a.changeFault(in, access.Actor{ID: principal.ID, Roles: principal.Roles}); e.Allowed && fault != "" {
		return contract.CheckActorResult{Reason: fault}, nil
	}
	result := contract.CheckActorResult{Allowed: e.Allowed, Reason: e.Reason, UntilAt: a.Policy.DayBegins(in.Portfolio, in.Until)}
	if e.Allowed && e.Seat != in.Actor {
		result.For = e.Seat
	}
	return result, nil
}

// changeFault judges what an answer changes of the content, as the API does: who may change which field, and the scales of the policy.
func (a *Activities) changeFault(in contract.CheckActorInput, actor access.Actor) string {
	var faults []policy.FieldFault
	if in.Inputs != nil {
		faults = a.Policy.ValidateInputs(*in.Inputs, "inputs")
	}
	if p := in.Patch; p != nil {
		object := access.Object{Relation: access.Answering, Stage: in.Stage}
		switch actor.ID {
		case in.Requester:
			object.Relation |= access.Requester
		case in.SubmittedBy:
			object.Relation |= access.SubmittedBy
		case in.Sponsor:
			object.Relation |= access.Sponsor
		}
		for _, field := range p.Fields() {
			if d := access.MayChange(actor, field, object); !d.Allowed {
				return d.Reason
			}
		}
		if p.Inputs != nil {
			faults = append(faults, a.Policy.ValidateInputs(*p.Inputs, "inputs")...)
		}
		if p.Size != nil && a.Policy.SizeFault(*p.Size) != "" {
			faults = append(faults, policy.FieldFault{Pointer: "size", Problem: a.Policy.SizeFault(*p.Size)})
		}
		if p.Class != nil && a.Policy.ClassFault(*p.Class) != "" {
			faults = append(faults, policy.FieldFault{Pointer: "class", Problem: a.Policy.ClassFault(*p.Class)})
		}
	}
	if len(faults) == 0 {
		return ""
	}
	return faults[0].Pointer + " " + faults[0].Problem
}

// reasonFault judges the reason of an answer as the API does; only the API can also clean it.
func reasonFault(text string) string {
	if text != "" && !cleantext.Shows(text) {
		return "shows nothing"
	}
	return cleantext.Fault(text)
}
