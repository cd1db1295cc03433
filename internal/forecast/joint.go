package forecast

import "time"

// Joint forecasts what needs all of several independent contributors: the product of their distributions, never the
// worst of them. One unknown contributor makes the whole unknown; what is already done is left out. Contributors
// that share people depend on each other: both may be late for the same reason.
func Joint(o Options, parts ...Result) Result {
	o = o.withDefaults()
	joint, basis, first := Distribution{[]float64{1}}, Basis{}, true
	for _, r := range parts {
		if r.Done && !r.CannotForecast {
			continue
		}
		basis = weaker(basis, r.Basis, first)
		first = false
	}
	for _, r := range parts {
		if r.CannotForecast {
			return unknown(basis, "one of them cannot be forecast: "+r.Why)
		}
		if !r.Done {
			joint = joint.and(r.from(o.Start))
		}
	}
	return resultOf(joint, basis, o)
}

// from is the distribution with its days counted from another day: calendar days of several time zones begin at different moments.
func (r Result) from(start time.Time) Distribution {
	if start.IsZero() || r.start.IsZero() {
		return r.dist
	}
	return r.dist.later(daysBetween(start, r.start))
}

// then forecasts one thing after another, independent of each other: waiting for a slot in days of the calendar, and then the work in open days.
func then(o Options, before, after Result, open *openDays) Result {
	o = o.withDefaults()
	basis := weaker(before.Basis, after.Basis, before.Done)
	switch {
	case before.CannotForecast:
		return unknown(basis, before.Why)
	case after.CannotForecast:
		return unknown(basis, after.Why)
	case open == nil:
		return resultOf(before.dist.then(after.dist, o.Horizon), basis, o)
	default:
		return resultOf(before.dist.thenOpen(after.dist, o.Horizon, open), basis, o)
	}
}

// weaker returns the basis with less data: a chain is only as good as its weakest part.
func weaker(a, b Basis, onlyB bool) Basis {
	if onlyB || b.ActiveDays < a.ActiveDays {
		return b
	}
	return a
}
