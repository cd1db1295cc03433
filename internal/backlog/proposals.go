package backlog

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// Proposals are the plan for what waits for a team now: of the batch planned last while it holds, or else one made now, which no request reads its
// answer from.
type Proposals struct {
	Placement
	Batch  store.AssignmentBatch
	Stored bool
	Plan   assign.Plan // its decisions are about those that still wait, in the order of service
}

// Proposals reads what assignments of a portfolio rest on, and the plan for what waits now.
func (r Reader) Proposals(ctx context.Context, portfolio string, rules policy.AssignPolicy, at time.Time) (Proposals, error) {
	var p Proposals
	var raw []json.RawMessage
	err := r.Store.ReadPortfolio(ctx, portfolio, func(tx *store.PortfolioTx) (err error) {
		if p.Placement, err = ReadPlacement(ctx, tx, rules, nil); err != nil || !p.Valid() {
			return err
		}
		p.Stored = true
		raw, err = tx.BatchDecisions(ctx, p.Latest.No, "")
		return err
	})
	switch {
	case err != nil:
		return p, err
	case p.Stored:
		p.Batch = *p.Latest
		return p, p.decode(raw)
	default:
		return ProposalsOf(p.Placement, at)
	}
}

// ProposalsOf plans what waits.
func ProposalsOf(read Placement, at time.Time) (Proposals, error) {
	p := Proposals{Placement: read}
	var err error
	if p.Batch, err = read.Plan(at); err != nil {
		return p, err
	}
	raw := make([]json.RawMessage, len(p.Batch.Places))
	for i := range raw {
		raw[i] = p.Batch.Places[i].Decision
	}
	return p, p.decode(raw)
}

func (p *Proposals) decode(raw []json.RawMessage) error {
	if err := json.Unmarshal(p.Batch.Plan, &p.Plan); err != nil {
		return fmt.Errorf("decode a plan: %w", err)
	}
	list, err := Decisions(raw)
	if err != nil {
		return err
	}
	waiting := p.byID()
	list = slices.DeleteFunc(list, func(d assign.Decision) bool { _, waits := waiting[d.Request]; return !waits })
	slices.SortFunc(list, func(a, b assign.Decision) int { return cmp.Compare(a.Position, b.Position) })
	p.Plan.Decisions = list
	return nil
}

// byID are the requests that wait.
func (p *Proposals) byID() map[string]assign.Request {
	waiting := make(map[string]assign.Request, len(p.Waiting))
	for _, r := range p.Waiting {
		waiting[r.ID] = r
	}
	return waiting
}

// proposed is what a decision gives a team of a request, or would in a later week: the size, and in how many weeks; gives is false where it gives it nothing.
func proposed(d assign.Decision, r assign.Request, team string) (size float64, start int, gives bool) {
	teams, days, placed := StartOf(d)
	switch {
	case !placed:
		return 0, 0, false
	case team == teams.Team:
		return r.Size, days / 7, true
	case team == teams.Second:
		return r.Second.Size, days / 7, true
	}
	return 0, 0, false
}

// TeamWeek is the load of a team in a week: firm, held while its lead is asked, and proposed by the plan.
type TeamWeek struct {
	From                     pmo.Date
	Capacity                 float64
	Firm, Held, Proposed     float64
	FirmWIP, HeldWIP, NewWIP int
}

// Load is all of it.
func (w TeamWeek) Load() float64 { return w.Firm + w.Held + w.Proposed }

// Weeks are this week and those after it, of a team. What is proposed counts from the week in which it can start, and has no end yet.
func (p *Proposals) Weeks(team *store.TeamLoad) []TeamWeek {
	weeks := []TeamWeek{{From: p.Rules.Today, Capacity: team.CapacityIn(p.Rules.Days)}}
	for _, w := range p.Rules.Weeks {
		weeks = append(weeks, TeamWeek{From: w.From, Capacity: team.CapacityIn(w.Days)})
	}
	for _, h := range p.Holds {
		for k := range weeks {
			w := &weeks[k]
			switch {
			case h.Team != team.ID || Ended(h.Until, p.Rules.Today, w.From):
			case h.Firm:
				w.Firm, w.FirmWIP = w.Firm+h.Size, w.FirmWIP+1
			default:
				w.Held, w.HeldWIP = w.Held+h.Size, w.HeldWIP+1
			}
		}
	}
	waiting := p.byID()
	for _, d := range p.Plan.Decisions {
		size, start, gives := proposed(d, waiting[d.Request], team.ID)
		if !gives {
			continue
		}
		for k := start; k < len(weeks); k++ {
			weeks[k].Proposed, weeks[k].NewWIP = weeks[k].Proposed+team.SizeOf(size), weeks[k].NewWIP+1
		}
	}
	return weeks
}
