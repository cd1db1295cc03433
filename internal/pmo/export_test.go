package pmo

import (
	"slices"
	"time"
)

// EnterForTest puts a request into a stage without a transition: the place where a test begins.
func (r *Request) EnterForTest(stage Stage, now time.Time) { r.enter(stage, now) }

// SignalBytesForTest is how large a decision by signal may be.
const SignalBytesForTest = signalBytes

// TextLimitForTest is how many characters a text of this JSON name may have.
func TextLimitForTest(name string) int {
	if limit, ok := textLimits[name]; ok {
		return limit
	}
	return maxCharacters
}

// ClosesForTest reports whether the table has a transition that closes a request of the stage with the outcome.
func ClosesForTest(stage Stage, outcome Outcome) bool {
	return slices.ContainsFunc(transitions, func(t transition) bool { return t.outcome == outcome && slices.Contains(t.from, stage) })
}
