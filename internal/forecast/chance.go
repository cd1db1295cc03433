package forecast

import (
	"fmt"
	"math"
	"time"
)

// MaxChance is the greatest chance given before the work is done.
const MaxChance = 0.99

// Chance is a probability as it is shown.
type Chance struct {
	// P is 0..1; meaningless unless Known.
	P     float64 `json:"p"`
	Known bool    `json:"known"`
	// Capped says that the computed value was higher, and that P is MaxChance because no work is certain before it is done.
	Capped   bool   `json:"capped,omitempty"`
	Sentence string `json:"sentence"`
}

// ChanceWithin is the probability to be done within so many days from Start.
func (r Result) ChanceWithin(days int) Chance {
	return r.chance(days, "within "+dayCount(days))
}

// ChanceBy is the probability to be done by the end of a wanted date. It is unknown without a Start.
func (r Result) ChanceBy(wanted time.Time) Chance {
	if r.start.IsZero() && !r.Done && !r.CannotForecast {
		return Chance{Sentence: "Cannot say: the forecast has no start date."}
	}
	return r.chance(daysBetween(r.start, wanted), "by "+wanted.Format(time.DateOnly))
}

func (r Result) chance(days int, by string) Chance {
	switch {
	case r.CannotForecast:
		return Chance{Sentence: r.Sentence}
	case r.Done:
		return Chance{P: 1, Known: true, Sentence: r.Sentence}
	}
	c := capped(r.dist.Within(days))
	c.Sentence = c.text() + " " + by + "."
	if c.Capped {
		c.Sentence = c.text() + " " + by + "; nothing is certain before it is done."
	}
	return c
}

func capped(p float64) Chance {
	if p > MaxChance {
		return Chance{P: MaxChance, Known: true, Capped: true}
	}
	return Chance{P: p, Known: true}
}

func (c Chance) text() string {
	switch {
	case c.Capped:
		return "At least 99 % likely"
	case c.P < 0.01:
		return "Less than 1 % likely"
	default:
		return fmt.Sprintf("%d %% likely", int(math.Round(c.P*100)))
	}
}

// Laplace is the rule of succession (s+1)/(n+2): the chance of one more acceptance after accepted of total. It is 1/2
// when nothing is known, and never 0 or 1.
func Laplace(accepted, total int) float64 {
	total = max(total, 0)
	return float64(min(max(accepted, 0), total)+1) / float64(total+2)
}

// IfWhen is whether something is approved and, if it is, done by a day.
type IfWhen struct {
	Approved float64 // P(approved); 1 once it is
	When     Chance  // P(done by then | approved)
	Overall  Chance  // both
	Sentence string
}

// IfAndWhen combines the chance to be approved with that to be done by a day if it is.
func IfAndWhen(approved float64, when Chance) IfWhen {
	out := IfWhen{Approved: approved, When: when, Overall: when, Sentence: when.Sentence}
	if !when.Known || approved >= 1 {
		return out
	}
	out.Overall = capped(approved * when.P)
	out.Overall.Sentence = out.Overall.text() + " to be approved and done by then."
	out.Sentence = fmt.Sprintf("If it is approved: %s %s", when.Sentence, out.Overall.Sentence)
	return out
}
