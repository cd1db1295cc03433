package priority

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// How the range of a rank is found. The numbers of chance depend on nothing but the seed, the request and the world, so that the same inputs give the
// same range in every run, whatever else arrives.
const (
	rangeWorlds = 100
	rangeSeed   = 1
	// rangeShare is the share of the worlds that a range leaves out at each end.
	rangeShare = 0.05
	// rangeRivals is how many places of a band are compared: what is ranked below is taken not to overtake. It bounds the time in a long backlog.
	rangeRivals = 10_000
	// offScale is a step of an input that is on no scale.
	offScale = 4.0 / 3
)

// RankRange says how sure a rank is: where it would be if every input were off by at most one step of its scale, up or down.
type RankRange struct {
	// Best and Worst are the ends of the places it takes in nine of ten worlds.
	Best  int `json:"best"`
	Worst int `json:"worst"`
	// InTop is the share of worlds in which it is among the first Top places.
	InTop  float64 `json:"in_top"`
	Top    int     `json:"top"`
	Worlds int     `json:"worlds"`
	Seed   int     `json:"seed"`
}

// Ranges are those of the first entries, by place; entries that no score orders have none, and neither have those that are tied by
// dependencies: they keep their places. Every input of every other scored entry is off by one step down, not at all or one step up, each with
// the same chance and independently; near-ties are ordered by their scores.
func (r Ranking) Ranges(shown, top int) []RankRange {
	ranges := make([]RankRange, min(shown, len(r.Entries)))
	var places []int // of the entries that compete with each other
	compete := func() {
		if len(places) > 0 && places[0] < len(ranges) && r.Entries[places[0]].Band == BandFlow {
			r.rangesOf(ranges, places, top)
		}
		places = nil
	}
	for i := range r.Entries {
		e := &r.Entries[i]
		if e.Tied {
			continue
		}
		if len(places) > 0 && (e.Band != r.Entries[places[0]].Band || e.Tier != r.Entries[places[0]].Tier) {
			compete()
		}
		places = append(places, i)
	}
	compete()
	return ranges
}

// rangesOf fills the ranges of the entries at some places, which only compete with each other.
func (r Ranking) rangesOf(ranges []RankRange, at []int, top int) {
	at = at[:min(len(at), rangeRivals)]
	shown := sort.SearchInts(at, len(ranges))
	scores := make([]stepped, len(at))
	factors, divides := r.rules.asked()
	values := make([][3]float64, len(at)*len(factors)) // of all entries: a slice for each would cost more than it holds
	for i := range at {
		scores[i] = r.rules.steps(&r.Entries[at[i]], factors, values[:len(factors):len(factors)])
		values = values[len(factors):]
	}
	places := make([][]int, shown)
	w := perturbation{product: r.rules.product, floor: r.rules.divisor == 0, divides: divides, order: make([]int, shown), value: make([]float64, shown), before: make([]int, shown+1)}
	for n := range rangeWorlds {
		w.place(scores, uint64(n))
		for place, i := range w.order {
			places[i] = append(places[i], at[place+w.before[place]]+1)
		}
	}
	for i, list := range places {
		x := &ranges[at[i]]
		*x = RankRange{Top: top, Worlds: rangeWorlds, Seed: rangeSeed}
		for _, place := range list {
			if place <= top {
				x.InTop += 1.0 / rangeWorlds
			}
		}
		x.InTop = math.Round(x.InTop*rangeWorlds) / rangeWorlds
		slices.Sort(list)
		cut := int(rangeShare * rangeWorlds)
		x.Best, x.Worst = list[cut], list[len(list)-1-cut]
	}
}

// perturbation is one way in which the inputs may be off.
type perturbation struct {
	product, floor bool
	divides        []bool    // by factor
	order          []int     // the shown entries, best first
	value          []float64 // their scores, by entry
	before         []int     // how many of the others are before the shown one of a place
}

func (w *perturbation) place(scores []stepped, n uint64) {
	for i := range w.order {
		w.order[i], w.value[i] = i, w.score(&scores[i], n)
	}
	slices.SortFunc(w.order, func(a, b int) int { return cmp.Or(cmp.Compare(w.value[b], w.value[a]), cmp.Compare(a, b)) })
	clear(w.before)
	shown := len(w.order)
	least := w.value[w.order[shown-1]]
	for i := shown; i < len(scores); i++ {
		s := w.score(&scores[i], n)
		if s <= least {
			continue
		}
		w.before[sort.Search(shown, func(k int) bool { return w.value[w.order[k]] < s })]++
	}
	for k := 1; k < shown; k++ {
		w.before[k] += w.before[k-1]
	}
}

// stepped is a score with each of its terms one step down, as it is and one step up.
type stepped struct {
	id    uint64
	value [][3]float64
	plus  float64 // added to the numerator: ageing in points, and the points of stakeholders, which are counted and not estimated
	times float64 // multiplies the score: ageing by growth
}

// asked are the factors that count, and which of them divide.
func (r *rules) asked() (factors []factor, divides []bool) {
	for _, f := range r.factors {
		if f.field != FieldMoSCoW && r.needs&f.field != 0 {
			factors = append(factors, f)
			divides = append(divides, f.field == r.divisor || r.weights[index(f.field)] < 0)
		}
	}
	return factors, divides
}

// steps needs a scored entry; it fills value.
func (r *rules) steps(e *Entry, factors []factor, value [][3]float64) stepped {
	s := stepped{id: hash(e.Item.ID), value: value, times: 1}
	if r.growth > 0 {
		s.times = math.Exp(r.growth * float64(min(e.Score.WeeksWaited, r.maxWeeks)))
	} else {
		s.plus = e.Score.Ageing
	}
	s.plus += r.pointsTerm(&e.Item)
	for n, f := range factors {
		i := index(f.field)
		for k, x := range r.around(f, **e.Item.Inputs.at(f.field)) {
			switch {
			case r.weights[i] < 0:
				x = -r.weights[i] * r.bounds[i].normalise(x) / r.loss
			case f.field != r.divisor && !r.product:
				x = r.term(i, x)
			}
			value[n][k] = x
		}
	}
	return s
}

// around is a value with its neighbours: on the scale where it is on it, otherwise by a third.
func (r *rules) around(f factor, v float64) [3]float64 {
	if at := slices.Index(r.Scale, v); at >= 0 {
		return [3]float64{r.Scale[max(at-1, 0)], v, r.Scale[min(at+1, len(r.Scale)-1)]}
	}
	return [3]float64{max(v/offScale, f.lo), v, min(v*offScale, f.hi)}
}

// score is that of an entry in a world.
func (w *perturbation) score(s *stepped, n uint64) float64 {
	chance := mix(s.id + n*0x9e3779b97f4a7c15)
	num, div := 0.0, 0.0
	if w.product {
		num = 1
	}
	for i, step := range s.value {
		v := step[(chance&0x1f)*3>>5]
		chance >>= 5
		switch {
		case w.divides[i]:
			div += v
		case w.product:
			num *= v
		default:
			num += v
		}
	}
	if w.floor {
		div = max(div, 1)
	}
	return (num + s.plus) / div * s.times
}

// hash is FNV-1a, and mix the last steps of splitmix64.
func hash(id string) uint64 {
	h := uint64(0xcbf29ce484222325) + rangeSeed
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 0x100000001b3
	}
	return h
}

func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Words says it in a sentence.
func (x RankRange) Words() string {
	return "If every input were off by up to one step, it would be between rank " + whole(x.Best) + " and " + whole(x.Worst) + " in nine of ten cases, and among the first " +
		whole(x.Top) + " in " + num(math.Round(x.InTop*100)) + " of 100"
}
