package activities

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// decisionFault is why the API would refuse what a decision carries, or empty: its size, its texts, its values, and the requests it names.
// Only the API can also clean texts. result gets the id of the other request.
func (a *Activities) decisionFault(ctx context.Context, in contract.CheckActorInput, actor access.Actor, now time.Time, result *contract.CheckActorResult) (string, error) {
	d := in.Decision.Data
	if refusal := in.Kept.CheckLimits(in.Decision); refusal != nil {
		return refusal.Field + " " + refusal.Detail, nil
	}
	if fault := textFault(d); fault != "" {
		return "a text " + fault, nil
	}
	if in.Decision.Verdict == pmo.VerdictRemedy {
		// It may change a team, which only the API does by the sender's rights.
		return "/data/remedy is chosen in the pages, by the API or the command line", nil
	}
	if d.Patch != nil && slices.Contains(d.Patch.Fields(), "needs") {
		// What the sender may not see stays needed; only the API can put it back into the answer.
		return "/data/patch/needs: what a request needs is changed in the pages, by the API or the command line", nil
	}
	p := a.Policy.Now()
	faults := p.DataFaults(d, now)
	if d.Patch != nil {
		for _, field := range d.Patch.Fields() {
			if may := access.MayChange(actor, field, access.Object{Relation: relationOf(in), Stage: in.Stage}); !may.Allowed {
				return "/data/patch/" + field + ": " + may.Reason, nil
			}
		}
		faults = append(faults, p.PatchFaults(in.Content, *d.Patch, "/data/patch", now)...)
		faults = append(faults, p.PortfolioFaults(in.Content, *d.Patch, in.Portfolio, in.Stage, "/data/patch")...)
	}
	if len(faults) > 0 {
		return faults[0].Pointer + " " + faults[0].Problem, nil
	}
	if fault, err := a.namedFault(ctx, in, now); fault != "" || err != nil {
		return fault, err
	}
	if d.Of == "" {
		return "", nil
	}
	other, err := a.readable(ctx, d.Of, actor)
	switch {
	case err != nil:
		return "", err
	case other == nil || other.ID == in.ID:
		return "/data/of is no other request the sender can see", nil
	}
	if refusal := (&pmo.Request{ID: in.ID}).CheckGoesOnIn(other); refusal != nil {
		return "/data/of: " + refusal.Detail, nil
	}
	result.Of = other.ID
	if !other.Content.Confidential { // who is asked about it may not know that it exists
		result.OfNumber = other.Number
	}
	return "", nil
}

// namedFault is why the team or the person that a verdict of an exception names cannot be taken, or empty.
func (a *Activities) namedFault(ctx context.Context, in contract.CheckActorInput, now time.Time) (string, error) {
	d := in.Decision.Data
	if d.Person != "" {
		standing, err := a.Store.Standing(ctx, d.Person, nil, now)
		if err != nil {
			return "", fmt.Errorf("read delegations: %w", err)
		}
		principal, known := a.Directory.Principal(d.Person)
		if !known {
			return "/data/person is not a person of the directory", nil
		}
		candidate := access.Candidate{Actor: a.Policy.Now().Actor(principal), ActsFor: standing.ActsFor}
		if fault := access.Named(candidate, access.Seats{Kind: in.About, Requester: in.Requester, SubmittedBy: in.SubmittedBy}); fault != "" {
			return "/data/person " + fault, nil
		}
	}
	if d.Team == "" {
		return "", nil
	}
	if _, err := a.Store.Team(ctx, d.Team); errors.Is(err, store.ErrNotFound) {
		return "/data/team is no team we know", nil
	} else if err != nil {
		return "", fmt.Errorf("read the team that a signal names: %w", err)
	}
	return "", nil
}

// relationOf is what the sender of a signal is to the request whose question they answer.
func relationOf(in contract.CheckActorInput) access.Relation {
	relation := access.Answering
	for _, is := range []struct {
		person   string
		relation access.Relation
	}{{in.Requester, access.Requester}, {in.SubmittedBy, access.SubmittedBy}, {in.Sponsor, access.Sponsor}} {
		if is.person == in.Actor {
			relation |= is.relation
		}
	}
	return relation
}

// readable is a request that somebody names by id or number and may read; nil when there is none.
func (a *Activities) readable(ctx context.Context, ref string, actor access.Actor) (*pmo.Request, error) {
	row, err := a.Store.Request(ctx, ref)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrInvalid):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the request that a signal names: %w", err)
	case row.Content.Confidential && !access.SeesAll(actor) && !slices.Contains(store.People(&row.Request), actor.ID):
		return nil, nil
	}
	return &row.Request, nil
}

// textFault judges every text of a value as the API does.
func textFault(v any) string {
	data, err := json.Marshal(v)
	var tree any
	if err == nil {
		err = json.Unmarshal(data, &tree)
	}
	if err != nil {
		return "cannot be read"
	}
	return faultIn(tree)
}

func faultIn(v any) (fault string) {
	switch v := v.(type) {
	case string:
		return cleantext.Fault(v)
	case []any:
		for _, item := range v {
			fault = max(fault, faultIn(item)) // any of them, the same one each time
		}
	case map[string]any:
		for _, item := range v {
			fault = max(fault, faultIn(item))
		}
	}
	return fault
}
