package forecast

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// When forecasts by when n items are finished.
func When(h History, n int, o Options) Result { return WhenRange(h, Scope{n, n}, o) }

// WhenRange forecasts by when a number of items that is itself uncertain is finished.
func WhenRange(h History, s Scope, o Options) Result { return each(h, []Scope{s}, o)[0] }

// each forecasts scopes from the same draws.
func each(h History, scopes []Scope, o Options) []Result {
	o = o.withDefaults()
	out := make([]Result, len(scopes))
	if len(scopes) == 0 {
		return out
	}
	basis := basisOf(h)
	why := insufficient(h, o)
	for i := range scopes {
		scopes[i].High = max(scopes[i].High, scopes[i].Low)
		if why != "" {
			out[i] = unknown(basis, why)
		}
	}
	if why == "" {
		cdfs := cdfsOf(h, scopes, o, &basis)
		for i := range out {
			out[i] = resultOf(stretch(cdfs[i], h.period(), o), basis, o)
		}
	}
	for i, s := range scopes {
		if s.High <= 0 { // nothing is left: no history is needed to know that
			out[i] = resultOf(Distribution{[]float64{1}}, basis, o)
		}
	}
	return out
}

// cdfsOf chooses the method and notes it in the basis. Scopes may come in any order and go back in it.
func cdfsOf(h History, scopes []Scope, o Options, basis *Basis) [][]float64 {
	order := make([]int, len(scopes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(scopes[a].High, scopes[b].High), cmp.Compare(scopes[a].Low, scopes[b].Low))
	})
	ascending := make([]Scope, len(scopes))
	for k, i := range order {
		ascending[k] = scopes[i]
	}
	periods, ascending := o.Horizon/h.period(), positive(ascending)
	basis.Method = methodFor(h.Counts, ascending, periods, o.Method)
	var found [][]float64
	switch basis.Method {
	case Exact:
		found = exactly(valuesOf(h.Counts), ascending, periods)
	case Series:
		found = bySeries(momentsOf(h.Counts), ascending, periods)
	default:
		basis.Trials, basis.Seed = o.Trials, o.Seed
		found = sampled(h.Counts, ascending, periods, o)
	}
	out := make([][]float64, len(scopes))
	for k, i := range order {
		out[i] = found[k]
	}
	return out
}

// methodFor is the requested method, or the best one that answers at once, or else the best one that answers.
func methodFor(counts []int, ascending []Scope, periods int, asked Method) Method {
	v, m := valuesOf(counts), momentsOf(counts)
	most := ascending[len(ascending)-1].High
	wide := slices.ContainsFunc(ascending, func(s Scope) bool { return s.Low != s.High })
	far := !slices.ContainsFunc(ascending, func(s Scope) bool { return !m.fits(s.High) })
	switch {
	case asked == Exact, asked == MonteCarlo:
		return asked
	case asked == Series && !wide:
		return Series
	case v.cheap(most, periods, exactAtOnce):
		return Exact
	case far && !wide:
		return Series
	case v.cheap(most, periods, exactAtMost):
		return Exact
	}
	return MonteCarlo
}

// positive keeps the top of every scope at zero or more.
func positive(scopes []Scope) []Scope {
	for i := range scopes {
		scopes[i].High = max(scopes[i].High, 0)
	}
	return scopes
}

// stretch turns periods into calendar days and leaves out the blackout days.
func stretch(cdf []float64, period int, o Options) Distribution {
	last := len(cdf) - 1
	out := make([]float64, 0, last*period+1)
	black, worked := blackout(o), 0
	for day := 0; day <= o.Horizon; day++ {
		if day > 0 && !black[day] {
			worked++
		}
		at := min(worked/period, last)
		out = append(out, cdf[at])
		if at == last && cdf[last] == 1 {
			break
		}
	}
	return Distribution{out}
}

// blackout numbers the blackout days, day 1 being the day after Start.
func blackout(o Options) map[int]bool {
	if o.Start.IsZero() || len(o.Blackout) == 0 {
		return nil
	}
	out := map[int]bool{}
	for _, d := range o.Blackout {
		out[daysBetween(o.Start, d)] = true
	}
	return out
}

// daysBetween counts calendar days, each date read in its own time zone.
func daysBetween(from, to time.Time) int { return int(dayNumber(to) - dayNumber(from)) }

func dayNumber(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86_400
}

func basisOf(h History) Basis {
	return Basis{ActiveDays: h.Active(), Window: len(h.Counts) * h.period(), Samples: len(h.Counts)}
}

// insufficient says why a history is no basis; "" when it is one.
func insufficient(h History, o Options) string {
	active, unit := h.Active(), "days"
	if h.period() == 7 {
		unit = "weeks"
	} else if h.period() > 1 {
		unit = "periods"
	}
	switch {
	case len(h.Counts) == 0:
		return "there is no history of finished work"
	case slices.Min(h.Counts) < 0:
		return "the history holds a negative count"
	case active == 0:
		return fmt.Sprintf("nothing was finished in the last %d %s", len(h.Counts), unit)
	case active < o.MinActive:
		return fmt.Sprintf("only %d of the last %d %s had a completion, %d are needed", active, len(h.Counts), unit, o.MinActive)
	default:
		return ""
	}
}
