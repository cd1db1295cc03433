package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
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
	sender := access.Actor{ID: principal.ID, Roles: principal.Roles}
	e := access.Eligible(
		access.Candidate{Actor: sender, ActsFor: standing.ActsFor, For: in.For},
		access.Seats{Kind: in.Kind, Asked: in.Seats, Requester: in.Requester, SubmittedBy: in.SubmittedBy})
	if fault := a.changeFault(in, sender); e.Allowed && fault != "" {
		return contract.CheckActorResult{Reason: fault}, nil
	}
	result := contract.CheckActorResult{Allowed: e.Allowed, Reason: e.Reason, UntilAt: a.Policy.DayBegins(in.Portfolio, in.Until)}
	if e.Allowed && e.Seat != in.Actor {
		result.For = e.Seat
	}
	if e.Allowed && in.Of != "" {
		return a.checkOther(ctx, in, sender, result)
	}
	return result, nil
}

// checkOther finds the request that the sender says this one duplicates: one they may read, and in which the work may go on.
func (a *Activities) checkOther(ctx context.Context, in contract.CheckActorInput, sender access.Actor, result contract.CheckActorResult) (contract.CheckActorResult, error) {
	row, err := a.Store.Request(ctx, in.Of)
	unknown := errors.Is(err, store.ErrNotFound)
	switch {
	case err != nil && !unknown:
		return contract.CheckActorResult{}, fmt.Errorf("read the other request: %w", err)
	case unknown, row.Content.Confidential && !access.SeesAll(sender) && !takesPart(sender.ID, &row.Request):
		return contract.CheckActorResult{Reason: "the other request is none that the sender can see"}, nil
	case row.ID == in.ID:
		return contract.CheckActorResult{Reason: "the other request is this request itself"}, nil
	}
	if refusal := (&pmo.Request{ID: in.ID}).CheckGoesOnIn(&row.Request); refusal != nil {
		return contract.CheckActorResult{Reason: refusal.Detail}, nil
	}
	result.Of = row.ID
	return result, nil
}

// takesPart reports whether somebody reads a confidential request because of what they are to it.
func takesPart(person string, r *pmo.Request) bool {
	people := append(r.Followers(), r.Content.Sponsor)
	if r.Assignment != nil {
		people = append(people, r.Assignment.Leads...)
	}
	for i := range r.Questions {
		people = append(people, r.Questions[i].Seats()...)
	}
	return slices.Contains(people, person)
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
