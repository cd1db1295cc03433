package pmo

import (
	"slices"
	"time"
)

// EnterForTest puts a request into a stage without a transition: the place where a test begins.
func (r *Request) EnterForTest(stage Stage, now time.Time) { r.enter(stage, now) }

// ElementsForTest is how many elements a list of a command has at most.
const ElementsForTest = maxElements

// SignalBytesForTest is how large a decision by signal may be.
const SignalBytesForTest = 128 << 10

// SignalLimitForTest is the limit of a signal by the rules of a version, in bytes and in characters of its short texts.
func SignalLimitForTest(v ProcessVersion) (bytes, characters int) {
	limit, _ := v.signalLimit()
	return limit.bytes, limit.characters
}

// JSONBytesForTest is how large a value is as JSON, by the rule of the validators.
func JSONBytesForTest(v any) int { return jsonBytes(v) }

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

// TodayForTest is the day that now is in the portfolio of a deferral.
func (d Data) TodayForTest(now time.Time) Date { return d.today(now) }

// ToldForTest makes everybody told at once, as a projection that is never late does.
func (r *Request) ToldForTest() {
	for _, q := range r.OpenQuestions() {
		q.Announced = Announcement{}
	}
}

// Copy is the request with questions of its own.
func (r *Request) Copy() *Request {
	c := *r
	c.Questions = slices.Clone(r.Questions)
	return &c
}

// ResizeForTest holds what changed content takes of each team.
func (r *Request) ResizeForTest(now time.Time) { r.resize(now) }
