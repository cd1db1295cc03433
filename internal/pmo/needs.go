package pmo

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// MostNeeds is how many other requests a request may need.
const MostNeeds = 20

// RefNumber is the number of a reference such as R-7.
func RefNumber(ref string) (int64, bool) {
	digits, ok := strings.CutPrefix(strings.ToUpper(ref), "R-")
	if !ok || len(digits) > 18 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n > 0
}

// Ref is how people write a number; empty until there is one.
func Ref(number int64) string {
	if number == 0 {
		return ""
	}
	return "R-" + strconv.FormatInt(number, 10)
}

// Needs are references as they are compared and stored, each once. An absent list stays absent. What is no reference stays as it is.
func Needs(refs []string) []string {
	if refs == nil {
		return nil
	}
	list := make([]string, 0, len(refs))
	for _, ref := range refs {
		if n, ok := RefNumber(ref); ok {
			ref = Ref(n)
		}
		if !slices.Contains(list, ref) {
			list = append(list, ref)
		}
	}
	return list
}

// NeededNumbers are the numbers of the requests that the content needs.
func (c Content) NeededNumbers() []int64 {
	var numbers []int64
	for _, ref := range c.Needs {
		if n, ok := RefNumber(ref); ok {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// noteNeeds records since when each of the requests is needed.
func (r *Request) noteNeeds(now time.Time) {
	if len(r.Content.Needs) == 0 {
		r.NeededSince = nil
		return
	}
	since := make(map[string]time.Time, len(r.Content.Needs))
	for _, ref := range r.Content.Needs {
		if at, known := r.NeededSince[ref]; known {
			since[ref] = at
		} else {
			since[ref] = now
		}
	}
	r.NeededSince = since
}

// DeliversNothing reports whether a request ended so that what needs it waits in vain. One that is answered needed no work, and one that is
// merged goes on in others.
func (o Outcome) DeliversNothing() bool {
	switch o {
	case OutcomeRejected, OutcomeWithdrawn, OutcomeCancelled, OutcomeExpired:
		return true
	}
	return false
}
