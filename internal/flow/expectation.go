package flow

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Expectation is a service level expectation: a period and the part of the delivered items that took no longer. It is no promise.
type Expectation struct {
	Name  string  `json:"name,omitempty" doc:"The team or the kind; empty: all"`
	Items int     `json:"items" doc:"Delivered items it rests on"`
	Share float64 `json:"share" doc:"0.85"`
	Days  int     `json:"days" doc:"85 % took no longer, whole days from pull to acceptance; 0 with fewer than five items"`
	// Least and Most are how long the quickest and the slowest took; NextBetween is how likely the next one lies between them.
	Least       float64 `json:"least_days,omitempty" doc:"How long the quickest of them took; absent with fewer than two items"`
	Most        float64 `json:"most_days,omitempty"`
	NextBetween float64 `json:"next_between,omitempty" doc:"How likely the next one takes no less and no more than these: (items − 1) ÷ (items + 1)"`
	Sentence    string  `json:"sentence"`
}

// Within is how likely the next of n comparable values lies within the range of these, whatever they are: (n − 1) ÷ (n + 1), because each place
// among them is equally likely. 0 for fewer than two.
func Within(n int) float64 { return float64(max(n-1, 0)) / float64(n+1) }

// fewItems is below which an expectation says how little it rests on.
const fewItems = 20

// expectedShare is the share that expectations are about.
const expectedShare = 0.85

// Expect is the expectation that durations give, by nearest rank; with fewer than MinFinished it only says so.
func Expect(name string, days []float64) Expectation {
	e := Expectation{Name: name, Items: len(days), Share: expectedShare, NextBetween: Within(len(days))}
	if e.NextBetween > 0 {
		e.Least, e.Most = slices.Min(days), slices.Max(days)
	}
	if len(days) < MinFinished {
		e.Sentence = fmt.Sprintf("No expectation yet: %d finished, %d are needed.", len(days), MinFinished)
		return e
	}
	e.Days = max(int(math.Ceil(Percentile(days, expectedShare)-1e-9)), 1)
	e.Sentence = fmt.Sprintf("85 %% within %d days, from %d finished.", e.Days, len(days))
	if e.Days == 1 {
		e.Sentence = fmt.Sprintf("85 %% within 1 day, from %d finished.", len(days))
	}
	if e.Items < fewItems {
		e.Sentence += fmt.Sprintf(" They are few: with %.0f %% the next one takes from %.0f to %.0f days, as these did.", 100*e.NextBetween, math.Floor(e.Least), math.Ceil(e.Most))
	}
	return e
}

// Expectations are those by name, the name with the most items first; durations without a name are left out.
func Expectations(byName map[string][]float64) []Expectation {
	out := []Expectation{}
	for name, days := range byName {
		if name != "" {
			out = append(out, Expect(name, days))
		}
	}
	slices.SortFunc(out, func(a, b Expectation) int { return cmp.Or(cmp.Compare(b.Items, a.Items), cmp.Compare(a.Name, b.Name)) })
	return out
}
