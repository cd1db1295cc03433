package priority

import (
	"math"
	"time"
)

const week = 7 * 24 * time.Hour

// Score is a score with what it is made of: Value = CostOfDelay ÷ JobSize.
type Score struct {
	// Ageing is the starvation guard: what the whole weeks waited add to CostOfDelay.
	Ageing      float64 `json:"ageing"`
	WeeksWaited int     `json:"weeks_waited"`
	// CostOfDelay is the numerator of the model, ageing included.
	CostOfDelay float64 `json:"cost_of_delay"`
	// JobSize is the divisor of the model; 1 where it has none.
	JobSize float64 `json:"job_size"`
	// Value is 0 while Known is false.
	Value float64 `json:"value"`
	// Known is false when an input is missing or unusable.
	Known bool `json:"known"`
}

// score never fails: it returns what is known, what is missing and what is
// unusable, so that one bad row cannot stop a run over the whole backlog.
func (r *rules) score(it *Item, now time.Time) (s Score, missing, bad Fields) {
	for _, f := range r.factors {
		if r.needs&f.field == 0 {
			continue
		}
		if f.field == FieldMoSCoW {
			switch {
			case it.Inputs.MoSCoW == "":
				missing |= f.field
			case tierOf(it.Inputs.MoSCoW) == 0:
				bad |= f.field
			}
			continue
		}
		switch v := *it.Inputs.at(f.field); {
		case v == nil:
			missing |= f.field
		case f.fault(*v) != "":
			bad |= f.field
		}
	}
	s.WeeksWaited = weeksWaited(it.SubmittedAt, now)
	if s.Known = missing|bad == 0; !s.Known {
		return s, missing, bad
	}
	base, divisor := r.numeratorOf(&it.Inputs)+r.pointsTerm(it), r.divisorOf(&it.Inputs)
	s.JobSize = divisor
	if r.growth > 0 {
		// The quotient comes first: equal scores stay equal whatever the weeks.
		grown := math.Exp(r.growth * float64(min(s.WeeksWaited, r.maxWeeks)))
		s.Ageing, s.CostOfDelay, s.Value = base*(grown-1), base*grown, base/divisor*grown
		return s, missing, bad
	}
	s.Ageing = r.AgeingPerWeek * float64(s.WeeksWaited)
	s.CostOfDelay = base + s.Ageing
	s.Value = s.CostOfDelay / divisor
	return s, missing, bad
}

// numeratorOf needs all inputs of the model.
func (r *rules) numeratorOf(in *Inputs) float64 {
	total := 0.0
	if r.product {
		total = 1
	}
	for _, f := range r.factors {
		switch v := in.at(f.field); {
		case f.field == r.divisor || r.needs&f.field == 0 || v == nil:
		case r.product:
			total *= **v
		default:
			if t := r.term(index(f.field), **v); t > 0 {
				total += t
			}
		}
	}
	return total
}

// divisorOf needs all inputs of the model. That of the weighted model is the weighted mean of the criteria against, and at least 1.
func (r *rules) divisorOf(in *Inputs) float64 {
	if r.divisor != 0 {
		return **in.at(r.divisor)
	}
	if r.loss == 0 {
		return 1
	}
	total := 0.0
	for _, f := range r.factors {
		if i := index(f.field); r.weights[i] < 0 {
			total -= r.weights[i] * r.bounds[i].normalise(**in.at(f.field)) / r.loss
		}
	}
	return max(total, 1)
}

// fault is why a value cannot be used, or empty.
func (f factor) fault(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "must be a finite number"
	case f.lo == smallest && v < f.lo:
		return mustBePositive
	case f.lo == 0 && v < 0:
		return mustNotBeBelow
	case v < f.lo || v > f.hi && f.hi != largest:
		return "must be from " + num(f.lo) + " to " + num(f.hi)
	case v > f.hi:
		return mustNotExceed
	}
	return ""
}

// weeksWaited counts whole weeks: scores then change at moments people can
// foresee instead of a little on every run.
func weeksWaited(since, now time.Time) int {
	if since.IsZero() || !now.After(since) {
		return 0
	}
	return int(now.Sub(since) / week)
}

// ScorePart is one term of a score. The amounts of all parts add up to the score.
type ScorePart struct {
	// Code is the name of an input, base (a product of inputs) or ageing.
	Code   string  `json:"code"`
	Amount float64 `json:"amount"`
}

// parts take a known score apart.
func (r *rules) parts(it *Item, s Score) []ScorePart {
	var list []ScorePart
	in := &it.Inputs
	if r.product {
		list = append(list, ScorePart{"base", (s.CostOfDelay - s.Ageing) / s.JobSize})
	} else {
		for _, f := range r.factors {
			if v := in.at(f.field); v != nil && f.field != r.divisor && r.needs&f.field != 0 {
				if t := r.term(index(f.field), **v); t > 0 {
					list = append(list, ScorePart{f.field.Names()[0], t / s.JobSize})
				}
			}
		}
	}
	if t := r.pointsTerm(it); t > 0 {
		list = append(list, ScorePart{PointsInput, t / s.JobSize})
	}
	if s.Ageing != 0 {
		list = append(list, ScorePart{"ageing", s.Ageing / s.JobSize})
	}
	return list
}
