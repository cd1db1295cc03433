package forecast

import (
	"fmt"
	"math"
)

// A backtest makes the forecasts that would have been made every two weeks, each of about seven weeks of work.
const (
	backtestEvery = 14
	backtestAhead = 49
	backtestFrom  = 84 // days of history before the first
)

// BacktestLevels are the chances that are compared.
var BacktestLevels = []float64{.5, .7, .85, .95}

// Backtest is how forecasts would have come true on a history, each made from what was known then (rolling origin).
type Backtest struct {
	Forecasts  int         `json:"forecasts" doc:"How many were made"`
	Unknown    int         `json:"unknown" doc:"On how many days nothing could be forecast"`
	Judgements []Judgement `json:"judgements" doc:"One for each chance; forecasts that overlap in time count as one"`
	Sentence   string      `json:"sentence"`
}

// RollingOrigin tests the forecasts of a history. A forecast counts for a level once its day is over, whether the work was finished then or not.
func RollingOrigin(h History, o Options) Backtest {
	whole := Learn(h, o)
	today := len(whole.counts)
	var out Backtest
	judged, kept := make([]int, len(BacktestLevels)), make([]int, len(BacktestLevels))
	for day := backtestFrom; day < today; day += backtestEvery {
		past := Learn(History{Counts: whole.counts[:day], PeriodDays: 1}, Options{MinActive: o.MinActive, Horizon: o.Horizon})
		items := max(int(math.Round(backtestAhead*float64(whole.done[day]-whole.done[day-backtestFrom])/backtestFrom)), 1)
		r := past.When(items)
		if r.CannotForecast {
			out.Unknown++
			continue
		}
		out.Forecasts++
		took, finished := whole.took(items, day, today)
		for k, level := range BacktestLevels {
			if at, _ := r.Percentile(level); day+at.Days <= today {
				judged[k]++
				if finished && took <= float64(at.Days) {
					kept[k]++
				}
			}
		}
	}
	for k, level := range BacktestLevels {
		out.Judgements = append(out.Judgements, judgeOverlapping(level, kept[k], judged[k]))
	}
	out.Sentence = out.words()
	return out
}

// judgeOverlapping judges forecasts that share most of their time with their neighbours as the fewer independent ones they are worth.
func judgeOverlapping(level float64, kept, judged int) Judgement {
	independent := (judged*backtestEvery + backtestAhead - 1) / backtestAhead
	share := 0
	if judged > 0 {
		share = int(math.Round(float64(kept) * float64(independent) / float64(judged)))
	}
	j := Judge(level, share, independent)
	j.N, j.Hits, j.Independent = judged, kept, independent
	j.Sentence = fmt.Sprintf("%d of %d forecasts at %d %% were met; they overlap and are worth %d: %s", kept, judged, int(math.Round(level*100)), independent, j.verdict(share, independent))
	return j
}

func (b Backtest) words() string {
	if b.Forecasts == 0 {
		return fmt.Sprintf("The history is too short to test forecasts on it: %d days are needed before the first.", backtestFrom)
	}
	return fmt.Sprintf("%d forecasts, one every %d days of the past, of when about %d days of work are finished; each from what was known then.", b.Forecasts, backtestEvery, backtestAhead)
}
