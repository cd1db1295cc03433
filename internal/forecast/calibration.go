package forecast

import (
	"fmt"
	"math"
)

// Checked is one forecast whose outcome is known: the stated chance and whether it came true.
type Checked struct {
	P   float64
	Hit bool
}

// Score measures the stated chances against the outcomes.
type Score struct {
	N       int     `json:"n"`
	Hits    int     `json:"hits"`
	HitRate float64 `json:"hit_rate"`
	MeanP   float64 `json:"mean_p"`
	// Brier is the mean of (p − outcome)²: 0 is perfect, 0.25 is a coin flip (Brier 1950).
	Brier float64 `json:"brier"`
	// LogLoss is the mean of −ln of the chance given to what happened; a wrong certain forecast costs most.
	LogLoss float64 `json:"log_loss"`
}

// Evaluate scores forecasts; without any all figures are zero. A wrong chance of 0 or 1 counts as one in a
// million off certainty, so that the log loss stays finite.
func Evaluate(checked []Checked) Score {
	s := Score{N: len(checked)}
	for _, t := range checked {
		outcome, given := 0.0, 1-t.P
		if t.Hit {
			s.Hits++
			outcome, given = 1, t.P
		}
		s.MeanP += t.P / float64(len(checked))
		s.Brier += (t.P - outcome) * (t.P - outcome) / float64(len(checked))
		s.LogLoss -= math.Log(min(max(given, 1e-6), 1)) / float64(len(checked))
	}
	if s.N > 0 {
		s.HitRate = float64(s.Hits) / float64(s.N)
	}
	return s
}

// Band is the two-sided 95 % range of hits out of n when each has the chance p: the 2.5 % and
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

// Judgement compares forecasts of one level with their outcomes.
type Judgement struct {
	Level float64 `json:"level"`
	N     int     `json:"n" doc:"Forecasts whose day is over"`
	Hits  int     `json:"hits" doc:"How many of them were kept"`
	Low   int     `json:"low" doc:"Correct forecasts give so many hits at least (the 95 % band of the binomial distribution, exact)"`
	High  int     `json:"high"`
	// Independent is set where forecasts overlap in time: the band is of so many.
	Independent int    `json:"independent,omitempty" doc:"The band is of so many independent forecasts; all of them when absent"`
	Within      bool   `json:"within"`
	Sentence    string `json:"sentence"`
}

// Judge compares the hits with the range that the level implies. Fewer than five forecasts are not judged.
func Judge(level float64, hits, n int) Judgement {
	v := Judgement{Level: level, N: n, Hits: hits}
	v.Low, v.High = Band(n, level)
	v.Within = hits >= v.Low && hits <= v.High
	v.Sentence = fmt.Sprintf("%d of %d forecasts at %d %% were met", hits, n, int(math.Round(level*100)))
	if n >= DefaultMinActive {
		v.Sentence += fmt.Sprintf("; correct ones give %d to %d", v.Low, v.High)
	}
	v.Sentence += ": " + v.verdict(hits, n)
	return v
}

func (v Judgement) verdict(hits, n int) string {
	switch {
	case n < DefaultMinActive:
		return "too few to judge."
	case hits < v.Low:
		return "too optimistic, dates were too early."
	case hits > v.High:
		return "too pessimistic, dates were too late."
	}
	return "as stated."
}

// Wilson is the 95 % interval of a share by Wilson's score (Wilson 1927); 0 to 1 of none.
func Wilson(hits, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p, of := float64(hits)/float64(n), float64(n)
	center, spread := p+z*z/(2*of), z*math.Sqrt(p*(1-p)/of+z*z/(4*of*of))
	return max((center-spread)/(1+z*z/of), 0), min((center+spread)/(1+z*z/of), 1)
}
