package assign

import "math"

// WaitFactor is ρ/(1−ρ), the multiplier of Kingman's formula: how the wait grows with utilisation rho (0..1).
// It is +Inf at full load and above, and 0 for an idle team.
func WaitFactor(rho float64) float64 {
	switch {
	case rho <= 0:
		return 0
	case rho >= 1:
		return math.Inf(1)
	default:
		return rho / (1 - rho)
	}
}

// Kingman is the mean wait before service in a G/G/1 queue, Wq ≈ ρ/(1−ρ) × (Ca²+Cs²)/2 × S (Kingman 1961).
// ca2 and cs2 are the squared coefficients of variation of arrivals and of service; the result has the unit of
// service, the mean service time.
func Kingman(rho, ca2, cs2, service float64) float64 {
	variability := (ca2 + cs2) / 2
	if variability == 0 || service == 0 {
		return 0 // a perfectly regular queue never waits, not even at full load
	}
	return WaitFactor(rho) * variability * service
}

// ErlangC is the probability that an arrival must wait in an M/M/c queue with servers c at utilisation rho.
// It is computed by the Erlang B recursion, which does not overflow for large c.
func ErlangC(servers int, rho float64) float64 {
	if servers < 1 || rho >= 1 {
		return 1
	}
	if rho <= 0 {
		return 0
	}
	offered, b := rho*float64(servers), 1.0
	for k := 1; k <= servers; k++ {
		b = offered * b / (float64(k) + offered*b)
	}
	return b / (1 - rho*(1-b))
}

// PooledWait is Wq/S of an M/M/c queue: the mean wait in service times when servers share one queue. It shows why
// teams that can take each other's work may run at higher utilisation than specialists.
func PooledWait(servers int, rho float64) float64 {
	if servers < 1 || rho >= 1 {
		return math.Inf(1)
	}
	return ErlangC(servers, rho) / (float64(servers) * (1 - max(rho, 0)))
}

// SwitchingLoss is the share of time lost to switching when one team works on so many requests at once
// (Weinberg, Quality Software Management: a rule of thumb, not a measurement).
func SwitchingLoss(parallel int) float64 {
	table := []float64{0, 0, 0.2, 0.4, 0.6, 0.75}
	return table[min(max(parallel, 0), len(table)-1)]
}
