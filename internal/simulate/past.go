package simulate

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/forecast"
)

const week = 7 * 24 * time.Hour

// ErrTooMuch says that even a few runs are too much work.
var ErrTooMuch = errors.New("simulate: the portfolio is too large for so many weeks")

// Lack is what there is too little of in the past. Values are stable.
type Lack string

// What a past can lack.
const (
	LacksArrivals Lack = "arrivals"
	LacksWeeks    Lack = "weeks"
	LacksFinished Lack = "finished"
)

// ThinError says that the past is no basis: of what it has too little, and how much is needed.
type ThinError struct {
	Lack         Lack
	Have, Needed int
}

// Error says so in words.
func (e *ThinError) Error() string {
	switch e.Lack {
	case LacksArrivals:
		return fmt.Sprintf("only %d requests came into the backlog in the past year; %d are needed to say how many come", e.Have, e.Needed)
	case LacksWeeks:
		return fmt.Sprintf("requests have come into the backlog for only %d whole weeks, those of imported work included; %d are needed to say how many come in a week", e.Have, e.Needed)
	default:
		return fmt.Sprintf("only %d requests were finished in the past year; %d are needed to say how long one takes", e.Have, e.Needed)
	}
}

// normal is the input with its lists in an order of their own and its defaults.
func (in Input) normal() Input {
	in.Weeks, in.Runs, in.Work = cmp.Or(in.Weeks, DefaultWeeks), cmp.Or(in.Runs, DefaultRuns), cmp.Or(in.Work, DefaultWork)
	byID := func(a, b Request) int { return cmp.Compare(a.Item.ID, b.Item.ID) }
	in.Past.Requests, in.Backlog, in.ForTeam = slices.SortedFunc(slices.Values(in.Past.Requests), byID), slices.SortedFunc(slices.Values(in.Backlog), byID), slices.SortedFunc(slices.Values(in.ForTeam), byID)
	in.Held = slices.SortedFunc(slices.Values(in.Held), func(a, b Held) int { return byID(a.Request, b.Request) })
	in.Past.Imported = slices.SortedFunc(slices.Values(in.Past.Imported), func(a, b Imported) int { return cmp.Or(a.Created.Compare(b.Created), a.Finished.Compare(b.Finished)) })
	in.Past.Cycles = slices.SortedFunc(slices.Values(in.Past.Cycles), func(a, b Cycle) int { return cmp.Or(cmp.Compare(a.Days, b.Days), cmp.Compare(a.Team, b.Team)) })
	in.Resources = slices.SortedFunc(slices.Values(in.Resources), func(a, b Resource) int { return cmp.Compare(a.ID, b.ID) })
	for i := range in.Past.Requests {
		in.Past.Requests[i].Work.Resources = in.known(in.Past.Requests[i].Work.Resources)
	}
	for i := range in.Held {
		in.Held[i].Work.Resources = in.known(in.Held[i].Work.Resources)
	}
	in.Now = in.Now.normal()
	if in.Then != nil {
		then := in.Then.normal()
		in.Then = &then
	}
	return in
}

func (s Scenario) normal() Scenario {
	s.Teams = slices.SortedFunc(slices.Values(s.Teams), func(a, b Team) int { return cmp.Compare(a.ID, b.ID) })
	return s
}

// seed follows from everything but what is asked about, so that all questions about the same state have the same runs.
func (in Input) seed() (uint64, error) {
	in.Then, in.Runs, in.Work = nil, 0, 0
	day := in.At.Truncate(24 * time.Hour) // so that a question has the same runs all day while nothing changes
	in.At, in.Past.From, in.Past.Until = day, day, day
	raw, err := json.Marshal(in)
	if err != nil {
		return 0, fmt.Errorf("digest the inputs: %w", err)
	}
	sum := sha256.Sum256(raw)
	return binary.BigEndian.Uint64(sum[:8]), nil
}

// arrivals are the past by week: the counts of the whole weeks, newest last, from the first arrival on. The first of them are those of imported work.
type arrivals struct {
	from     time.Time
	counts   []int
	imported int // of the counts
	of       []Request
}

func (p Past) arrivals() arrivals {
	a := arrivals{from: p.Until}
	for _, r := range p.Requests {
		if r.Arrived.Before(a.from) && !r.Arrived.Before(p.From) {
			a.from = r.Arrived
		}
	}
	weeks := int(p.Until.Sub(a.from) / week)
	a.counts = make([]int, weeks)
	for _, r := range p.Requests {
		if r.Arrived.Before(p.From) || !r.Arrived.Before(p.Until) {
			continue
		}
		a.of = append(a.of, r)
		if k := int(p.Until.Sub(r.Arrived) / week); k < weeks {
			a.counts[weeks-1-k]++
		}
	}
	if from, counts := p.importedWeeks(a.from); len(counts) > 0 {
		a.from, a.counts, a.imported = from, append(counts, a.counts...), len(counts)
	}
	return a
}

// check refuses a past that says too little, or more than is bounded.
func (in Input) check(a arrivals) error {
	switch {
	case len(a.of) < LeastPast:
		return &ThinError{LacksArrivals, len(a.of), LeastPast}
	case len(a.counts) < LeastWeeks:
		return &ThinError{LacksWeeks, len(a.counts), LeastWeeks}
	case len(in.Past.Cycles) < LeastPast:
		return &ThinError{LacksFinished, len(in.Past.Cycles), LeastPast}
	}
	for _, r := range in.Resources {
		if len(r.Weeks) < in.Weeks {
			return fmt.Errorf("simulate: resource %q has %d weeks of %d", r.ID, len(r.Weeks), in.Weeks)
		}
	}
	for _, s := range in.scenarios() {
		for _, t := range s.Teams {
			if len(t.Weeks) < in.Weeks {
				return fmt.Errorf("simulate: team %q has %d weeks of %d", t.ID, len(t.Weeks), in.Weeks)
			}
		}
	}
	return nil
}

func (in Input) scenarios() []Scenario {
	if in.Then == nil {
		return []Scenario{in.Now}
	}
	return []Scenario{in.Now, *in.Then}
}

// paces are the days that finished requests took, ascending: of all, and of the teams that finished enough.
type paces struct {
	all  []float64
	team map[string][]float64
}

func (p Past) paces() paces {
	out := paces{team: map[string][]float64{}}
	for _, c := range p.Cycles {
		out.all = append(out.all, c.Days)
		if c.Team != "" {
			out.team[c.Team] = append(out.team[c.Team], c.Days)
		}
	}
	for team, days := range out.team {
		if len(days) < forecast.MinCycles {
			delete(out.team, team)
		}
	}
	return out
}

// of are the days of a team, or of all where too little is known of it.
func (p paces) of(team string) []float64 {
	if days, ok := p.team[team]; ok {
		return days
	}
	return p.all
}

// drawn is the value at a place from 0 to 1 of ascending days.
func drawn(days []float64, u float64) float64 { return days[int(u*float64(len(days)))] }

// left is how long work of an age still takes: as one of the finished requests that took longer. What is older than all takes as long again.
func left(days []float64, age, u float64) float64 {
	older, _ := slices.BinarySearchFunc(days, age, func(d, age float64) int {
		if d <= age {
			return -1
		}
		return 1
	})
	if older == len(days) {
		return drawn(days, u)
	}
	return drawn(days[older:], u) - age
}
