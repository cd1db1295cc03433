package policy

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"leanpmo/internal/approach"
	"leanpmo/internal/yamlstrict"
)

//go:embed approach.yaml
var approachYAML []byte

// ApproachRuleDoc is one rule of how a way of working is recommended: the first of its list whose condition holds decides.
type ApproachRuleDoc struct {
	ID   string `json:"id"`
	When string `json:"when"`
	// Use is a life cycle in the list of life cycles, and an approach in the others.
	Use     string `json:"use"`
	Because string `json:"because"`
	// Planned and Agile say which part of the work is planned and which is run in an agile way.
	Planned string `json:"planned,omitempty"`
	Agile   string `json:"agile,omitempty"`
}

// approachFacts are what conditions about ways of working may use: the questions, what intake knows, and derived readings.
var approachFacts = func() map[string]*cel.Type {
	facts := map[string]*cel.Type{}
	for name, number := range approach.Names() {
		if facts[name] = cel.StringType; number {
			facts[name] = cel.DoubleType
		}
	}
	return facts
}()

// frameworks are the approaches of an agile life cycle, and practices what is added to one.
var frameworks, practices = []string{"kanban", "scrum", "scrumban", "continuous_delivery", "program"}, []string{"xp"}

// maxApproachRules limits one list.
const maxApproachRules = 60

var approachEnv = sync.OnceValues(func() (*cel.Env, error) {
	options := []cel.EnvOption{cel.CrossTypeNumericComparisons(true)}
	for name, typ := range approachFacts {
		options = append(options, cel.Variable(name, typ))
	}
	return cel.NewEnv(options...)
})

// builtInApproach are the rules of a policy that has none of its own.
var builtInApproach = sync.OnceValues(func() (approach.Rules, error) {
	var doc ApproachDoc
	c := &checker{faults: yamlstrict.Decode(approachYAML, &doc)}
	rules := c.approachLists(&doc, approach.Rules{})
	return rules, c.faults.Err()
})

// approaches are the rules in force: a list that the policy does not have is the built-in one.
func (c *checker) approaches(d *ApproachDoc) approach.Rules {
	absent, err := builtInApproach()
	c.that(err == nil, "approach", "the built-in rules are wrong: %v", err)
	return c.approachLists(d, absent)
}

// approachLists checks the lists and prepares their conditions.
func (c *checker) approachLists(d *ApproachDoc, absent approach.Rules) approach.Rules {
	lifeCycle := func(r *approach.Rule, use string) { r.LifeCycle = approach.LifeCycle(use) }
	inAgile := func(r *approach.Rule, use string) { r.Approach = approach.Approach(use) }
	lifeCycles := ids(approach.LifeCycles(), func(l approach.LifeCycle) string { return string(l) })
	return approach.Rules{
		LifeCycles: c.approachList("approach.life_cycles", d.LifeCycles, lifeCycles, lifeCycle, absent.LifeCycles),
		Frameworks: c.approachList("approach.frameworks", d.Frameworks, frameworks, inAgile, absent.Frameworks),
		Practices:  c.approachList("approach.practices", d.Practices, practices, inAgile, absent.Practices),
	}
}

func (c *checker) approachList(list string, docs []ApproachRuleDoc, uses []string, use func(*approach.Rule, string), absent []approach.Rule) []approach.Rule {
	if docs == nil {
		return absent
	}
	c.that(len(docs) <= maxApproachRules, list, "has more than %d rules", maxApproachRules)
	c.ids(list, collect(docs, func(r ApproachRuleDoc) string { return r.ID }))
	var rules []approach.Rule
	for i, doc := range docs {
		path := fmt.Sprintf("%s[%d]", list, i)
		c.that(slices.Contains(uses, doc.Use), path+".use", "%q is not one of %s", doc.Use, strings.Join(uses, ", "))
		for name, text := range map[string]string{"because": doc.Because, "planned": doc.Planned, "agile": doc.Agile} {
			c.that(len(text) <= maxShort, path+"."+name, "is longer than %d characters", maxShort)
		}
		c.that(strings.TrimSpace(doc.Because) != "", path+".because", "is needed: it is the reason that people read")
		rule, err := prepare(doc)
		use(&rule, doc.Use)
		c.that(err == nil, path+".when", "%v", err)
		rules = append(rules, rule)
	}
	return rules
}

func prepare(doc ApproachRuleDoc) (approach.Rule, error) {
	rule := approach.Rule{ID: doc.ID, When: doc.When, Because: doc.Because, Planned: doc.Planned, Agile: doc.Agile}
	env, err := approachEnv()
	if err != nil {
		return rule, err
	}
	ast, err := compiled(env, doc.When)
	if err != nil {
		return rule, err
	}
	for _, ident := range celast.MatchDescendants(celast.NavigateAST(ast.NativeRep()), celast.KindMatcher(celast.IdentKind)) {
		if name := ident.AsIdent(); approachFacts[name] != nil && !slices.Contains(rule.Asks, name) {
			rule.Asks = append(rule.Asks, name)
		}
	}
	program, err := env.Program(ast, cel.CostLimit(maxCost), cel.EvalOptions(cel.OptPartialEval))
	rule.Holds = func(known approach.Values) approach.Truth { return truth(program, rule.Asks, known) }
	return rule, err
}

// truth evaluates a condition on known facts. One that fails does not hold.
func truth(program cel.Program, asks []string, known approach.Values) approach.Truth {
	var unknown []*cel.AttributePatternType
	for _, name := range asks {
		if _, ok := known[name]; !ok {
			unknown = append(unknown, cel.AttributePattern(name))
		}
	}
	vars, err := cel.PartialVars(map[string]any(known), unknown...)
	if err != nil {
		return approach.False
	}
	out, _, err := program.Eval(vars)
	switch {
	case types.IsUnknown(out):
		return approach.Open
	case err == nil && out.Value() == true:
		return approach.True
	}
	return approach.False
}

// ApproachRules are the rules in force: list by list the built-in ones where the policy has none.
func (p *Policy) ApproachRules() approach.Rules {
	rules := p.approach
	rules.Version, rules.KindDefaults = p.Name(), map[string]approach.Approach{}
	for kind, name := range p.doc.Approach.KindDefaults {
		rules.KindDefaults[kind] = approach.Approach(name)
	}
	return rules
}
