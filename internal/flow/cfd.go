package flow

import (
	"slices"
	"time"
)

// CFD is a cumulative flow diagram. Stages are in the order of work.
type CFD struct {
	Stages []string `json:"stages"`
	Days   []CFDDay `json:"days"`
}

// CFDDay is one day of the diagram, at its end. Reached and Closed never fall from one day to the next.
type CFDDay struct {
	Day time.Time `json:"day"`
	// Reached counts, for each stage, the items that ever came to it or to a later one; Reached[0] are all arrivals.
	Reached []int `json:"reached"`
	Closed  int   `json:"closed"` // delivered or dropped
	// In is the height of each band. All bands together are arrivals minus closures. An item that went back stays in
	// the band of the furthest stage it reached.
	In []int `json:"in"`
}

// The stages of a diagram without given stages.
const (
	StageWaiting    = "waiting"
	StageInProgress = "in progress"
)

// CumulativeFlow draws the days from the day of from to the day of to, both included. Arrival is Submitted, or the
// first thing known of the item. An item that leaves early passes all remaining lines on that day. Without stages the
// diagram has two, waiting and in progress, separated by Pulled.
func CumulativeFlow(items []Item, stages []string, from, to time.Time, o Options) CFD {
	loc := o.location()
	first, last := dayNumber(from, loc), dayNumber(to, loc)
	out := CFD{Stages: stages}
	if len(stages) == 0 {
		out.Stages = []string{StageWaiting, StageInProgress}
	}
	if last < first {
		return out
	}
	lines := len(out.Stages) + 1 // the last line is closure
	steps := make([][]int, last-first+1)
	for n := range steps {
		steps[n] = make([]int, lines)
	}
	for _, i := range items {
		for line, t := range crossings(i, stages, lines) {
			if t != nil {
				if n := max(dayNumber(*t, loc), first) - first; n < len(steps) {
					steps[n][line]++
				}
			}
		}
	}
	sum := make([]int, lines)
	for n, step := range steps {
		for line := range sum {
			sum[line] += step[line]
		}
		out.Days = append(out.Days, dayOf(dayStart(first+n, loc), sum))
	}
	return out
}

func dayOf(start time.Time, sum []int) CFDDay {
	last := len(sum) - 1
	d := CFDDay{Day: start, Reached: slices.Clone(sum[:last]), Closed: sum[last], In: make([]int, last)}
	for k := range d.In {
		d.In[k] = sum[k] - sum[k+1]
	}
	return d
}

// crossings are the moments at which an item crosses each line, nil where it has not. A later line is never crossed
// before an earlier one.
func crossings(i Item, stages []string, lines int) []*time.Time {
	at := make([]*time.Time, lines)
	at[0], at[lines-1] = i.Submitted, i.ended()
	if len(stages) == 0 {
		at[1] = i.Pulled
	} else {
		at[0] = earlier(at[0], i.Pulled)
	}
	for _, s := range i.Stages {
		if k := slices.Index(stages, s.Stage); k >= 0 {
			at[k] = earlier(at[k], &s.From)
		}
	}
	for k := lines - 2; k >= 0; k-- {
		at[k] = earlier(at[k], at[k+1])
	}
	return at
}

func earlier(a, b *time.Time) *time.Time {
	if a == nil || (b != nil && b.Before(*a)) {
		return b
	}
	return a
}
