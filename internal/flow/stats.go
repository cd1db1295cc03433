package flow

import (
	"math"
	"slices"
)

// Stats sums up durations in days. Percentiles are nearest-rank: always a value that occurred.
type Stats struct {
	N    int     `json:"n"`
	Mean float64 `json:"mean"`
	Min  float64 `json:"min"`
	P50  float64 `json:"p50"`
	P70  float64 `json:"p70"`
	P85  float64 `json:"p85"`
	P95  float64 `json:"p95"`
	Max  float64 `json:"max"`
}

// Summarise computes Stats; all figures are zero without values.
func Summarise(values []float64) Stats {
	if len(values) == 0 {
		return Stats{}
	}
	sorted := slices.Sorted(slices.Values(values))
	s := Stats{N: len(sorted), Min: sorted[0], Max: sorted[len(sorted)-1],
		P50: rank(sorted, .5), P70: rank(sorted, .7), P85: rank(sorted, .85), P95: rank(sorted, .95)}
	for _, v := range sorted {
		s.Mean += v / float64(len(sorted))
	}
	return s
}

// Percentile is the nearest-rank percentile: the smallest value that at least the share p (0..1) of the values does
// not exceed. It is NaN without values.
func Percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	return rank(slices.Sorted(slices.Values(values)), p)
}

func rank(sorted []float64, p float64) float64 {
	at := int(math.Ceil(p*float64(len(sorted)) - 1e-9))
	return sorted[min(max(at, 1), len(sorted))-1]
}
