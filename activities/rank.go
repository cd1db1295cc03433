package activities

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"

	"leanpmo/internal/contract"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// maxPulls limits how many requests one prioritization pulls or wakes; the next one continues.
const maxPulls = 500

// Rank ranks a portfolio's backlog and pulls what the limits allow, in one transaction. A repeated call with the id of a saved
// prioritization returns its saved result. An abandoned run that is not saved yet never will be: what is saved in its place stops a late
// attempt too.
func (a *Activities) Rank(ctx context.Context, in contract.RankInput) (contract.PrioritizationResult, error) {
	defer heartbeat(ctx)()
	var ranked contract.PrioritizationResult
	var why []string
	err := a.Store.InPortfolio(ctx, in.Portfolio, func(tx *store.PortfolioTx) error {
		done, err := tx.Prioritization(ctx, in.ID)
		if err != nil {
			return err
		}
		switch {
		case done == nil && in.Abandon:
			ranked.Abandoned = true
			done, err = abandon(ctx, tx, in)
		case done == nil:
			done, why, err = a.replenish(ctx, tx, in)
		}
		if err != nil {
			return err
		}
		ranked.ID, ranked.Count, ranked.Moves, ranked.Pulled, ranked.Words = done.ID, done.Count, done.Moves, done.Pulled, done.Words
		ranked.Why = why
		if in.Dry || ranked.Abandoned {
			return nil
		}
		if ranked.Untold, err = untold(ctx, tx, in); err != nil {
			return err
		}
		ranked.WaitForTeam, err = a.toWake(ctx, tx, in.ID)
		return err
	})
	if err != nil {
		return contract.PrioritizationResult{}, fmt.Errorf("rank portfolio %s: %w", in.Portfolio, err)
	}
	a.noteRun(ctx, in, ranked)
	return ranked, nil
}

// noteWithin is how long a run waits until its schedule says what it did.
const noteWithin = time.Second

// noteRun lets the page of the portfolio's schedule say what the run did. The run goes on without.
func (a *Activities) noteRun(ctx context.Context, in contract.RankInput, ranked contract.PrioritizationResult) {
	if a.NoteRun == nil || in.Dry || ranked.Abandoned {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, noteWithin)
	defer cancel()
	note := in.At.UTC().Format("2006-01-02 15:04 MST") + ": " + strings.Join(append([]string{ranked.Words}, ranked.Why...), " · ")
	if err := a.NoteRun(ctx, in.Portfolio, note); err != nil {
		a.Log.WarnContext(ctx, "schedule not noted", "portfolio", in.Portfolio, "error", err)
	}
}

// heartbeatEvery is a fraction of the heartbeat timeout that the prioritization workflow sets.
const heartbeatEvery = 2 * time.Second

// heartbeat records heartbeats until the returned function is called, so that the server notices a lost worker within seconds and not
// only when the timeout for ranking a whole portfolio has passed.
func heartbeat(ctx context.Context) (stop func()) {
	if !activity.IsActivity(ctx) {
		return func() {}
	}
	ctx, stop = context.WithCancel(ctx)
	go func() {
		tick := time.NewTicker(heartbeatEvery)
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

// replenish also says of each pulled request why it was pulled.
func (a *Activities) replenish(ctx context.Context, tx *store.PortfolioTx, in contract.RankInput) (*store.Prioritization, []string, error) {
	waiting, err := tx.Waiting(ctx)
	if err != nil {
		return nil, nil, err
	}
	taken, err := tx.Occupancy(ctx)
	if err != nil {
		return nil, nil, err
	}
	previous, err := tx.PreviousRanking(ctx)
	if err != nil {
		return nil, nil, err
	}
	rules, now := scoring(a.Policy), items(waiting, a.Policy.Calendar(in.Portfolio).Location())
	ranking := priority.Rank(now, rules, in.At)
	moved := priority.Diff(previousRanking(previous, waiting, now, rules), ranking)
	wip := priority.WIP{}
	for class, n := range taken.ByClass {
		wip[priority.Class(class)] = n
	}
	held, err := a.heldBack(ctx, tx, in)
	if err != nil {
		return nil, nil, err
	}
	pulls := pullExcept(ranking, limits(a.Policy, in.Portfolio), wip, held)
	lines, pulled := lines(ranking, pulls, moved, waiting)
	sayHeld(lines, held)
	done := store.Prioritization{ID: in.ID, Portfolio: in.Portfolio, At: in.At, Cause: in.Cause, Actor: in.Actor, Reason: in.Reason, Dry: in.Dry,
		Policy: a.Policy.Name(), Count: len(lines), Moves: moves(lines), Pulled: pulled}
	done.Words = words(done, lines)
	return &done, whyPulled(lines, pulls), tx.SavePrioritization(ctx, done, lines)
}

func items(waiting []store.Waiting, loc *time.Location) []priority.Item {
	list := make([]priority.Item, 0, len(waiting))
	for _, w := range waiting {
		item := priority.Item{ID: w.ID, Number: w.Number, SubmittedAt: w.SubmittedAt, Class: priority.Class(w.Class),
			Inputs: priority.Inputs(w.Inputs), PrevRank: w.PreviousRank}
		if date, err := w.WantedBy.Time(loc); err == nil {
			item.FixedDate = &date
		}
		list = append(list, item)
	}
	return list
}

// previousRanking rebuilds the portfolio's current ranking from what is recorded of it, for the requests that still wait. Wanted
// dates are not recorded with a ranking, so today's are used: a move by an amended date counts as a change of policy or near-ties.
func previousRanking(recorded store.PreviousRanking, waiting []store.Waiting, now []priority.Item, rules priority.Policy) priority.Ranking {
	r := priority.Ranking{Policy: rules, At: recorded.At}
	if recorded.Policy != rules.Version {
		r.Policy = priority.Policy{Version: recorded.Policy}
	}
	for i, w := range waiting {
		if w.PreviousRank == 0 {
			continue
		}
		item := now[i]
		item.Class, item.Inputs = priority.Class(w.PreviousClass), priority.Inputs(w.PreviousInputs)
		r.Entries = append(r.Entries, priority.Entry{Item: item, Rank: w.PreviousRank})
	}
	slices.SortFunc(r.Entries, func(a, b priority.Entry) int { return a.Rank - b.Rank })
	return r
}

// lines combines ranking, pulls and moves for the record, and lists the pulled ids.
func lines(ranking priority.Ranking, pulls []priority.Decision, moved []priority.Move, waiting []store.Waiting) ([]store.RankedRequest, []string) {
	known := make(map[string]*store.Waiting, len(waiting))
	for i := range waiting {
		known[waiting[i].ID] = &waiting[i]
	}
	causes := make(map[string]string, len(moved))
	for _, m := range moved {
		causes[m.ID] = m.Because()
	}
	list := make([]store.RankedRequest, 0, len(ranking.Entries))
	var pulled []string
	for i := range ranking.Entries {
		e := &ranking.Entries[i]
		line := line(e, known[e.Item.ID])
		line.Cause = causes[e.Item.ID]
		switch {
		case !pulls[i].Pulled:
			line.LimitReason = pulls[i].Because()
		case len(pulled) == maxPulls:
			line.LimitReason = fmt.Sprintf("one prioritization pulls at most %d requests; the next one continues", maxPulls)
		default:
			line.Pulled = true
			pulled = append(pulled, e.Item.ID)
		}
		list = append(list, line)
	}
	return list, pulled
}

// explained is how many lines are stored with their explanation: the top of the backlog, which people read. The numbers of every
// line are stored.
const explained = 2000

func line(e *priority.Entry, w *store.Waiting) store.RankedRequest {
	l := store.RankedRequest{ID: e.Item.ID, Number: e.Item.Number, Rank: e.Rank, PreviousRank: w.PreviousRank, Class: string(e.Class),
		Score: e.Score.Value, Scored: e.Score.Known, CostOfDelay: e.Score.CostOfDelay, JobSize: e.Score.JobSize, Ageing: e.Score.Ageing,
		Missing: e.Missing.Names(), Inputs: w.Inputs}
	if e.Rank <= explained {
		x := priority.Explain(*e)
		l.Why, l.Sensitivity = x.Sentence, x.Sensitivity.Text
	}
	return l
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

func words(p store.Prioritization, lines []store.RankedRequest) string {
	kind := "Ranked"
	if p.Dry {
		kind = "Dry run: would rank"
	}
	requests := "requests"
	if p.Count == 1 {
		requests = "request"
	}
	return fmt.Sprintf("%s %d %s of %s, %d at another place than before, %d pulled%s (policy %s).", kind, p.Count, requests, p.Portfolio, p.Moves, len(p.Pulled), pulledWords(lines), p.Policy)
}

// namedPulls is how many of the pulled requests the words of a run name.
const namedPulls = 10

// pulledWords names the pulled requests.
func pulledWords(lines []store.RankedRequest) string {
	var names []string
	left := 0
	for i := range lines {
		switch {
		case !lines[i].Pulled:
		case len(names) == namedPulls:
			left++
		default:
			names = append(names, fmt.Sprintf("R-%d (rank %d)", lines[i].Number, lines[i].Rank))
		}
	}
	if left > 0 {
		names = append(names, fmt.Sprintf("and %d more", left))
	}
	if len(names) == 0 {
		return ""
	}
	return ": " + strings.Join(names, ", ")
}

// whyPulled says of each pulled request at which rank it was pulled and why.
func whyPulled(lines []store.RankedRequest, pulls []priority.Decision) []string {
	var why []string
	for i := range lines {
		if lines[i].Pulled {
			why = append(why, fmt.Sprintf("R-%d is at rank %d of %d, and %s", lines[i].Number, lines[i].Rank, len(lines), pulls[i].Because()))
		}
	}
	return why
}

// abandon saves a run that was cancelled before it ranked. It is saved as a dry one, so that the ranking stays.
func abandon(ctx context.Context, tx *store.PortfolioTx, in contract.RankInput) (*store.Prioritization, error) {
	done := store.Prioritization{ID: in.ID, Portfolio: in.Portfolio, At: in.At, Cause: in.Cause, Actor: in.Actor, Reason: in.Reason, Dry: true,
		Words: fmt.Sprintf("Cancelled before it ranked %s.", in.Portfolio)}
	return &done, tx.SavePrioritization(ctx, done, nil)
}

// untoldAfter is longer than a run takes to tell the requests it pulled.
const untoldAfter = 2 * time.Minute

// untold lists the slots of earlier runs that ended before they told the request: they were terminated in Temporal.
func untold(ctx context.Context, tx *store.PortfolioTx, in contract.RankInput) ([]contract.SlotInput, error) {
	slots, err := tx.UntoldSlots(ctx, in.At.Add(-untoldAfter), maxPulls)
	if err != nil {
		return nil, err
	}
	var list []contract.SlotInput
	for _, s := range slots {
		list = append(list, contract.SlotInput{Portfolio: s.Portfolio, RequestID: s.RequestID, PrioritizationID: s.Prioritization, At: s.At})
	}
	return list, nil
}
