package activities

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"

	"leanpmo/internal/backlog"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
	"leanpmo/internal/strategy"
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
	var lost []backlog.NoRoom
	p := a.Policy.Now()
	if !in.Dry && !in.Abandon {
		if err := a.measureTeams(ctx, p, in); err != nil {
			return ranked, fmt.Errorf("measure the teams of portfolio %s: %w", in.Portfolio, err)
		}
		if err := a.planAhead(ctx, p, in); err != nil {
			return ranked, fmt.Errorf("plan the assignments of portfolio %s: %w", in.Portfolio, err)
		}
	}
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
			done, why, err = replenish(ctx, tx, p, in)
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
		lost, err = wake(ctx, tx, p, in, &ranked)
		return err
	})
	if err == nil {
		ranked.NoRoom, err = a.noRoom(ctx, p, in, lost)
	}
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
func replenish(ctx context.Context, tx *store.PortfolioTx, p *policy.Policy, in contract.RankInput) (*store.Prioritization, []string, error) {
	read, err := backlog.Read(ctx, tx, in.Portfolio, in.At)
	if err != nil {
		return nil, nil, err
	}
	rules := backlog.RulesOf(p, in.Portfolio, in.At)
	now := read.Items(rules.Zone)
	ranked, err := read.Rank(now, rules)
	if err != nil {
		return nil, nil, err
	}
	lines, pulled := lines(ranked.Ranking, ranked.Pulls, read.Moves(now, ranked), *rules.Limits.Portfolio)
	sayHeld(lines, ranked.Held)
	noteNeeds(lines, read.Needs)
	guardrails, err := backlog.ReadGuardrails(ctx, tx, p, in.Portfolio, pulled, in.At)
	if err != nil {
		return nil, nil, err
	}
	noteGuardrails(lines, guardrails.Pulled)
	done := store.Prioritization{ID: in.ID, Portfolio: in.Portfolio, At: in.At, Cause: in.Cause, Actor: in.Actor, Reason: in.Reason, Dry: in.Dry,
		Policy: p.Name(), Count: len(lines), Moves: moves(lines), Pulled: pulled, Model: ranked.Ranking.Model, Lead: read.Lead.P85, LeadOf: read.Lead.Of,
		Guardrails: guardrails.Flags}
	done.Words = words(done, lines) + read.Needs.CycleWords() + guardrailWords(done.Guardrails)
	return &done, whyPulled(lines, ranked.Pulls), tx.SavePrioritization(ctx, done, lines)
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

// sayHeld puts the reasons into the lines of the requests that are held back.
func sayHeld(lines []store.RankedRequest, held map[string]string) {
	for i := range lines {
		if why := held[lines[i].ID]; why != "" {
			lines[i].LimitReason = why
		}
	}
}

// noteNeeds adds to the lines what each needs, and what somebody has to put right.
func noteNeeds(lines []store.RankedRequest, needs *backlog.Needs) {
	problems := needs.Problems()
	for i := range lines {
		l := &lines[i]
		l.Prerequisites = needs.Before(l.ID)
		if l.Detail != nil {
			l.Detail.Problem = problems[l.ID]
		}
	}
}

// noteGuardrails says of the pulled requests what that does to guardrails.
func noteGuardrails(lines []store.RankedRequest, said map[string][]string) {
	for i := range lines {
		if l := &lines[i]; l.Pulled && l.Detail != nil {
			l.Detail.Guardrails = said[l.ID]
		}
	}
}

// namedGuardrails is how many guardrails the words of a run name.
const namedGuardrails = 3

// guardrailWords name the guardrails that are not kept, with the numbers.
func guardrailWords(flags []strategy.GuardrailFlag) string {
	var text string
	broken := strategy.Broken(flags)
	for i, f := range broken {
		if i == namedGuardrails {
			return text + fmt.Sprintf(" %d more guardrails are not kept.", len(broken)-namedGuardrails)
		}
		text += " Guardrail not kept: " + pmo.Truncate(f.Words, whyBytes)
	}
	return text
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
		Missing: e.Missing.Names(), Inputs: pmo.Inputs(e.Item.Inputs), Points: e.Item.Points}
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
			names = append(names, fmt.Sprintf("%s (rank %d)", pmo.Ref(lines[i].Number), lines[i].Rank))
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
const whyBytes = 300

// whyPulled says of each pulled request at which rank it was pulled and why.
func whyPulled(lines []store.RankedRequest, pulls []priority.Decision) []string {
	var why []string
	for i := range lines {
		if lines[i].Pulled {
			text := fmt.Sprintf("%s is at rank %d of %d, and %s", pmo.Ref(lines[i].Number), lines[i].Rank, len(lines), pulls[i].Because())
			if d := lines[i].Detail; d != nil && len(d.Guardrails) > 0 {
				text += "; " + d.Guardrails[0]
			}
			why = append(why, pmo.Truncate(text, whyBytes))
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
