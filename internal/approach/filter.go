package approach

// attributes are the nine questions of the suitability filter, culture, team
// and project, in the order of Filter.Answers.
var attributes = [9]struct{ group, name string }{
	{"culture", "buy_in"}, {"culture", "trust"}, {"culture", "decision_power"},
	{"team", "people"}, {"team", "experience"}, {"team", "customer_access"},
	{"project", "change_per_month"}, {"project", "criticality"}, {"project", "incremental_delivery"},
}

// Zone is what the filter's mean points to.
type Zone string

// The zones. ZoneUnknown means too few answers.
const (
	ZoneUnknown    Zone = ""
	ZoneAgile      Zone = "agile"
	ZoneHybrid     Zone = "hybrid"
	ZonePredictive Zone = "predictive"
)

// FilterAnswer is one point of the chart: 1 is the agile centre, 10 the
// predictive rim; nil is unknown.
type FilterAnswer struct {
	Group     string   `json:"group"`
	Attribute string   `json:"attribute"`
	Score     *float64 `json:"score"`
}

// Filter is the result of the suitability filter. Mean and maximum are both
// kept, with the answers outside the zone of the mean, because an average hides
// the one answer that can make the effort fail.
type Filter struct {
	Answers [9]FilterAnswer `json:"answers"`
	Known   int             `json:"known"`
	Mean    float64         `json:"mean"`
	Max     float64         `json:"max"`
	Zone    Zone            `json:"zone"`
	// Risks are attributes further out than the zone of the mean.
	Risks []string `json:"risks,omitempty"`
	// Inner are attributes in the agile zone while the mean is not.
	Inner []string `json:"inner,omitempty"`
	// AgileCut and HybridCut are the borders used. They are this product's
	// convention; the guide gives none.
	AgileCut  float64 `json:"agile_cut"`
	HybridCut float64 `json:"hybrid_cut"`
}

// Suitability evaluates nine answers from 1 to 10 in the order buy-in, trust,
// decision power, people, experience, customer access, change per month,
// criticality, incremental delivery. The questionnaire is that of the Agile
// Practice Guide (PMI, 2017), appendix X3.
func Suitability(answers [9]*float64, p Policy) Filter {
	p = p.filled()
	f := Filter{AgileCut: p.AgileCut, HybridCut: p.HybridCut}
	sum := 0.0
	for i, a := range answers {
		f.Answers[i] = FilterAnswer{attributes[i].group, attributes[i].name, nil}
		v, ok := number(a)
		if !ok {
			continue
		}
		v = min(v, 10)
		f.Answers[i].Score = &v
		f.Known++
		sum += v
		f.Max = max(f.Max, v)
	}
	if f.Known == 0 {
		return f
	}
	f.Mean = sum / float64(f.Known)
	mean := p.zone(f.Mean)
	if f.Known >= p.EnoughAnswers {
		f.Zone = mean
	}
	for _, a := range f.Answers {
		if a.Score == nil {
			continue
		}
		z := p.zone(*a.Score)
		if order(z) > order(mean) {
			f.Risks = append(f.Risks, a.Attribute)
		}
		if z == ZoneAgile && mean != ZoneAgile {
			f.Inner = append(f.Inner, a.Attribute)
		}
	}
	return f
}

func (p Policy) zone(v float64) Zone {
	switch {
	case v <= p.AgileCut:
		return ZoneAgile
	case v <= p.HybridCut:
		return ZoneHybrid
	}
	return ZonePredictive
}

func order(z Zone) int {
	switch z {
	case ZonePredictive:
		return 2
	case ZoneHybrid:
		return 1
	}
	return 0
}

// filterOf encodes a context for the filter.
func filterOf(c *Context, p Policy) Filter {
	return Suitability([9]*float64{
		threeWay(c.BuyIn), threeWay(c.Trust), threeWay(c.DecisionPower),
		crowd(c.People), threeWay(c.Experience), threeWay(c.CustomerAccess),
		volatility(c.ChangePerMonth), stake(c.Criticality), threeWay(c.IncrementalDelivery),
	}, p)
}

func threeWay(a Answer) *float64 {
	v := 0.0
	switch a {
	case Yes:
		v = 1
	case Partial:
		v = 5
	case No:
		v = 10
	default:
		return nil
	}
	return &v
}

// crowd scores the people of the effort by the questionnaire's bands.
func crowd(people *float64) *float64 {
	n, ok := number(people)
	if !ok {
		return nil
	}
	score := 10.0
	for i, upTo := range [...]float64{10, 21, 31, 46, 61, 81, 111, 151, 201} {
		if n < upTo {
			score = float64(i + 1)
			break
		}
	}
	return &score
}

// volatility scores change per month between the anchors 50 % → 1, 25 % → 5
// and 5 % → 10.
func volatility(change *float64) *float64 {
	v, ok := number(change)
	if !ok {
		return nil
	}
	s := along(v, []float64{5, 25, 50}, []float64{10, 5, 1})
	return &s
}

// stake scores criticality. The ends are the questionnaire's; 3, 5 and 8 in
// between are ours.
func stake(c Criticality) *float64 {
	level, ok := c.level()
	if !ok {
		return nil
	}
	s := [...]float64{1, 3, 5, 8, 10}[level]
	return &s
}

// along interpolates linearly through (xs, ys), xs rising, flat beyond the ends.
func along(x float64, xs, ys []float64) float64 {
	if x <= xs[0] {
		return ys[0]
	}
	for i := 1; i < len(xs); i++ {
		if x <= xs[i] {
			return ys[i-1] + (x-xs[i-1])/(xs[i]-xs[i-1])*(ys[i]-ys[i-1])
		}
	}
	return ys[len(ys)-1]
}
