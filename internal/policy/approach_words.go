package policy

import (
	"maps"
	"slices"
	"strings"

	"leanpmo/internal/approach"
)

// approachRules say how a way of working is recommended: of the life cycles and of the frameworks the first rule whose condition holds decides.
func (p *Policy) approachRules() []Rule {
	lists := p.ApproachRules()
	var rules []Rule
	for _, r := range lists.LifeCycles {
		rule := conditional(r.When, "", "The life cycle is %s", strings.ReplaceAll(string(r.LifeCycle), "_", " ")).because(lowered(r.Because))
		for _, part := range []struct{ how, what string }{{"Planned", r.Planned}, {"Agile", r.Agile}} {
			if part.what != "" {
				rule = rule.end(" " + part.how + ": " + part.what + ".")
			}
		}
		rules = append(rules, rule)
	}
	for _, r := range lists.Frameworks {
		rules = append(rules, conditional(r.When, "", "Where the life cycle is agile, work goes on as %s", r.Approach.Title()).because(lowered(r.Because)))
	}
	for _, r := range lists.Practices {
		rules = append(rules, conditional(r.When, "", "%s practices are added", r.Approach.Title()).because(lowered(r.Because)))
	}
	for _, kind := range slices.Sorted(maps.Keys(lists.KindDefaults)) {
		rules = append(rules, always("Where none of these decides, work of the kind %s goes on as %s.", kind, lists.KindDefaults[kind].Title()))
	}
	return append(rules, always("Otherwise work goes on as %s. A rule that rests on an answer that nobody gave does not hold.", approach.Kanban.Title()))
}

// lowered begins a reason as it stands within a sentence.
func lowered(text string) string {
	if len(text) > 1 && text[1] >= 'a' && text[1] <= 'z' {
		return strings.ToLower(text[:1]) + text[1:]
	}
	return text
}
