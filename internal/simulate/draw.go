package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/priority"
)

// place is where a request is in a run.
type place int

const (
	coming place = iota
	waiting
	forTeam // it has a slot and no team
	inWork
	delivered
)

const nobody = -1

// job is a request in a run.
type job struct {
	item    priority.Item
	work    assign.Request
	kind    int        // which of the requests of the input it is, or is drawn from
	sort    string     // its kind of work
	held    bool       // a team had it at the begin: its size is what it takes of that team
	day     int        // on which it comes into the backlog
	arrived float64    // days from the begin; negative before it
	sent    float64    // when it was submitted
	due     float64    // until when it is wanted; +Inf: no date
	u       [2]float64 // the draws for how long it takes: of the first team and, where two are needed, of the second
	share   float64    // of an unknown size that the second team does
	pending []string
	shared  []need // what it needs of resources

	at    place
	parts []part  // one for each team that it needs
	since float64 // of the work
	end   float64
	tried bool // no team had room for it, and nothing was freed since
}

// days are those from the begin to a time.
func days(from, to time.Time) float64 { return to.Sub(from).Hours() / 24 }

func (in *Input) jobOf(r *Request, kind int) job {
	j := job{item: r.Item, work: r.Work, kind: kind, sort: r.Kind, arrived: days(in.At, r.Arrived), due: math.Inf(1), share: r.Share, pending: r.Pending, shared: in.needsOf(r)}
	if r.Arrived.Before(r.Item.SubmittedAt) { // clocks differ, and what was imported has times of its own
		j.item.SubmittedAt = r.Arrived
	}
	j.sent = days(in.At, j.item.SubmittedAt)
	if !j.item.Class.Valid() {
		j.item.Class = priority.Standard
	}
	if r.Item.FixedDate != nil {
		j.due = days(in.At, *r.Item.FixedDate) + 1 // until its end
	}
	return j
}

// drawn are the requests of a run: those that there are, and those that come. Both sides of a comparison begin with them.
func (in *Input) drawn(past arrivals, seed uint64, run int) []job {
	rng := rand.New(rand.NewPCG(seed, (uint64(run)+1)*0x9e3779b97f4a7c15)) // the multiplier keeps neighbouring runs apart
	var list []job
	kind := 0
	add := func(r *Request, at place) *job {
		j := in.jobOf(r, kind)
		j.at, j.u = at, draws(rng, r)
		list, kind = append(list, j), kind+1
		return &list[len(list)-1]
	}
	for i := range in.Backlog {
		add(&in.Backlog[i], waiting)
	}
	for i := range in.ForTeam {
		add(&in.ForTeam[i], forTeam)
	}
	for i := range in.Held {
		h := &in.Held[i]
		j := add(&h.Request, inWork)
		j.since, j.held = days(in.At, h.Since), true
	}
	first, n := kind, 0
	for w := range in.Weeks {
		from := len(list)
		for range past.counts[rng.IntN(len(past.counts))] {
			k := rng.IntN(len(past.of))
			n++
			list = append(list, in.arrival(&past.of[k], first+k, n, 7*float64(w)+7*rng.Float64(), draws(rng, &past.of[k])))
		}
		slices.SortFunc(list[from:], func(a, b job) int { return a.day - b.day })
	}
	return list
}

// draws are those for how long a request takes: one for each team that it needs.
func draws(rng *rand.Rand, r *Request) (u [2]float64) {
	u[0] = rng.Float64()
	if r.Work.Second != nil {
		u[1] = rng.Float64()
	}
	return u
}

// arrival is a request as one of the past, that comes on a day: its dates are as far from it as they were then.
func (in *Input) arrival(r *Request, kind, n int, day float64, u [2]float64) job {
	j := in.jobOf(r, kind)
	j.day, j.u, j.pending, j.work.Excluded, j.work.Keep = int(math.Ceil(day)), u, nil, nil, ""
	if s := j.work.Second; s != nil {
		second := *s
		second.Excluded, second.Keep = nil, ""
		j.work.Second = &second
	}
	shift := day - j.arrived
	j.arrived, j.sent, j.due = day, j.sent+shift, j.due+shift
	at := func(t time.Time) time.Time { return t.Add(time.Duration(shift * 24 * float64(time.Hour))) }
	j.item.ID, j.item.Number, j.item.PrevRank, j.item.Needs = fmt.Sprintf("+%05d", n), math.MaxInt32+int64(n), 0, nil
	j.item.SubmittedAt = at(j.item.SubmittedAt)
	if j.item.FixedDate != nil {
		j.item.FixedDate = new(at(*j.item.FixedDate))
	}
	return j
}
