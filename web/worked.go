package web

import (
	"math"
	"slices"
	"strings"

	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/wire"
)

// workedExample is the score of one request as the formula of its model with the numbers put in. All numbers are those of the stored explanation.
type workedExample struct {
	wire.RankedRequest
	Model   string // the word for it
	Terms   []workedTerm
	Symbols string // the formula with the names of its terms; empty where no score decides on the rank
	Numbers string // and with their numbers
}

// workedTerm is one line of the calculation.
type workedTerm struct {
	Label string
	Input string // the value that somebody gave, and by what it is multiplied
	Adds  string // what it counts in the numerator; empty of a factor, which is multiplied
}

func newWorkedExample(t *reader, m priority.Model, line wire.RankedRequest) *workedExample {
	x := &workedExample{RankedRequest: line, Model: t.T("model." + string(m))}
	if len(line.Parts) == 0 {
		return x
	}
	given := inputsByName(line.Inputs)
	symbols, numbers, operator := x.terms(t, m.Formula(), given)
	numerator := func(list []string) string { return strings.Join(list, operator) }
	above, below := numerator(symbols), numerator(numbers)
	if line.Ageing != 0 {
		above, below = above+" + "+t.partLabel("ageing"), below+" + "+t.Exact(line.Ageing)
		x.Terms = append(x.Terms, workedTerm{Label: t.partLabel("ageing"), Adds: t.Exact(line.Ageing)})
	}
	divisor := t.T("worked.cost")
	if name := m.Formula().Divisor; name != "" {
		divisor = t.partLabel(name)
	}
	if line.JobSize != 1 || m.Formula().Divisor != "" {
		above, below = "("+above+") ÷ "+divisor, "("+below+") ÷ "+t.Exact(line.JobSize)
	} else {
		divisor = ""
	}
	x.Symbols, x.Numbers = above+" = "+t.T("backlog.score"), below+" = "+t.Exact(line.Score)
	x.Terms = append(x.Terms, workedTerm{Label: t.T("worked.numerator"), Adds: t.Exact(line.CostOfDelay)})
	if divisor != "" {
		x.Terms = append(x.Terms, workedTerm{Label: "÷ " + divisor, Adds: t.Exact(line.JobSize)})
	}
	return x
}

// terms are the lines of the numerator without what waiting adds: the factors of a product, or the parts of a sum.
func (x *workedExample) terms(t *reader, f priority.Formula, given map[string]float64) (symbols, numbers []string, operator string) {
	if factorsMake(f.Factors, given, x.CostOfDelay-x.Ageing) {
		for _, name := range f.Factors {
			symbols, numbers = append(symbols, t.partLabel(name)), append(numbers, t.Exact(given[name]))
			x.Terms = append(x.Terms, workedTerm{Label: t.partLabel(name), Input: t.Exact(given[name])})
		}
		return symbols, numbers, " × "
	}
	for _, part := range x.Parts {
		if part.Code == "ageing" {
			continue
		}
		adds := part.Amount * x.JobSize
		term := workedTerm{Label: t.partLabel(part.Code), Adds: t.Exact(adds)}
		if part.Code == priority.PointsInput {
			term.Input = t.T("worked.points", "n", t.Exact(x.Points))
		}
		if value, known := given[part.Code]; known {
			term.Input = t.Exact(value)
			if weight := adds / value; value != 0 && math.Abs(weight-1) > 1e-9 {
				term.Input += " × " + t.Exact(weight)
			}
		}
		symbols, numbers = append(symbols, term.Label), append(numbers, term.Adds)
		x.Terms = append(x.Terms, term)
	}
	return symbols, numbers, " + "
}

// factorsMake reports whether the factors are known and their product is what the stored numerator says. It is not where the request was ranked
// by another model than the one in force.
func factorsMake(factors []string, given map[string]float64, numerator float64) bool {
	product := 1.0
	for _, name := range factors {
		product *= given[name]
	}
	unknown := slices.ContainsFunc(factors, func(name string) bool { _, known := given[name]; return !known })
	return len(factors) > 0 && !unknown && math.Abs(product-numerator) <= 1e-6*math.Max(1, math.Abs(numerator))
}

func inputsByName(in pmo.Inputs) map[string]float64 {
	given := map[string]float64{}
	for _, input := range in.Each() {
		if input.Value != nil {
			given[input.Name] = *input.Value
		}
	}
	return given
}
