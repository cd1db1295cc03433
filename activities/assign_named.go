package activities

import (
	"fmt"

	"leanpmo/internal/backlog"
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
			needs := backlog.Size(in.Content, rules)
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
