package approach

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	scrumTeam = Context{TeamSize: ptr(7.0), StableTeam: Yes, ProductOwnerAvailable: Yes, IncrementalDelivery: Yes}
	frozenJob = Context{Criticality: LossManyLives, ChangePerMonth: ptr(3.0), IncrementalDelivery: No}
)

func with(c Context, change func(*Context)) Context { change(&c); return c }

func TestHeuristics(t *testing.T) {
	for _, c := range []struct {
		name string
		ctx  Context
		want Approach
		rule string
	}{
		{"loss of life, frozen, no increments", frozenJob, Predictive, "critical_frozen"},
		{"certified baseline, frozen, no increments",
			with(frozenJob, func(c *Context) { c.Criticality, c.CertifiedBaseline = LossEssential, Yes }), Predictive, "critical_frozen"},
		{"same but separable parts", with(frozenJob, func(c *Context) { c.Separable = Yes }), Hybrid, "critical_separable"},
		{"unknown problem", Context{UnknownProblem: Yes}, Exploratory, "unknown_problem"},
		{"interrupt driven", Context{InterruptDriven: Yes}, Kanban, "interrupts"},
		{"one stable team", scrumTeam, Scrum, "one_team"},
		{"team size implied by a small effort", with(scrumTeam, func(c *Context) { c.TeamSize, c.People = nil, ptr(6.0) }), Scrum, "one_team"},
		{"large unplanned share", with(scrumTeam, func(c *Context) { c.UnplannedShare = ptr(0.3) }), Scrumban, "much_unplanned"},
		{"unplanned share at the cut is not above it", with(scrumTeam, func(c *Context) { c.UnplannedShare = ptr(0.25) }), Scrum, "one_team"},
		{"many people, one solution", Context{People: ptr(80.0), Dependencies: Yes}, Program, "program"},
		{"many releases a day", with(scrumTeam, func(c *Context) { c.ManyReleasesPerDay = Yes }), ContinuousDelivery, "many_releases"},
		{"fixed price and scope", with(scrumTeam, func(c *Context) { c.FixedPriceScope = Yes }), Hybrid, "fixed_contract"},
		{"express lane", Context{Lane: "express"}, Checklist, "express"},
		{"express lane never for lives", Context{Lane: "express", Criticality: LossLife}, Kanban, "default"},
		{"small job", Context{JobSize: ptr(2.0)}, Kanban, "small_job"},
		{"nothing known", Context{}, Kanban, "default"},
		{"nothing known but the kind", Context{Kind: "bug"}, Checklist, "kind_default"},
		{"chaos", Context{Agreement: No, Certainty: No}, Kanban, "domain"},
		{"complex", Context{Agreement: Partial, Certainty: No}, Exploratory, "domain"},
		{"complicated", Context{Agreement: Yes, Certainty: Partial}, Hybrid, "domain"},
		{"grid: low change, delivered at the end", Context{ChangePerMonth: ptr(2.0), IncrementalDelivery: No}, Predictive, "life_cycle"},
		{"grid: high change, delivered often", Context{ChangePerMonth: ptr(30.0), IncrementalDelivery: Yes}, Scrum, "life_cycle"},
		{"grid: high change, delivered at the end", Context{ChangePerMonth: ptr(30.0), IncrementalDelivery: No}, Hybrid, "life_cycle"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Recommend(c.ctx, Policy{KindDefaults: map[string]Approach{"bug": Checklist}})
			require.Equal(t, c.want, r.Approach)
			require.Equal(t, c.rule, r.Rule)
			require.NotEqual(t, r.Approach, r.RunnerUp)
		})
	}
}

func TestWorkedExamples(t *testing.T) {
	drugStore := Context{BuyIn: Yes, Trust: Yes, DecisionPower: Yes, People: ptr(7.0), Experience: Yes, CustomerAccess: Yes,
		ChangePerMonth: ptr(50.0), Criticality: LossEssential, IncrementalDelivery: Yes}
	r := Recommend(drugStore, DefaultPolicy())
	require.InDelta(t, 13.0/9, r.Filter.Mean, 1e-9)
	require.Equal(t, 0, r.Approach.Rigidity())
	require.Equal(t, "filter", r.Rule)
	require.Contains(t, r.Risks, "criticality speaks for more planning than the rest")

	military := Context{BuyIn: No, Trust: Partial, DecisionPower: No, People: ptr(300.0), Experience: Yes, CustomerAccess: No,
		ChangePerMonth: ptr(1.0), Criticality: LossManyLives, IncrementalDelivery: No}
	r = Recommend(military, DefaultPolicy())
	require.Equal(t, Predictive, r.Approach)
	require.Equal(t, ZonePredictive, r.Filter.Zone)
	require.Equal(t, []string{"experience"}, r.Filter.Inner)
	require.Equal(t, Hybrid, r.RunnerUp, "parts that could be split off")
	require.Equal(t, 0.5, r.Distance, "one open question away")
	require.Equal(t, "Hybrid if the parts that users touch could be split off", r.Sensitivities[0].Text)
	require.Contains(t, r.Decisive, "separable")
}

func TestReasonsSensitivitiesAndConfidence(t *testing.T) {
	c := with(scrumTeam, func(c *Context) { c.UnplannedShare = ptr(0.2) })
	r := Recommend(c, DefaultPolicy())
	require.Equal(t, Scrumban, r.RunnerUp)
	require.InDelta(t, 0.2, r.Distance, 1e-9, "20 % unplanned is a fifth short of 25 %")
	require.Len(t, r.Reasons, 3)
	require.Equal(t, "The team is stable", r.Reasons[1].Text)

	var texts []string
	for _, f := range sensitivities(&c, ptr(DefaultPolicy()), r.Approach, r.RunnerUp) {
		texts = append(texts, f.Text)
	}
	require.Contains(t, texts, "Scrumban if unplanned work were above 25 %")
	require.Contains(t, texts, "Exploratory if the problem or the demand were not understood")
	require.Contains(t, r.Unknown, "fixed_price_scope")
	require.Contains(t, r.Decisive, "fixed_price_scope")
	require.NotContains(t, r.Decisive, "trust")

	settled := with(c, func(c *Context) {
		c.Lane, c.UnknownProblem, c.FixedPriceScope, c.InterruptDriven, c.ManyReleasesPerDay = "standard", No, No, No, No
		c.Dependencies = No
	})
	s := Recommend(settled, DefaultPolicy())
	require.Greater(t, s.Confidence, r.Confidence)
	require.Equal(t, "high", s.Stated)
	require.Equal(t, "low", r.Stated)
	require.Zero(t, Recommend(Context{}, Policy{}).Confidence)
}

func TestPracticesAndRisks(t *testing.T) {
	names := func(r Recommendation) (n []string) {
		for _, p := range r.Practices {
			n = append(n, p.Name)
		}
		return n
	}
	c := with(scrumTeam, func(c *Context) { c.TechnicalRisk, c.SkilledPairs, c.Criticality = Yes, Yes, LossLife })
	r := Recommend(c, DefaultPolicy())
	require.Equal(t, Scrum, r.Approach)
	require.Equal(t, []string{"xp", "independent verification"}, names(r))
	require.Contains(t, r.Risks, "lives are at stake: verify independently before each release")
	c.SkilledPairs = No
	require.Contains(t, names(Recommend(c, DefaultPolicy())), "technical spike")
	big := Recommend(Context{People: ptr(200.0), Dependencies: Yes}, DefaultPolicy())
	require.Equal(t, []string{"dependency board", "solution train"}, names(big))

	tension := with(scrumTeam, func(c *Context) {
		c.BuyIn, c.Trust, c.DecisionPower, c.Experience, c.CustomerAccess = No, No, No, No, No
	})
	require.Contains(t, Recommend(tension, DefaultPolicy()).Risks[0], "the suitability filter points elsewhere")
}

func TestPolicyValidation(t *testing.T) {
	require.NoError(t, Policy{}.Validate())
	require.NoError(t, DefaultPolicy().Validate())
	for want, p := range map[string]Policy{
		"agile_cut":       {AgileCut: 7},
		"enough_answers":  {EnoughAnswers: 10},
		"high_change":     {HighChange: 2},
		"unplanned_share": {UnplannedShare: 2},
		"team_max":        {TeamMax: 60},
		"kind_defaults":   {KindDefaults: map[string]Approach{"bug": "waterfall"}},
		"weeks_per_point": {Plan: PlanPolicy{WeeksPerPoint: -1}},
		"wip_limit":       {Plan: PlanPolicy{WIPLimit: -1}},
		"probability":     {Plan: PlanPolicy{Probability: 1}},
		"at least 1":      {Plan: PlanPolicy{IterationWeeks: 20}},
	} {
		require.ErrorContains(t, p.Validate(), want)
	}
}
