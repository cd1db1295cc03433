package approach

import "slices"

// attributes are the nine questions of the suitability filter, culture, team
// and project, in the order of Filter.Answers.
var attributes = [9]struct{ group, name string }{
	{"culture", "buy_in"}, {"culture", "trust"}, {"culture", "decision_power"},
	{"team", "people"}, {"team", "experience"}, {"team", "customer_access"},
	{"project", "change_per_month"}, {"project", "criticality"}, {"project", "incremental"},
}

func attributeNames() []string {
	names := make([]string, len(attributes))
	for i, a := range attributes {
		names[i] = a.name
	}
	return names
}

// The borders of the zones, and how many of the nine answers the filter needs to count. They are this product's convention; the guide gives
// none.
const (
	AgileCut      = 3.5
	HybridCut     = 6.5
	enoughAnswers = 5
)

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
func Suitability(answers [9]*float64) Filter {
	f := Filter{AgileCut: AgileCut, HybridCut: HybridCut}
	sum := 0.0
	for i, a := range answers {
		f.Answers[i] = FilterAnswer{attributes[i].group, attributes[i].name, nil}
		if a == nil {
			continue
		}
		v := min(*a, 10)
		f.Answers[i].Score = &v
		f.Known++
		sum += v
		f.Max = max(f.Max, v)
	}
	if f.Known == 0 {
		return f
	}
	f.Mean = sum / float64(f.Known)
	mean := zoneOf(f.Mean)
	if f.Known >= enoughAnswers {
		f.Zone = mean
	}
	for _, a := range f.Answers {
		if a.Score == nil {
			continue
		}
		z := zoneOf(*a.Score)
		if order(z) > order(mean) {
			f.Risks = append(f.Risks, a.Attribute)
		}
		if z == ZoneAgile && mean != ZoneAgile {
			f.Inner = append(f.Inner, a.Attribute)
		}
	}
	return f
}

func zoneOf(v float64) Zone {
	switch {
	case v <= AgileCut:
		return ZoneAgile
	case v <= HybridCut:
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
func filterOf(c Context) Filter { return Suitability(scores(c)) }

// filterWithin are the zones that the filter can still come to, when the open questions get the most agile and the least agile answers.
func filterWithin(c Context) (low, high Zone) {
	best := scores(c)
	worst := best
	for i, a := range attributes {
		if c.open(a.name) {
			one, ten := 1.0, 10.0
			best[i], worst[i] = &one, &ten
		}
	}
	return Suitability(best).Zone, Suitability(worst).Zone
}

func scores(c Context) (list [9]*float64) {
	for i, a := range attributes {
		switch a.name {
		case "people":
			list[i] = crowd(c.number(a.name))
		case "change_per_month":
			list[i] = volatility(c.number(a.name))
		case "criticality":
			list[i] = stake(c.text(a.name))
		default:
			list[i] = threeWay(c.text(a.name))
		}
	}
	return list
}

func threeWay(answer string) *float64 {
	v := 0.0
	switch answer {
	case Yes:
		v = 1
	case Partly:
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
	if people == nil {
		return nil
	}
	score := 10.0
	for i, upTo := range [...]float64{10, 21, 31, 46, 61, 81, 111, 151, 201} {
		if *people < upTo {
			score = float64(i + 1)
			break
		}
	}
	return &score
}

// volatility scores change per month between the anchors 50 % → 1, 25 % → 5
// and 5 % → 10.
func volatility(change *float64) *float64 {
	if change == nil {
		return nil
	}
	s := along(*change, []float64{5, 25, 50}, []float64{10, 5, 1})
	return &s
}

// stake scores criticality. The ends are the questionnaire's; 3, 5 and 8 in
// between are ours.
func stake(criticality string) *float64 {
	level := lossLevel(criticality)
	if level < 0 {
		return nil
	}
	s := [...]float64{1, 3, 5, 8, 10}[level]
	return &s
}

// lossLevel is the place on the scale of losses, 0 to 4 (Cockburn's, as both models use it); -1 while unknown.
func lossLevel(criticality string) int {
	return slices.IndexFunc(QuestionNamed("criticality").Options, func(o Option) bool { return o.Value == criticality })
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
