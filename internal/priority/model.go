package priority

import (
	"math"
	"slices"
)

// Model names a scoring model. Values are stable.
type Model string

const (
	// WSJF is weighted shortest job first (SAFe): the weighted sum of business value, time criticality and risk reduction or opportunity,
	// over job size.
	WSJF Model = "wsjf"
	// CD3 is what a week of delay costs in money, over duration in weeks (Reinertsen). Unlike WSJF it has a unit.
	CD3 Model = "cd3"
	// RICE is reach × impact × confidence ÷ effort (Intercom).
	RICE Model = "rice"
	// ICE is impact × confidence × ease, each from 1 to 10.
	ICE Model = "ice"
	// ValueEffort is business value ÷ effort.
	ValueEffort Model = "value_effort"
	// Weighted is the weighted mean of normalised criteria; those that speak against a request are its divisor.
	Weighted Model = "weighted"
	// MoSCoW orders by must, should, could and won't (DSDM), and by WSJF within each.
	MoSCoW Model = "moscow"
)

// Models lists the models.
func Models() []Model { return []Model{WSJF, CD3, RICE, ICE, ValueEffort, Weighted, MoSCoW} }

// factor is an input of a model with the numbers it may have.
type factor struct {
	field  Fields
	lo, hi float64
}

// formula is how a model computes a score: numerator ÷ divisor.
type formula struct {
	factors []factor
	// product says that the numerator is the product of the factors; otherwise it is their weighted sum.
	product bool
	// divisor is the input that the numerator is divided by; 0: none.
	divisor Fields
	// numerator and divides are their names in explanations.
	numerator, divides string
	// version changes with the formula; it is stored with every ranking.
	version string
}

func atLeastZero(f Fields) factor { return factor{f, 0, largest} }
func aboveZero(f Fields) factor   { return factor{f, smallest, largest} }

var wsjfFormula = formula{numerator: "cost of delay", divides: "job size", divisor: FieldJobSize, version: "wsjf/2",
	factors: []factor{atLeastZero(FieldBusinessValue), atLeastZero(FieldTimeCriticality), atLeastZero(FieldRiskReduction), aboveZero(FieldJobSize)}}

var formulas = map[Model]formula{
	WSJF: wsjfFormula,
	MoSCoW: {numerator: wsjfFormula.numerator, divides: wsjfFormula.divides, divisor: FieldJobSize, version: "moscow/1",
		factors: append([]factor{{field: FieldMoSCoW}}, wsjfFormula.factors...)},
	CD3: {numerator: "cost of delay per week", divides: "weeks of duration", divisor: FieldDuration, product: true, version: "cd3/1",
		factors: []factor{atLeastZero(FieldCostOfDelay), aboveZero(FieldDuration)}},
	RICE: {numerator: "reach × impact × confidence", divides: "effort", divisor: FieldEffort, product: true, version: "rice/1",
		factors: []factor{atLeastZero(FieldReach), atLeastZero(FieldImpact), {FieldConfidence, 0, 1}, aboveZero(FieldEffort)}},
	ICE: {numerator: "impact × confidence × ease", product: true, version: "ice/1",
		factors: []factor{{FieldImpact, 1, 10}, {FieldConfidence, 1, 10}, {FieldEase, 1, 10}}},
	ValueEffort: {numerator: "business value", divides: "effort", divisor: FieldEffort, product: true, version: "value_effort/1",
		factors: []factor{atLeastZero(FieldBusinessValue), aboveZero(FieldEffort)}},
	Weighted: {numerator: "weighted value", divides: "weighted cost", version: "weighted/1"}, // its factors are the policy's
}

// Criterion is one input of the weighted model. A negative weight marks an input that speaks against a request, such as effort.
type Criterion struct {
	Input  string  `json:"input"`
	Weight float64 `json:"weight"`
}

// rules is a policy made ready for one ranking.
type rules struct {
	Policy
	formula
	needs    Fields
	weights  [inputFields]float64 // of the terms of a sum, by input
	bounds   [inputFields]bounds  // of the criteria of the weighted model
	gain     float64              // sum of the positive weights of the weighted model
	loss     float64              // of the negative ones
	points   float64              // weight of the points of stakeholders
	growth   float64              // of the logarithm of a score, per week
	maxWeeks int                  // weeks of waiting that count
}

// newRules prepares a policy. The items are needed for the largest value of each criterion of the weighted model.
func newRules(p Policy, items []Item) *rules {
	m := p.model()
	r := &rules{Policy: p, formula: formulas[m], maxWeeks: math.MaxInt, points: p.PointsWeight()}
	w := p.weights()
	r.weights[index(FieldBusinessValue)], r.weights[index(FieldTimeCriticality)], r.weights[index(FieldRiskReduction)] = w.BusinessValue, w.TimeCriticality, w.RiskReduction
	if m == Weighted {
		r.weigh(items)
	}
	for _, f := range r.factors {
		if r.product || m == Weighted || f.field == r.divisor || f.field == FieldMoSCoW || r.weights[index(f.field)] != 0 {
			r.needs |= f.field
		}
	}
	if p.LongestWait > 0 {
		weeks := max(float64(p.LongestWait)/float64(week), 1)
		r.growth = math.Log(p.SpreadOfScores()/(1-p.NearTie)*(1+1e-9)) / math.Floor(weeks)
		r.maxWeeks = int(4 * weeks)
	}
	return r
}

// index is the place of an input in fieldNames.
func index(f Fields) int {
	for i := range inputFields {
		if f == 1<<i {
			return i
		}
	}
	return 0
}

// weigh takes the criteria of the policy, and the bounds of their values: of the policy's scale, or of this backlog.
func (r *rules) weigh(items []Item) {
	for _, c := range r.Criteria {
		if c.Input == PointsInput {
			r.gain += c.Weight
			continue
		}
		field, _ := fieldByName(c.Input)
		i := index(field)
		r.factors = append(slices.Clip(r.factors), atLeastZero(field))
		r.weights[i] = c.Weight
		if c.Weight < 0 {
			r.loss -= c.Weight
		} else {
			r.gain += c.Weight
		}
		if r.Normalise == NormaliseScale {
			r.bounds[i] = boundsOf(r.Scale...)
			continue
		}
		for k := range items {
			if v := *items[k].Inputs.at(field); v != nil && *v >= 0 && *v <= largest {
				r.bounds[i] = r.bounds[i].with(*v)
			}
		}
	}
}

// bounds are the ends of a column of values.
type bounds struct{ lo, hi float64 }

// boundsOf are those of a column: with no negative value from 0 to the largest, otherwise from the smallest to the largest.
func boundsOf(values ...float64) bounds {
	var b bounds
	if len(values) > 0 {
		b.lo, b.hi = min(slices.Min(values), 0), slices.Max(values)
	}
	return b
}

func (b bounds) with(v float64) bounds { return bounds{min(b.lo, v), max(b.hi, v)} }

// normalise maps a value to 0–100, as Jira Product Discovery documents it: v ÷ max × 100 where no value is negative, otherwise
// (v − min) ÷ (max − min) × 100.
func (b bounds) normalise(v float64) float64 {
	if b.hi <= b.lo {
		return 0
	}
	return (v - b.lo) / (b.hi - b.lo) * 100
}

// term is what an input adds to the numerator of a sum.
func (r *rules) term(i int, v float64) float64 {
	if r.gain > 0 {
		return r.weights[i] * r.bounds[i].normalise(v) / r.gain
	}
	return r.weights[i] * v
}

// tierOf is the place of a MoSCoW word; 0 for others.
func tierOf(word string) int {
	return slices.Index(tiers[:], word) + 1
}

// tiers are the words of MoSCoW in their order.
var tiers = [...]string{"must", "should", "could", "wont"}
