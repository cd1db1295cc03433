package pmo

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CompletionUnit is what work is measured in.
type CompletionUnit string

// The units, the most telling first: the size of the request, its plan's milestones or iterations, or percent where nothing else is known.
const (
	UnitTeamWeeks  CompletionUnit = "team_weeks"
	UnitMilestones CompletionUnit = "milestones"
	UnitIterations CompletionUnit = "iterations"
	UnitPercent    CompletionUnit = "percent"
)

// Completion is how much there was to do and how much of it was done, when an entry of the ledger was written.
type Completion struct {
	Unit  CompletionUnit `json:"unit" enum:"team_weeks,milestones,iterations,percent"`
	Scope float64        `json:"scope"`
	Done  float64        `json:"done"`
	At    time.Time      `json:"at,omitzero" doc:"Of a report of something that happened before: when"`
}

// CompletionEvents are the events whose entries say how far the work is.
func CompletionEvents() []string {
	return []string{EventPlanned, EventReported, EventChange, EventRework, EventAccepted}
}

// measure is what an entry says of the work: nothing before the team has begun.
func (r *Request) measure(e Entry) *Completion {
	if r.StartedAt.IsZero() || !slices.Contains(CompletionEvents(), e.Event) {
		return nil
	}
	w := r.Completion()
	if e.Event == EventReported && r.Progress != nil {
		w.At = r.Progress.HappenedAt
	}
	return &w
}

// Completion is how far the work is now.
func (r *Request) Completion() Completion {
	share := 0.0
	if r.Progress != nil && r.Progress.Percent != nil {
		share = float64(*r.Progress.Percent) / 100
	}
	if !r.DoneAt.IsZero() || r.Delivered() {
		share = 1
	}
	w := Completion{Unit: UnitPercent, Scope: 100}
	switch {
	case r.Content.Size > 0:
		w.Unit, w.Scope = UnitTeamWeeks, r.Content.Size
	case r.Plan != nil && len(r.Plan.Milestones) > 0:
		w.Unit, w.Scope = UnitMilestones, float64(len(r.Plan.Milestones))
	case r.Plan != nil && r.Plan.Iterations > 0:
		w.Unit, w.Scope = UnitIterations, float64(r.Plan.Iterations)
	}
	w.Done = share * w.Scope
	return w
}

// BurnUp is how scope and done work of a request grew.
type BurnUp struct {
	Unit   CompletionUnit `json:"unit" enum:"team_weeks,milestones,iterations,percent"`
	Points []BurnUpPoint  `json:"points" doc:"The earliest first"`
}

// BurnUpPoint is a moment at which the ledger says how far the work was.
type BurnUpPoint struct {
	At    time.Time `json:"at"`
	Event string    `json:"event"`
	Scope float64   `json:"scope"`
	Done  float64   `json:"done"`
}

// BurnUpOf reads the entries of a ledger. Where they measure in several units, because a size became known later, all is in percent. Entries
// before 0.9 have no numbers: a report of those says its percent in words, and its scope counts as the present one.
func BurnUpOf(entries []Entry, now Completion) BurnUp {
	b := BurnUp{Unit: now.Unit}
	measured := make([]Completion, 0, len(entries))
	for _, e := range entries {
		w, says := e.completionOr(now, measured)
		if !says {
			continue
		}
		measured = append(measured, w)
		if w.Unit != now.Unit {
			b.Unit = UnitPercent
		}
		at := e.At
		if !w.At.IsZero() && w.At.Before(at) {
			at = w.At
		}
		b.Points = append(b.Points, BurnUpPoint{At: at, Event: e.Event, Scope: w.Scope, Done: w.Done})
	}
	if b.Unit == UnitPercent {
		for i := range b.Points {
			p := &b.Points[i]
			p.Done, p.Scope = 100*p.Done/max(p.Scope, LeastJobSize), 100
		}
	}
	slices.SortStableFunc(b.Points, func(a, c BurnUpPoint) int { return a.At.Compare(c.At) })
	return b
}

// monthDays are the days of a month on average.
const monthDays = 365.25 / 12

// ChangePerMonth is the percentage of the first scope by which the scope grew or shrank in a month, from the first entry to a time; nil for less than a month,
// and where work is measured in percent, which does not show it.
func (b BurnUp) ChangePerMonth(until time.Time) *float64 {
	if len(b.Points) == 0 || b.Unit == UnitPercent || b.Points[0].Scope <= 0 {
		return nil
	}
	first := b.Points[0]
	months := until.Sub(first.At).Hours() / 24 / monthDays
	if months < 1 {
		return nil
	}
	changed, before := 0.0, first.Scope
	for _, p := range b.Points[1:] {
		changed, before = changed+math.Abs(p.Scope-before), p.Scope
	}
	share := 100 * changed / first.Scope / months
	return &share
}

// completionOr is what the entry says of the work, or what its words say if it has no numbers.
func (e Entry) completionOr(now Completion, before []Completion) (Completion, bool) {
	if e.Completion != nil {
		return *e.Completion, true
	}
	w := Completion{Unit: now.Unit, Scope: now.Scope}
	if n := len(before); n > 0 {
		w.Done = before[n-1].Done
	}
	switch e.Event {
	case EventPlanned:
		return w, strings.HasPrefix(e.Text, planAgreed)
	case EventReported:
		percent, done, says := percentIn(e.Text)
		if done {
			percent = 100
		}
		w.Done = now.Scope * float64(percent) / 100
		return w, says || done
	}
	return w, false
}

// reportWords are the words of Progress.words as far as they have a number.
var reportWords = regexp.MustCompile(`^Health [a-z]+(?:, ([0-9]{1,3}) %)?(, done)?`)

func percentIn(text string) (percent int, done, says bool) {
	found := reportWords.FindStringSubmatch(text)
	if found == nil {
		return 0, false, false
	}
	percent, err := strconv.Atoi(found[1])
	return percent, found[2] != "", err == nil
}
