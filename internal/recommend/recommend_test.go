package recommend_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/policy"
)

var rules = policy.Default().ApproachRules()

// context makes a context of names and answers, numbers or texts.
func context(pairs ...any) approach.Context {
	c := approach.Context{}
	for i := 0; i < len(pairs); i += 2 {
		switch v := pairs[i+1].(type) {
		case float64:
			c.Set(pairs[i].(string), approach.Answer{Number: v})
		case int:
			c.Set(pairs[i].(string), approach.Answer{Number: float64(v)})
		case string:
			c.Set(pairs[i].(string), approach.Answer{Text: v})
		}
	}
	return c
}

func plus(c approach.Context, pairs ...any) approach.Context {
	with := context(pairs...)
	for name, a := range c {
		if _, given := with[name]; !given {
			with[name] = a
		}
	}
	return with
}

var (
	smallTeam = context("people", 6, "product_owner", "yes", "incremental", "yes", "stable_team", "yes")
	frozen    = context("criticality", "lives", "change_per_month", 3, "incremental", "no")
)

// TestHeuristics are the signals of the field's heuristics, each with a case beside it that they do not cover.
func TestHeuristics(t *testing.T) {
	for _, c := range []struct {
		name string
		ctx  approach.Context
		want approach.Approach
		life approach.LifeCycle
		rule string
	}{
		{"loss of life, frozen, nothing before the end", frozen, approach.Predictive, approach.LifePredictive, "critical_frozen"},
		{"loss of life, but change", plus(frozen, "change_per_month", 15), approach.Hybrid, approach.LifeHybrid, "lives"},
		{"certified baseline", context("certified", "yes", "change_per_month", 5, "incremental", "no"), approach.Predictive, approach.LifePredictive, "critical_frozen"},
		{"same with parts that can be split off", plus(frozen, "separable", "yes"), approach.Hybrid, approach.LifeHybrid, "critical_separable"},
		{"unknown problem", context("unknown_problem", "yes"), approach.Exploratory, approach.LifeExploratory, "unknown_problem"},
		{"known problem", context("unknown_problem", "no"), approach.Kanban, approach.LifeAgile, "default"},
		{"research", context("nature", "research"), approach.Exploratory, approach.LifeExploratory, "unknown_problem"},
		{"interrupts", context("interrupt_driven", "yes"), approach.Kanban, approach.LifeAgile, "interrupts"},
		{"operations", plus(smallTeam, "nature", "operations"), approach.Kanban, approach.LifeAgile, "interrupts"},
		{"one stable team", smallTeam, approach.Scrum, approach.LifeAgile, "one_team"},
		{"people who change", plus(smallTeam, "stable_team", "no"), approach.Kanban, approach.LifeAgile, "one_team"},
		{"eleven people", plus(smallTeam, "people", 11), approach.Kanban, approach.LifeAgile, "default"},
		{"much unplanned work", plus(smallTeam, "unplanned_share", 30), approach.Scrumban, approach.LifeAgile, "one_team"},
		{"unplanned work at the cut", plus(smallTeam, "unplanned_share", 25), approach.Scrum, approach.LifeAgile, "one_team"},
		{"many people, one solution", context("people", 80, "many_dependencies", "yes"), approach.Program, approach.LifeAgile, "program"},
		{"many people, parts alone", context("people", 80, "many_dependencies", "no"), approach.Kanban, approach.LifeAgile, "default"},
		{"many people, joined at the end", context("people", 80, "many_dependencies", "yes", "incremental", "no"), approach.Hybrid, approach.LifeHybrid, "shared_at_the_end"},
		{"many releases a day", plus(smallTeam, "many_releases_per_day", "yes"), approach.ContinuousDelivery, approach.LifeAgile, "many_releases"},
		{"fixed price and scope", plus(smallTeam, "fixed_price", "yes"), approach.Hybrid, approach.LifeHybrid, "fixed_contract"},
		{"express lane", context("lane", "express"), approach.Checklist, approach.LifeJustDoIt, "express"},
		{"express lane with a life at stake", context("lane", "express", "criticality", "life"), approach.Hybrid, approach.LifeHybrid, "lives"},
		{"small job", context("size", 2), approach.Kanban, approach.LifeAgile, "small_job"},
		{"nothing known", context(), approach.Kanban, approach.LifeAgile, "default"},
		{"nothing known but the kind", context("kind", "support"), approach.Kanban, approach.LifeAgile, "kind_default"},
		{"chaos", context("clear_what", "no", "clear_how", "no"), approach.Kanban, approach.LifeAgile, "chaotic"},
		{"complex", context("clear_what", "partly", "clear_how", "no"), approach.Exploratory, approach.LifeExploratory, "complex"},
		{"complicated", context("clear_what", "yes", "clear_how", "partly"), approach.Hybrid, approach.LifeHybrid, "complicated"},
		{"little change, often", context("change_per_month", 2, "incremental", "yes"), approach.Hybrid, approach.LifeIncremental, "grid_incremental"},
		{"little change, at the end", context("change_per_month", 2, "incremental", "no"), approach.Predictive, approach.LifePredictive, "grid_predictive"},
		{"little change, at the end, separable", context("change_per_month", 2, "incremental", "no", "separable", "yes"), approach.Hybrid, approach.LifeHybrid, "grid_separable"},
		{"much change, often", context("change_per_month", 30, "incremental", "yes"), approach.Kanban, approach.LifeAgile, "grid_agile"},
		{"much change, at the end", context("change_per_month", 30, "incremental", "no"), approach.Hybrid, approach.LifeIterative, "grid_iterative"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := approach.Recommend(c.ctx, rules)
			require.Equal(t, c.rule, r.Rules[0])
			require.Equal(t, c.want, r.Approach)
			require.Equal(t, c.life, r.LifeCycle)
			require.NotEmpty(t, r.Reasons)
		})
	}
}

func TestWhatWouldChangeTheMind(t *testing.T) {
	r := approach.Recommend(smallTeam, rules)
	require.Equal(t, 1, r.Margin)
	texts := []string{}
	for _, s := range r.Sensitivities {
		require.NotEqual(t, r.Approach, s.Approach)
		texts = append(texts, s.Text)
	}
	require.Contains(t, texts, "Scrumban if 26 to 50 % of the team's work were unplanned")
	require.Equal(t, "One team with somebody who decides for the users and something usable every month learns fastest in small steps", r.Reasons[0].Text)
	require.Equal(t, "One stable team with a product owner and something usable every month works towards a goal in iterations", r.Reasons[1].Text)
}

func TestDontKnowWidensTheResult(t *testing.T) {
	sure := approach.Recommend(plus(smallTeam, "criticality", "comfort", "nature", "product", "unknown_problem", "no", "interrupt_driven", "no", "fixed_price", "no",
		"certified", "no", "many_releases_per_day", "no", "unplanned_share", 5, "technical_risk", "no"), rules)
	require.Equal(t, []approach.Approach{approach.Scrum}, sure.Possible)
	require.Equal(t, "high", sure.Stated)
	unsure := approach.Recommend(plus(smallTeam, "criticality", "dont_know", "nature", "product", "unknown_problem", "no", "interrupt_driven", "no", "fixed_price", "no",
		"certified", "no", "many_releases_per_day", "no", "unplanned_share", 5, "technical_risk", "no"), rules)
	require.Equal(t, approach.Scrum, unsure.Approach)
	require.Contains(t, unsure.Possible, approach.Hybrid)
	require.Equal(t, "low", unsure.Stated, "%v", unsure.Possible)
}
