package policy

import (
	"fmt"
	"slices"
	"sync"

	"cel.dev/cel-go/cel"
	celcost "cel.dev/cel-go/checker"

	"leanpmo/internal/pmo"
)

// maxCost limits a condition: far more than a useful rule needs, and still evaluated without noticeable delay.
const maxCost = 1_000_000

// facts are what conditions are about.
type facts struct {
	content                              pmo.Content
	severity, lane, portfolio, requester string
}

// scope is how much is known where a condition is evaluated. A condition that uses what is not known yet does not compile.
type scope int

const (
	scopeContent scope = iota // only what was submitted
	scopeLane                 // and the severity
	scopeField                // and the lane
	scopeRoute                // and portfolio and requester
)

type variable struct {
	name  string
	typ   *cel.Type
	since scope
	value func(f facts) any
}

var texts = cel.ListType(cel.StringType)

// variables are the fields of a request that conditions can use.
var variables = []variable{
	{"title", cel.StringType, scopeContent, func(f facts) any { return f.content.Title }},
	{"kind", cel.StringType, scopeContent, func(f facts) any { return f.content.Kind }},
	{"problem", cel.StringType, scopeContent, func(f facts) any { return f.content.Problem }},
	{"outcome", cel.StringType, scopeContent, func(f facts) any { return f.content.Outcome }},
	{"size", cel.DoubleType, scopeContent, func(f facts) any { return f.content.Size }},
	{"themes", texts, scopeContent, func(f facts) any { return notNil(f.content.Themes) }},
	{"skills", texts, scopeContent, func(f facts) any { return notNil(pmo.SkillNames(f.content.Skills)) }},
	{"class", cel.StringType, scopeContent, func(f facts) any { return string(f.content.Class) }},
	{"urgency", cel.StringType, scopeContent, func(f facts) any { return f.content.Urgency }},
	{"people", cel.IntType, scopeContent, func(f facts) any { return int64(f.content.Baseline.People) }},
	{"money_per_year", cel.DoubleType, scopeContent, func(f facts) any { return f.content.Baseline.MoneyPerYear }},
	{"baseline.hours_per_month", cel.DoubleType, scopeContent, func(f facts) any { return f.content.Baseline.HoursPerMonth() }},
	{"criticality", cel.StringType, scopeContent, func(f facts) any { return f.content.Context.Criticality }},
	{"confidential", cel.BoolType, scopeContent, func(f facts) any { return f.content.Confidential }},
	{"has_date", cel.BoolType, scopeContent, func(f facts) any { return f.content.WantedBy != "" }},
	{"has_sponsor", cel.BoolType, scopeContent, func(f facts) any { return f.content.Sponsor != "" }},
	{"severity", cel.StringType, scopeLane, func(f facts) any { return f.severity }},
	{"lane", cel.StringType, scopeField, func(f facts) any { return f.lane }},
	{"portfolio", cel.StringType, scopeRoute, func(f facts) any { return f.portfolio }},
	{"requester", cel.StringType, scopeRoute, func(f facts) any { return f.requester }},
}

func notNil(list []string) []string { return append([]string{}, list...) }

// environments are built once: there is one for each scope, and they hold no state.
var environments = sync.OnceValues(func() (envs [scopeRoute + 1]*cel.Env, err error) {
	for s := range envs {
		options := []cel.EnvOption{cel.CrossTypeNumericComparisons(true)}
		for _, v := range variables {
			if v.since <= scope(s) {
				options = append(options, cel.Variable(v.name, v.typ))
			}
		}
		if envs[s], err = cel.NewEnv(options...); err != nil {
			return envs, fmt.Errorf("declare what conditions know: %w", err)
		}
	}
	return envs, nil
})

// compile turns a condition into a program, or returns the reason in one sentence.
func compile(text string, s scope) (cel.Program, error) {
	envs, err := environments()
	if err != nil {
		return nil, err
	}
	ast, err := compiled(envs[s], text)
	if err != nil {
		return nil, err
	}
	program, err := envs[s].Program(ast, cel.CostLimit(maxCost))
	if err != nil {
		return nil, fmt.Errorf("cannot be prepared: %w", err)
	}
	return program, tryOut(program)
}

// compiled checks a condition: its length, its types and what it may cost.
func compiled(env *cel.Env, text string) (*cel.Ast, error) {
	if len(text) > 2000 {
		return nil, fmt.Errorf("is longer than 2000 characters")
	}
	ast, issues := env.Compile(text)
	if issues.Err() != nil {
		first := issues.Errors()[0]
		return nil, fmt.Errorf("does not compile at column %d: %s", first.Location.Column()+1, first.Message)
	}
	if ast.OutputType() != cel.BoolType {
		return nil, fmt.Errorf("is a %s, not true or false", ast.OutputType())
	}
	if cost, err := env.EstimateCost(ast, sizes{}); err != nil || cost.Max > maxCost {
		return nil, fmt.Errorf("may take too long to evaluate")
	}
	return ast, nil
}

// tryOut finds conditions that fail on an ordinary request, such as themes[0] where there are no themes.
func tryOut(program cel.Program) error {
	for _, f := range []facts{{}, fullFacts} {
		if _, err := evaluate(program, f.known()); err != nil {
			return fmt.Errorf("fails on a request with few fields filled: %w", err)
		}
	}
	return nil
}

var fullFacts = facts{severity: "minor", lane: "standard", portfolio: "p", requester: "r", content: pmo.Content{
	Title: "t", Kind: "k", Problem: "p", Outcome: "o", Size: 3, Themes: []string{"a"}, Skills: []string{"b"}, Class: "standard",
	Urgency: "soon", Baseline: pmo.Baseline{VolumePerMonth: 1, MinutesEach: 60, People: 1, MoneyPerYear: 1},
	WantedBy: "2027-03-31", Sponsor: "s", Confidential: true, Context: pmo.WorkContext{Criticality: "comfort"}}}

// known are the values of all variables.
func (f facts) known() map[string]any {
	input := make(map[string]any, len(variables))
	for _, v := range variables {
		input[v.name] = v.value(f)
	}
	return input
}

func evaluate(program cel.Program, known map[string]any) (bool, error) {
	out, _, err := program.Eval(known)
	if err != nil {
		return false, fmt.Errorf("evaluate condition: %w", err)
	}
	return out.Value() == true, nil
}

// holds evaluates the condition at a path; without one it holds.
func (p *Policy) holds(path string, known map[string]any) (bool, error) {
	program, conditional := p.conditions[path]
	if !conditional {
		return true, nil
	}
	ok, err := evaluate(program, known)
	if err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	return ok, nil
}

// first is the position of the first of n entries whose condition holds.
func (p *Policy) first(list string, n int, known map[string]any) (int, error) {
	return firstOf(n, func(i int) (bool, error) { return p.holds(fmt.Sprintf("%s[%d].when", list, i), known) })
}

// firstOf is the position of the first of n entries that holds. Without a failing condition there is always one: the last entry has none.
func firstOf(n int, holds func(i int) (bool, error)) (int, error) {
	for i := range n {
		ok, err := holds(i)
		if err != nil {
			return n - 1, err
		}
		if ok {
			return i, nil
		}
	}
	return n - 1, nil
}

// sizes gives the cost estimate the greatest length of texts and lists; Validate refuses longer ones.
type sizes struct{}

// EstimateSize implements celcost.CostEstimator.
func (sizes) EstimateSize(element celcost.AstNode) *celcost.SizeEstimate {
	path := element.Path()
	switch {
	case len(path) == 0:
		return nil
	case slices.Contains([]string{"themes", "skills"}, path[0]):
		if len(path) == 1 {
			return &celcost.SizeEstimate{Max: maxItems}
		}
		return &celcost.SizeEstimate{Max: maxShort}
	case slices.Contains([]string{"problem", "outcome"}, path[0]):
		return &celcost.SizeEstimate{Max: pmo.MaxFormText}
	}
	return &celcost.SizeEstimate{Max: maxShort}
}

// EstimateCallCost implements celcost.CostEstimator.
func (sizes) EstimateCallCost(string, string, *celcost.AstNode, []celcost.AstNode) *celcost.CallEstimate {
	return nil
}
