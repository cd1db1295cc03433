package activities

import (
	"fmt"

	"leanpmo/internal/assign"
	"leanpmo/internal/contract"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// chooseNamed considers only the team that the PMO named: whatever skills are recorded for it, and for one request over its limits too, if the
// PMO said so. Its leads are asked like those of any other team.
func chooseNamed(in contract.AssignInput, teams []store.TeamLoad, waiting []store.Row, rules policy.AssignPolicy) (contract.AssignResult, error) {
	for _, t := range teams {
		if t.ID != in.Named {
			continue
		}
		if in.OverLimit {
			needs := size(in.Content, rules)
			reason := fmt.Sprintf("The PMO puts %s over its limits for this request alone: it holds %d requests and %g team-weeks of %g, and this one needs %g", t.Name, t.WIP, t.Load, t.Capacity, needs)
			return contract.AssignResult{Team: t.ID, Leads: t.Leads, Size: needs, Reasons: []string{reason}}, nil
		}
		in.Content.Skills, in.Declined = nil, nil
		result, err := choose(in, []store.TeamLoad{t}, waiting, rules)
		if result.Team != "" {
			result.Reasons = append([]string{"The PMO named " + t.Name}, result.Reasons...)
		}
		return result, err
	}
	return contract.AssignResult{Waits: fmt.Sprintf("the PMO named the team %q, which this portfolio does not have", in.Named)}, nil
}

// fits finds out which of the requests that gave their slot back a team could take now, beside all that wait for a team. It returns why not,
// by id, for the others.
func fits(returned, waiting []store.Row, teams []store.TeamLoad, rules policy.AssignPolicy) (held map[string]string, err error) {
	list := make([]assign.Request, 0, len(returned)+len(waiting))
	for _, w := range append(waiting[:len(waiting):len(waiting)], returned...) {
		list = append(list, waitingRequest(w, rules))
	}
	plan, err := assign.Assign(list, candidates(teams, rules), assigning(rules))
	if err != nil {
		return nil, err
	}
	held = map[string]string{}
	for _, d := range plan.Decisions {
		if d.Team == "" {
			held[d.Request] = waits(d)
		}
	}
	return held, nil
}
