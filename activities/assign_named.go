package activities

import (
	"fmt"

	"leanpmo/internal/backlog"
	"leanpmo/internal/contract"
	"leanpmo/internal/store"
)

// chooseNamed considers only the team that the PMO named: whatever skills are recorded for it, and for one request over its limits too, if the
// PMO said so. Its leads are asked like those of any other team. It is no part of a batch.
func chooseNamed(in contract.AssignInput, read *backlog.Placement) (contract.AssignResult, error) {
	t, size := read.Team(in.Named), backlog.Size(in.Content, read.Rules)
	if t == nil {
		return contract.AssignResult{Waits: fmt.Sprintf("the PMO named the team %q, which this portfolio does not have", in.Named)}, nil
	}
	if in.OverLimit {
		reason := fmt.Sprintf("The PMO puts %s over its limits for this request alone: it holds %d requests and %g team-weeks of %g, and this one needs %g", t.Name, t.WIP, t.Load, t.Capacity, t.SizeOf(size))
		return contract.AssignResult{Team: t.ID, Leads: t.Leads, Size: t.SizeOf(size), Pace: t.Pace, Reasons: []string{reason}}, nil
	}
	in.Content.Skills, in.Declined = nil, nil
	d, err := read.AtTeam(ownRequest(in, read.Rules), in.Named)
	if err != nil {
		return contract.AssignResult{}, err
	}
	result := resultOf(d, read, size)
	if result.Team != "" {
		result.Reasons = append([]string{"The PMO named " + t.Name}, result.Reasons...)
	}
	return result, nil
}

// namedWithoutRoom are those of the waiting requests for which the PMO named a team that has no room for them: room elsewhere does not
// concern them, because they search for that team alone.
func namedWithoutRoom(read *backlog.Placement) (map[string]bool, error) {
	without := map[string]bool{}
	for i := range read.Rows {
		in, named := namedInput(&read.Rows[i])
		if !named {
			continue
		}
		found, err := chooseNamed(in, read)
		if err != nil {
			return nil, err
		}
		without[in.ID] = found.Team == ""
	}
	return without, nil
}

func namedInput(w *store.Row) (in contract.AssignInput, named bool) {
	if w.NamedTeam == nil {
		return in, false
	}
	return contract.AssignInput{ID: w.ID, Number: w.Number, Content: w.Content, Named: w.NamedTeam.Team, OverLimit: w.NamedTeam.OverLimit}, true
}
