package approach

import "slices"

// Sensitivity is one answer that, changed alone, changes the approach.
type Sensitivity struct {
	Question string   `json:"question"`
	Approach Approach `json:"approach"`
	// Text reads "Scrumban if 26 to 50 % of the team's work were unplanned".
	Text string `json:"text"`
}

// maxSensitivities limits a recommendation to what a person reads.
const maxSensitivities = 6

// change is one other answer and what it leads to.
type change struct {
	question *Question
	option   Option
	approach Approach
	open     bool
}

// changes lists every other answer to every question that rules mention.
func (r Rules) changes(c Context) []change {
	var list []change
	for i := range questions {
		q := &questions[i]
		if !r.mentions(q.Name) {
			continue
		}
		for _, o := range q.Options {
			if now, known := c[q.Name]; known && now.Text != DontKnow && q.same(now, o) {
				continue
			}
			with := c.with(q.Name, q.answer(o))
			list = append(list, change{q, o, r.decide(with).approach, !c.known(q.Name)})
		}
	}
	return list
}

func (q *Question) same(a Answer, o Option) bool {
	if q.Numeric() {
		return q.rangeOf(a.Number).Value == o.Value
	}
	return a.Text == o.Value
}

// mentions reports whether a life cycle or framework rests on a question, directly or by a reading.
func (r Rules) mentions(question string) bool {
	for _, list := range [][]Rule{r.LifeCycles, r.Frameworks} {
		for i := range list {
			for _, name := range list[i].Asks {
				if name == question || slices.Contains(readings[name], question) {
					return true
				}
			}
		}
	}
	return false
}

// sensitivities are the single answers that change the outcome: for each approach the likeliest first, then the others. An answer that is
// still to come is likelier than one that was given.
func (r Rules) sensitivities(c Context, won, second Approach) []Sensitivity {
	var first, others []Sensitivity
	named := map[Approach]bool{}
	list := slices.DeleteFunc(r.changes(c), func(ch change) bool { return ch.approach == won })
	slices.SortStableFunc(list, func(a, b change) int { return b.likelihood(second) - a.likelihood(second) })
	for _, ch := range list {
		s := Sensitivity{ch.question.Name, ch.approach, ch.approach.Title() + " if " + ch.question.wouldBe(ch.option)}
		switch {
		case slices.ContainsFunc(slices.Concat(first, others), func(o Sensitivity) bool {
			return o.Text == s.Text || o.Question == s.Question && o.Approach == s.Approach
		}):
		case !named[ch.approach]:
			named[ch.approach] = true
			first = append(first, s)
		default:
			others = append(others, s)
		}
	}
	all := append(first, others...)
	return all[:min(maxSensitivities, len(all))]
}

// likelihood orders changes: open questions before answered ones, then those that lead to the runner-up.
func (ch change) likelihood(second Approach) int {
	n := 0
	if ch.open {
		n += 2
	}
	if ch.approach == second {
		n++
	}
	return n
}

// runnerUp is the approach that the fewest other answers lead to: one, or two together. Of several that as few lead to it is the one with
// the most ways, then the first in the list of approaches.
func (r Rules) runnerUp(c Context, won Approach) (Approach, int) {
	first := r.changes(c)
	if a := mostWays(first, won); a != "" {
		return a, 1
	}
	var second []change
	for _, ch := range first {
		second = append(second, r.changes(c.with(ch.question.Name, ch.question.answer(ch.option)))...)
	}
	if a := mostWays(second, won); a != "" {
		return a, 2
	}
	return "", 0
}

func mostWays(list []change, won Approach) Approach {
	ways := map[Approach]int{}
	for _, ch := range list {
		ways[ch.approach]++
	}
	best := Approach("")
	for _, a := range approaches {
		if a != won && ways[a] > 0 && (best == "" || ways[a] > ways[best]) {
			best = a
		}
	}
	return best
}
