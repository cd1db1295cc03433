package recommend_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/approach"
)

// A pair is two contexts that differ in one answer and in the readings that follow from it. The walk goes through the list of life cycles for
// both at once and asks for another answer only where a rule depends on it, so it covers every context the form can express, those with
// answers that nobody knows included, without listing them one by one.
type pair struct {
	list        []approach.Rule
	rises       bool // a greater answer makes the readings less agile
	seen        map[string]bool
	truths      map[string]approach.Truth
	wrong       func(less, more approach.LifeCycle) bool
	explanation string
}

// state is how far the walk has come.
type state struct {
	at         int
	less, more side
	answers    approach.Values // of both sides
	unknown    map[string]bool // asked, and nobody knows
}

// side is one of the two contexts: what it has of its own, and what decided, if anything has.
type side struct {
	own     approach.Values
	decided *approach.Rule
}

func (p *pair) walk(s state) {
	key := p.key(s)
	if p.explanation != "" || p.seen[key] {
		return
	}
	p.seen[key] = true
	if s.at == len(p.list) || s.less.decided != nil && s.more.decided != nil {
		if less, more := lifeCycle(s.less.decided), lifeCycle(s.more.decided); p.wrong(less, more) {
			p.explanation = fmt.Sprintf("%v with %v is %s and with %v is %s", s.answers, s.less.own, less, s.more.own, more)
		}
		return
	}
	less, open := p.truth(s, s.less)
	more, other := p.truth(s, s.more)
	if open = max(open, other); open != "" {
		p.branch(s, open)
		return
	}
	next := s
	next.at++
	if less {
		next.less.decided = &p.list[s.at]
	}
	if more {
		next.more.decided = &p.list[s.at]
	}
	p.walk(next)
}

// truth is what the next rule says of one side, or the question to branch on.
func (p *pair) truth(s state, of side) (holds bool, open string) {
	if of.decided != nil {
		return false, ""
	}
	rule := &p.list[s.at]
	values := maps.Clone(s.answers)
	maps.Copy(values, of.own)
	key := rule.ID
	for _, name := range rule.Asks {
		key += fmt.Sprint("|", values[name])
	}
	truth, cached := p.truths[key]
	if !cached {
		truth = rule.Holds(values)
		p.truths[key] = truth
	}
	if truth != approach.Open {
		return truth == approach.True, ""
	}
	for _, name := range rule.Asks {
		if _, known := values[name]; !known && !s.unknown[name] {
			return false, name
		}
	}
	return false, "" // it rests on what nobody knows
}

func (p *pair) branch(s state, name string) {
	if scale := scales[name]; scale != nil {
		for _, values := range p.readingPairs(scale) {
			next := s
			next.less.own, next.more.own = with(s.less.own, name, values[0]), with(s.more.own, name, values[1])
			p.walk(next)
		}
		return
	}
	unknown := s
	unknown.unknown = maps.Clone(s.unknown)
	unknown.unknown[name] = true
	p.walk(unknown)
	for _, value := range optionsOf(name) {
		next := s
		next.answers = with(s.answers, name, value)
		p.walk(next)
	}
}

func with(v approach.Values, name string, value any) approach.Values {
	v = maps.Clone(v)
	v[name] = value
	return v
}

// key has what the rest of the list can depend on.
func (p *pair) key(s state) string {
	var b strings.Builder
	for _, of := range []side{s.less, s.more} {
		fmt.Fprint(&b, "|", of.decided == nil, lifeCycle(of.decided))
	}
	if s.at == len(p.list) || s.less.decided != nil && s.more.decided != nil {
		return b.String()
	}
	fmt.Fprint(&b, s.at)
	for _, name := range names {
		if slices.ContainsFunc(p.list[s.at:], func(r approach.Rule) bool { return slices.Contains(r.Asks, name) }) {
			fmt.Fprint(&b, "|", s.answers[name], s.less.own[name], s.more.own[name], s.unknown[name])
		}
	}
	return b.String()
}

func lifeCycle(r *approach.Rule) approach.LifeCycle {
	if r == nil {
		return approach.LifeAgile // the default
	}
	return r.LifeCycle
}

var names = slices.Sorted(maps.Keys(approach.Names()))

func optionsOf(name string) (values []any) {
	switch name {
	case approach.FactLane:
		return []any{"express", "standard"}
	case approach.FactKind:
		return []any{"enhancement"}
	case approach.FactSize:
		return []any{1.0, 20.0}
	case approach.ReadingDomain:
		return []any{"clear", "complicated", "complex", "chaotic"}
	}
	q := approach.QuestionNamed(name)
	for _, o := range q.Options {
		if q.Numeric() {
			values = append(values, o.Number)
		} else {
			values = append(values, o.Value)
		}
	}
	return values
}

// scales are the values of the readings that follow from other answers, from the most agile to the least. Rules tell home grounds apart only
// by whether they are agile.
var scales = map[string][]string{
	approach.ReadingSuitability: {"agile", "hybrid", "predictive"},
	approach.ReadingHome:        {"agile", "plan_driven"},
}

// readingPairs are the values that a reading can have on both sides: the same, or moved in the direction. A reading that is not known is an
// empty text on both, because the same questions are answered. TestReadingsFollowTheAnswers shows the direction.
func (p *pair) readingPairs(scale []string) [][2]string {
	pairs := [][2]string{{"", ""}}
	for i := range scale {
		for j := i; j < len(scale); j++ {
			if p.rises {
				pairs = append(pairs, [2]string{scale[i], scale[j]})
			} else {
				pairs = append(pairs, [2]string{scale[j], scale[i]})
			}
		}
	}
	return pairs
}

// everyPair walks for each two neighbouring answers to a question.
func everyPair(t *testing.T, question string, rises bool, wrong func(less, more approach.LifeCycle) bool) (visited int) {
	if testing.Short() {
		t.Skip("the walk over all contexts takes seconds: run without -short")
	}
	options := optionsOf(question)
	truths := map[string]approach.Truth{}
	for i := range options[1:] {
		p := &pair{list: rules.LifeCycles, rises: rises, wrong: wrong, seen: map[string]bool{}, truths: truths}
		p.walk(state{answers: approach.Values{}, unknown: map[string]bool{},
			less: side{own: approach.Values{question: options[i]}}, more: side{own: approach.Values{question: options[i+1]}}})
		require.Empty(t, p.explanation)
		visited += len(p.seen)
	}
	return visited
}

// TestMoreChangeNeverLeadsTowardsPredictive, over all contexts the form can express.
func TestMoreChangeNeverLeadsTowardsPredictive(t *testing.T) {
	visited := everyPair(t, "change_per_month", false, func(less, more approach.LifeCycle) bool { return more.Rigidity() > less.Rigidity() })
	t.Logf("%d states", visited)
}

// TestMoreCriticalityNeverLeadsTowardsAgile, over all contexts the form can express.
func TestMoreCriticalityNeverLeadsTowardsAgile(t *testing.T) {
	visited := everyPair(t, "criticality", true, func(less, more approach.LifeCycle) bool { return more.Rigidity() < less.Rigidity() })
	t.Logf("%d states", visited)
}

// TestALargerTeamNeverLeadsTowardsOneScrumTeam: with more than ten people no rule for one team holds, whatever else is answered.
func TestALargerTeamNeverLeadsTowardsOneScrumTeam(t *testing.T) {
	scrum := 0
	for _, rule := range rules.Frameworks {
		if rule.Approach != approach.Scrum && rule.Approach != approach.Scrumban {
			continue
		}
		scrum++
		for _, people := range []float64{11, 20, 40, 80, 126, 500} {
			require.Equal(t, approach.False, rule.Holds(approach.Values{"people": people}), "%s with %v people", rule.ID, people)
		}
	}
	require.Equal(t, 2, scrum)
	for _, people := range []float64{126, 300, 500} {
		for name := range approach.Names() {
			for _, value := range optionsOf2(name) {
				r := approach.Recommend(context("people", people, name, value), rules)
				require.Contains(t, []approach.Approach{approach.Hybrid, approach.Predictive}, r.Approach, "%v people, %s %v", people, name, value)
			}
		}
	}
}

// optionsOf2 are the options of what can be answered; a reading follows from answers.
func optionsOf2(name string) []any {
	if approach.QuestionNamed(name) == nil && name != approach.FactLane || name == "people" {
		return nil
	}
	return optionsOf(name)
}

// TestReadingsFollowTheAnswers: more change makes the readings no less agile, more at stake and more people no more agile.
func TestReadingsFollowTheAnswers(t *testing.T) {
	base := context("buy_in", "partly", "trust", "yes", "decision_power", "no", "experience", "yes", "customer_access", "partly", "incremental", "yes",
		"people", 20, "change_per_month", 15, "criticality", "discretionary", "on_chaos", 60, "level_1b", 10, "level_2_up", 28)
	for question, rises := range map[string]bool{"change_per_month": false, "criticality": true, "people": true} {
		mean, home := 0.0, -1
		for i, value := range optionsOf(question) {
			r := approach.Recommend(plus(base, question, value), rules)
			h := 0
			if r.Radar.Home != "agile" {
				h = 1
			}
			if i > 0 {
				require.Equal(t, rises, r.Filter.Mean >= mean, "%s %v", question, value)
				require.True(t, rises && h >= home || !rises && h <= home, "%s %v", question, value)
			}
			mean, home = r.Filter.Mean, h
		}
	}
}

// reaches has for each rule a context of the form's options in which it decides.
var reaches = map[string]approach.Context{
	"critical_separable":     plus(frozen, "separable", "yes"),
	"critical_frozen":        frozen,
	"too_many_people":        context("people", 300),
	"lives_unsuitable":       plus(unfit, "criticality", "life", "people", 80, "change_per_month", 15),
	"lives":                  context("criticality", "life"),
	"express":                context("lane", "express"),
	"unknown_problem":        context("nature", "research"),
	"fixed_contract":         context("nature", "contract"),
	"many_people_unsuitable": plus(unfit, "people", 40, "criticality", "essential", "incremental", "yes"),
	"many_people_essential":  context("people", 40, "criticality", "essential", "incremental", "yes"),
	"shared_at_the_end":      context("people", 80, "many_dependencies", "yes", "incremental", "no"),
	"program":                context("people", 80, "many_dependencies", "yes"),
	"interrupts":             context("nature", "operations"),
	"many_releases":          context("many_releases_per_day", "yes"),
	"one_team":               smallTeam,
	"small_job":              context("size", 1),
	"suitable":               plus(fit, "people", 20),
	"agile_home": context("buy_in", "partly", "trust", "partly", "decision_power", "partly", "experience", "partly", "customer_access", "partly",
		"on_chaos", 70, "level_1b", 10, "people", 20, "change_per_month", 30),
	"unsuitable_separable": plus(unfit, "separable", "yes"),
	"unsuitable":           unfit,
	"between":              context("buy_in", "partly", "trust", "partly", "decision_power", "partly", "experience", "partly", "customer_access", "partly"),
	"complex":              context("clear_what", "partly", "clear_how", "partly"),
	"complicated":          context("clear_what", "yes", "clear_how", "no"),
	"chaotic":              context("clear_what", "no", "clear_how", "no"),
	"grid_agile":           context("change_per_month", 30, "incremental", "yes"),
	"grid_iterative":       context("change_per_month", 30, "incremental", "no"),
	"grid_incremental":     context("change_per_month", 3, "incremental", "yes"),
	"grid_separable":       context("change_per_month", 3, "incremental", "no", "separable", "yes"),
	"grid_predictive":      context("change_per_month", 3, "incremental", "no"),

	"flow_of_interrupts": plus(smallTeam, "interrupt_driven", "yes"),
	"team_of_teams":      context("people", 40, "many_dependencies", "yes"),
	"release_when_ready": plus(smallTeam, "many_releases_per_day", "yes"),
	"much_unplanned":     plus(smallTeam, "unplanned_share", 40),
	"timeboxes":          smallTeam,
	"engineering":        plus(smallTeam, "technical_risk", "yes", "skilled_pairs", "yes"),
}

var (
	fit   = context("buy_in", "yes", "trust", "yes", "decision_power", "yes", "experience", "yes", "customer_access", "yes")
	unfit = context("buy_in", "no", "trust", "no", "decision_power", "no", "experience", "no", "customer_access", "no")
)

// requireOfTheForm requires that every answer is one that the form offers; lane, kind and size are what intake has.
func requireOfTheForm(t *testing.T, c approach.Context) {
	t.Helper()
	for name, answer := range c {
		q := approach.QuestionNamed(name)
		if q == nil {
			require.Contains(t, []string{approach.FactLane, approach.FactKind, approach.FactSize}, name)
			continue
		}
		value := any(answer.Text)
		if q.Numeric() {
			value = answer.Number
		}
		require.Contains(t, optionsOf(name), value, name)
	}
}

// TestEveryRuleAndEveryApproachIsReachedFromTheForm: no rule is shadowed by those before it, and each approach is the answer to some form.
func TestEveryRuleAndEveryApproachIsReachedFromTheForm(t *testing.T) {
	found := map[approach.Approach]bool{}
	for _, list := range [][]approach.Rule{rules.LifeCycles, rules.Frameworks, rules.Practices} {
		for _, rule := range list {
			c, given := reaches[rule.ID]
			require.True(t, given, "no context for %s", rule.ID)
			requireOfTheForm(t, c)
			r := approach.Recommend(c, rules)
			decided := r.Rules
			for _, practice := range r.Practices {
				found[approach.Approach(practice.Name)] = true
				if practice.Why == rule.Because {
					decided = append(decided, rule.ID)
				}
			}
			require.Contains(t, decided, rule.ID)
			found[r.Approach] = true
		}
	}
	require.Len(t, reaches, len(rules.LifeCycles)+len(rules.Frameworks)+len(rules.Practices))
	for _, a := range []approach.Approach{approach.Checklist, approach.Kanban, approach.Scrum, approach.Scrumban, approach.ContinuousDelivery,
		approach.Exploratory, approach.Program, approach.XP, approach.Hybrid, approach.Predictive} {
		require.True(t, found[a], "no context leads to %s", a)
	}
}

// TestTheQuestionnaireEnds: whatever is answered, each question is asked once, tells at least two approaches apart, and when none is left
// the recommendation is the only approach that is possible, unless somebody did not know.
func TestTheQuestionnaireEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, ignorance := context("lane", "standard", "size", 20), false
		asked := map[string]bool{}
		for ask := approach.Next(c, rules); ask != nil; ask = approach.Next(c, rules) {
			require.False(t, asked[ask.Name], ask.Name)
			asked[ask.Name] = true
			require.GreaterOrEqual(t, len(ask.TellsApart), 1)
			options := append(optionsOf(ask.Name), any(approach.DontKnow))
			value := rapid.SampledFrom(options).Draw(t, ask.Name)
			if value == any(approach.DontKnow) {
				ignorance = true
				c[ask.Name] = approach.Answer{Text: approach.DontKnow}
				continue
			}
			c = plus(c, ask.Name, value)
		}
		r := approach.Recommend(c, rules)
		require.Contains(t, r.Possible, r.Approach)
		if !ignorance {
			require.Equal(t, "high", r.Stated, "%v", c)
			require.Len(t, r.Possible, 1)
		}
	})
}

// TestTheWalkKnowsWhatKindsLeadTo: where no rule decides, the kind of request may; the walk takes that for agile, as the built-in policy has it, and no
// kind leads a large team to one Scrum team.
func TestTheWalkKnowsWhatKindsLeadTo(t *testing.T) {
	require.NotEmpty(t, rules.KindDefaults)
	for kind, a := range rules.KindDefaults {
		r := approach.Recommend(context("kind", kind, "people", 80), rules)
		require.Equal(t, a, r.Approach)
		require.Equal(t, approach.LifeAgile, r.LifeCycle, kind)
		require.NotContains(t, []approach.Approach{approach.Scrum, approach.Scrumban}, a, kind)
	}
}
