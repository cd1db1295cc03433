package flow

import (
	"fmt"
	"math"
	"time"
)

// LittlesLaw is the average cycle time, average WIP ÷ average throughput, in the time unit of the throughput
// (Little 1961). It is +Inf when nothing is finished.
func LittlesLaw(avgWIP, throughput float64) float64 {
	if throughput <= 0 {
		return math.Inf(1)
	}
	return avgWIP / throughput
}

// Little compares the law with what was measured in a window. It checks the flow and is no forecast: where the
// law does not hold, one of its conditions is broken, and that condition shows what to look into.
type Little struct {
	AvgWIP     float64 `json:"avg_wip"`
	Throughput float64 `json:"throughput_per_day"`
	Expected   float64 `json:"expected_days"` // AvgWIP ÷ Throughput; 0 when nothing was finished
	Measured   float64 `json:"measured_days"` // mean cycle time of the items finished in the window
	// Holds is true when the law is off by no more than a quarter of what was measured.
	Holds      bool           `json:"holds"`
	Conditions []LawCondition `json:"conditions"`
}

// LawCondition is one assumption of the law (Vacanti).
type LawCondition struct {
	Name   string `json:"name"`
	Holds  bool   `json:"holds"`
	Detail string `json:"detail"`
}

// tolerance is the relative difference up to which a condition counts as met.
const tolerance = 0.25

// CheckLittle measures the window from ≤ t < to. Departures are delivered items; started items that were dropped break
// a condition, which counts them.
func CheckLittle(items []Item, from, to time.Time) Little {
	var out Little
	if !from.Before(to) {
		return out
	}
	length := to.Sub(from)
	var busy time.Duration
	arrived, finished, dropped, sum := 0, 0, 0, 0.0
	for _, i := range items {
		if i.Pulled == nil {
			continue
		}
		busy += total(clip(spansOf([]Span{{*i.Pulled, i.ended()}}, to), from, to))
		arrived += count(i.Pulled, from, to)
		if i.Done == nil {
			dropped += count(i.Dropped, from, to)
		} else if count(i.Done, from, to) == 1 && !i.Done.Before(*i.Pulled) {
			finished++
			sum += i.Done.Sub(*i.Pulled).Hours() / 24
		}
	}
	out.AvgWIP = float64(busy) / float64(length)
	out.Throughput = float64(finished) / (length.Hours() / 24)
	if finished > 0 {
		out.Measured, out.Expected = sum/float64(finished), LittlesLaw(out.AvgWIP, out.Throughput)
		out.Holds = near(out.Expected, out.Measured)
	}
	out.Conditions = conditions(items, from, to, arrived, finished, dropped)
	return out
}

func conditions(items []Item, from, to time.Time, arrived, finished, dropped int) []LawCondition {
	startWIP, startAge := wipAndAge(items, from)
	endWIP, endAge := wipAndAge(items, to)
	return []LawCondition{
		{"arrivals equal departures", near(float64(arrived), float64(finished+dropped)), fmt.Sprintf("%d started, %d left", arrived, finished+dropped)},
		{"what is started is finished", dropped == 0, fmt.Sprintf("%d dropped after the start", dropped)},
		{"WIP does not trend", near(float64(startWIP), float64(endWIP)), fmt.Sprintf("%d at the start, %d at the end", startWIP, endWIP)},
		{"age does not trend", near(startAge, endAge), fmt.Sprintf("%.1f days at the start, %.1f at the end", startAge, endAge)},
	}
}

// wipAndAge is WIP and its mean age in days at a moment.
func wipAndAge(items []Item, at time.Time) (wip int, age float64) {
	for _, i := range items {
		if days, ok := Age(i, at, Options{}); ok {
			wip++
			age += days
		}
	}
	if wip > 0 {
		age /= float64(wip)
	}
	return wip, age
}

func count(t *time.Time, from, to time.Time) int {
	if t != nil && !t.Before(from) && t.Before(to) {
		return 1
	}
	return 0
}

func near(a, b float64) bool { return math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b)) }
