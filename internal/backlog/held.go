package backlog

import (
	"context"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// heldBack are the requests that a prioritization ranks and does not pull, with the reason, by id: an answer about their form or sponsor comes
// first, or they gave their slot back, and would only give it back again.
func heldBack(ctx context.Context, tx *store.PortfolioTx, rules policy.AssignPolicy, at time.Time) (map[string]string, error) {
	asked, err := tx.AnswersFirst(ctx, pmo.FormKinds())
	if err != nil {
		return nil, err
	}
	held := map[string]string{}
	for id, question := range asked {
		held[id] = "it is not pulled before " + question + " is answered"
	}
	return held, addReturned(ctx, tx, rules, at, held)
}

// addReturned adds the requests that gave their slot back.
func addReturned(ctx context.Context, tx *store.PortfolioTx, rules policy.AssignPolicy, at time.Time, held map[string]string) error {
	returned, err := tx.Returned(ctx)
	if err != nil || len(returned) == 0 {
		return err
	}
	teams, err := tx.Teams(ctx)
	if err != nil {
		return err
	}
	waiting, err := tx.WaitingForTeam(ctx)
	if err != nil {
		return err
	}
	noTeam, err := fits(returned, waiting, teams, rules)
	if err != nil {
		return err
	}
	for _, r := range returned {
		if why := heldReason(r, noTeam[r.ID], at); why != "" {
			held[r.ID] = why
		}
	}
	return nil
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
