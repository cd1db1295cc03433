package flow

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/pmo"
)

// Event is an entry of the ledger that begins or ends a stay in a stage or a question.
type Event struct {
	Item     string
	Event    string // submitted, stage_entered, asked, settled, timed_out, superseded, held or resumed
	Stage    string
	Question string
	Open     bool // asked: the question still waits
	At       time.Time
}

// StagesOf are an item's stays in stages. The last one lasts until the item ended; it has no end while the item has not. Entries of one
// item, in order.
func StagesOf(events []Event, ended *time.Time) []StageSpan {
	var out []StageSpan
	for _, e := range events {
		if e.Event != pmo.EventSubmitted && e.Event != pmo.EventStage {
			continue
		}
		if n := len(out); n > 0 {
			if out[n-1].Stage == e.Stage {
				continue
			}
			out[n-1].To = &e.At
		}
		out = append(out, StageSpan{Stage: e.Stage, Span: Span{From: e.At}})
	}
	if n := len(out); n > 0 {
		out[n-1].To = ended
	}
	return out
}

// HeldOf are the stretches in which an item was on hold. Entries of one item, in order.
func HeldOf(events []Event, ended *time.Time) []Span {
	var out []Span
	for _, e := range events {
		last := len(out) - 1
		switch {
		case e.Event == pmo.EventHeld && (last < 0 || out[last].To != nil):
			out = append(out, Span{From: e.At, To: nil})
		case e.Event == pmo.EventResumed && last >= 0 && out[last].To == nil:
			out[last].To = &e.At
		}
	}
	if last := len(out) - 1; last >= 0 && out[last].To == nil {
		out[last].To = ended
	}
	return out
}

// QuestionsOf are an item's questions; Kind is the group that was asked. A question that was suspended has no entry for its end: it
// ended with the answer to another group that suspended the round, or at the latest with the item. Entries of one item, in order.
func QuestionsOf(events []Event, ended *time.Time) []Question {
	ends, rounds := map[string]time.Time{}, map[string]time.Time{}
	for _, e := range events {
		if e.Event == pmo.EventSettled || e.Event == pmo.EventTimedOut || e.Event == pmo.EventSuperseded {
			ends[e.Question], rounds[roundOf(e.Question)] = e.At, e.At
		}
	}
	seen := map[string]bool{}
	var out []Question
	for _, e := range events {
		if e.Event != pmo.EventAsked || seen[e.Question] { // asked again: somebody joined those who were asked
			continue
		}
		seen[e.Question] = true
		q := Question{ID: e.Question, Kind: pmo.GroupOf(e.Question), Opened: e.At}
		if !e.Open {
			q.Answered = endOf(e, ends, rounds, ended)
		}
		out = append(out, q)
	}
	return out
}

func endOf(asked Event, ends, rounds map[string]time.Time, ended *time.Time) *time.Time {
	if at, ok := ends[asked.Question]; ok {
		return &at
	}
	if at, ok := rounds[roundOf(asked.Question)]; ok && !at.Before(asked.At) {
		return &at
	}
	if ended != nil && !ended.Before(asked.At) {
		return ended
	}
	return &asked.At // nothing is known of its end: it counts as no time
}

// roundOf is the part of a question's id that all groups of the round have in common.
func roundOf(question string) string {
	parts := strings.SplitN(question, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// StageTimes measures each stay in a stage that ended between two moments, by stage.
func StageTimes(items []Item, from, to time.Time, o Options) map[string][]float64 {
	out := map[string][]float64{}
	for _, i := range items {
		for _, s := range i.Stages {
			if s.To != nil && !s.To.Before(from) && !s.To.After(to) {
				out[s.Stage] = append(out[s.Stage], elapsed(s.From, *s.To, i.Held, o))
			}
		}
	}
	return out
}

// GroupTime is how long questions waited for one group.
type GroupTime struct {
	Group  string  `json:"group" doc:"A group of the policy, a team, or whom a kind of question asks, e.g. requester; never a person"`
	Open   int     `json:"open" doc:"Questions that wait for it now"`
	Oldest float64 `json:"oldest_days" doc:"How long the oldest of these has waited"`
	Days   Stats   `json:"time_days" doc:"From asking to the end, of the questions that ended in this time"`
	Waited float64 `json:"waited_days" doc:"How long its questions were open in this time, added up; those that were open at once count each"`
	Cost   float64 `json:"cost" doc:"What that waiting cost: cost of delay times length, of the requests whose cost of delay is known"`
	Costed int     `json:"costed" doc:"Of how many of its questions the cost of delay is known"`
}

// GroupTimes measures, for each group, the questions that ended between two moments and those that are open at the second, the slowest
// group first.
func GroupTimes(questions []Question, from, to time.Time, o Options) []GroupTime {
	groups, days := map[string]*GroupTime{}, map[string][]float64{}
	for _, q := range questions {
		if q.Answered != nil && (q.Answered.Before(from) || q.Answered.After(to)) {
			continue
		}
		g := groups[q.Kind]
		if g == nil {
			g = &GroupTime{Group: q.Kind}
			groups[q.Kind] = g
		}
		g.wait(q, from, to)
		if q.Answered != nil {
			days[q.Kind] = append(days[q.Kind], elapsed(q.Opened, *q.Answered, nil, o))
			continue
		}
		g.Open, g.Oldest = g.Open+1, max(g.Oldest, elapsed(q.Opened, to, nil, o))
	}
	out := make([]GroupTime, 0, len(groups))
	for name, g := range groups {
		g.Days = Summarise(days[name])
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b GroupTime) int {
		return cmp.Or(cmp.Compare(b.Days.P85, a.Days.P85), cmp.Compare(a.Group, b.Group))
	})
	return out
}

// wait adds the time in which a question was open between two moments, and what that cost.
func (g *GroupTime) wait(q Question, from, to time.Time) {
	days := total(clip(spansOf([]Span{{From: q.Opened, To: q.Answered}}, to), from, to)).Hours() / 24
	g.Waited += days
	if q.CostOfDelay > 0 {
		g.Costed++
		g.Cost += q.CostOfDelay * days / 7
	}
}

// DaysIn sums up the days of one item by stage, up to a moment.
func DaysIn(stages []StageSpan, at time.Time) map[string]float64 {
	out := map[string]float64{}
	for _, s := range stages {
		out[s.Stage] += total(spansOf([]Span{s.Span}, at)).Hours() / 24
	}
	return out
}

// DaysWith sums up the days that the questions of one item waited, by group, up to a moment. Questions open at once count each.
func DaysWith(questions []Question, at time.Time) map[string]float64 {
	out := map[string]float64{}
	for _, q := range questions {
		out[q.Kind] += total(spansOf([]Span{{From: q.Opened, To: q.Answered}}, at)).Hours() / 24
	}
	return out
}
