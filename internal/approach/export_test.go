package approach

import "math"

// Within is the probability that the critical path takes at most so many working days, by the normal approximation of PERT.
func (s Schedule) Within(days float64) float64 {
	if s.Deviation == 0 {
		if days >= s.Duration {
			return 1
		}
		return 0
	}
	return 0.5 * math.Erfc(-(days-s.Duration)/(s.Deviation*math.Sqrt2))
}
