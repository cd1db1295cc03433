package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

const ownRules = `approach:
  frameworks:
    - {id: pairs, when: skilled_pairs == "yes" || people > 3, use: scrum, because: Pairs like it}
`

func withApproach(lines string) (*policy.Policy, error) {
	return policy.Parse([]byte(strings.Replace(string(policy.Default().Source()), "approach:\n  auto", lines+"  auto", 1)))
}

// TestAPolicyHasItsOwnRulesOfApproaches: a list replaces the built-in one, the others stay; a condition is true, false or open.
func TestAPolicyHasItsOwnRulesOfApproaches(t *testing.T) {
	p, err := withApproach(ownRules)
	require.NoError(t, err)
	rules := p.ApproachRules()
	require.Len(t, rules.Frameworks, 1)
	ids := func(rules []approach.Rule) (ids []string) {
		for _, r := range rules {
			ids = append(ids, r.ID)
		}
		return ids
	}
	require.Equal(t, ids(policy.Default().ApproachRules().LifeCycles), ids(rules.LifeCycles))
	rule := rules.Frameworks[0]
	require.ElementsMatch(t, []string{"people", "skilled_pairs"}, rule.Asks)
	for name, c := range map[string]struct {
		known approach.Values
		want  approach.Truth
	}{
		"nothing known":           {approach.Values{}, approach.Open},
		"one side is enough":      {approach.Values{"people": 4.0}, approach.True},
		"the other may still say": {approach.Values{"people": 3.0}, approach.Open},
		"neither":                 {approach.Values{"people": 3.0, "skilled_pairs": "no"}, approach.False},
	} {
		require.Equal(t, c.want, rule.Holds(c.known), name)
	}
}

func TestWrongRulesOfApproachesAreRefusedWithTheirField(t *testing.T) {
	rule := func(fields string) string { return "approach:\n  life_cycles:\n    - {" + fields + "}\n" }
	for lines, want := range map[string]string{
		rule(`id: a, when: people > 3, use: kanban, because: b`):                           `approach.life_cycles[0].use: "kanban" is not one of predictive`,
		rule(`id: a, when: peple > 3, use: agile, because: b`):                             "approach.life_cycles[0].when: does not compile",
		rule(`id: a, when: people, use: agile, because: b`):                                "is a double, not true or false",
		rule(`id: a, when: people > 3, use: agile, because: " "`):                          "approach.life_cycles[0].because: is needed",
		rule(`id: A, when: people > 3, use: agile, because: b`):                            "is not an id",
		"approach:\n  practices:\n    - {id: a, when: size > 1, use: scrum, because: b}\n": "approach.practices[0].use",
	} {
		_, err := withApproach(lines)
		require.ErrorContains(t, err, want)
	}
	_, err := policy.Parse([]byte(strings.Replace(string(policy.Default().Source()), "bug: kanban", "bug: xp", 1)))
	require.ErrorContains(t, err, "is added to another approach")
}

// TestWaysOfWorking: policies, requests and the engine use the same names.
func TestWaysOfWorking(t *testing.T) {
	require.Equal(t, pmo.Approaches(), policy.WaysOfWorking())
}

// TestHowWeDecideTellsTheRulesOfApproaches of the policy in force: its own lists, and the built-in ones where it has none.
func TestHowWeDecideTellsTheRulesOfApproaches(t *testing.T) {
	told := func(p *policy.Policy) (texts []string) {
		for _, r := range p.Rules() {
			if r.Part == policy.PartApproach {
				texts = append(texts, r.Text)
			}
		}
		return texts
	}
	built := told(policy.Default())
	lists := policy.Default().ApproachRules()
	require.Len(t, built, len(lists.LifeCycles)+len(lists.Frameworks)+len(lists.Practices)+len(lists.KindDefaults)+1)
	require.Equal(t, "The life cycle is predictive, because lives are at stake, and culture, team and work ask for a plan before the start. Agile: the parts that users touch, as soon as they can be split off.", built[0])
	require.Contains(t, built, "XP practices are added, because technical risk is high and skilled pairs write tests first: pairing, test first, continuous integration.")
	require.Contains(t, built, "Where none of these decides, work of the kind bug goes on as Kanban.")
	own, err := withApproach(ownRules)
	require.NoError(t, err)
	require.Contains(t, told(own), "Where the life cycle is agile, work goes on as Scrum, because pairs like it.")
}
