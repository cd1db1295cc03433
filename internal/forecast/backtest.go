package forecast

// Walk describes a walk-forward test: at each of a series of past days, forecast from the window before it and compare
// with what followed.
type Walk struct {
	Window int // periods of history that each forecast may see
	Items  int // forecast when so many are finished …
	// Periods, when Items is 0: … or how many are finished in so many periods.
	Periods int
	// Step is the number of periods to the next forecast; 0 makes forecasts that do not overlap in time.
	Step   int
	Levels []float64 // 0.5, 0.7, 0.85 and 0.95 when empty
}

// Backtest is the outcome of a walk.
type Backtest struct {
	Forecasts  int         `json:"forecasts"` // made and compared
	Unknown    int         `json:"unknown"`   // "cannot forecast"
	Open       int         `json:"open"`      // the history ended before the outcome
	Judgements []Judgement `json:"verdicts"`
	// Score is over all levels together.
	Score Score `json:"score"`
}

// WalkForward tests the method on a history, before its forecasts are used.
func WalkForward(h History, w Walk, o Options) Backtest {
	if len(w.Levels) == 0 {
		w.Levels = []float64{.5, .7, .85, .95}
	}
	var out Backtest
	var checked []Checked
	hits := make([]int, len(w.Levels))
	for at := max(w.Window, 1); at < len(h.Counts); {
		past := History{h.Counts[max(at-w.Window, 0):at], h.PeriodDays}
		kept, taken, state := w.compare(past, h.Counts[at:], o)
		switch state {
		case cannot:
			out.Unknown++
		case open:
			out.Open++
		case known:
			out.Forecasts++
			for k, hit := range kept {
				checked = append(checked, Checked{w.Levels[k], hit})
				if hit {
					hits[k]++
				}
			}
		}
		at += max(w.Step, 1)
		if w.Step <= 0 {
			at += max(taken-1, 0)
		}
	}
	for k, level := range w.Levels {
		out.Judgements = append(out.Judgements, Judge(level, hits[k], out.Forecasts))
	}
	out.Score = Evaluate(checked)
	return out
}

type outcome int

const (
	cannot outcome = iota
	open
	known
)

// compare makes one forecast and returns, by level, whether it was kept; taken is how many periods the outcome took.
func (w Walk) compare(past History, future []int, o Options) (kept []bool, taken int, state outcome) {
	if w.Items > 0 {
		return w.compareWhen(past, future, o)
	}
	if len(future) < w.Periods || w.Periods < 1 {
		return nil, 1, open
	}
	r, sum := HowMany(past, w.Periods*past.period(), o), 0
	for _, c := range future[:w.Periods] {
		sum += c
	}
	if r.CannotForecast {
		return nil, 1, cannot
	}
	for _, level := range w.Levels {
		kept = append(kept, sum >= r.lower(level))
	}
	return kept, w.Periods, known
}

func (w Walk) compareWhen(past History, future []int, o Options) (kept []bool, taken int, state outcome) {
	sum := 0
	for taken < len(future) && sum < w.Items {
		sum += future[taken]
		taken++
	}
	r := When(past, w.Items, o)
	if r.CannotForecast {
		return nil, 1, cannot
	}
	if sum < w.Items {
		return nil, 1, open
	}
	for _, level := range w.Levels {
		at, _ := r.Percentile(level)
		kept = append(kept, taken*past.period() <= at.Days)
	}
	return kept, taken, known
}
