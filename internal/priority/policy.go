package priority

import "time"

// Model names the scoring model and its version; it is stored with every
// ranking so that an old one can be recomputed with the rules of its day.
const Model = "wsjf/1"

// Weights multiply the three parts of the cost of delay. All zero means equal
// weights of 1. A part with weight 0 is not asked for: (1, 0, 0) with money per
// week as business value and weeks as job size is CD3.
type Weights struct {
	BusinessValue   float64 `json:"business_value"`
	TimeCriticality float64 `json:"time_criticality"`
	RiskReduction   float64 `json:"risk_reduction"`
}

// Policy holds the numbers an organisation may choose.
type Policy struct {
	// Version names this set of rules in answers and ledgers.
	Version string  `json:"version"`
	Weights Weights `json:"weights"`
	// AgeingPerWeek is added to the cost of delay for every whole week waited, in
	// points. It is part of the numerator, so that it acts on any scale of sizes,
	// and grows without limit, so that no request waits for ever.
	AgeingPerWeek float64 `json:"ageing_per_week"`
	// NearTie is the relative difference of scores (0.05 = 5 %) up to which two
	// items keep their previous order. 0 switches this off.
	NearTie float64 `json:"near_tie"`
	// UnknownLead is used for a lead time that cannot be forecast.
	UnknownLead time.Duration `json:"unknown_lead"`
}

// Validate returns an *InputError for the first number no ranking can use.
// Rank expects a valid policy.
func (p Policy) Validate() error {
	w := p.Weights
	for _, c := range []struct {
		field string
		value float64
	}{
		{"weights.business_value", w.BusinessValue},
		{"weights.time_criticality", w.TimeCriticality},
		{"weights.risk_reduction", w.RiskReduction},
		{"ageing_per_week", p.AgeingPerWeek},
		{"near_tie", p.NearTie},
		{"unknown_lead", p.UnknownLead.Hours()},
	} {
		if why := nonNegative(c.value); why != "" {
			return &InputError{Field: c.field, Reason: why}
		}
	}
	if p.NearTie >= 1 {
		return &InputError{Field: "near_tie", Reason: "must be below 1"}
	}
	return nil
}

// weights resolves the all-zero value to equal weights.
func (p Policy) weights() Weights {
	if p.Weights == (Weights{}) {
		return Weights{1, 1, 1}
	}
	return p.Weights
}
