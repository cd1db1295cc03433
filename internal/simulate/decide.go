package simulate

import (
	"slices"

	"leanpmo/internal/assign"
	"leanpmo/internal/priority"
)

// What steps cost, in units of Input.Work.
const (
	dayWork   = 4     // of a request on a day
	rankWork  = 2500  // of a request in an order
	pullWork  = 250   // of an entry of an order in a pull
	placeWork = 6000  // of a request and a team in an assignment
	batchWork = 30000 // of an assignment
)

// effort limits the steps of the solver in one assignment. What it gives up is proof: few requests are placed at once.
const effort = 10_000

// decide fills free slots and gives requests to teams until nothing more can begin.
func (r *run) decide(again bool) error {
	if again {
		r.rank()
	}
	for {
		room := r.rooms()
		pulled := r.pull(room)
		if len(r.entries) == 0 && r.unranked(room) {
			r.append(room)
			continue
		}
		batch := pulled
		for _, j := range r.live {
			if j.at == forTeam && !j.tried && j.fits(room) {
				batch = append(batch, j)
			}
		}
		if len(batch) == 0 {
			return nil
		}
		if err := r.place(batch, room); err != nil {
			return err
		}
	}
}

// rank orders what waits, by the product's rule.
func (r *run) rank() {
	r.ranked, r.missing = map[string]bool{}, 0
	r.order = r.rankAll(func(*job) bool { return true })
}

// append orders what came since the order was made and has room, and puts it at the end: nothing of the order itself has any.
func (r *run) append(room rooms) {
	after := len(r.order.Entries)
	for _, e := range r.rankAll(func(j *job) bool { return !r.ranked[j.item.ID] && j.fits(room) }).Entries {
		e.Rank += after
		r.order.Entries = append(r.order.Entries, e)
	}
}

func (r *run) rankAll(which func(*job) bool) priority.Ranking {
	var items []priority.Item
	for _, j := range r.live {
		if j.at == waiting && which(j) {
			items = append(items, j.item)
		}
	}
	order := priority.Rank(items, r.s.Scoring, r.now())
	for i := range order.Entries {
		e := &order.Entries[i]
		r.byID[e.Item.ID].item.PrevRank, r.ranked[e.Item.ID] = e.Rank, true
		if e.Band == priority.BandUnscored {
			r.missing++
		}
	}
	r.work += int64(len(items)) * rankWork
	return order
}

// unranked reports whether something came since the order was made that a team has room for.
func (r *run) unranked(room rooms) bool {
	return slices.ContainsFunc(r.live, func(j *job) bool { return j.at == waiting && !r.ranked[j.item.ID] && j.fits(room) })
}

// pull are the requests that get a slot, by the product's rule. Those that no team has room for are passed over, as requests that gave their slot
// back are; so are those that need what is not far enough.
func (r *run) pull(room rooms) []*job {
	r.entries = r.entries[:0]
	for i := range r.order.Entries {
		j := r.byID[r.order.Entries[i].Item.ID]
		if j.at == waiting && !j.tried && j.fits(room) && !r.needs(j) {
			r.entries = append(r.entries, r.order.Entries[i])
		}
	}
	if len(r.entries) == 0 {
		return nil
	}
	wip := priority.WIP{}
	for _, j := range r.live {
		if j.at == forTeam || j.at == inWork {
			wip[j.item.Class]++
		}
	}
	order := r.order
	order.Entries = r.entries
	var out []*job
	for _, d := range priority.Pull(order, r.s.Limits, wip) {
		if d.Pulled {
			j := r.byID[d.ID]
			j.work.Rank = d.Rank
			out = append(out, j)
		}
	}
	r.work += int64(len(r.entries)) * pullWork
	return out
}

// rooms are the largest sizes that each team may take more, and what is free of each resource.
type rooms struct{ ordinary, urgent, stock []float64 }

func (r *run) rooms() rooms {
	all := rooms{stock: r.stock()}
	for _, t := range r.teams {
		all.ordinary = append(all.ordinary, assign.RoomFor(t, false, r.s.Assign))
		all.urgent = append(all.urgent, assign.RoomFor(t, true, r.s.Assign))
	}
	return all
}

// at reports whether a team has room for a part of a job.
func (r rooms) at(k int, j *job, p *part) bool {
	if j.work.Urgent {
		return p.size <= r.urgent[k]
	}
	return p.size <= r.ordinary[k]
}

// needs reports whether a job is held back by what it needs.
func (r *run) needs(j *job) bool {
	if r.s.Needs == NeedsIgnored {
		return false
	}
	return slices.ContainsFunc(j.pending, func(id string) bool {
		p := r.byID[id] // what is not of this portfolio is taken to come in time
		return p != nil && p.at != delivered && (r.s.Needs != NeedsBegun || p.at != inWork)
	})
}

// place gives teams to a batch, by the product's solver. What gets none keeps its place in the order, and a slot that it had before.
func (r *run) place(batch []*job, room rooms) error {
	requests, parts := make([]assign.Request, len(batch)), 0
	for i, j := range batch {
		requests[i] = r.request(j)
		parts += len(j.parts)
	}
	var teams []assign.Team // those that could take a part of one of them: the others change nothing
	for k, t := range r.teams {
		if slices.ContainsFunc(batch, func(j *job) bool { return j.hasPartFor(k, room) }) {
			teams = append(teams, t)
		}
	}
	rules := r.s.Assign
	rules.Effort = effort
	places, err := assign.Place(r.resources(room.stock), requests, teams, rules)
	if err != nil {
		return err
	}
	for _, j := range batch {
		if pair, ok := places[j.item.ID]; ok {
			r.start(j, pair)
		} else {
			j.tried = true
		}
	}
	r.work += batchWork + int64(parts*len(teams))*placeWork
	return nil
}
