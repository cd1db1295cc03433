package approach

import (
	"fmt"
	"strings"
	"time"
)

// Sentence is the plan in a line or two of plain words.
func (p Plan) Sentence() string {
	parts := []string{p.Kind.Title()}
	if p.Weeks > 0 {
		parts = append(parts, "about "+weeks(p.Weeks))
	}
	switch {
	case p.Intervals > 0:
		parts = append(parts, fmt.Sprintf("%d planning intervals of %s", p.Intervals, weeks(p.IntervalWeeks)))
	case p.Iterations > 0:
		parts = append(parts, fmt.Sprintf("%d iterations of %s", p.Iterations, weeks(p.IterationWeeks)))
	}
	if p.SLE != nil {
		parts = append(parts, p.SLE.Sentence())
	}
	if p.WIPLimit > 0 {
		parts = append(parts, fmt.Sprintf("at most %d items in progress", p.WIPLimit))
	}
	if n := len(p.Milestones); n > 0 {
		last := p.Milestones[n-1]
		end := last.Name
		if !last.Due.IsZero() {
			end += " on " + last.Due.UTC().Format(time.DateOnly)
		}
		parts = append(parts, fmt.Sprintf("%d milestones, the last: %s", n, end))
	}
	return strings.Join(append(parts, p.Notes...), "; ") + "."
}

// Sentence says the expectation in words: a period and a probability, no promise.
func (e Expectation) Sentence() string {
	return fmt.Sprintf("%.0f %% within %d days (%s)", e.Probability*100, e.Days, e.Basis)
}

func weeks(n int) string {
	if n == 1 {
		return "1 week"
	}
	return fmt.Sprintf("%d weeks", n)
}
