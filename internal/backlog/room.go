package backlog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// lastingWeeks is for how many weeks in a row a team must be over its limits before it has no room for what it accepted: a holiday moves no work.
const lastingWeeks = 4

// NoRoom is accepted work for which its team has no room any more, and why, as a sentence in English.
type NoRoom struct {
	store.AcceptedWork
	Why string
}

// Rooms compares what teams have accepted with what they can hold. lost is accepted work for which its team has no room any more: without it the team
// is in no lastingWeeks of the weeks ahead over its load ceiling or its WIP limit. It is no more than that, and what it is chosen by is: expedite
// work last, the worst ranked first, what was accepted last first. Only work that may be proposed is chosen, and what was chosen before, or stays over
// the limits, remains chosen before anything else is. found is what was chosen before and fits again. What the PMO put over the limits of a team counts
// for neither, and so do offers that no lead has accepted: see LostPlaces.
func (p *Placement) Rooms(accepted []store.AcceptedWork) (lost []NoRoom, found []store.AcceptedWork) {
	for i := range p.Teams {
		t := &p.Teams[i]
		room := p.roomOf(t, accepted)
		short, why := room.short(), ""
		if short >= 0 {
			why = room.why(short)
		}
		chosen := room.choose()
		for _, w := range room.work {
			is := slices.Contains(chosen, w.RequestID)
			switch {
			case w.NoRoom && !is:
				found = append(found, w)
			case is && !w.NoRoom:
				lost = append(lost, NoRoom{AcceptedWork: w, Why: why + " This work takes " + teamWeeks(w.Size) + "."})
			}
		}
	}
	return lost, found
}

// room is what a team can hold in the weeks ahead, and what it has accepted, by week.
type room struct {
	team    string // its name
	limit   int    // requests at once, where it is limited
	limited bool
	ceiling float64
	weeks   []roomWeek
	work    []store.AcceptedWork // that takes of it, in the order in which it is chosen
	today   pmo.Date
}

type roomWeek struct {
	from           pmo.Date
	capacity, load float64
	wip            int
}

func (p *Placement) roomOf(t *store.TeamLoad, accepted []store.AcceptedWork) *room {
	limit, limited := t.LimitOr(p.Rules.WIPLimit)
	r := &room{team: t.Name, limit: limit, limited: limited, ceiling: cmp.Or(t.LoadCeiling, p.Rules.LoadCeiling), today: p.Rules.Today,
		weeks: []roomWeek{{from: p.Rules.Today, capacity: t.CapacityIn(p.Rules.Days)}}}
	for _, w := range p.Rules.Weeks {
		r.weeks = append(r.weeks, roomWeek{from: w.From, capacity: t.CapacityIn(w.Days)})
	}
	for _, w := range accepted {
		if w.Team == t.ID && !w.OverLimit {
			r.work = append(r.work, w)
			r.add(w, 1)
		}
	}
	slices.SortFunc(r.work, firstToMove)
	return r
}

// firstToMove orders work by which is chosen first.
func firstToMove(a, b store.AcceptedWork) int {
	stays := func(w store.AcceptedWork) int {
		switch {
		case w.Kept:
			return 0
		case w.NoRoom:
			return 1
		case w.Class != pmo.ClassExpedite:
			return 2
		}
		return 3
	}
	return cmp.Or(cmp.Compare(stays(a), stays(b)), -cmp.Compare(worst(a.Rank), worst(b.Rank)), b.Accepted.Compare(a.Accepted), cmp.Compare(b.RequestID, a.RequestID))
}

// worst makes no rank the worst one.
func worst(rank int) int {
	if rank == 0 {
		return 1 << 30
	}
	return rank
}

// add adds work to the weeks until it ends, or takes it off.
func (r *room) add(w store.AcceptedWork, sign int) {
	for k := range r.weeks {
		if week := &r.weeks[k]; !Ended(w.Until, r.today, week.from) {
			week.load, week.wip = week.load+float64(sign)*w.Size, week.wip+sign
		}
	}
}

// over reports whether the team is over its limits in a week.
func (r *room) over(k int) bool {
	const rounding = 1e-6
	w := &r.weeks[k]
	return w.load > w.capacity*r.ceiling+rounding || r.limited && w.wip > r.limit
}

// short is the first of lastingWeeks in a row in which the team is over its limits; -1 where there are none.
func (r *room) short() int {
	for k := 0; k+lastingWeeks <= len(r.weeks); k++ {
		n := 0
		for n < lastingWeeks && r.over(k+n) {
			n++
		}
		if n == lastingWeeks {
			return k
		}
	}
	return -1
}

// choose picks the requests without which the team is not short, and gives back each that fits all the same.
func (r *room) choose() (ids []string) {
	var taken []store.AcceptedWork
	for _, w := range r.work {
		k := r.short()
		if k < 0 {
			break
		}
		if !w.Proposable && !w.NoRoom || Ended(w.Until, r.today, r.weeks[k].from) {
			continue
		}
		r.add(w, -1)
		taken = append(taken, w)
	}
	for _, w := range slices.Backward(taken) {
		if r.add(w, 1); r.short() < 0 {
			continue
		}
		r.add(w, -1)
		ids = append(ids, w.RequestID)
	}
	return ids
}

// why says by which limit the team is short from a week on, and what it has accepted.
func (r *room) why(k int) string {
	w := r.weeks[k]
	from, less := "Now", ""
	if k > 0 {
		from = "From " + string(w.from)
		if before := r.weeks[0].capacity; w.capacity < before {
			less = fmt.Sprintf(", %s less than now", amount(before-w.capacity))
		}
	}
	var limits []string
	if w.load > w.capacity*r.ceiling {
		limits = append(limits, fmt.Sprintf("%s has a capacity of %s%s, of which %.4g %% may be taken: %s. It has accepted %s", r.team, teamWeeks(w.capacity), less, 100*r.ceiling,
			amount(w.capacity*r.ceiling), amount(w.load)))
	}
	if r.limited && w.wip > r.limit {
		limits = append(limits, fmt.Sprintf("%s has a WIP limit of %d and has accepted %d requests", r.team, r.limit, w.wip))
	}
	return from + " " + strings.Join(limits, ", and ") + "."
}

func amount(x float64) string { return fmt.Sprintf("%.4g", x) }
func teamWeeks(x float64) string {
	if amount(x) == "1" {
		return "1 team-week"
	}
	return amount(x) + " team-weeks"
}
