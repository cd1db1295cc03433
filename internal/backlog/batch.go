package backlog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// Placement is what an assignment rests on: who waits for a team, the teams with what they hold, and the batch planned last.
type Placement struct {
	Rules     policy.AssignPolicy
	Waiting   []assign.Request
	Rows      []store.Row // those that wait, as they are stored
	Latest    *store.AssignmentBatch
	Teams     []store.TeamLoad
	Holds     []store.TeamHold
	Resources []pmo.Resource
	Carried   map[string]float64 // weeks times team-weeks over the last weeks, by team; nil where the policy does not count it
}

// ReadPlacement reads it. own is the request that searches, as it knows itself, which may be ahead of what is stored; nil for none.
func ReadPlacement(ctx context.Context, tx *store.PortfolioTx, rules policy.AssignPolicy, own *assign.Request) (Placement, error) {
	p := Placement{Rules: rules}
	var err error
	if p.Rows, err = tx.WaitingForTeam(ctx); err != nil {
		return p, err
	}
	for _, w := range p.Rows {
		if w.NamedTeam != nil && w.NamedTeam.OverLimit && !w.Content.SecondTeam.Needed() {
			continue // it takes its place whatever is planned
		}
		r := AssignRequest(w, rules)
		if own != nil && w.ID == own.ID {
			own.Rank = r.Rank
			continue
		}
		p.Waiting = append(p.Waiting, r)
	}
	if own != nil {
		p.Waiting = append(p.Waiting, *own)
	}
	if p.Teams, err = tx.Teams(ctx); err != nil {
		return p, err
	}
	if p.Holds, err = tx.Holds(ctx); err != nil {
		return p, err
	}
	if p.Resources, err = tx.Resources(ctx); err != nil {
		return p, err
	}
	if p.Carried, err = readCarried(ctx, tx, rules); err != nil {
		return p, err
	}
	p.Latest, err = tx.LatestBatch(ctx)
	return p, err
}

// Team is a team of the portfolio; nil when there is none of the id.
func (p *Placement) Team(id string) *store.TeamLoad {
	for i := range p.Teams {
		if p.Teams[i].ID == id {
			return &p.Teams[i]
		}
	}
	return nil
}

// Valid reports whether the batch planned last still holds: the requests that took their places in it aside, everything is as it was planned from.
func (p *Placement) Valid() bool {
	return p.Latest != nil && p.digest(p.taken()) == p.Latest.Digest
}

// taken are the places of the batch planned last that were taken, by request.
func (p *Placement) taken() map[string]store.AssignmentPlace {
	places := make(map[string]store.AssignmentPlace, len(p.Latest.Places))
	for _, place := range p.Latest.Places {
		places[place.RequestID] = place
	}
	held := map[string]store.AssignmentPlace{}
	for _, h := range p.Holds {
		if h.Batch != p.Latest.No {
			continue
		}
		of := held[h.RequestID]
		if h.Second {
			of.SecondTeam, of.SecondSize = h.Team, h.Size
		} else {
			of.Team, of.Size = h.Team, h.Size
		}
		held[h.RequestID] = of
	}
	taken := map[string]store.AssignmentPlace{}
	for id, of := range held {
		if place, ok := places[id]; ok && place.Team == of.Team && place.Size == of.Size && place.SecondTeam == of.SecondTeam && place.SecondSize == of.SecondSize {
			taken[id] = place
		}
	}
	return taken
}

// digest stands for all that a plan follows from. What was taken counts as waiting still.
func (p *Placement) digest(taken map[string]store.AssignmentPlace) string {
	inputs := make([]string, 0, len(p.Waiting)+len(taken))
	for _, r := range p.Waiting {
		inputs = append(inputs, digestOf(r))
	}
	for _, place := range taken {
		inputs = append(inputs, place.Input)
	}
	slices.Sort(inputs)
	return digestOf([]any{inputs, p.candidates(taken), p.resources(taken), Assigning(p.Rules)})
}

func digestOf(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return "" // of numbers that are not finite, which the engine refuses
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// candidates are the teams by week, without what was taken.
func (p *Placement) candidates(taken map[string]store.AssignmentPlace) []assign.Team {
	list := Candidates(p.Teams, p.Rules)
	for j := range list {
		t := &list[j]
		t.Load, t.UrgentLoad, t.WIP = 0, 0, 0
		for _, w := range p.Rules.Weeks {
			t.Weeks = append(t.Weeks, assign.Week{From: string(w.From), Capacity: p.Teams[j].CapacityIn(w.Days)})
		}
		for _, h := range p.Holds {
			if _, ok := taken[h.RequestID]; ok || h.Team != t.ID {
				continue
			}
			p.carry(t, h)
		}
		t.Carried = p.CarriedBy(p.Teams[j].Team)
		round(t)
	}
	return list
}

// carry adds what a request holds of a team to its load, in the weeks until it ends.
func (p *Placement) carry(t *assign.Team, h store.TeamHold) {
	urgent := 0.0
	if p.Rules.UsesReserve(h.Class, h.Kind) {
		urgent = h.Size
	}
	t.Load, t.UrgentLoad, t.WIP = t.Load+h.Size, t.UrgentLoad+urgent, t.WIP+1
	for k, w := range p.Rules.Weeks {
		if !Ended(h.Until, p.Rules.Today, w.From) {
			week := &t.Weeks[k]
			week.Load, week.UrgentLoad, week.WIP = week.Load+h.Size, week.UrgentLoad+urgent, week.WIP+1
		}
	}
}

// Ended reports whether work whose plan ends on a day is over when a later week begins. What should have ended already, and what has no plan with
// dates, never is.
func Ended(until, today, from pmo.Date) bool {
	return until >= today && until != "" && until < from
}

// round makes loads that were added up in another order the same.
func round(t *assign.Team) {
	same := func(load float64) float64 { return math.Round(load*1e6) / 1e6 }
	t.Load, t.UrgentLoad = same(t.Load), same(t.UrgentLoad)
	for k := range t.Weeks {
		t.Weeks[k].Load, t.Weeks[k].UrgentLoad = same(t.Weeks[k].Load), same(t.Weeks[k].UrgentLoad)
	}
}

// Digest stands for what a plan made now would follow from.
func (p *Placement) Digest() string { return p.digest(nil) }

// othersKept is how many of the teams that a request does not get are kept of a batch, the best first.
const othersKept = 8

// Plan plans all that wait, as a batch to store.
func (p *Placement) Plan(at time.Time) (store.AssignmentBatch, error) {
	plan, err := assign.AssignWith(p.resources(nil), p.Waiting, p.candidates(nil), Assigning(p.Rules))
	if err != nil {
		return store.AssignmentBatch{}, err
	}
	batch := store.AssignmentBatch{Digest: p.digest(nil), At: at, Policy: p.Rules.Version}
	requests := make(map[string]assign.Request, len(p.Waiting))
	for _, r := range p.Waiting {
		requests[r.ID] = r
	}
	for _, d := range plan.Decisions {
		r := requests[d.Request]
		place := store.AssignmentPlace{RequestID: d.Request, Input: digestOf(r), Team: d.Team, Size: p.sizeFor(d.Team, r.Size)}
		d.Others = d.Others[:min(len(d.Others), othersKept)]
		if second := d.Second; second != nil {
			place.SecondTeam, place.SecondSize = second.Team, p.sizeFor(second.Team, r.Second.Size)
			second.Others = second.Others[:min(len(second.Others), othersKept)]
		}
		if place.Decision, err = json.Marshal(d); err != nil {
			return batch, fmt.Errorf("encode a decision: %w", err)
		}
		batch.Places = append(batch.Places, place)
	}
	plan.Decisions = nil
	batch.Plan, err = json.Marshal(plan)
	return batch, err
}

// sizeFor is what a size takes of a team; the size where there is no such team.
func (p *Placement) sizeFor(team string, size float64) float64 {
	if t := p.Team(team); t != nil {
		return t.SizeOf(size)
	}
	return size
}

// Decisions decode what a batch says about its requests.
func Decisions(raw []json.RawMessage) ([]assign.Decision, error) {
	list := make([]assign.Decision, len(raw))
	for i := range raw {
		if err := json.Unmarshal(raw[i], &list[i]); err != nil {
			return nil, fmt.Errorf("decode a decision: %w", err)
		}
	}
	return list, nil
}
