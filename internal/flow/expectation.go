package flow

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Expectation is a service level expectation: a period and the part of the delivered items that took no longer. It is no promise.
type Expectation struct {
	Name     string  `json:"name,omitempty" doc:"The team or the kind; empty: all"`
	Items    int     `json:"items" doc:"Delivered items it rests on"`
	Share    float64 `json:"share" doc:"0.85"`
	Days     int     `json:"days" doc:"85 % took no longer, whole days from pull to acceptance; 0 with fewer than five items"`
	Sentence string  `json:"sentence"`
}

// expectedShare is the share that expectations are about.
const expectedShare = 0.85

// Expect is the expectation that durations give, by nearest rank; with fewer than MinFinished it only says so.
func Expect(name string, days []float64) Expectation {
	e := Expectation{Name: name, Items: len(days), Share: expectedShare}
	if len(days) < MinFinished {
		e.Sentence = fmt.Sprintf("No expectation yet: %d finished, %d are needed.", len(days), MinFinished)
		return e
	}
	e.Days = max(int(math.Ceil(Percentile(days, expectedShare)-1e-9)), 1)
	e.Sentence = fmt.Sprintf("85 %% within %d days, from %d finished.", e.Days, len(days))
	if e.Days == 1 {
		e.Sentence = fmt.Sprintf("85 %% within 1 day, from %d finished.", len(days))
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
