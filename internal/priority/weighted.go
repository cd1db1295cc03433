package priority

import (
	"fmt"
	"math"
	"slices"
)

// Normalise maps one column of values to 0–100, the way Jira Product Discovery
// documents it: with no negative value, v/max×100; otherwise
// (v−min)/(max−min)×100. A column of equal values maps to 100, of zeros to 0.
//
// That product's own all-negative example (−5, −2, −1 → 0, 66, 100) follows no
// linear formula; ours stays linear there and gives 0, 75, 100.
func Normalise(values []float64) []float64 {
	out := make([]float64, len(values))
	if len(values) == 0 {
		return out
	}
	lo, hi := slices.Min(values), slices.Max(values)
	if lo >= 0 {
		lo = 0
	}
	for i, v := range values {
		switch {
		case hi > lo:
			out[i] = (v - lo) / (hi - lo) * 100
		case hi != 0:
			out[i] = 100
		}
	}
	return out
}

// Criterion is one column of a weighted score. A negative weight marks a
// criterion that speaks against an item, such as effort.
type Criterion struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"`
}

// Weighted scores rows of values (one value per criterion) as Σ wᵢ·norm(xᵢ),
// the weights divided by their sum so that Σw = 1. If there are negative
// weights, the normalised sum of the positive side is divided by the normalised
// sum of the negative side (at least 1, the smallest step of the scale) and the
// quotient normalised again. Scores are 0–100. Errors are *InputError.
func Weighted(criteria []Criterion, rows [][]float64) ([]float64, error) {
	for i, row := range rows {
		if len(row) != len(criteria) {
			return nil, &InputError{Field: fmt.Sprintf("rows[%d]", i), Reason: "must have one value per criterion"}
		}
	}
	gain, err := side(criteria, rows, 1)
	if err != nil {
		return nil, err
	}
	loss, err := side(criteria, rows, -1)
	if err != nil {
		return nil, err
	}
	if gain == nil {
		return nil, &InputError{Field: "criteria", Reason: "must have at least one positive weight"}
	}
	if loss == nil {
		return gain, nil
	}
	gain, loss = Normalise(gain), Normalise(loss)
	for i := range gain {
		gain[i] /= max(loss[i], 1)
	}
	return Normalise(gain), nil
}

// side sums the weighted, normalised columns whose weight has the given sign;
// nil if there is no such column.
func side(criteria []Criterion, rows [][]float64, sign float64) ([]float64, error) {
	sums, total := make([]float64, len(rows)), 0.0
	column := make([]float64, len(rows))
	for c, crit := range criteria {
		weight := crit.Weight * sign
		if why := nonNegative(math.Abs(weight)); why != "" {
			return nil, &InputError{Field: crit.Name, Reason: "weight " + why}
		}
		if weight <= 0 {
			continue
		}
		for r, row := range rows {
			if why := nonNegative(math.Abs(row[c])); why != "" {
				return nil, &InputError{Field: crit.Name, Reason: why}
			}
			column[r] = row[c]
		}
		total += weight
		for r, v := range Normalise(column) {
			sums[r] += weight * v
		}
	}
	if total == 0 {
		return nil, nil
	}
	for r := range sums {
		sums[r] /= total
	}
	return sums, nil
}
