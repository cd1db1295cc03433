package approach

import "slices"

// Ask is the question to ask next.
type Ask struct {
	Question
	// TellsApart are the approaches that some answers to it would leave and others would not.
	TellsApart []Approach `json:"tells_apart"`
	// Left is how many questions are still open that bear on the outcome, this one included.
	Left int `json:"left"`
}

// Next is the question that leaves the fewest approaches on average; of equals the first in order. It is nil when every answer to every open
// question leads to the same approach, or when nobody can answer those that matter.
func Next(c Context, rules Rules) *Ask {
	rules = rules.cached()
	if len(rules.reach(c)) < 2 {
		return nil
	}
	var best *Ask
	fewest, left := 0.0, 0
	for _, name := range rules.openQuestions(c) {
		q := QuestionNamed(name)
		apart, mean := rules.tellsApart(c, q)
		if len(apart) == 0 {
			continue
		}
		left++
		if best == nil || mean < fewest {
			best, fewest = &Ask{Question: *q, TellsApart: apart}, mean
		}
	}
	if best == nil { // no answer decides alone: the first that a condition rests on
		if open := rules.openQuestions(c); len(open) > 0 {
			best, left = &Ask{Question: *QuestionNamed(open[0]), TellsApart: rules.reach(c)}, len(open)
		}
	}
	if best != nil {
		best.Left = left
	}
	return best
}

// tellsApart are the approaches that some answers leave possible and others do not, and how many are left on average.
func (r Rules) tellsApart(c Context, q *Question) (apart []Approach, mean float64) {
	count := map[Approach]int{}
	for _, o := range q.Options {
		left := r.reach(c.with(q.Name, q.answer(o)))
		mean += float64(len(left)) / float64(len(q.Options))
		for _, a := range left {
			count[a]++
		}
	}
	for _, a := range approaches {
		if count[a] > 0 && count[a] < len(q.Options) {
			apart = append(apart, a)
		}
	}
	return apart, mean
}

// reach are the approaches that answers to open questions can still lead to, in the order of their names' list: those of all rules that are
// not contradicted, up to the first that holds. Each rule is looked at alone, so it may contain one too many, never one too few.
func (r Rules) reach(c Context) []Approach {
	v := valuesOf(c, true)
	found := map[Approach]bool{}
	life, decided := possible(r.LifeCycles, v)
	if !decided {
		a, ok := r.KindDefaults[c.text(FactKind)]
		if ok {
			found[a] = true
		} else {
			life = append(life, &defaultLifeCycle)
		}
	}
	agile := false
	for _, rule := range life {
		if a, ok := approachOf[rule.LifeCycle]; ok {
			found[a] = true
		} else {
			agile = true
		}
	}
	if agile {
		frameworks, decided := possible(r.Frameworks, v)
		for _, rule := range frameworks {
			found[rule.Approach] = true
		}
		if !decided {
			found[defaultFramework.Approach] = true
		}
	}
	for _, rule := range r.Practices {
		if rule.Holds(v) == Open && (agile || found[Hybrid]) {
			found[rule.Approach] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(approaches), func(a Approach) bool { return !found[a] })
}

// possible are the rules that can still decide; decided reports whether one of them certainly does when none before it does.
func possible(list []Rule, v Values) (rules []*Rule, decided bool) {
	for i := range list {
		switch list[i].Holds(v) {
		case True:
			return append(rules, &list[i]), true
		case Open:
			rules = append(rules, &list[i])
		}
	}
	return rules, false
}

// openQuestions are the open questions of the rules that can still decide, in the order of the form.
func (r Rules) openQuestions(c Context) []string {
	v := valuesOf(c, true)
	asked := map[string]bool{}
	note := func(rules []*Rule) {
		for _, rule := range rules {
			if rule.Holds(v) != Open {
				continue
			}
			for _, name := range rule.Asks {
				for _, q := range append([]string{name}, readings[name]...) {
					asked[q] = true
				}
			}
		}
	}
	life, _ := possible(r.LifeCycles, v)
	frameworks, _ := possible(r.Frameworks, v)
	note(life)
	note(frameworks)
	for i := range r.Practices {
		note([]*Rule{&r.Practices[i]})
	}
	var open []string
	for _, q := range questions {
		if asked[q.Name] && c.open(q.Name) {
			open = append(open, q.Name)
		}
	}
	return open
}

// withoutDontKnow is the context as if nobody had been asked what nobody could answer.
func (c Context) withoutDontKnow() Context {
	kept := Context{}
	for name, a := range c {
		if a.Text != DontKnow {
			kept[name] = a
		}
	}
	return kept
}
