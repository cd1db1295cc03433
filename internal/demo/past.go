package demo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"leanpmo/internal/wire"
)

// What the demo's office finished in the year before: about three pieces of work a week, on weekdays, fewer in summer and around the turn of the
// year, each after about three weeks. It is imported history, so that nobody is asked about it: forecasts rest on it, and the simulation takes from it how
// many requests come in a week.
const (
	pastSource  = "demo: the year before"
	pastDays    = 365
	pastPerDay  = 0.62 // on a weekday
	pastTypical = 19.0 // days from beginning to end, in the middle of all
	pastSpread  = 0.55 // of their logarithm
	pastSeed    = 2026
)

// pastKinds are what it was, as often as in an office that keeps systems running.
var pastKinds = []string{"enhancement", "enhancement", "enhancement", "bug", "bug", "data", "support", "support", "process_change", "new_application"}

// yearBefore is the finished work of the year before a day. It depends on the day alone.
func yearBefore(now time.Time) []wire.ImportedItem {
	rng := rand.New(rand.NewPCG(pastSeed, pastDays))
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	var list []wire.ImportedItem
	for day := pastDays; day >= 1; day-- {
		at := today.AddDate(0, 0, -day)
		left := pace(at)
		for rng.Float64() < left {
			left--
			finished := at.Add(time.Duration(9*60+rng.IntN(8*60)) * time.Minute)
			days := pastTypical * math.Exp(pastSpread*rng.NormFloat64())
			started := finished.Add(-time.Duration(days * 24 * float64(time.Hour))).Truncate(time.Minute)
			created := started.Add(-time.Duration((3 + 25*rng.Float64()) * 24 * float64(time.Hour))).Truncate(time.Minute)
			list = append(list, wire.ImportedItem{ID: fmt.Sprintf("OLD-%d", len(list)+1), Kind: pastKinds[rng.IntN(len(pastKinds))], Created: created, Started: started, Finished: finished})
		}
	}
	return list
}

// pace is how much is finished on a day, on average; more than one now and then.
func pace(at time.Time) float64 {
	if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		return 0
	}
	switch {
	case at.Month() == time.August:
		return pastPerDay * 0.6
	case at.Month() == time.December && at.Day() > 20, at.Month() == time.January && at.Day() < 4:
		return pastPerDay * 0.3
	case at.Day() > 25: // work is closed at the end of the month
		return pastPerDay * 1.7
	}
	return pastPerDay
}

// seedPast gives the forecasts the year before. It is idempotent.
func (p *seeder) seedPast(ctx context.Context) error {
	if _, err := p.asPMO().ImportHistory(ctx, wire.ImportHistory{Source: pastSource, Items: yearBefore(p.now)}); err != nil {
		return fmt.Errorf("import the year before: %w", err)
	}
	for _, said := range keyResults {
		if _, err := p.asPMO().SayKeyResult(ctx, said, "demo/"+said.Objective+"/"+said.KeyResult); err != nil {
			return fmt.Errorf("say key result %s of %s: %w", said.KeyResult, said.Objective, err)
		}
	}
	return nil
}

// keyResults are what was counted in the demo. Nobody has counted the permits that are asked for online.
var keyResults = []wire.SayKeyResult{
	{Objective: "permits", KeyResult: "days", Value: 24, Note: "the mean of last month"},
	{Objective: "typing", KeyResult: "hours", Value: 310, Note: "asked of the clerks of three counters"},
}
