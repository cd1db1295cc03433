package backtest

import (
	"slices"
	"time"

	"leanpmo/internal/pmo"
)

// asked is a question of review as it was put and answered.
type asked struct{ pmo.Question }

// reviews are the last questions of review that were put to each group of a request.
func reviews(r *Request) []asked {
	var list []asked
	for _, q := range r.Questions {
		if q.Kind != pmo.KindReview || q.Group == "" {
			continue
		}
		if i := slices.IndexFunc(list, func(other asked) bool { return other.Group == q.Group }); i >= 0 {
			if list[i].Round <= q.Round {
				list[i] = asked{q}
			}
			continue
		}
		list = append(list, asked{q})
	}
	return list
}

// settled reports whether it has an answer, or its deadline decided.
func (q asked) settled() bool { return !q.SettledAt.IsZero() && !q.SettledAt.Before(q.OpenedAt) }

// answeredAfter reports whether it was still open at a deadline.
func (q asked) answeredAfter(due time.Time) bool { return q.settled() && q.SettledAt.After(due) }

// took is how long a group took to answer, if fewer or more of its people had had to agree; assumed: more than did answer, so that it is at least that.
func (q asked) took(quorum pmo.Quorum) (took time.Duration, assumed, known bool) {
	if !q.settled() {
		return 0, false, false
	}
	whole := q.SettledAt.Sub(q.OpenedAt)
	if quorum == q.Quorum {
		return whole, false, true
	}
	var yes []time.Time
	for _, a := range q.Answers {
		if a.Verdict == pmo.VerdictApprove && !a.At.Before(q.OpenedAt) {
			yes = append(yes, a.At)
		}
	}
	slices.SortFunc(yes, time.Time.Compare)
	needed := quorum.Needed(len(q.People))
	if needed <= len(yes) {
		return yes[needed-1].Sub(q.OpenedAt), false, true
	}
	return whole, true, true
}

// reviewTime is how long review takes by a route: groups of the same order side by side, one order after the other. A group that was not asked takes
// its usual time. nil: it is not known.
func reviewTime(r *Request, route []pmo.RouteStep, usual map[string]time.Duration) (total *time.Duration, assumed bool) {
	longest := map[int]time.Duration{} // by order
	put := reviews(r)
	for _, step := range route {
		took, guess, known := time.Duration(0), false, false
		if i := slices.IndexFunc(put, func(q asked) bool { return q.Group == step.Group }); i >= 0 {
			took, guess, known = put[i].took(step.Quorum)
		}
		if !known {
			took, known = usual[step.Group]
			guess = true
		}
		if !known {
			return nil, false
		}
		assumed = assumed || guess
		longest[step.Order] = max(longest[step.Order], took)
	}
	sum := time.Duration(0)
	for _, t := range longest {
		sum += t
	}
	return &sum, assumed
}

// usualTimes are, by group, in which time it answered half of its questions.
func usualTimes(requests []Request) map[string]time.Duration {
	times := map[string][]time.Duration{}
	for i := range requests {
		for _, q := range reviews(&requests[i]) {
			if q.settled() {
				times[q.Group] = append(times[q.Group], q.SettledAt.Sub(q.OpenedAt))
			}
		}
	}
	usual := make(map[string]time.Duration, len(times))
	for group, list := range times {
		usual[group] = median(list)
	}
	return usual
}

// rejecters are the groups that rejected a request and that a route does not ask.
func rejecters(r *Request, route []pmo.RouteStep) (groups []string) {
	if r.Outcome != pmo.OutcomeRejected {
		return nil
	}
	for _, q := range reviews(r) {
		if q.Verdict == pmo.VerdictReject && !slices.ContainsFunc(route, func(s pmo.RouteStep) bool { return s.Group == q.Group }) {
			groups = append(groups, q.Group)
		}
	}
	return groups
}
