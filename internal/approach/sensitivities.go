package approach

import "slices"

// Sensitivity is one answer that, changed alone, changes the approach.
type Sensitivity struct {
	Questions []string `json:"questions"`
	Approach  Approach `json:"approach"`
	// Text reads "Scrumban if unplanned work were above 25 %".
	Text string `json:"text"`
}

// maxSensitivities limits a recommendation to what a person reads.
const maxSensitivities = 6

// sensitivities tries every condition both ways on a copy of the context and keeps
// what really changes the outcome: open questions first, because their answer
// may well be the other one, then those that lead to the runner-up, then in the
// order of the rules.
func sensitivities(c *Context, p *Policy, won, second Approach) []Sensitivity {
	out := []Sensitivity{}
	seen := map[string]bool{}
	try := func(need condition, change func(*Context, *Policy), phrase string) {
		changed := *c
		change(&changed, p)
		all := assessments(&changed, p)
		next := all[winner(all)].approach
		text := next.Title() + " if " + phrase
		if next != won && !seen[text] {
			seen[text] = true
			out = append(out, Sensitivity{Questions: need.asks, Approach: next, Text: text})
		}
	}
	for _, r := range rules {
		for _, need := range r.needs {
			if gap, _ := need.gap(c, p); gap > 0 {
				try(need, need.hold, need.wish(p))
			}
			if gap, known := need.gap(c, p); gap < 1 || !known {
				try(need, need.drop, need.loss(p))
			}
		}
	}
	for _, need := range softAnswers {
		try(need, need.hold, need.wish(p))
		try(need, need.drop, need.loss(p))
	}
	slices.SortStableFunc(out, func(a, b Sensitivity) int {
		return weight(b, c, second) - weight(a, c, second)
	})
	return out
}

// softAnswers are in no rule, yet can decide through the filter and the matrix.
var softAnswers = []condition{
	soft("buy_in"),
	soft("trust"),
	soft("decision_power"),
	soft("experience"),
	soft("customer_access"),
	soft("agreement"),
	soft("certainty"),
}

func soft(name string) condition {
	return answerIs(name, Yes, "", "the answer on "+words(name)+" were yes", "the answer on "+words(name)+" were no")
}

func weight(s Sensitivity, c *Context, second Approach) int {
	w := 0
	if open(s, c) {
		w += 2
	}
	if s.Approach == second {
		w++
	}
	return w
}

// open reports whether a sensitivity rests on a question nobody has answered.
func open(s Sensitivity, c *Context) bool {
	return slices.ContainsFunc(s.Questions, func(q string) bool { return !answered(c, q) })
}

// decisive lists the open questions among the sensitivities, each once.
func decisive(found []Sensitivity, c *Context) []string {
	out := []string{}
	for _, s := range found {
		for _, q := range s.Questions {
			if !answered(c, q) && !slices.Contains(out, q) {
				out = append(out, q)
			}
		}
	}
	return out
}
