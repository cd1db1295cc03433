package approach

import (
	"math"
	"slices"
	"strconv"
)

// LifeCycle is how much is planned before the start, and how often something is delivered.
type LifeCycle string

// The life cycles. JustDoIt is work that needs no method.
const (
	LifePredictive  LifeCycle = "predictive"
	LifeIterative   LifeCycle = "iterative"
	LifeIncremental LifeCycle = "incremental"
	LifeAgile       LifeCycle = "agile"
	LifeHybrid      LifeCycle = "hybrid"
	LifeExploratory LifeCycle = "exploratory"
	LifeJustDoIt    LifeCycle = "just_do_it"
)

// approachOf is the approach of a life cycle; an agile one asks the frameworks.
var approachOf = map[LifeCycle]Approach{
	LifePredictive: Predictive, LifeIterative: Hybrid, LifeIncremental: Hybrid, LifeHybrid: Hybrid, LifeExploratory: Exploratory, LifeJustDoIt: Checklist,
}

// LifeCycles lists them.
func LifeCycles() []LifeCycle {
	return []LifeCycle{LifePredictive, LifeIterative, LifeIncremental, LifeHybrid, LifeAgile, LifeExploratory, LifeJustDoIt}
}

// Rigidity is how much is fixed before the start: 0 little, 1 in part, 2 all of it.
func (l LifeCycle) Rigidity() int {
	switch l {
	case LifePredictive:
		return 2
	case LifeHybrid, LifeIterative, LifeIncremental:
		return 1
	}
	return 0
}

// Truth is what a condition says of facts of which some may be unknown.
type Truth int

// Open: it depends on what is not known.
const (
	False Truth = iota
	Open
	True
)

// Rule is one row of the policy: the first of a list whose condition holds decides.
type Rule struct {
	ID string
	// LifeCycle is what it leads to in the list of life cycles; Approach in the lists of frameworks and practices.
	LifeCycle LifeCycle
	Approach  Approach
	// When is the condition as the policy writes it.
	When string
	// Because is the reason that is shown.
	Because string
	// Planned and Agile say of a hybrid which part is planned and which is run in an agile way.
	Planned, Agile string
	// Holds evaluates the condition. Values has the known facts by name; a missing one is unknown.
	Holds func(Values) Truth
	// Asks are the questions and derived readings that the condition mentions.
	Asks []string
}

// Values are known facts: numbers as float64, anything else as text.
type Values map[string]any

// Rules are what the policy says about approaches.
type Rules struct {
	// Version names this set of rules in answers and ledgers.
	Version    string
	LifeCycles []Rule
	// Frameworks are asked where an agile life cycle fits.
	Frameworks []Rule
	// Practices are added to the approach; each holds for itself.
	Practices []Rule
	// KindDefaults names the approach for kinds of request about which no rule decides.
	KindDefaults map[string]Approach
}

// cached are rules that evaluate a condition once for the same values of what it mentions. They are for one call: the cache is not locked.
func (r Rules) cached() Rules {
	for _, list := range []*[]Rule{&r.LifeCycles, &r.Frameworks, &r.Practices} {
		rules := slices.Clone(*list)
		for i := range rules {
			rules[i].Holds = remembered(rules[i].Holds, rules[i].Asks)
		}
		*list = rules
	}
	return r
}

func remembered(holds func(Values) Truth, asks []string) func(Values) Truth {
	found := map[string]Truth{}
	var key []byte
	return func(v Values) Truth {
		key = key[:0]
		for _, name := range asks {
			switch value := v[name].(type) {
			case string:
				key = append(key, value...)
				key = append(key, '\'')
			case float64:
				key = strconv.AppendFloat(key, value, 'g', -1, 64)
			}
			key = append(key, '|')
		}
		truth, known := found[string(key)]
		if !known {
			truth = holds(v)
			found[string(key)] = truth
		}
		return truth
	}
}

// Derived readings, which conditions use like facts. They are unknown while the answers they need are.
const (
	// ReadingSuitability is the zone of the suitability filter: agile, hybrid or predictive.
	ReadingSuitability = "suitability"
	// ReadingHome is the home ground by the five dimensions: agile, plan_driven or mixed.
	ReadingHome = "home"
	// ReadingDomain is clear, complicated, complex or chaotic.
	ReadingDomain = "domain"
)

// readings are the questions that each derived reading needs.
var readings = map[string][]string{
	ReadingSuitability: attributeNames(),
	ReadingHome:        {"level_1b", "level_2_up", "change_per_month", "on_chaos", "people", "criticality"},
	ReadingDomain:      {"clear_what", "clear_how"},
}

// Names lists what conditions may use: questions, what intake knows, and derived readings; numbers are true.
func Names() map[string]bool {
	names := map[string]bool{FactLane: false, FactKind: false, FactSize: true}
	for _, q := range questions {
		names[q.Name] = q.Numeric()
	}
	for name := range readings {
		names[name] = false
	}
	return names
}

// valuesOf are the known facts of a context. While is true where open questions may still be answered: then a derived reading is known only
// if no answer can change it. Otherwise it rests on what is known, and is an empty text where that is too little.
func valuesOf(c Context, while bool) Values {
	// What intake has and nobody is asked for here is not open: a size that is not stated is no small one.
	v := Values{FactLane: "", FactKind: "", FactSize: math.Inf(1)}
	for name, a := range c {
		q := QuestionNamed(name)
		switch {
		case a.Text == DontKnow:
		case name == FactSize, q != nil && q.Numeric():
			v[name] = a.Number
		default:
			v[name] = a.Text
		}
	}
	for name, questions := range readings {
		if while && anyOpen(c, questions) {
			if value := settled(name, c); value != "" {
				v[name] = value
			}
			continue
		}
		v[name] = reading(name, c)
	}
	return v
}

func anyOpen(c Context, questions []string) bool {
	for _, q := range questions {
		if c.open(q) {
			return true
		}
	}
	return false
}

func reading(name string, c Context) string {
	switch name {
	case ReadingSuitability:
		return string(filterOf(c).Zone)
	case ReadingHome:
		return radarOf(c).Home
	}
	return domainOf(c).Cynefin
}

// settled is the value of a reading that no answer to an open question can change; empty where one can.
func settled(name string, c Context) string {
	if name != ReadingSuitability {
		return ""
	}
	low, high := filterWithin(c)
	if low == high {
		return string(low)
	}
	return ""
}
