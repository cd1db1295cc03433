package activities

import (
	"context"
	"fmt"

	"go.temporal.io/sdk/activity"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// Assign selects the best team for a request, considered together with all other requests that wait for a team, and holds capacity of it.
// It is idempotent: it first releases the earlier hold of the request, so no capacity is held twice.
func (a *Activities) Assign(ctx context.Context, in contract.AssignInput) (contract.AssignResult, error) {
	p := a.Policy.Now()
	rules := p.AssignPolicyAt(in.Portfolio, in.At)
	var result contract.AssignResult
	err := a.Store.InPortfolio(ctx, in.Portfolio, func(tx *store.PortfolioTx) error {
		ended, err := tx.Ended(ctx, in.ID, executionOf(ctx))
		if err != nil {
			return err
		}
		if err := tx.ReleaseCapacity(ctx, in.ID); err != nil {
			return err
		}
		if ended {
			return nil // a cancelled request's search that was still under way: nobody would give the capacity back
		}
		teams, err := tx.Teams(ctx)
		if err != nil {
			return err
		}
		waiting, err := tx.WaitingForTeam(ctx)
		if err != nil {
			return err
		}
		if in.Named != "" {
			result, err = chooseNamed(in, teams, waiting, rules)
		} else {
			result, err = choose(in, teams, waiting, rules)
		}
		if err != nil || result.Team == "" {
			return err
		}
		return tx.HoldCapacity(ctx, in.ID, result.Team, result.Size, in.At)
	})
	if err != nil {
		return contract.AssignResult{}, fmt.Errorf("assign request %s: %w", in.ID, err)
	}
	result = withinBudget(result)
	result.Policy = p.Name()
	if result.Team == "" {
		result.RetryAt = in.At.Add(rules.RetryAfter)
	}
	return result, nil
}

// executionOf is the run id of the workflow execution that an activity works for; empty outside one.
func executionOf(ctx context.Context) string {
	if !activity.IsActivity(ctx) {
		return ""
	}
	return activity.GetInfo(ctx).WorkflowExecution.RunID
}

// Limits of the texts of a result, in bytes as JSON. The names of a portfolio's teams and skills are in them.
const (
	waitsBytes  = 1000
	reasonBytes = 600
)

// withinBudget cuts the texts of a result, which is stored in the workflow's history.
func withinBudget(r contract.AssignResult) contract.AssignResult {
	r.Waits = pmo.Truncate(r.Waits, waitsBytes)
	for i, reason := range r.Reasons {
		r.Reasons[i] = pmo.Truncate(reason, reasonBytes)
	}
	return r
}

// choose is pure: it selects the team of this request and gives the reasons.
func choose(in contract.AssignInput, teams []store.TeamLoad, waiting []store.Row, rules policy.AssignPolicy) (contract.AssignResult, error) {
	plan, err := assign.Assign(requests(in, waiting, rules), backlog.Candidates(teams, rules), backlog.Assigning(rules))
	if err != nil {
		return contract.AssignResult{}, err
	}
	for _, d := range plan.Decisions {
		if d.Request != in.ID {
			continue
		}
		if d.Team == "" {
			return contract.AssignResult{Waits: backlog.Waits(d)}, nil
		}
		for _, t := range teams {
			if t.ID == d.Team {
				return contract.AssignResult{Team: t.ID, Leads: t.Leads, Size: backlog.Size(in.Content, rules), Reasons: reasons(d)}, nil
			}
		}
	}
	return contract.AssignResult{Waits: "this portfolio has no team"}, nil
}

// reasons are the choice and why the other teams were not chosen; at most four, because they are stored in the workflow history.
func reasons(d assign.Decision) []string {
	list := []string{d.Sentence}
	for _, other := range d.Others {
		if len(list) < 4 {
			list = append(list, other.Reason)
		}
	}
	return list
}

// requests are all that wait for a team; for this one the input of the activity is used.
func requests(in contract.AssignInput, waiting []store.Row, rules policy.AssignPolicy) []assign.Request {
	own := assign.Request{ID: in.ID, Number: fmt.Sprintf("R-%d", in.Number), Skills: pmo.Skills(in.Content.Skills), Size: backlog.Size(in.Content, rules), Value: backlog.Value(in.Content),
		Excluded: in.Declined, Preferred: in.Preferred, Keep: in.Keep}
	list := []assign.Request{}
	for _, w := range waiting {
		if w.ID == in.ID {
			own.Rank = backlog.AssignRequest(w, rules).Rank
			continue
		}
		list = append(list, backlog.AssignRequest(w, rules))
	}
	return append(list, own)
}
