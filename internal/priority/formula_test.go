package priority

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestFormulaComputesTheScore: what a page shows with its numbers is the score, for every model: the factors or the terms, what waiting adds,
// over the divisor.
func TestFormulaComputesTheScore(t *testing.T) {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	v := func(n float64) *float64 { return &n }
	in := Inputs{BusinessValue: v(8), TimeCriticality: v(5), RiskReduction: v(3), JobSize: v(2), CostOfDelay: v(900), Duration: v(4), Reach: v(300), Impact: v(2),
		Confidence: v(1), Effort: v(5), Ease: v(6), MoSCoW: "must"}
	for _, m := range Models() {
		p := Policy{Model: m, Weights: Weights{BusinessValue: 2, TimeCriticality: 1, RiskReduction: 0.5}, LongestWait: 52 * week, Scale: []float64{1, 2, 3, 5, 8}, Normalise: NormaliseScale,
			Criteria: []Criterion{{"business_value", 2}, {"effort", -1}}}
		r := Rank([]Item{{ID: "a", Number: 1, SubmittedAt: at.Add(-3 * week), Class: Standard, Inputs: in}}, p, at)
		e, f := r.Entries[0], m.Formula()
		require.True(t, e.Score.Known, m)
		require.Positive(t, e.Score.Ageing, m)
		numerator := 0.0
		if len(f.Factors) > 0 {
			numerator = e.Score.Ageing
			product := 1.0
			for _, name := range f.Factors {
				field, known := fieldByName(name)
				require.True(t, known, name)
				product *= **in.at(field)
			}
			numerator += product
		} else {
			for _, part := range r.Explain(0, 0).Parts {
				numerator += part.Amount * e.Score.JobSize
			}
		}
		divisor := e.Score.JobSize
		if f.Divisor != "" {
			field, known := fieldByName(f.Divisor)
			require.True(t, known, f.Divisor)
			divisor = **in.at(field)
		}
		require.InDelta(t, e.Score.Value, numerator/divisor, 1e-9, m)
	}
}
