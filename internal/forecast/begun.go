package forecast

// BegunIn forecasts when a part is finished that is begun some days of the calendar from now: what it is worked on begins then, in whatever future.
func (p Part) BegunIn(days int, o Options) Result {
	if p.Own.Done {
		return unknown(p.Own.Basis, "too few finished requests say how long one takes")
	}
	cdf := make([]float64, max(days, 0)+1)
	cdf[len(cdf)-1] = 1
	p.Shared = resultOf(Distribution{cdf}, p.Own.Basis, o)
	return p.Finish(o)
}
