package backtest

import (
	"cmp"
	"slices"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
)

const (
	// sameRun is how far apart pulls of one run can be: each request takes its slot as it learns of it.
	sameRun = time.Minute
	// mostPlaced bounds the work: how many places are given, over all pulls. The newest pulls are run again.
	mostPlaced = 250_000
)

// waiter is a request in the backlog of its portfolio.
type waiter struct {
	*Request
	item priority.Item
}

// leaves is when it left the backlog without being pulled: at its end. Zero: it still waits.
func (w waiter) leaves() time.Time { return w.ClosedAt }

// replayed are the places and pulls that a policy gives.
type replayed struct {
	rank    map[string]int       // at the moment of the recorded pull
	pull    map[string]time.Time // when it would have been pulled
	ranked  int
	skipped int
}

func (p *replayed) add(c *Course, id string) { c.Rank, c.PullAt = p.rank[id], p.pull[id] }

// pulls runs the recorded pulls again: as many requests at the same moments, from the requests that waited then, in the order of a policy. A pull by
// override stays what it was.
func pulls(past Past, p *policy.Policy) replayed {
	out := replayed{rank: map[string]int{}, pull: map[string]time.Time{}}
	backlogs := map[string][]waiter{}
	for _, list := range [][]Request{past.Ended, past.Rivals} {
		for i := range list {
			if r := &list[i]; !r.BacklogAt.IsZero() {
				backlogs[r.Portfolio] = append(backlogs[r.Portfolio], waiter{r, itemOf(&r.Request, p.Calendar(r.Portfolio).Location(), past.Lead[r.Portfolio])})
			}
		}
	}
	for id, list := range backlogs {
		slices.SortFunc(list, func(a, b waiter) int { return cmp.Or(a.BacklogAt.Compare(b.BacklogAt), cmp.Compare(a.ID, b.ID)) })
		out.run(list, past.From, p.Scoring(id))
	}
	return out
}

func itemOf(r *pmo.Request, zone *time.Location, lead time.Duration) priority.Item {
	item := priority.Item{ID: r.ID, Number: r.Number, SubmittedAt: r.SubmittedAt, Class: priority.Class(cmp.Or(r.Content.Class, pmo.ClassStandard)),
		Inputs: priority.Inputs(r.Content.Inputs), LeadP85: lead}
	if date, err := r.Content.WantedBy.Time(zone); err == nil {
		item.FixedDate = &date
	}
	return item
}

// moment is when some requests were pulled together.
type moment struct {
	from, at time.Time // the first and the last of these pulls
	pulled   []string
}

func moments(list []waiter) []moment {
	var pulled []waiter
	for _, w := range list {
		if !w.PulledAt.IsZero() && !w.Override {
			pulled = append(pulled, w)
		}
	}
	slices.SortFunc(pulled, func(a, b waiter) int { return cmp.Or(a.PulledAt.Compare(b.PulledAt), cmp.Compare(a.ID, b.ID)) })
	var all []moment
	for _, w := range pulled {
		if n := len(all); n > 0 && w.PulledAt.Sub(all[n-1].from) < sameRun {
			all[n-1].at, all[n-1].pulled = w.PulledAt, append(all[n-1].pulled, w.ID)
			continue
		}
		all = append(all, moment{from: w.PulledAt, at: w.PulledAt, pulled: []string{w.ID}})
	}
	return all
}

// run gives places and pulls to the requests of one portfolio. Their needs of each other are not looked at: what was needed was there before them.
func (p *replayed) run(list []waiter, from time.Time, scoring priority.Policy) {
	at := moments(list)
	first := affordable(list, at)
	for first < len(at) && at[first].from.Before(from) { // requests that ended before are not known
		first++
	}
	for _, w := range list { // what is not run again stays as it was
		if !w.PulledAt.IsZero() && (w.Override || first == len(at) || w.PulledAt.Before(at[first].from)) {
			p.pull[w.ID] = w.PulledAt
		}
	}
	for i, m := range at {
		if i < first {
			p.skipped += len(m.pulled)
			continue
		}
		p.ranked += len(m.pulled)
		as := priority.Rank(waitingAt(list, m, func(w waiter) time.Time { return w.PulledAt }), scoring, m.at)
		for _, e := range as.Entries {
			if slices.Contains(m.pulled, e.Item.ID) {
				p.rank[e.Item.ID] = e.Rank
			}
		}
		would := priority.Rank(waitingAt(list, m, func(w waiter) time.Time { return p.pull[w.ID] }), scoring, m.at)
		left := len(m.pulled)
		for j := range would.Entries {
			if e := &would.Entries[j]; left > 0 && e.Ready() {
				p.pull[e.Item.ID] = m.from
				left--
			}
		}
	}
}

// waitingAt are the requests in the backlog just before a moment, with pulls as they are given.
func waitingAt(list []waiter, m moment, pulled func(waiter) time.Time) []priority.Item {
	var items []priority.Item
	for _, w := range list {
		if w.BacklogAt.After(m.at) {
			break // they are sorted by it
		}
		if t := pulled(w); !t.IsZero() && t.Before(m.from) || w.Override && !t.IsZero() {
			continue
		}
		if w.PulledAt.IsZero() && !w.leaves().IsZero() && w.leaves().Before(m.from) {
			continue
		}
		items = append(items, w.item)
	}
	return items
}

// affordable is the first of the moments from which on all of them can be run again.
func affordable(list []waiter, at []moment) int {
	work := 0
	for i := len(at) - 1; i >= 0; i-- {
		if work += 2 * len(waitingAt(list, at[i], func(w waiter) time.Time { return w.PulledAt })); work > mostPlaced {
			return i + 1
		}
	}
	return 0
}
