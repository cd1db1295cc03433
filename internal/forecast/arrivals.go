package forecast

import (
	"math"
	"slices"
	"sort"
)

// Arrivals are known once they were watched for so many days and so many came; with less none are expected.
const (
	arrivalDays  = 28
	arrivalLeast = 5
)

// Arrivals are the requests that were ranked for the first time in some days. They are approved: how many of those that are submitted are, is
// in their number.
type Arrivals struct {
	Days   float64   // for how long they were watched
	Places []float64 // where they ranked, from 0 (before all) to 1 (after all), ascending
}

// Arrived is a prioritization that found newcomers: their ranks among so many.
type Arrived struct {
	Count int
	Ranks []int
}

// ArrivalsOf are the arrivals of the prioritizations of some days.
func ArrivalsOf(days float64, runs []Arrived) Arrivals {
	a := Arrivals{Days: days}
	for _, r := range runs {
		for _, rank := range r.Ranks {
			a.Places = append(a.Places, PlaceOf(rank, r.Count))
		}
	}
	slices.Sort(a.Places)
	return a
}

// Same reports whether both say the same; the days grow by the hour.
func (a Arrivals) Same(b Arrivals) bool {
	return math.Floor(a.Days) == math.Floor(b.Days) && slices.Equal(a.Places, b.Places)
}

// PlaceOf is the place of a rank among so many.
func PlaceOf(rank, of int) float64 { return (float64(rank) - 0.5) / float64(max(of, rank, 1)) }

// Above is how many requests are expected to come in a day and to rank above one at a place.
func (a Arrivals) Above(place float64) float64 {
	above, _ := slices.BinarySearch(a.Places, place)
	return a.perDay(float64(above))
}

// AboveUnranked is the same for one that has no rank yet: of two newcomers either may rank above the other.
func (a Arrivals) AboveUnranked() float64 { return a.perDay(float64(len(a.Places)) / 2) }

// perDay rounds to a thousandth: more digits are noise, and places that differ by less share their forecast.
func (a Arrivals) perDay(n float64) float64 {
	if a.Days < arrivalDays || len(a.Places) < arrivalLeast {
		return 0
	}
	return math.Round(n/a.Days*1000) / 1000
}

// newcomers are the nodes and weights of Gauss and Hermite for a normal distribution: how many come in some days varies as a Poisson number
// does, nearly normally, and five nodes keep its mean and spread.
var newcomers = [5]struct{ z, weight float64 }{
	{-2.8569700138728056, 0.011257411327720689}, {-1.3556261799742659, 0.22207592200561264}, {0, 0.5333333333333333},
	{1.3556261799742659, 0.22207592200561264}, {2.8569700138728056, 0.011257411327720689},
}

// whenPushedBack forecasts when n items are finished, where on average perDay items a day are added as long as they are not.
func (m *Model) whenPushedBack(n int, perDay float64) Result {
	if n <= 0 || perDay <= 0 || m.why != "" {
		return m.When(n)
	}
	var at [len(newcomers)]int
	most := newcomers[len(newcomers)-1].z
	grid := m.gridTo(float64(n))
	self := slices.IndexFunc(grid, func(p gridPoint) bool { return p.items >= n })
	first := sort.Search(m.options.Horizon, func(d int) bool { return between(grid, self, float64(n), d+1) > slack }) // none are finished sooner than n alone
	cdf := make([]float64, first+1, first+400)
	for d := first + 1; d <= m.options.Horizon; d++ {
		mean := perDay * float64(d)
		spread, chance := math.Sqrt(mean), 0.0
		if need := float64(n) + mean + spread*most; float64(grid[len(grid)-1].items) < need {
			grid = m.gridTo(need)
		}
		for k, node := range newcomers {
			items := float64(n) + max(mean+node.z*spread, 0)
			for float64(grid[at[k]].items) < items {
				at[k]++
			}
			chance += node.weight * between(grid, at[k], items, d)
		}
		chance = max(cdf[d-1], chance)
		if chance >= tailFrom {
			cdf = append(cdf, 1)
			break
		}
		cdf = append(cdf, chance)
	}
	return m.resultIn(cdf)
}

// between is the chance that so many items, which may be a part of one, are finished within d days; grid[k] is the first point that has as many.
func between(grid []gridPoint, k int, items float64, d int) float64 {
	high := &grid[k]
	chance := high.cdf[min(d, len(high.cdf)-1)]
	if k == 0 || float64(high.items) == items {
		return chance
	}
	low := &grid[k-1]
	share := (items - float64(low.items)) / float64(high.items-low.items)
	return (1-share)*low.cdf[min(d, len(low.cdf)-1)] + share*chance
}

// gridTo is the grid up to so many items at least.
func (m *Model) gridTo(items float64) []gridPoint {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.grid) == 0 || float64(m.grid[len(m.grid)-1].items) < items {
		m.extendGrid()
	}
	return m.grid
}
