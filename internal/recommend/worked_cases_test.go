package recommend_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
)

// TestWorkedCases are the cases of the literature, each with the outcome that is stated there: the drug store and the military messaging of the Agile
// Practice Guide, the cases that Boehm and Turner describe, and two that no rule may get wrong.
func TestWorkedCases(t *testing.T) {
	drugStore := plus(fit, "people", 6, "change_per_month", 50, "criticality", "essential", "incremental", "yes", "product_owner", "yes", "stable_team", "yes")
	messaging := context("buy_in", "no", "trust", "partly", "decision_power", "no", "people", 300, "experience", "yes", "customer_access", "no",
		"change_per_month", 3, "criticality", "lives", "incremental", "no")
	crisis := context("people", 500, "change_per_month", 10, "criticality", "lives", "incremental", "yes", "many_dependencies", "yes")
	for _, c := range []struct {
		name    string
		ctx     approach.Context
		life    approach.LifeCycle
		want    approach.Approach
		planned string // words of what is planned
		agile   string // words of what is run in an agile way
		speaks  string // how a mismatch begins: a risk of the plan
	}{
		{"drug store: agile, with criticality flagged", drugStore, approach.LifeAgile, approach.Scrum, "", "", "a failure costs essential money"},
		{"military messaging: predictive, with the part to split off named", messaging, approach.LifePredictive, approach.Predictive, "", "the parts that users touch, as soon as they can be split off", "each role has an experienced person"},
		{"military messaging, and the parts can be split off: still planned, because neither culture nor team fit", plus(messaging, "separable", "yes"), approach.LifePredictive, approach.Predictive, "", "the parts that users touch", ""},
		{"supplier management on the web, 50 people: agile core with planned parts", plus(fit, "people", 50, "change_per_month", 20, "criticality", "essential", "incremental", "yes", "many_dependencies", "yes"),
			approach.LifeHybrid, approach.Hybrid, "what the parts share", "the core", ""},
		{"crisis management, 500 people: plan-driven with agile parts", crisis, approach.LifeHybrid, approach.Hybrid, "the architecture", "each part that one team can finish alone", "lives are at stake"},
		{"crisis management without the culture for it: wholly planned, with the part named", plus(plus(crisis, "change_per_month", 5), "buy_in", "no", "trust", "no", "decision_power", "no", "experience", "no", "customer_access", "no"),
			approach.LifePredictive, approach.Predictive, "", "the parts that users touch", ""},
		{"event management, a few people: agile", plus(fit, "people", 5, "change_per_month", 30, "criticality", "comfort", "incremental", "yes", "product_owner", "yes", "stable_team", "yes"),
			approach.LifeAgile, approach.Scrum, "", "", ""},
		{"300 people, a life at stake, interrupts: not Kanban", context("people", 300, "criticality", "life", "interrupt_driven", "yes"), approach.LifeHybrid, approach.Hybrid, "the architecture", "one team", "lives are at stake"},
		{"500 people: not one Scrum team", plus(smallTeam, "people", 500), approach.LifeHybrid, approach.Hybrid, "the architecture", "one team", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := approach.Recommend(c.ctx, rules)
			require.Equal(t, c.life, r.LifeCycle)
			require.Equal(t, c.want, r.Approach)
			require.Contains(t, r.Planned, c.planned)
			require.Contains(t, r.Agile, c.agile)
			require.LessOrEqual(t, len(r.Reasons), 3)
			if c.want == approach.Hybrid {
				require.NotEmpty(t, r.Planned, "a hybrid says which part runs how")
				require.NotEmpty(t, r.Agile)
				require.NotEmpty(t, r.Inside)
			}
			if c.speaks != "" {
				require.Condition(t, func() bool { return begins(r.Mismatches, c.speaks) }, "%v", r.Mismatches)
			}
		})
	}
	require.Empty(t, approach.Recommend(messaging, rules).Filter.Risks)
	require.Equal(t, []string{"experience"}, approach.Recommend(messaging, rules).Filter.Inner, "the lone inner point")
	require.Equal(t, []string{"criticality"}, approach.Recommend(drugStore, rules).Filter.Risks, "the one flag")
}

func begins(list []string, words string) bool {
	for _, s := range list {
		if strings.HasPrefix(s, words) {
			return true
		}
	}
	return false
}

// TestEachHeuristicBothWays takes every signal of the field's list of heuristics: with the signal it leads where it should, and with each part of the
// signal away, one at a time, it leads elsewhere.
func TestEachHeuristicBothWays(t *testing.T) {
	certified := context("certified", "yes", "change_per_month", 5, "incremental", "no")
	train := context("people", 80, "many_dependencies", "yes")
	for _, c := range []struct {
		signal string
		ctx    approach.Context
		leads  string // approach, or life cycle where that is what the signal leads to
		away   []any  // answers, each of which takes the signal away
	}{
		{"loss of life, change of 5 % a month at most, no increments", frozen, "predictive", []any{"change_per_month", 10, "incremental", "yes"}},
		{"certified baseline, change of 5 % a month at most, no increments", certified, "predictive", []any{"change_per_month", 10, "incremental", "yes"}},
		{"the same with parts that users touch to be split off", plus(frozen, "separable", "yes"), "hybrid", []any{"separable", "no"}},
		{"unknown problem or demand", context("unknown_problem", "yes"), "exploratory", []any{"unknown_problem", "no"}},
		{"small independent items that arrive at any time", plus(smallTeam, "interrupt_driven", "yes"), "kanban", []any{"interrupt_driven", "no"}},
		{"one stable team of ten at most, product owner, increments every month", smallTeam, "scrum", []any{"people", 11, "product_owner", "no", "incremental", "no", "stable_team", "no"}},
		{"such a team with a large unplanned share", plus(smallTeam, "unplanned_share", 26), "scrumban", []any{"unplanned_share", 25, "people", 11, "product_owner", "no", "incremental", "no", "stable_team", "no"}},
		{"50 to 125 people, one solution, many dependencies", train, "program", []any{"people", 30, "people", 126, "many_dependencies", "no"}},
		{"many releases a day", plus(smallTeam, "many_releases_per_day", "yes"), "continuous_delivery", []any{"many_releases_per_day", "no"}},
		{"fixed price and scope", plus(smallTeam, "fixed_price", "yes"), "hybrid", []any{"fixed_price", "no"}},
	} {
		require.Equal(t, c.leads, string(approach.Recommend(c.ctx, rules).Approach), c.signal)
		for i := 0; i < len(c.away); i += 2 {
			require.NotEqual(t, c.leads, string(approach.Recommend(plus(c.ctx, c.away[i], c.away[i+1]), rules).Approach), "%s, but %s %v", c.signal, c.away[i], c.away[i+1])
		}
	}
	// Without lives or a certificate little change and one delivery at the end are planned too, by the grid of change and delivery.
	for _, c := range []approach.Context{plus(frozen, "criticality", "comfort"), plus(certified, "certified", "no")} {
		require.Equal(t, []string{"grid_predictive"}, approach.Recommend(c, rules).Rules)
	}
	has := func(c approach.Context, practice string) bool {
		for _, p := range approach.Recommend(c, rules).Practices {
			if p.Name == practice {
				return true
			}
		}
		return false
	}
	pairs := plus(smallTeam, "technical_risk", "yes", "skilled_pairs", "yes")
	require.True(t, has(pairs, "xp"), "high technical risk and skilled pairs: XP practices inside any agile approach")
	require.True(t, has(plus(pairs, "interrupt_driven", "yes"), "xp"))
	require.True(t, has(plus(pairs, "fixed_price", "yes"), "xp"), "inside of a hybrid too")
	require.False(t, has(plus(pairs, "technical_risk", "no"), "xp"))
	require.False(t, has(plus(pairs, "skilled_pairs", "no"), "xp"))
	require.True(t, has(plus(pairs, "skilled_pairs", "no"), "technical spike"))
	fixed := plus(smallTeam, "fixed_price", "yes")
	require.True(t, has(fixed, "change budget"))
	require.False(t, has(smallTeam, "change budget"))
}
