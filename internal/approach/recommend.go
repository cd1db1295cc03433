package approach

import "slices"

// Reason is why an approach is recommended.
type Reason struct {
	// Code is the rule's id, fact, suitability or life_cycle.
	Code string `json:"code"`
	Text string `json:"text"`
}

// Recommendation is an offer to the delivery team with everything behind it.
type Recommendation struct {
	LifeCycle LifeCycle `json:"life_cycle"`
	Approach  Approach  `json:"approach"`
	// Planned and Agile say of a hybrid which part is planned and which is run in an agile way; Inside is the framework of the agile part.
	Planned string   `json:"planned,omitempty"`
	Agile   string   `json:"agile,omitempty"`
	Inside  Approach `json:"inside,omitempty"`
	// RunnerUp is the approach that the fewest other answers lead to; Margin is how many. It is empty where no two answers lead elsewhere.
	RunnerUp Approach `json:"runner_up,omitempty"`
	Margin   int      `json:"margin,omitempty"`
	// Rules name what decided: of the life cycle, and of the framework.
	Rules   []string `json:"rules"`
	Reasons []Reason `json:"reasons"`
	// Sensitivities are single answers that would change the approach, likeliest first.
	Sensitivities []Sensitivity `json:"would_change"`
	// Possible are the approaches that answers to open questions can still lead to, with the recommended one.
	Possible []Approach `json:"possible"`
	// Stated is how sure this is: high where one approach is left, medium for two, low for more.
	Stated    string     `json:"stated"`
	Practices []Practice `json:"practices"`
	// Mismatches are answers that speak against the recommendation: risks of the plan.
	Mismatches []string  `json:"mismatches"`
	Filter     Filter    `json:"filter"`
	Radar      Radar     `json:"radar"`
	Domain     Domain    `json:"domain"`
	Grid       LifeCycle `json:"grid,omitempty"`
	// Version names the rules used.
	Version string `json:"version"`
}

// verdict is what the rules say of one context.
type verdict struct {
	lifeCycle, framework Rule
	approach             Approach
}

// defaultLifeCycle and defaultFramework decide when no rule does.
var (
	defaultLifeCycle = Rule{ID: "default", LifeCycle: LifeAgile, Because: "Nothing that decides is known; Kanban starts from the way work flows today"}
	defaultFramework = Rule{ID: "flow", Approach: Kanban, Because: "Work that flows is pulled one item after the other within a limit"}
)

// decide finds the approach. A condition that depends on an unknown fact does not hold.
func (r Rules) decide(c Context) verdict {
	v := valuesOf(c, false)
	life := firstThatHolds(r.LifeCycles, v)
	if life == nil {
		if a, ok := r.KindDefaults[c.text(FactKind)]; ok {
			return verdict{Rule{ID: "kind_default", LifeCycle: lifeCycleOf(a), Because: "Nothing else decides and the policy names it for kind " + c.text(FactKind)}, Rule{}, a}
		}
		life = &defaultLifeCycle
	}
	if a, ok := approachOf[life.LifeCycle]; ok {
		return verdict{*life, Rule{}, a}
	}
	framework := r.framework(v)
	return verdict{*life, framework, framework.Approach}
}

func (r Rules) framework(v Values) Rule {
	if found := firstThatHolds(r.Frameworks, v); found != nil {
		return *found
	}
	return defaultFramework
}

func firstThatHolds(list []Rule, v Values) *Rule {
	for i := range list {
		if list[i].Holds(v) == True {
			return &list[i]
		}
	}
	return nil
}

// lifeCycleOf is the life cycle of an approach.
func lifeCycleOf(a Approach) LifeCycle {
	switch a {
	case Predictive:
		return LifePredictive
	case Hybrid:
		return LifeHybrid
	case Exploratory:
		return LifeExploratory
	case Checklist:
		return LifeJustDoIt
	}
	return LifeAgile
}

// Recommend finds the approach for a context. Every context gets an answer with at least one reason.
func Recommend(c Context, rules Rules) Recommendation {
	rules = rules.cached()
	won := rules.decide(c)
	r := Recommendation{
		LifeCycle: won.lifeCycle.LifeCycle, Approach: won.approach, Planned: won.lifeCycle.Planned, Agile: won.lifeCycle.Agile,
		Rules: []string{won.lifeCycle.ID}, Possible: rules.reach(c.withoutDontKnow()),
		Filter: filterOf(c), Radar: radarOf(c), Domain: domainOf(c), Grid: gridOf(c), Version: rules.Version,
	}
	if !slices.Contains(r.Possible, r.Approach) {
		r.Possible = append(r.Possible, r.Approach)
	}
	switch {
	case won.framework.ID != "":
		r.Rules = append(r.Rules, won.framework.ID)
	case r.Approach == Hybrid:
		// The agile part is what can be delivered in parts, or refined as if it were.
		r.Inside = rules.framework(valuesOf(c.with("incremental", Answer{Text: Yes}), false)).Approach
	}
	r.Reasons = reasons(won, c, r)
	r.RunnerUp, r.Margin = rules.runnerUp(c, won.approach)
	r.Sensitivities = rules.sensitivities(c, won.approach, r.RunnerUp)
	r.Stated = stated(len(r.Possible))
	r.Practices = rules.practices(c, r)
	r.Mismatches = mismatches(c, r)
	return r
}

func stated(possible int) string {
	switch possible {
	case 1:
		return "high"
	case 2:
		return "medium"
	}
	return "low"
}

// reasons gives the rules' own reasons, then the facts they rest on, then readings that agree; at most three, the heaviest first.
func reasons(won verdict, c Context, r Recommendation) []Reason {
	rs := []Reason{{won.lifeCycle.ID, won.lifeCycle.Because}}
	if won.framework.ID != "" && won.lifeCycle.ID != defaultLifeCycle.ID {
		rs = append(rs, Reason{won.framework.ID, won.framework.Because})
	}
	for _, name := range append(slices.Clone(won.lifeCycle.Asks), won.framework.Asks...) {
		fact := Reason{"fact", capital(c.fact(name))}
		if fact.Text != "" && !slices.Contains(rs, fact) {
			rs = append(rs, fact)
		}
	}
	if f := r.Filter; f.Zone != ZoneUnknown && f.Zone.rigidity() == r.LifeCycle.Rigidity() {
		rs = append(rs, Reason{ReadingSuitability, "The suitability filter agrees: mean " + num(f.Mean) + " of 10, " + string(f.Zone) + " by our cuts"})
	}
	if r.Grid != "" && r.Grid.Rigidity() == r.LifeCycle.Rigidity() {
		rs = append(rs, Reason{"life_cycle", "Its rate of change and frequency of delivery make it " + string(r.Grid)})
	}
	return rs[:min(3, len(rs))]
}

// mismatches lists what speaks against the recommendation. An average never hides one extreme.
func mismatches(c Context, r Recommendation) []string {
	out := []string{}
	f := r.Filter
	if f.Zone != ZoneUnknown && f.Zone.rigidity() != r.LifeCycle.Rigidity() {
		out = append(out, "the suitability filter points elsewhere: mean "+num(f.Mean)+" of 10, "+string(f.Zone)+" by our cuts")
	}
	for _, a := range f.Answers {
		switch {
		case a.Score == nil:
		case zoneOf(*a.Score).rigidity() > r.LifeCycle.Rigidity():
			out = append(out, c.fact(a.Attribute)+": this speaks for more planning")
		case zoneOf(*a.Score) == ZoneAgile && r.LifeCycle.Rigidity() == 2:
			out = append(out, c.fact(a.Attribute)+": this would allow more agility")
		}
	}
	if c.lives() && r.LifeCycle.Rigidity() < 2 {
		out = append(out, "lives are at stake: verify independently before each release")
	}
	if r.Radar.Home == "mixed" && r.Approach != Hybrid {
		out = append(out, r.Radar.Advice)
	}
	return out
}

func (z Zone) rigidity() int { return order(z) }

func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
