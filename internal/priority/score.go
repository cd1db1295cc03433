package priority

import "time"

const week = 7 * 24 * time.Hour

// Score is a WSJF score with every term it is made of, in weighted points.
type Score struct {
	BusinessValue   float64 `json:"business_value"`
	TimeCriticality float64 `json:"time_criticality"`
	RiskReduction   float64 `json:"risk_reduction"`
	// Ageing is the starvation guard: points for the whole weeks waited.
	Ageing      float64 `json:"ageing"`
	WeeksWaited int     `json:"weeks_waited"`
	// CostOfDelay is the sum of the four terms above.
	CostOfDelay float64 `json:"cost_of_delay"`
	JobSize     float64 `json:"job_size"`
	// Value is CostOfDelay / JobSize; 0 while Known is false.
	Value float64 `json:"value"`
	// Known is false when an input is missing or unusable.
	Known bool `json:"known"`
}

// ScoreItem computes the score of one item at a moment, and the inputs that
// are missing. The error is an *InputError naming an input that is given but
// cannot be used (size ≤ 0, a negative or non-finite number).
func ScoreItem(it Item, p Policy, now time.Time) (Score, Fields, error) {
	s, missing, bad := score(&it, p, now)
	if bad != 0 {
		return s, missing, &InputError{ID: it.ID, Field: bad.Names()[0], Reason: it.Inputs.reason(bad)}
	}
	return s, missing, nil
}

// score never fails: it returns what is known, what is missing and what is
// unusable, so that one bad row cannot stop a run over the whole backlog.
func score(it *Item, p Policy, now time.Time) (s Score, missing, bad Fields) {
	w := p.weights()
	bad = it.Inputs.faults()
	part := func(v *float64, weight float64, f Fields) float64 {
		switch {
		case weight == 0:
			bad &^= f
			return 0
		case v == nil:
			missing |= f
			return 0
		case bad&f != 0:
			return 0
		}
		return weight * *v
	}
	s.BusinessValue = part(it.Inputs.BusinessValue, w.BusinessValue, FieldBusinessValue)
	s.TimeCriticality = part(it.Inputs.TimeCriticality, w.TimeCriticality, FieldTimeCriticality)
	s.RiskReduction = part(it.Inputs.RiskReduction, w.RiskReduction, FieldRiskReduction)
	s.JobSize = part(it.Inputs.JobSize, 1, FieldJobSize)
	s.WeeksWaited = weeksWaited(it.SubmittedAt, now)
	s.Ageing = p.AgeingPerWeek * float64(s.WeeksWaited)
	s.CostOfDelay = s.BusinessValue + s.TimeCriticality + s.RiskReduction + s.Ageing
	if s.Known = missing|bad == 0; s.Known {
		s.Value = s.CostOfDelay / s.JobSize
	}
	return s, missing, bad
}

// weeksWaited counts whole weeks: scores then change at moments people can
// foresee instead of a little on every run.
func weeksWaited(since, now time.Time) int {
	if since.IsZero() || !now.After(since) {
		return 0
	}
	return int(now.Sub(since) / week)
}
