package activities

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"

	"leanpmo/internal/contract"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// toldAtOnce bounds how many requests one run pulls or nudges; the rest waits for the next run.
const toldAtOnce = 500

// Rank ranks a portfolio's backlog and pulls what the limits allow, in one transaction. A run that has been written before answers
// as it did then.
func (a *Activities) Rank(ctx context.Context, in contract.RankInput) (contract.PrioritizationResult, error) {
	defer beat(ctx)()
	var ranked contract.PrioritizationResult
	err := a.Store.InPortfolio(ctx, in.Portfolio, func(tx *store.PortfolioTx) error {
		run, err := tx.Prioritization(ctx, in.ID)
		if err != nil {
			return err
		}
		if run == nil {
			if run, err = a.replenish(ctx, tx, in); err != nil {
				return err
			}
		}
		nudge, err := nudged(ctx, tx, in.Dry)
		ranked = contract.PrioritizationResult{ID: run.ID, Count: run.Count, Moves: run.Moves, Pulled: run.Pulled, WaitForTeam: nudge, Words: run.Words}
		return err
	})
	if err != nil {
		return contract.PrioritizationResult{}, fmt.Errorf("rank portfolio %s: %w", in.Portfolio, err)
	}
	return ranked, nil
}

// beatEvery is a fraction of the heartbeat timeout that the run sets.
const beatEvery = 2 * time.Second

// beat tells the server that the work goes on, until the returned function is called: a lost worker is noticed within seconds, not
// when the time for ranking a whole portfolio is over.
func beat(ctx context.Context) (stop func()) {
	if !activity.IsActivity(ctx) {
		return func() {}
	}
	ctx, stop = context.WithCancel(ctx)
	go func() {
		tick := time.NewTicker(beatEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	}()
	return stop
}

func (a *Activities) replenish(ctx context.Context, tx *store.PortfolioTx, in contract.RankInput) (*store.Prioritization, error) {
	waiting, err := tx.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	taken, err := tx.Occupancy(ctx)
	if err != nil {
		return nil, err
	}
	ranking := priority.Rank(items(waiting, a.Policy.Calendar(in.Portfolio).Location()), scoring(a.Policy), in.At)
	wip := priority.WIP{}
	for class, n := range taken.ByClass {
		wip[priority.Class(class)] = n
	}
	pulls := priority.Pull(ranking, limits(a.Policy, in.Portfolio), wip)
	lines, pulled := lines(ranking, pulls, waiting)
	run := store.Prioritization{ID: in.ID, Portfolio: in.Portfolio, At: in.At, Cause: in.Cause, Actor: in.Actor, Reason: in.Reason, Dry: in.Dry,
		Policy: a.Policy.Name(), Count: len(lines), Moves: moves(lines), Pulled: pulled}
	run.Words = words(run)
	return &run, tx.SavePrioritization(ctx, run, lines)
}

func items(waiting []store.Waiting, loc *time.Location) []priority.Item {
	list := make([]priority.Item, 0, len(waiting))
	for _, w := range waiting {
		item := priority.Item{ID: w.ID, Number: w.Number, SubmittedAt: w.SubmittedAt, Class: priority.Class(w.Content.Class),
			Inputs: priority.Inputs(w.Content.Inputs), PrevRank: w.PreviousRank}
		if item.Class == "" {
			item.Class = priority.Standard
		}
		if date, err := w.Content.WantedBy.Time(loc); err == nil {
			item.FixedDate = &date
		}
		list = append(list, item)
	}
	return list
}

// lines puts ranking and pulls together for the record, and names the pulled ones.
func lines(ranking priority.Ranking, pulls []priority.Decision, waiting []store.Waiting) ([]store.RankedRequest, []string) {
	known := make(map[string]store.Waiting, len(waiting))
	for _, w := range waiting {
		known[w.ID] = w
	}
	list := make([]store.RankedRequest, 0, len(ranking.Entries))
	var pulled []string
	for i, e := range ranking.Entries {
		line := line(e, known[e.Item.ID])
		if pulls[i].Pulled && len(pulled) < toldAtOnce {
			line.Pulled = true
			pulled = append(pulled, e.Item.ID)
		}
		line.LimitReason = pulls[i].Because()
		list = append(list, line)
	}
	return list, pulled
}

// explained is how many lines carry their words in the record: the top of the backlog, which people look at. The numbers of every
// line are on file.
const explained = 2000

func line(e priority.Entry, w store.Waiting) store.RankedRequest {
	l := store.RankedRequest{ID: e.Item.ID, Number: e.Item.Number, Title: w.Title, Rank: e.Rank, PreviousRank: w.PreviousRank, Class: string(e.Class),
		Score: e.Score.Value, Scored: e.Score.Known, CostOfDelay: e.Score.CostOfDelay, JobSize: e.Score.JobSize, Ageing: e.Score.Ageing,
		Missing: e.Missing.Names(), Inputs: w.Content.Inputs, Cause: cause(e, w)}
	if e.Rank <= explained {
		x := priority.Explain(e)
		l.Why, l.Sensitivity = x.Sentence, x.Flip.Text
	}
	return l
}

// cause says in a few words why the rank is not what it was.
func cause(e priority.Entry, w store.Waiting) string {
	switch {
	case w.PreviousRank == 0:
		return "new in the backlog"
	case w.PreviousRank == e.Rank:
		return ""
	case !same(w):
		return "its own inputs changed"
	case w.PreviousRank > e.Rank:
		return "others left, lost value or aged less"
	}
	return "others came, gained value or aged more"
}

func same(w store.Waiting) bool {
	pairs := [][2]*float64{{w.PreviousInputs.BusinessValue, w.Content.Inputs.BusinessValue}, {w.PreviousInputs.TimeCriticality, w.Content.Inputs.TimeCriticality},
		{w.PreviousInputs.RiskReduction, w.Content.Inputs.RiskReduction}, {w.PreviousInputs.JobSize, w.Content.Inputs.JobSize}}
	for _, p := range pairs {
		if (p[0] == nil) != (p[1] == nil) || p[0] != nil && *p[0] != *p[1] {
			return false
		}
	}
	return true
}

func moves(lines []store.RankedRequest) int {
	n := 0
	for _, l := range lines {
		if l.PreviousRank != l.Rank {
			n++
		}
	}
	return n
}

func words(run store.Prioritization) string {
	kind := "Ranked"
	if run.Dry {
		kind = "Dry run: would rank"
	}
	return fmt.Sprintf("%s %d requests of %s, %d at another place than before, %d pulled (policy %s).", kind, run.Count, run.Portfolio, run.Moves, len(run.Pulled), run.Policy)
}

// nudged are the requests that wait for a team: something may have come free for them.
func nudged(ctx context.Context, tx *store.PortfolioTx, dry bool) ([]string, error) {
	if dry {
		return nil, nil
	}
	rows, err := tx.WaitingForTeam(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, row := range rows[:min(len(rows), toldAtOnce)] {
		ids = append(ids, row.ID)
	}
	return ids, nil
}
