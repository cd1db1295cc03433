package activities

import (
	"fmt"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/contract"
)

// overLimit is the place that the PMO named over the team's limits, for one request alone. Its leads are asked like those of any other team. It is no
// part of a batch.
func overLimit(in contract.AssignInput, read *backlog.Placement) contract.AssignResult {
	t := read.Team(in.Named)
	size, _ := in.Content.SecondTeam.Sizes(backlog.Size(in.Content, read.Rules))
	if t == nil {
		return contract.AssignResult{Waits: unknownTeam(in.Named)}
	}
	reason := fmt.Sprintf("The PMO puts %s over its limits for this request alone: it holds %d requests and %g team-weeks of %g, and this one needs %g", t.Name, t.WIP, t.Load, t.Capacity, t.SizeOf(size))
	return contract.AssignResult{Team: t.ID, Leads: t.Leads, Size: t.SizeOf(size), Pace: t.Pace, Reasons: []string{reason}}
}

// besideNamed is the place over the limits of the team that the PMO named, with that which the batch gives of a second team; neither where the batch
// has none.
func besideNamed(in contract.AssignInput, second assign.Decision, read *backlog.Placement) contract.AssignResult {
	result := overLimit(in, read)
	if result.Team == "" {
		return result
	}
	_, size := in.Content.SecondTeam.Sizes(backlog.Size(in.Content, read.Rules))
	if result.Second = partOf(second.Team, read, size); result.Second == nil {
		return contract.AssignResult{Waits: "of its second team: " + backlog.Waits(second)}
	}
	result.Reasons = append(result.Reasons, second.Sentence)
	return result
}

// namedResult is what the batch says about a request for which the PMO named a team, whatever skills are recorded for it, within its limits.
func namedResult(in contract.AssignInput, found contract.AssignResult, read *backlog.Placement) contract.AssignResult {
	t := read.Team(in.Named)
	switch {
	case t == nil:
		found.Waits = unknownTeam(in.Named)
	case found.Team != "":
		named := []string{"The PMO named " + t.Name, found.Reasons[0]}
		if found.Second != nil {
			named = append(named, found.Reasons[1])
		}
		found.Reasons = named
	}
	return found
}

func unknownTeam(named string) string {
	return fmt.Sprintf("the PMO named the team %q, which this portfolio does not have", named)
}
