package approach

// Practice is something to add to the approach, with its reason.
type Practice struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// practices lists add-ons: those of the rules where part of the work is agile, then what the answers ask for under any approach.
func (r Rules) practices(c Context, now Recommendation) []Practice {
	out := []Practice{}
	add := func(when bool, name, why string) {
		if when {
			out = append(out, Practice{name, why})
		}
	}
	v := valuesOf(c, false)
	ruled := false
	for _, rule := range r.Practices {
		if rule.Holds(v) == True && (now.LifeCycle == LifeAgile || now.Approach == Hybrid) {
			ruled = true
			add(true, string(rule.Approach), rule.Because)
		}
	}
	add(c.text("technical_risk") == Yes && !ruled, "technical spike", "technical risk is high: try the riskiest part first, in a timebox")
	add(c.lives(), "independent verification", "lives are at stake")
	add(c.text("fixed_price") == Yes || c.text("nature") == "contract", "change budget", "the contract fixes the scope, the need will still move")
	add(c.text("many_dependencies") == Yes, "dependency board", "work depends on other people's work")
	add(c.text("customer_access") == No, "proxy user", "nobody can ask the users every day")
	add(c.text("experience") == No, "coach", "not every role has someone experienced")
	return out
}
