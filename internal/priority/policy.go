package priority

import (
	"math"
	"reflect"
	"time"
)

// Weights multiply the three parts of the cost of delay. All zero means equal
// weights of 1. A part with weight 0 is not asked for.
type Weights struct {
	BusinessValue   float64 `json:"business_value"`
	TimeCriticality float64 `json:"time_criticality"`
	RiskReduction   float64 `json:"risk_reduction"`
	// StakeholderPoints weighs the points that stakeholders put on a request, beside the cost of delay; 0: they do not count.
	StakeholderPoints float64 `json:"stakeholder_points,omitempty"`
}

// What the values of the weighted model's criteria are divided by before they are weighed.
const (
	NormaliseScale   = "scale"   // the largest value of the policy's scale: no request changes the score of another one
	NormaliseBacklog = "backlog" // the largest value in the backlog, as in Jira Product Discovery
)

// DefaultSpread is how many times the highest score is the smallest one, where neither the model nor a scale bounds it.
const DefaultSpread = 10_000

// Policy holds the numbers an organisation may choose. The policy document checks them.
type Policy struct {
	// Version names this set of rules in answers and ledgers.
	Version string `json:"version"`
	// Model is the scoring model; empty is WSJF.
	Model   Model   `json:"model,omitempty"`
	Weights Weights `json:"weights"`
	// Criteria and Normalise belong to the weighted model.
	Criteria  []Criterion `json:"criteria,omitempty"`
	Normalise string      `json:"normalise,omitempty"`
	// Scale holds the values an input may have, in order; empty: any.
	Scale []float64 `json:"scale,omitempty"`
	// AllPoints are those that all stakeholders of the portfolio have together in a period. A request has a share of them.
	AllPoints float64 `json:"all_points,omitempty"`
	// LongestWait is after how long an item of the smallest score outranks one of the highest that has not waited. Every whole week of waiting
	// multiplies the score by the same factor, so that two items which waited equally long keep their order. 0: AgeingPerWeek counts.
	LongestWait time.Duration `json:"longest_wait,omitempty"`
	// Spread is how many times the highest score is the smallest one, for LongestWait; 0: it follows from the scale.
	Spread float64 `json:"spread,omitempty"`
	// AgeingPerWeek is added to the numerator for every whole week waited. It is the rule of policies without LongestWait.
	AgeingPerWeek float64 `json:"ageing_per_week,omitempty"`
	// NearTie is the relative difference of scores (0.05 = 5 %) up to which two
	// items keep their previous order. 0 switches this off.
	NearTie float64 `json:"near_tie"`
	// UnknownLead is used for a lead time that cannot be forecast.
	UnknownLead time.Duration `json:"unknown_lead"`
}

func (p Policy) model() Model {
	if p.Model == "" {
		return WSJF
	}
	return p.Model
}

// Needs names the inputs that the model needs, in the order of the form.
func (p Policy) Needs() []string { return newRules(p, nil).needs.Names() }

// ModelVersion names the model and the version of its formula.
func (p Policy) ModelVersion() string { return formulas[p.model()].version }

func (p Policy) equal(o Policy) bool { return reflect.DeepEqual(p, o) }

// weights resolves the all-zero value to equal weights.
func (p Policy) weights() Weights {
	if p.Weights == (Weights{}) {
		return Weights{BusinessValue: 1, TimeCriticality: 1, RiskReduction: 1}
	}
	return p.Weights
}

// SpreadOfScores is how many times the highest score is the smallest one.
func (p Policy) SpreadOfScores() float64 {
	if p.Spread > 1 {
		return p.Spread
	}
	steps := 0.0 // the largest value of the scale ÷ the smallest
	if n := len(p.Scale); n > 1 {
		steps = p.Scale[n-1] / p.Scale[0]
	}
	switch p.model() {
	case ICE:
		return 1000
	case WSJF, MoSCoW, ValueEffort:
		if steps > 1 {
			return steps * steps * p.raisedByPoints()
		}
	case Weighted:
		if steps > 1 && p.Normalise == NormaliseScale {
			return steps * steps * p.raisedByPoints()
		}
	}
	return DefaultSpread
}

// GrowthPerWeek is the factor by which a week of waiting multiplies a score; 1 without LongestWait.
func (p Policy) GrowthPerWeek() float64 { return math.Exp(newRules(p, nil).growth) }

// WeeksUntilFirst is after how many weeks an item of the smallest score outranks one of the highest that has not waited, on the policy's
// scale; 0 when that is not known, because nothing ages or any number may be given.
func (p Policy) WeeksUntilFirst() int {
	if p.LongestWait > 0 {
		return int(p.LongestWait / week)
	}
	n := len(p.Scale)
	if p.AgeingPerWeek <= 0 || n == 0 || p.model() != WSJF {
		return 0
	}
	w := p.weights()
	sum := w.BusinessValue + w.TimeCriticality + w.RiskReduction
	lo, hi := p.Scale[0], p.Scale[n-1]
	return int(math.Ceil((sum*hi/lo/(1-p.NearTie)*hi - sum*lo) / p.AgeingPerWeek))
}
