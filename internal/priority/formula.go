package priority

// Formula is how a model computes a score, by the names of its inputs, for those who show a score with its numbers.
type Formula struct {
	// Factors are multiplied with each other. Without any, the numerator is a sum: its terms are the parts of each score.
	Factors []string
	// Divisor is the input that the numerator is divided by; empty where a model has none, or divides by a weighted mean.
	Divisor string
}

// Formula is that of the model; the zero model is WSJF.
func (m Model) Formula() Formula {
	rules := formulas[Policy{Model: m}.model()]
	var f Formula
	if rules.divisor != 0 {
		f.Divisor = rules.divisor.Names()[0]
	}
	for _, in := range rules.factors {
		if rules.product && in.field != rules.divisor {
			f.Factors = append(f.Factors, in.field.Names()...)
		}
	}
	return f
}
