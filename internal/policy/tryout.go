package policy

import (
	"fmt"
	"slices"

	"leanpmo/internal/pmo"
)

// rule is the condition of an entry of a list of which the first that holds is taken.
type rule struct {
	path     string
	mentions []string // the variables it mentions
}

func (p *Policy) severityRules() []rule {
	return rulesOf("severity", ids(p.doc.Severity, func(s SeverityRule) string { return s.When }))
}

func (p *Policy) laneRules() []rule {
	return rulesOf("lanes", ids(p.doc.Lanes, func(l LaneRule) string { return l.When }))
}

func rulesOf(list string, whens []string) []rule {
	rules := make([]rule, len(whens))
	for i, when := range whens {
		rules[i].path = fmt.Sprintf("%s[%d].when", list, i)
		for _, v := range variables {
			if len(mentioning([]string{when}, v.name)) > 0 {
				rules[i].mentions = append(rules[i].mentions, v.name)
			}
		}
	}
	return rules
}

func variableOf(name string) variable {
	return variables[slices.IndexFunc(variables, func(v variable) bool { return v.name == name })]
}

// assess is the position of the severity and the lane that the rules give a content.
func (p *Policy) assess(c pmo.Content) (severity, lane int) {
	t := p.tryout(c)
	return t.severity, t.lane
}

// tryout is a content as the rules of severities and lanes judge it. A rule that does not mention what is tried is not evaluated again.
type tryout struct {
	p              *Policy
	content        pmo.Content
	known          map[string]any
	held           map[string]holding // by path
	severity, lane int
}

// holding is whether a condition holds for the content itself.
type holding struct {
	ok  bool
	err error
}

func (p *Policy) tryout(c pmo.Content) *tryout {
	t := &tryout{p: p, content: c, known: facts{content: c}.known(), held: map[string]holding{}}
	t.severity = t.pick(p.severities)
	t.known["severity"] = p.doc.Severity[t.severity].Severity
	t.lane = t.pick(p.lanes)
	return t
}

// tried is where the rules lead with each value of a fact.
func (t *tryout) tried(f singleFact) (lanes, severities []int) {
	before, assessed := t.known[f.name], t.known["severity"]
	for _, v := range f.values {
		changed := t.content
		v.set(&changed)
		t.known[f.name] = f.value(facts{content: changed})
		severity := t.pick(t.p.severities, f.name)
		variables := []string{f.name}
		if t.known["severity"] = t.p.doc.Severity[severity].Severity; t.known["severity"] != assessed {
			variables = append(variables, "severity")
		}
		lanes, severities = append(lanes, t.pick(t.p.lanes, variables...)), append(severities, severity)
		t.known[f.name], t.known["severity"] = before, assessed
	}
	return lanes, severities
}

// pick falls back to the last entry, as Policy.pick does. changed are the variables that differ from those of the content.
func (t *tryout) pick(rules []rule, changed ...string) int {
	i, _ := firstOf(len(rules), func(i int) (bool, error) {
		r := rules[i]
		if slices.ContainsFunc(changed, func(name string) bool { return slices.Contains(r.mentions, name) }) {
			return t.p.holds(r.path, t.known)
		}
		held, known := t.held[r.path]
		if !known {
			held.ok, held.err = t.p.holds(r.path, t.known) // it mentions nothing that is changed: for the content it is the same
			t.held[r.path] = held
		}
		return held.ok, held.err
	})
	return i
}
