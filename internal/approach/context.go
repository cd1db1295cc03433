package approach

import "math"

// Answer is yes, partial or no; empty is unknown. Partial also stands for the
// questionnaire's "probably" and "sometimes", no for its "unlikely".
type Answer string

// The answers.
const (
	Unknown Answer = ""
	Yes     Answer = "yes"
	Partial Answer = "partial"
	No      Answer = "no"
)

// Criticality is the worst that is lost if the result fails; empty is unknown.
type Criticality string

// The losses, least first (Cockburn's scale as both models use it).
const (
	LossUnknown       Criticality = ""
	LossTime          Criticality = "time"
	LossDiscretionary Criticality = "discretionary_money"
	LossEssential     Criticality = "essential_money"
	LossLife          Criticality = "one_life"
	LossManyLives     Criticality = "many_lives"
)

var losses = [...]Criticality{LossTime, LossDiscretionary, LossEssential, LossLife, LossManyLives}

// level is the place on the scale, 0 to 4.
func (c Criticality) level() (int, bool) {
	for i, l := range losses {
		if c == l {
			return i, true
		}
	}
	return 0, false
}

func (c Criticality) lives() bool { return c == LossLife || c == LossManyLives }

// Context is what is known about the work and its surroundings. A nil number
// and an empty answer are unknown, and so is an impossible number (negative or
// not finite).
type Context struct {
	// Lane is the lane intake chose: express, standard or major.
	Lane string `json:"lane,omitempty"`
	// Kind is the kind of request; Policy.KindDefaults may name an approach for it.
	Kind string `json:"kind,omitempty"`
	// JobSize is the relative size, in points on the scale of prioritization.
	JobSize *float64 `json:"job_size,omitempty"`
	// People is the number of people the whole effort takes.
	People *float64 `json:"people,omitempty"`
	// TeamSize is the number of people in the team that would do it.
	TeamSize *float64 `json:"team_size,omitempty"`
	// ChangePerMonth is the share of requirements that change in a month, in percent.
	ChangePerMonth *float64 `json:"change_per_month,omitempty"`
	// UnplannedShare is the share of a team's work that nobody planned, 0 to 1.
	UnplannedShare *float64    `json:"unplanned_share,omitempty"`
	Criticality    Criticality `json:"criticality,omitempty"`
	// CertifiedBaseline: an outside body certifies a fixed baseline.
	CertifiedBaseline Answer `json:"certified_baseline,omitempty"`
	// IncrementalDelivery: a usable part can be shown at least every month.
	IncrementalDelivery Answer `json:"incremental_delivery,omitempty"`
	// Separable: parts that users touch can be split from the rest.
	Separable Answer `json:"separable,omitempty"`
	// UnknownProblem: the problem or the demand itself is not understood yet.
	UnknownProblem Answer `json:"unknown_problem,omitempty"`
	// InterruptDriven: small independent items arrive at any time and no timebox
	// would hold.
	InterruptDriven Answer `json:"interrupt_driven,omitempty"`
	// FixedPriceScope: a contract fixes price and scope.
	FixedPriceScope Answer `json:"fixed_price_scope,omitempty"`
	// ManyReleasesPerDay: skills, tests and pipeline allow many releases a day.
	ManyReleasesPerDay Answer `json:"many_releases_per_day,omitempty"`
	// Dependencies: many people build one shared solution.
	Dependencies          Answer `json:"dependencies,omitempty"`
	StableTeam            Answer `json:"stable_team,omitempty"`
	ProductOwnerAvailable Answer `json:"product_owner_available,omitempty"`
	// TechnicalRisk: quality or technology is the main risk.
	TechnicalRisk Answer `json:"technical_risk,omitempty"`
	// SkilledPairs: people sit together, are skilled, and write tests first.
	SkilledPairs Answer `json:"skilled_pairs,omitempty"`

	// The culture and team answers of the suitability filter.
	BuyIn          Answer `json:"buy_in,omitempty"`
	Trust          Answer `json:"trust,omitempty"`
	DecisionPower  Answer `json:"decision_power,omitempty"`
	Experience     Answer `json:"experience,omitempty"`
	CustomerAccess Answer `json:"customer_access,omitempty"`

	// Agreement on what is wanted and Certainty about how to do it place the work
	// on the Stacey matrix: yes is near, no is far.
	Agreement Answer `json:"agreement,omitempty"`
	Certainty Answer `json:"certainty,omitempty"`

	// Percentages for Boehm and Turner's people axes: Cockburn's level 1B, levels
	// 2 and 3, and those who thrive on chaos rather than on order.
	Level1B  *float64 `json:"level_1b,omitempty"`
	Level2Up *float64 `json:"level_2_up,omitempty"`
	OnChaos  *float64 `json:"on_chaos,omitempty"`
}

// number reads a possibly unknown number.
func number(v *float64) (float64, bool) {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) || *v < 0 {
		return 0, false
	}
	return *v, true
}

// known reports whether a is one of the answers; any other text is unknown.
func (a Answer) known() bool { return a == Yes || a == Partial || a == No }

// question is one field of the context: its JSON name, whether it is answered,
// and the field itself where it is an answer or a number.
type question struct {
	name   string
	known  func(c *Context) bool
	answer func(c *Context) *Answer
	number func(c *Context) **float64
}

func ask(name string, get func(*Context) *Answer) question {
	return question{name: name, answer: get, known: func(c *Context) bool { return get(c).known() }}
}

func askNumber(name string, get func(*Context) **float64) question {
	return question{name: name, number: get, known: func(c *Context) bool { _, ok := number(*get(c)); return ok }}
}

// questions are all that bear on a recommendation, in the order to ask them.
var questions = []question{
	{name: "lane", known: func(c *Context) bool { return c.Lane != "" }},
	askNumber("job_size", func(c *Context) **float64 { return &c.JobSize }),
	{name: "criticality", known: func(c *Context) bool { _, ok := c.Criticality.level(); return ok }},
	ask("unknown_problem", func(c *Context) *Answer { return &c.UnknownProblem }),
	ask("interrupt_driven", func(c *Context) *Answer { return &c.InterruptDriven }),
	askNumber("change_per_month", func(c *Context) **float64 { return &c.ChangePerMonth }),
	ask("incremental_delivery", func(c *Context) *Answer { return &c.IncrementalDelivery }),
	ask("separable", func(c *Context) *Answer { return &c.Separable }),
	ask("certified_baseline", func(c *Context) *Answer { return &c.CertifiedBaseline }),
	ask("fixed_price_scope", func(c *Context) *Answer { return &c.FixedPriceScope }),
	askNumber("people", func(c *Context) **float64 { return &c.People }),
	ask("dependencies", func(c *Context) *Answer { return &c.Dependencies }),
	askNumber("team_size", func(c *Context) **float64 { return &c.TeamSize }),
	ask("stable_team", func(c *Context) *Answer { return &c.StableTeam }),
	ask("product_owner_available", func(c *Context) *Answer { return &c.ProductOwnerAvailable }),
	askNumber("unplanned_share", func(c *Context) **float64 { return &c.UnplannedShare }),
	ask("many_releases_per_day", func(c *Context) *Answer { return &c.ManyReleasesPerDay }),
	ask("buy_in", func(c *Context) *Answer { return &c.BuyIn }),
	ask("trust", func(c *Context) *Answer { return &c.Trust }),
	ask("decision_power", func(c *Context) *Answer { return &c.DecisionPower }),
	ask("experience", func(c *Context) *Answer { return &c.Experience }),
	ask("customer_access", func(c *Context) *Answer { return &c.CustomerAccess }),
	ask("technical_risk", func(c *Context) *Answer { return &c.TechnicalRisk }),
	ask("skilled_pairs", func(c *Context) *Answer { return &c.SkilledPairs }),
	ask("agreement", func(c *Context) *Answer { return &c.Agreement }),
	ask("certainty", func(c *Context) *Answer { return &c.Certainty }),
}

// named finds a question by its name; tests cover every name in use.
func named(name string) question {
	for _, q := range questions {
		if q.name == name {
			return q
		}
	}
	return question{}
}

func answered(c *Context, name string) bool { return named(name).known(c) }

// unanswered lists the open questions in the order to ask them.
func unanswered(c *Context) []string {
	names := []string{}
	for _, q := range questions {
		if !q.known(c) {
			names = append(names, q.name)
		}
	}
	return names
}
