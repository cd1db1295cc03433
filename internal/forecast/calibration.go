package forecast

import (
	"fmt"
	"math"
)

// Told is one forecast whose outcome is known: the chance that was told and whether it came true.
type Told struct {
	P   float64
	Hit bool
}

// Score sums up how good told chances were.
type Score struct {
	N       int     `json:"n"`
	Hits    int     `json:"hits"`
	HitRate float64 `json:"hit_rate"`
	MeanP   float64 `json:"mean_p"`
	// Brier is the mean of (p − outcome)²: 0 is perfect, 0.25 is a coin flip (Brier 1950).
	Brier float64 `json:"brier"`
	// LogLoss is the mean of −ln of the chance given to what happened; certainty that fails costs most.
	LogLoss float64 `json:"log_loss"`
}

// Evaluate scores forecasts; without any all figures are zero. A chance of 0 or 1 that fails counts as one in a
// million off certainty, so that the log loss stays finite.
func Evaluate(told []Told) Score {
	s := Score{N: len(told)}
	for _, t := range told {
		outcome, given := 0.0, 1-t.P
		if t.Hit {
			s.Hits++
			outcome, given = 1, t.P
		}
		s.MeanP += t.P / float64(len(told))
		s.Brier += (t.P - outcome) * (t.P - outcome) / float64(len(told))
		s.LogLoss -= math.Log(min(max(given, 1e-6), 1)) / float64(len(told))
	}
	if s.N > 0 {
		s.HitRate = float64(s.Hits) / float64(s.N)
	}
	return s
}

// Band is the two-sided 95 % range of hits out of n that promises of chance p give when they are true: the 2.5 % and
// 97.5 % percentiles of the binomial distribution.
func Band(n int, p float64) (low, high int) {
	cdf, low := 0.0, -1
	for k := 0; k <= n; k++ {
		cdf += binomial(n, k, p)
		if low < 0 && cdf+slack >= 0.025 {
			low = k
		}
		if cdf+slack >= 0.975 {
			return low, k
		}
	}
	return max(low, 0), n
}

func binomial(n, k int, p float64) float64 {
	switch {
	case p <= 0:
		return boolToFloat(k == 0)
	case p >= 1:
		return boolToFloat(k == n)
	}
	choose := lgamma(n+1) - lgamma(k+1) - lgamma(n-k+1)
	return math.Exp(choose + float64(k)*math.Log(p) + float64(n-k)*math.Log(1-p))
}

func lgamma(n int) float64 {
	v, _ := math.Lgamma(float64(n))
	return v
}

func boolToFloat(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Verdict judges promises of one level.
type Verdict struct {
	Level    float64 `json:"level"`
	N        int     `json:"n"`
	Hits     int     `json:"hits"`
	Low      int     `json:"low"` // Band
	High     int     `json:"high"`
	Within   bool    `json:"within"`
	Sentence string  `json:"sentence"`
}

// Judge compares hits with what the level promises. Fewer than five promises are not judged.
func Judge(level float64, hits, n int) Verdict {
	v := Verdict{Level: level, N: n, Hits: hits}
	v.Low, v.High = Band(n, level)
	v.Within = hits >= v.Low && hits <= v.High
	head := fmt.Sprintf("%d of %d promises at %d %% were kept; true ones give %d to %d", hits, n, int(math.Round(level*100)), v.Low, v.High)
	switch {
	case n < DefaultMinActive:
		v.Sentence = fmt.Sprintf("%d of %d promises at %d %% were kept: too few to judge.", hits, n, int(math.Round(level*100)))
	case hits < v.Low:
		v.Sentence = head + ": too sure, dates were too early."
	case hits > v.High:
		v.Sentence = head + ": too careful, dates were too late."
	default:
		v.Sentence = head + ": as promised."
	}
	return v
}
