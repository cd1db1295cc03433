package forecast

import (
	"fmt"
	"math"
)

// minOlder is how many finished items must have lasted longer than the age before a remaining time is given.
const minOlder = 3

// ChanceWithinLimit is the chance that an item of some age finishes within limit days of its start: the share of finished
// items that kept the limit among those that lasted longer than the age. known is false when none did.
func ChanceWithinLimit(cycleDays []float64, age, limit float64) (p float64, known bool) {
	older, kept := 0, 0
	for _, c := range cycleDays {
		if c > age {
			older++
			if c <= limit {
				kept++
			}
		}
	}
	if older == 0 {
		return 0, false
	}
	return float64(kept) / float64(older), true
}

// Remaining forecasts how long an item in progress still takes, from the finished items that lasted longer than its
// age. With age 0 it is the cycle time of a new item. An item older than nearly all finished ones cannot be forecast,
// and the result says so.
func Remaining(cycleDays []float64, age float64, o Options) Result {
	o = o.withDefaults()
	var left []float64
	for _, c := range cycleDays {
		if math.IsNaN(c) || math.IsInf(c, 0) {
			return unknown(Basis{Samples: len(cycleDays)}, "a cycle time is not a number")
		}
		if c > age || (age == 0 && c == 0) {
			left = append(left, c-age)
		}
	}
	basis := Basis{ActiveDays: len(left), Samples: len(left), Method: CycleTimes}
	if len(cycleDays) < o.MinActive {
		return unknown(basis, fmt.Sprintf("only %d finished items to compare with, %d are needed", len(cycleDays), o.MinActive))
	}
	if len(left) < minOlder {
		return unknown(basis, fmt.Sprintf("it is older than %d of the %d finished items; when %d of them have taken longer, it can be", len(cycleDays)-len(left), len(cycleDays), minOlder))
	}
	d := fromDays(left)
	if d.cdf[0] == 1 { // all closed at once: a new item still needs its day
		d = Distribution{[]float64{0, 1}}
	}
	d.cdf[len(d.cdf)-1] = 1
	return resultOf(d, basis, o)
}
