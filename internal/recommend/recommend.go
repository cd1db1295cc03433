// Package recommend converts what a request says of the work to the answers of internal/approach, which recommends a way of working by the
// rules of the policy and says what to ask next.
package recommend

import (
	"leanpmo/internal/approach"
	"leanpmo/internal/pmo"
)

// Context is what a request says of the work. What is not given stays unknown.
func Context(c pmo.Content, lane pmo.Lane) approach.Context {
	w := c.Context
	work := approach.Context{}
	for _, name := range w.DontKnow {
		work[name] = approach.Answer{Text: approach.DontKnow}
	}
	text := func(name, value string) { work.Set(name, approach.Answer{Text: value}) }
	number := func(name string, value *float64) {
		if value != nil {
			work.Set(name, approach.Answer{Number: *value})
		}
	}
	text(approach.FactLane, string(lane))
	text(approach.FactKind, c.Kind)
	work.Set(approach.FactSize, approach.Answer{Number: c.Size})
	if w.People > 0 {
		work.Set("people", approach.Answer{Number: float64(w.People)})
	}
	for name, value := range map[string]*float64{"change_per_month": w.ChangePerMonth, "unplanned_share": w.UnplannedShare, "on_chaos": w.OnChaos,
		"level_1b": w.Level1B, "level_2_up": w.Level2Up} {
		number(name, value)
	}
	for name, value := range map[string]string{"criticality": w.Criticality, "nature": w.Nature, "stable_team": w.StableTeam, "buy_in": w.BuyIn,
		"trust": w.Trust, "decision_power": w.DecisionPower, "experience": w.Experience, "customer_access": w.CustomerAccess,
		"clear_what": w.ClearWhat, "clear_how": w.ClearHow, "incremental": yesOrNo(w.Incremental), "unknown_problem": yesOrNo(w.UnknownProblem),
		"interrupt_driven": yesOrNo(w.InterruptDriven), "product_owner": yesOrNo(w.ProductOwner), "fixed_price": yesOrNo(w.FixedPrice),
		"separable": yesOrNo(w.Separable), "certified": yesOrNo(w.Certified), "many_dependencies": yesOrNo(w.ManyDependencies),
		"many_releases_per_day": yesOrNo(w.ManyReleasesPerDay), "technical_risk": yesOrNo(w.TechnicalRisk), "skilled_pairs": yesOrNo(w.SkilledPairs)} {
		text(name, value)
	}
	return work
}

func yesOrNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return approach.Yes
	}
	return approach.No
}
