package forecast

import (
	"math/rand/v2"
	"slices"
)

// An exact computation is bounded by its additions and multiplications: at once is about two milliseconds, at most a tenth of a second.
const (
	exactAtOnce = 2_000_000
	exactAtMost = 100_000_000
)

// values are the distinct counts of a history with their shares.
type values struct {
	count []int
	share []float64
	mean  float64
}

func valuesOf(counts []int) values {
	sorted := slices.Sorted(slices.Values(counts))
	var v values
	for _, c := range sorted {
		if n := len(v.count); n == 0 || v.count[n-1] != c {
			v.count, v.share = append(v.count, c), append(v.share, 0)
		}
		v.share[len(v.share)-1] += 1 / float64(len(counts))
		v.mean += float64(c) / float64(len(counts))
	}
	return v
}

// cheap reports whether computing exactly up to the given sum stays within an effort.
func (v values) cheap(sum, periods int, effort float64) bool {
	likely := min(float64(periods), 3*float64(sum)/v.mean+50)
	return likely*float64(sum+1)*float64(len(v.count)) <= effort
}

// add spreads the sums by one more draw; the last cell holds its index and all above.
func (v values) add(pmf, next []float64) {
	clear(next)
	last := len(next) - 1
	for s, p := range pmf {
		if p == 0 {
			continue
		}
		for k, c := range v.count {
			next[min(s+c, last)] += p * v.share[k]
		}
	}
}

// exactly computes, for each scope, the probability to be done after 0, 1, 2 … periods. Scopes ascend.
func exactly(v values, scopes []Scope, periods int) [][]float64 {
	most := scopes[len(scopes)-1].High
	pmf, next := make([]float64, most+1), make([]float64, most+1)
	pmf[0] = 1
	out := make([][]float64, len(scopes))
	for d := 0; ; d++ {
		tails := tailSums(pmf)
		for k, s := range scopes {
			// After the last scope is done the others are too; before that each stops where it is complete.
			if n := len(out[k]); n == 0 || out[k][n-1] < 1 {
				out[k] = append(out[k], snapToOne(doneShare(tails, s)))
			}
		}
		if d == periods || out[len(out)-1][d] == 1 {
			return out
		}
		v.add(pmf, next)
		pmf, next = next, pmf
	}
}

// snapToOne returns 1 for a chance that differs from 1 only by rounding.
func snapToOne(p float64) float64 {
	if p > 1-1e-12 {
		return 1
	}
	return p
}

// tailSums returns the running sums of P(S ≥ r) over r = 1, 2 …, so that a scope's mean is one subtraction.
func tailSums(pmf []float64) []float64 {
	tail, out := 0.0, make([]float64, len(pmf))
	for s := len(pmf) - 1; s >= 1; s-- {
		tail += pmf[s]
		out[s] = tail
	}
	for r := 1; r < len(out); r++ {
		out[r] += out[r-1]
	}
	return out
}

// doneShare is the mean of P(S ≥ r) over the scope.
func doneShare(tails []float64, s Scope) float64 {
	low, nothing := max(s.Low, 1), 0
	if s.Low < 1 {
		nothing = min(s.High, 0) - s.Low + 1 // counts of zero are done from the start
	}
	sum := float64(nothing)
	if s.High >= low {
		sum += tails[s.High] - tails[low-1]
	}
	return sum / float64(s.High-s.Low+1)
}

// sampled estimates the same by trials. Each trial has its own stream of random numbers and draws by the inverse of
// the sorted counts, so that forecasts on better histories or smaller queues use the same random numbers (common random numbers).
func sampled(counts []int, scopes []Scope, periods int, o Options) [][]float64 {
	sorted := slices.Sorted(slices.Values(counts))
	most := scopes[len(scopes)-1].High
	out := make([][]float64, len(scopes))
	add := func(k, d int, share float64) {
		for len(out[k]) <= d {
			out[k] = append(out[k], 0)
		}
		out[k][d] += share / float64(o.Trials)
	}
	for k, s := range scopes {
		add(k, 0, doneBy(0, s)*float64(o.Trials))
	}
	for trial := range o.Trials {
		rng := stream(o.Seed, trial)
		first, sum := 0, 0
		for d := 1; d <= periods && sum < most; d++ {
			was := sum
			sum += sorted[int(rng.Float64()*float64(len(sorted)))]
			for first < len(scopes) && scopes[first].High <= was {
				first++
			}
			for k := first; k < len(scopes) && scopes[k].Low <= sum; k++ {
				if gained := doneBy(sum, scopes[k]) - doneBy(was, scopes[k]); gained > 0 {
					add(k, d, gained)
				}
			}
		}
	}
	for k := range out {
		out[k] = cumulate(out[k], periods)
	}
	return out
}

// stream is the random numbers of one trial; the multiplier keeps neighbouring trials apart.
func stream(seed uint64, trial int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, (uint64(trial)+1)*0x9e3779b97f4a7c15))
}

// doneBy is the share of a scope's counts that a sum covers.
func doneBy(sum int, s Scope) float64 {
	return min(max(float64(sum-s.Low+1)/float64(s.High-s.Low+1), 0), 1)
}

func cumulate(pmf []float64, periods int) []float64 {
	for d := 1; d < len(pmf); d++ {
		pmf[d] += pmf[d-1]
	}
	last := snapToOne(pmf[len(pmf)-1])
	pmf[len(pmf)-1] = last
	if last < 1 { // some trials reached the horizon: the full length shows it
		for len(pmf) <= periods {
			pmf = append(pmf, last)
		}
	}
	return pmf
}
