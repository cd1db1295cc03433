package approach

import "leanpmo/internal/pmo"

// EarnedValue is how planned work stands against its budget, from a measurement. What would be divided by zero is nil: it is not known yet.
type EarnedValue struct {
	ScheduleVariance, CostVariance float64
	// ScheduleIndex (SPI) and CostIndex (CPI) are below 1 when the work is behind or costs more.
	ScheduleIndex, CostIndex *float64
	// AtCompletion (EAC) is the cost to expect in the end, ToComplete (ETC) what is still to be spent, and VarianceAtCompletion (VAC) what
	// the budget is over that.
	AtCompletion, ToComplete, VarianceAtCompletion *float64
	// NeededIndex (TCPI) is the cost index that the rest of the work needs to stay within the budget.
	NeededIndex *float64
}

// Earned computes earned value from a budget and a measurement.
func Earned(b pmo.Budget, m pmo.EarnedValue) EarnedValue {
	v := EarnedValue{ScheduleVariance: m.Earned - m.Planned, CostVariance: m.Earned - m.Spent}
	v.ScheduleIndex, v.CostIndex = m.ScheduleIndex(), m.CostIndex()
	if v.CostIndex != nil && *v.CostIndex > 0 {
		atCompletion := b.Total / *v.CostIndex
		toComplete, variance := atCompletion-m.Spent, b.Total-atCompletion
		v.AtCompletion, v.ToComplete, v.VarianceAtCompletion = &atCompletion, &toComplete, &variance
	}
	if b.Total > m.Spent { // else no index is enough
		v.NeededIndex = ratio(b.Total-m.Earned, b.Total-m.Spent)
	}
	return v
}

func ratio(a, b float64) *float64 {
	if b == 0 {
		return nil
	}
	r := a / b
	return &r
}
