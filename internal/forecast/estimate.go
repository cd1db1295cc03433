package forecast

// ThreePoint is the PERT mean (o+4m+p)/6 and standard deviation (p−o)/6 of an estimate, in the unit of the estimates.
func ThreePoint(optimistic, likely, pessimistic float64) (mean, deviation float64) {
	return (optimistic + 4*likely + pessimistic) / 6, (pessimistic - optimistic) / 6
}

// RangeCoverage is the chance (n−1)/(n+1) that the next comparable value lies within the range of n past ones.
func RangeCoverage(n int) float64 {
	if n < 2 {
		return 0
	}
	return float64(n-1) / float64(n+1)
}
