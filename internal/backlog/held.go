package backlog

import (
	"time"

	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// heldBack are the requests that a prioritization ranks and does not pull, with the reason, by id: an answer about their form or sponsor comes
// first, or they gave their slot back, and would only give it back again.
func (s Snapshot) heldBack(rules policy.AssignPolicy) (map[string]string, error) {
	held := make(map[string]string, len(s.Asked))
	for id, question := range s.Asked {
		held[id] = "it is not pulled before " + question + " is answered"
	}
	if len(s.Returned) == 0 {
		return held, nil
	}
	noTeam, err := fits(s.Returned, s.ForTeam, s.Teams, rules)
	if err != nil {
		return nil, err
	}
	for _, r := range s.Returned {
		if why := heldReason(r, noTeam[r.ID], s.At); why != "" {
			held[r.ID] = why
		}
	}
	return held, nil
}

// heldReason is why a request that gave its slot back is not pulled yet, or empty.
func heldReason(r store.Row, noTeam string, at time.Time) string {
	switch b := r.Returned; {
	case b.Until.After(at):
		return "it gave its slot back (" + b.Reason + ") and is not pulled before " + b.Until.UTC().Format(time.DateOnly)
	case noTeam != "":
		return "it gave its slot back and no team could take it now: " + noTeam
	}
	return ""
}

// pullExcept decides about the entries that are not held back as if the others were not ranked.
func pullExcept(ranking priority.Ranking, limits priority.Limits, wip priority.WIP, held map[string]string) []priority.Decision {
	if len(held) == 0 {
		return priority.Pull(ranking, limits, wip)
	}
	free := ranking
	free.Entries = nil
	for _, e := range ranking.Entries {
		if held[e.Item.ID] == "" {
			free.Entries = append(free.Entries, e)
		}
	}
	decided := priority.Pull(free, limits, wip)
	all := make([]priority.Decision, 0, len(ranking.Entries))
	for _, e := range ranking.Entries {
		if held[e.Item.ID] != "" {
			all = append(all, priority.Decision{ID: e.Item.ID, Number: e.Item.Number, Rank: e.Rank, Class: e.Class})
			continue
		}
		all, decided = append(all, decided[0]), decided[1:]
	}
	return all
}
