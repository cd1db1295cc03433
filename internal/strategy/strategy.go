// Package strategy compares where the capacity of a portfolio goes with where its policy says it should go: shares of team-weeks by theme, by kind
// of request and by horizon, and the guardrails on them. It reports and never decides: nothing is held back because of a share.
package strategy

import "time"

// Dimension is what a share is counted by.
type Dimension string

// The dimensions. Values are stable.
const (
	ByTheme   Dimension = "theme"
	ByKind    Dimension = "kind"
	ByHorizon Dimension = "horizon"
)

// NoTheme is the line of what names no theme.
const NoTheme = ""

// Theme is a goal with the share of capacity that it should get.
type Theme struct {
	ID, Name string
	Weight   float64
	Target   *float64 // from 0 to 1; nil: the policy sets none
}

// Named is something with a name.
type Named struct{ ID, Name string }

// Guardrail is the least and the greatest share that a theme, a kind or a horizon should have.
type Guardrail struct {
	ID              string
	By              Dimension
	Of, Name        string
	AtLeast, AtMost *float64
	Window          time.Duration // of what was delivered within it; 0: of the work in process
}

// Rules are what a policy says about the shares of a portfolio.
type Rules struct {
	Themes     []Theme
	Kinds      []Named
	Horizons   []Named
	Guardrails []Guardrail
	Window     time.Duration // how far back delivered work counts in shares
}

// LongestWindow is how far back delivered work has to be known.
func (r Rules) LongestWindow() time.Duration {
	longest := r.Window
	for _, g := range r.Guardrails {
		longest = max(longest, g.Window)
	}
	return longest
}

// Work is a request with what it takes, as shares count it.
type Work struct {
	ID            string
	Themes        []string
	Kind, Horizon string
	Size          float64 // in team-weeks
	Assumed       bool    // nobody estimated the size
	Delivered     time.Time
}

// part is the part of the work that counts for one value of a dimension. Work that serves several themes counts for each of them in equal parts,
// so that the shares add up to one.
func (w Work) part(by Dimension, of string) float64 {
	switch by {
	case ByKind:
		return one(w.Kind == of)
	case ByHorizon:
		return one(w.Horizon == of)
	}
	if len(w.Themes) == 0 {
		return one(of == NoTheme)
	}
	n := 0
	for _, theme := range w.Themes {
		if theme == of {
			n++
		}
	}
	return float64(n) / float64(len(w.Themes))
}

func one(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

// Targets gives each theme without a target of its own, by weight, its part of what the other targets leave. Without weights there is no target.
func Targets(themes []Theme) []Theme {
	left, weights := 1.0, 0.0
	for _, t := range themes {
		if t.Target != nil {
			left -= *t.Target
		} else {
			weights += t.Weight
		}
	}
	out := make([]Theme, len(themes))
	for i, t := range themes {
		out[i] = t
		if t.Target == nil && weights > 0 && t.Weight > 0 {
			share := max(left, 0) * t.Weight / weights
			out[i].Target = &share
		}
	}
	return out
}
