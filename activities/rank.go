package activities

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"

	"leanpmo/internal/contract"
	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
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
		ranked.WaitForTeam, err = a.toWake(ctx, tx, in)
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
	lead, err := leadTime(ctx, tx, in.At)
	if err != nil {
		return nil, nil, err
	}
	needs, err := readNeeds(ctx, tx, in.Portfolio)
	if err != nil {
		return nil, nil, err
	}
	rules, now := a.Policy.Scoring(in.Portfolio), items(waiting, a.Policy.Calendar(in.Portfolio).Location(), lead.p85)
	needs.addTo(now)
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
	needs.hold(held, a.Policy.Prerequisites())
	limits := limits(a.Policy, in.Portfolio)
	pulls := pullExcept(ranking, limits, wip, held)
	lines, pulled := lines(ranking, pulls, moved, *limits.Portfolio)
	sayHeld(lines, held)
	needs.note(lines)
	done := store.Prioritization{ID: in.ID, Portfolio: in.Portfolio, At: in.At, Cause: in.Cause, Actor: in.Actor, Reason: in.Reason, Dry: in.Dry,
		Policy: a.Policy.Name(), Count: len(lines), Moves: moves(lines), Pulled: pulled, Model: ranking.Model, Lead: lead.p85, LeadOf: lead.of}
	done.Words = words(done, lines) + needs.cycleWords()
	return &done, whyPulled(lines, pulls), tx.SavePrioritization(ctx, done, lines)
}

// lead is the time in which 85 % of the finished requests were done; p85 is 0 when too little is known.
type lead struct {
	p85 time.Duration
	of  int // finished requests it rests on
}

// leadWindow is how far back finished requests count.
const leadWindow = 365 * 24 * time.Hour

// leadTime forecasts how long a request takes from its pull until it is accepted.
func leadTime(ctx context.Context, tx *store.PortfolioTx, at time.Time) (lead, error) {
	days, err := tx.CycleDays(ctx, at.Add(-leadWindow))
	if err != nil {
		return lead{}, err
	}
	found := forecast.Remaining(days, 0, forecast.Options{Start: at})
	if len(days) < forecast.MinCycles || found.CannotForecast || found.P85.Beyond {
		return lead{of: len(days)}, nil
	}
	return lead{p85: time.Duration(found.P85.Days) * 24 * time.Hour, of: len(days)}, nil
}

func items(waiting []store.Waiting, loc *time.Location, lead time.Duration) []priority.Item {
	list := make([]priority.Item, 0, len(waiting))
	for _, w := range waiting {
		item := priority.Item{ID: w.ID, Number: w.Number, SubmittedAt: w.SubmittedAt, Class: priority.Class(w.Class),
			Inputs: priority.Inputs(w.Inputs), LeadP85: lead, PrevRank: w.PreviousRank}
		if date, err := w.WantedBy.Time(loc); err == nil {
			item.FixedDate = &date
		}
		list = append(list, item)
	}
	return list
}

// previousRanking rebuilds the portfolio's current ranking from what is recorded of it, for the requests that still wait. Runs before 0.8
// recorded no dates: today's are used, and a move by an amended date counts as a change of policy or near-ties.
func previousRanking(recorded store.PreviousRanking, waiting []store.Waiting, now []priority.Item, rules priority.Policy) priority.Ranking {
	r := priority.Ranking{Policy: rules, At: recorded.At}
	last, ids := 0, map[int64]string{}
	for i := range waiting {
		last = max(last, waiting[i].PreviousRank)
		if waiting[i].PreviousRank != 0 {
			ids[waiting[i].Number] = waiting[i].ID
		}
	}
	byRank := make([]int, last+1) // one more than the index in waiting, because ranks are unique
	if recorded.Policy != rules.Version {
		r.Policy = priority.Policy{Version: recorded.Policy}
	}
	known := 0
	for i := range waiting {
		if rank := waiting[i].PreviousRank; rank != 0 {
			byRank[rank] = i + 1
			known++
		}
	}
	r.Entries = make([]priority.Entry, 0, known)
	for rank, at := range byRank {
		if at == 0 {
			continue
		}
		w, item := &waiting[at-1], now[at-1]
		item.Class, item.Inputs, item.LeadP85 = priority.Class(w.PreviousClass), priority.Inputs(w.PreviousInputs), recorded.Lead
		item.Needs = nil
		for _, number := range w.PreviousNeeds {
			item.Needs = append(item.Needs, cmp.Or(ids[number], pmo.Ref(number))) // what has left the backlog is named by its number
		}
		if recorded.Model != "" && item.Class == priority.FixedDate {
			item.FixedDate = w.PreviousDate
		}
		r.Entries = append(r.Entries, priority.Entry{Item: item, Rank: rank})
	}
	return r
}

// lines combines ranking, pulls and moves for the record, and lists the pulled ids. The moves are in the order of the ranking. Only a line
// that keeps its words gets any: to make 100,000 sentences takes longer than to rank.
func lines(ranking priority.Ranking, pulls []priority.Decision, moved []priority.Move, top int) ([]store.RankedRequest, []string) {
	list := make([]store.RankedRequest, len(ranking.Entries))
	var pulled []string
	ranges := ranking.Ranges(ranged, top)
	for i := range ranking.Entries {
		e, line := &ranking.Entries[i], &list[i]
		*line = lineOf(e)
		line.Pulled = pulls[i].Pulled && len(pulled) < maxPulls
		if line.Pulled {
			pulled = append(pulled, e.Item.ID)
		}
		move := (*priority.Move)(nil)
		if len(moved) > 0 && moved[0].ID == e.Item.ID {
			move, moved = &moved[0], moved[1:]
		}
		if line.KeepsText() {
			explain(line, ranking, &pulls[i], move, top)
			if i < len(ranges) && ranges[i].Worlds > 0 {
				line.Detail.Range = &ranges[i]
			}
		}
	}
	return list, pulled
}

// explain says why a line is where it is, what moved it, and why it was not pulled.
func explain(line *store.RankedRequest, ranking priority.Ranking, pull *priority.Decision, move *priority.Move, top int) {
	x := priority.Explanation{}
	if line.Rank <= explained {
		x = ranking.Explain(line.Rank-1, top)
		line.Why, line.Sensitivity = x.Sentence, x.UpText
	}
	if move != nil {
		line.Cause, x.Causes = move.Because(), move.Causes
	}
	line.Detail = &x
	switch {
	case !pull.Pulled:
		line.LimitReason = pull.Because()
	case !line.Pulled:
		line.LimitReason = fmt.Sprintf("one prioritization pulls at most %d requests; the next one continues", maxPulls)
	}
}

// explained is how many lines are stored with their explanation: the top of the backlog, which people read. The numbers of every
// line are stored.
const explained = 2000

// ranged is how many lines say how sure their rank is.
const ranged = 500

func lineOf(e *priority.Entry) store.RankedRequest {
	line := store.RankedRequest{ID: e.Item.ID, Number: e.Item.Number, Rank: e.Rank, PreviousRank: e.Item.PrevRank, Class: string(e.Class),
		Score: e.Score.Value, Scored: e.Score.Known, CostOfDelay: e.Score.CostOfDelay, JobSize: e.Score.JobSize, Ageing: e.Score.Ageing,
		Missing: e.Missing.Names(), Inputs: pmo.Inputs(e.Item.Inputs)}
	if e.Class == priority.FixedDate {
		line.FixedDate = e.Item.FixedDate
	}
	return line
}

func moves(lines []store.RankedRequest) int {
	n := 0
	for i := range lines {
		if l := &lines[i]; l.PreviousRank != l.Rank {
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

// whyBytes is the longest reason of a pull, as JSON.
const whyBytes = 200

// whyPulled says of each pulled request at which rank it was pulled and why.
func whyPulled(lines []store.RankedRequest, pulls []priority.Decision) []string {
	var why []string
	for i := range lines {
		if lines[i].Pulled {
			why = append(why, pmo.Truncate(fmt.Sprintf("R-%d is at rank %d of %d, and %s", lines[i].Number, lines[i].Rank, len(lines), pulls[i].Because()), whyBytes))
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

// maxUntold limits how many of them one run tells; the next one continues.
const maxUntold = 100

// untold lists the slots of earlier runs that ended before they told the request: they were terminated in Temporal.
func untold(ctx context.Context, tx *store.PortfolioTx, in contract.RankInput) ([]contract.SlotInput, error) {
	slots, err := tx.UntoldSlots(ctx, in.At.Add(-untoldAfter), maxUntold)
	if err != nil {
		return nil, err
	}
	var list []contract.SlotInput
	for _, s := range slots {
		list = append(list, contract.SlotInput{Portfolio: s.Portfolio, RequestID: s.RequestID, PrioritizationID: s.Prioritization, At: s.At})
	}
	return list, nil
}
