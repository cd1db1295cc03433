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

// sensitivities are the single answers that change the outcome, one for each approach and question: open questions first, because their
// answer is still to come, then those that lead to the runner-up.
func (r Rules) sensitivities(c Context, won, second Approach) []Sensitivity {
	found := []Sensitivity{}
	weight := map[Sensitivity]int{}
	for _, ch := range r.changes(c) {
		s := Sensitivity{Question: ch.question.Name, Approach: ch.approach}
		same := func(other Sensitivity) bool { return other.Question == s.Question && other.Approach == s.Approach }
		if ch.approach == won || slices.ContainsFunc(found, same) {
			continue
		}
		s.Text = ch.approach.Title() + " if " + ch.question.wouldBe(ch.option)
		if ch.open {
			weight[s] += 2
		}
		if ch.approach == second {
			weight[s]++
		}
		found = append(found, s)
	}
	slices.SortStableFunc(found, func(a, b Sensitivity) int { return weight[b] - weight[a] })
	return found[:min(maxSensitivities, len(found))]
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
