package forecast

import (
	"time"

	"leanpmo/internal/pmo"
)

// Method says how a distribution is found.
type Method string

// Auto computes exactly where that is cheap, by a series where so many periods are summed that it errs less than sampling, and samples
// otherwise. The series handles single numbers of items only: for a wider Scope it means Auto.
const (
	Auto       Method = ""
	Exact      Method = "exact"
	Series     Method = "series"
	MonteCarlo Method = "monte_carlo"
	// Conformal is the method of Model.
	Conformal Method = "conformal"
	// CycleTimes is the method of Remaining: what finished items took.
	CycleTimes Method = "cycle_times"
)

// Defaults of Options.
const (
	DefaultTrials    = 10_000
	DefaultMinActive = 5
	DefaultHorizon   = 3650 // days: later than ten years is "beyond"
)

// History is what was finished in consecutive periods, oldest first, periods without a completion included.
type History struct {
	Counts []int
	// PeriodDays is the length of a period: 1 for daily (also when 0), 7 for weekly counts.
	PeriodDays int
}

// Options configure a forecast; the zero value means the defaults.
type Options struct {
	// Start is the last day already counted, usually today; without it results carry days but no dates.
	Start time.Time
	// Blackout are days on which nothing is finished and which History does not show (a shutdown). They need Start.
	Blackout []time.Time
	Seed     uint64
	Trials   int
	// MinActive is the least number of periods with a completion below which no number is given.
	MinActive int
	// Horizon is the latest day computed.
	Horizon int
	Method  Method
}

// Scope is how many items are left: any number from Low to High is equally likely.
type Scope struct{ Low, High int }

// Grow widens a scope by factors for work that splits or is added on the way, such as 1.0 to 1.5 per item.
func (s Scope) Grow(low, high float64) Scope {
	return Scope{ceil(float64(s.Low) * max(low, 0)), ceil(float64(s.High) * max(high, 0))}
}

// Point is one percentile of a time.
type Point struct {
	Days int `json:"days"`
	// Date is Start plus Days; zero when no Start was given.
	Date time.Time `json:"date,omitzero"`
	// Beyond says that the percentile lies after Days, the horizon.
	Beyond bool `json:"beyond,omitempty"`
}

// Day is the date as a text; empty where the percentile lies beyond the horizon, because any date would be wrong, and without a Start.
func (p Point) Day() pmo.Date {
	if p.Beyond || p.Date.IsZero() {
		return ""
	}
	return pmo.Date(p.Date.Format(time.DateOnly))
}

// Basis is what a forecast rests on.
type Basis struct {
	ActiveDays int    `json:"active_days"` // periods with a completion
	Window     int    `json:"window_days"` // calendar days that the history covers
	Samples    int    `json:"samples"`     // values drawn from
	Trials     int    `json:"trials,omitempty"`
	Seed       uint64 `json:"seed,omitempty"`
	Method     Method `json:"method,omitempty"`
	// PastForecasts is how many past forecasts a Model is corrected by.
	PastForecasts int `json:"past_forecasts,omitempty"`
	// Team is whose finished requests it rests on; empty: those of the whole portfolio.
	Team string `json:"team,omitempty"`
}

// Result is when something will be done.
type Result struct {
	P50 Point `json:"p50"`
	P70 Point `json:"p70"`
	P85 Point `json:"p85"`
	P95 Point `json:"p95"`
	// Done says that nothing is left, so that there is nothing to forecast.
	Done           bool   `json:"done,omitempty"`
	Basis          Basis  `json:"basis"`
	CannotForecast bool   `json:"cannot_forecast,omitempty"`
	Why            string `json:"why,omitempty"`
	Sentence       string `json:"sentence"`

	dist  Distribution
	start time.Time
}

// Distribution of the days until done. It is empty when the forecast is unknown.
func (r Result) Distribution() Distribution { return r.dist }

func (o Options) withDefaults() Options {
	if o.Trials <= 0 {
		o.Trials = DefaultTrials
	}
	if o.MinActive <= 0 {
		o.MinActive = DefaultMinActive
	}
	if o.Horizon <= 0 {
		o.Horizon = DefaultHorizon
	}
	return o
}

func (h History) period() int { return max(h.PeriodDays, 1) }

// Active is the number of periods with a completion.
func (h History) Active() int {
	n := 0
	for _, c := range h.Counts {
		if c > 0 {
			n++
		}
	}
	return n
}
