package forecast

import (
	"fmt"
	"math"
	"slices"
	"sync"
)

// Parameters of Model. They were set on the development histories alone (docs/forecasting.md names them and says how).
const (
	tailFrom      = 0.9999 // a chance above this counts as certain, so that a distribution ends
	smoothingDays = 8.4    // so many days at the overall rate are added to each window: a window without a completion has a rate too
	scaleFactor   = 1.4    // the spread of sums of independent days, widened because days are not independent
	driftSpread   = 0.18   // spread of the logarithm by a pace that changes within driftDays
	driftDays     = 49
	mostDrift     = 0.6
	priorWeight   = 6.0 // the prior counts as so many independent past forecasts
	shrinkWeight  = 2.0 // the same, where past errors say that the prior is too wide
	halfLifeDays  = 365 // of a past error's weight
	originEvery   = 7   // days between the past forecasts that are looked at
	leastHistory  = 28  // days before the first of them
	recentDays    = 84  // the days from which the spread of single days is taken
	gridGrowth    = 1.15
	mostSteps     = 20 // a scope is looked at in so many places and one
)

// rateWindows are the days over which the rate of throughput is averaged, geometrically, as far as the history reaches.
var rateWindows = []int{28, 56, 84, 182}

// Model forecasts when work is finished from the throughput of a team, corrected by how earlier forecasts of the same kind came true
// (split conformal prediction; unfinished ones count as censored, by Kaplan and Meier). It is for daily histories, and safe for use by
// many goroutines.
//
// The point forecast of n items is n divided by the geometric mean of the rates over several windows. Its error is the logarithm of
// actual by predicted days: the distribution of past errors, mixed with a lognormal prior that carries the forecast while there are few.
type Model struct {
	counts  []int
	done    []int // done[d]: items finished in the first d days
	active  []int // active[d]: how many of the first d days saw a completion
	options Options
	basis   Basis
	why     string // why nothing can be forecast; "" when it can
	pace    Pace
	open    *openDays

	mu   sync.Mutex
	grid []gridPoint
}

// gridPoint is the distribution for a number of items. Between two of them distributions are mixed, so that more items are never sooner.
type gridPoint struct {
	items int
	cdf   []float64
}

// Learn makes a model of a daily history: whole days, oldest first, from the first completion (earlier empty days are dropped) up to
// Options.Start.
func Learn(h History, o Options) *Model {
	counts := h.Counts
	if first := slices.IndexFunc(counts, func(c int) bool { return c != 0 }); first > 0 {
		counts = counts[first:]
	}
	m := &Model{counts: counts, options: o.withDefaults(), done: make([]int, len(counts)+1), active: make([]int, len(counts)+1)}
	for i, c := range counts {
		m.done[i+1], m.active[i+1] = m.done[i]+c, m.active[i]
		if c > 0 {
			m.active[i+1]++
		}
	}
	m.basis = Basis{ActiveDays: History{Counts: counts}.Active(), Window: len(counts), Samples: len(counts), Method: Conformal}
	if m.why = m.tooLittle(); m.why == "" {
		m.pace = m.judgePace()
		m.why = m.pace.refuses()
	}
	m.basis.PastForecasts, m.open = m.pastForecasts(), openDaysOf(m.options)
	return m
}

// tooLittle says why the history is no basis, and what would change that; "" when it is one.
func (m *Model) tooLittle() string {
	switch {
	case len(m.counts) > 0 && slices.Min(m.counts) < 0:
		return "the history holds a negative count"
	case m.basis.ActiveDays == 0:
		return fmt.Sprintf("nothing was finished before today; work finished on %d days is needed", m.options.MinActive)
	case m.basis.ActiveDays < m.options.MinActive:
		return fmt.Sprintf("before today, work was finished on only %s; %d are needed", dayCount(m.basis.ActiveDays), m.options.MinActive)
	}
	return ""
}

// Pace is how the throughput of the last weeks compares with that before.
func (m *Model) Pace() Pace { return m.pace }

// When forecasts by when n items are finished.
func (m *Model) When(n int) Result { return m.WhenRange(Scope{n, n}) }

// WhenRange forecasts by when a number of items that is itself uncertain is finished.
func (m *Model) WhenRange(s Scope) Result {
	s.High = max(s.High, s.Low)
	switch {
	case s.High <= 0: // nothing is left: no history is needed to know that
		return resultOf(Distribution{[]float64{1}}, m.basis, m.options)
	case m.why != "":
		return unknown(m.basis, m.why)
	}
	var sum []float64
	steps := min(s.High-s.Low, mostSteps)
	for k := range steps + 1 {
		n := s.Low
		if steps > 0 {
			n += int(math.Round(float64(k) * float64(s.High-s.Low) / float64(steps)))
		}
		sum = m.addChances(sum, n, 1/float64(steps+1))
	}
	for d, c := range sum {
		sum[d] = snapToOne(c)
	}
	return m.resultIn(sum)
}

// resultIn is the result of chances by open days.
func (m *Model) resultIn(cdf []float64) Result {
	if m.open != nil {
		cdf = m.open.stretch(cdf)
	}
	r := resultOf(Distribution{cdf}, m.basis, m.options)
	if words := m.pace.Words; words != "" {
		r.Sentence += " " + words
	}
	return r
}

// addChances adds to a sum the weighted chance to have finished n items after 0, 1, 2 … days: that of the nearest numbers on the grid, mixed.
func (m *Model) addChances(sum []float64, n int, weight float64) []float64 {
	low, high := m.around(n)
	share := 0.0
	if high.items > low.items {
		share = float64(n-low.items) / float64(high.items-low.items)
	}
	for len(sum) < max(len(low.cdf), len(high.cdf)) {
		if sum == nil {
			sum = make([]float64, 0, max(len(low.cdf), len(high.cdf)))
		}
		last := 0.0
		if len(sum) > 0 {
			last = sum[len(sum)-1]
		}
		sum = append(sum, last)
	}
	lastLow, lastHigh := len(low.cdf)-1, len(high.cdf)-1
	for d := range sum {
		sum[d] += weight * ((1-share)*low.cdf[min(d, lastLow)] + share*high.cdf[min(d, lastHigh)])
	}
	return sum
}

// around are the numbers on the grid next to n, twice the same where n is on it.
func (m *Model) around(n int) (low, high gridPoint) {
	if n <= 0 {
		nothing := gridPoint{0, []float64{1}}
		return nothing, nothing
	}
	grid := m.gridTo(float64(n))
	k, exact := slices.BinarySearchFunc(grid, n, func(p gridPoint, n int) int { return p.items - n })
	if exact {
		return grid[k], grid[k]
	}
	return grid[k-1], grid[k]
}

// extendGrid adds the next number of items; its chances are at most those of the one before.
func (m *Model) extendGrid() {
	if len(m.grid) == 0 {
		m.grid = append(m.grid, gridPoint{1, m.distribution(1)})
		return
	}
	last := m.grid[len(m.grid)-1]
	items := max(last.items+1, int(float64(last.items)*gridGrowth))
	cdf := m.distribution(items)
	for len(cdf) < len(last.cdf) {
		cdf = append(cdf, cdf[len(cdf)-1])
	}
	for d := range cdf {
		cdf[d] = min(cdf[d], last.cdf[min(d, len(last.cdf)-1)])
	}
	m.grid = append(m.grid, gridPoint{items, cdf})
}

// distribution is the chance to have finished n items after 0, 1, 2 … days, by the errors of past forecasts of n items.
func (m *Model) distribution(n int) []float64 {
	today := len(m.counts)
	predicted := m.predict(n, today)
	errors := m.pastErrors(n, today)
	prior := m.spread(n, predicted)
	prior = min(prior, shrunk(prior, errors))
	chance := mix(errors, math.Hypot(prior, m.pace.widens()))
	out := []float64{0}
	for d := 1; d <= m.options.Horizon; d++ {
		p := max(out[d-1], chance(math.Log(float64(d)/predicted)))
		if p >= tailFrom {
			return append(out, 1)
		}
		out = append(out, p)
	}
	return out
}

// predict is the point forecast in days of n items, made on a day from what had been finished before. Fewer than are usually finished on one day
// with a completion take as long as that many: they come together.
func (m *Model) predict(n, day int) float64 { return m.together(n, day) / m.rate(day) }

// together is n, or how many were finished on a day with a completion on average, whichever is more.
func (m *Model) together(n, day int) float64 {
	return max(float64(n), float64(m.done[day])/float64(max(m.active[day], 1)))
}

// rate is the throughput per day before a day: the geometric mean over the windows that the history fills.
func (m *Model) rate(day int) float64 {
	overall := float64(m.done[day]) / float64(day)
	sum, filled := 0.0, 0
	for _, window := range rateWindows {
		if window <= day {
			finished := float64(m.done[day] - m.done[day-window])
			sum += math.Log((finished + smoothingDays*overall) / (float64(window) + smoothingDays))
			filled++
		}
	}
	if filled == 0 {
		return overall
	}
	return math.Exp(sum / float64(filled))
}

// spread is the prior's standard deviation of the logarithm of the days: that of a sum of independent days like the recent ones, widened,
// and what a changing pace adds, more for what is further away.
func (m *Model) spread(n int, predicted float64) float64 {
	recent := m.counts[max(len(m.counts)-recentDays, 0):]
	days := momentsOf(recent)
	if days.mean == 0 {
		days = momentsOf(m.counts)
	}
	drift := min(driftSpread*math.Sqrt(max(predicted/driftDays, 1)), mostDrift)
	return math.Hypot(scaleFactor*math.Sqrt(days.variance/(m.together(n, len(m.counts))*days.mean)), drift)
}

func (m *Model) pastForecasts() int {
	return max((len(m.counts)-originEvery-leastHistory)/originEvery+1, 0)
}
