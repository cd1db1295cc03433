package pmo

// Content is what a requester asks for. Personal names, addresses and tokens do not belong in it: people are opaque ids.
type Content struct {
	Title          string   `json:"title"`
	Kind           string   `json:"kind"` // a kind the policy knows, e.g. new_application, enhancement, support
	Problem        string   `json:"problem,omitempty"`
	Outcome        string   `json:"outcome,omitempty"` // what is better afterwards, not which tool
	SuccessMeasure string   `json:"success_measure,omitempty"`
	Baseline       Baseline `json:"baseline,omitzero"`
	Users          string   `json:"users,omitempty"`
	Themes         []string `json:"themes,omitempty"` // strategy goals it serves
	Objectives     []string `json:"objectives,omitempty" maxItems:"10" doc:"Ids of the objectives of the policy that it serves"`
	Sponsor        string   `json:"sponsor,omitempty"` // principal id; asked to confirm
	WantedBy       Date     `json:"wanted_by,omitempty"`
	WantedCause    string   `json:"wanted_cause,omitempty"` // why that date: law, contract, event, …
	Urgency        string   `json:"urgency,omitempty"`      // as asked for: flexible, soon, critical; never used for ranking
	OthersToAct    string   `json:"others_to_act,omitempty"`
	Workaround     string   `json:"workaround,omitempty"`

	// Needs are the numbers of the requests that must be delivered before, such as R-7.
	Needs []string `json:"needs,omitempty" maxItems:"20" doc:"Requests that must be delivered before this one, by number, such as R-7"`

	Class  ClassOfService `json:"class,omitempty"`
	Size   float64        `json:"size,omitempty"`   // estimated effort in team-weeks; 0 is unknown
	Skills []string       `json:"skills,omitempty"` // what the work needs
	Inputs Inputs         `json:"inputs,omitzero"`
	// Resources are what of the shared resources it needs while it is worked on, such as staging:2; without a number 1.
	Resources []string    `json:"resources,omitempty" maxItems:"10" doc:"Shared resources it needs while it is worked on, with the amount: staging:2; without a number 1"`
	Context   WorkContext `json:"context,omitzero"`
	// SecondTeam is what a second team does of it at the same time; zero: one team does it all.
	SecondTeam SecondTeam `json:"second_team,omitzero" doc:"What a second team does of it at the same time; without it, one team does it all"`

	Confidential bool `json:"confidential,omitempty"` // readable only by its own people and the PMO
}

// Baseline is how things are today, so that a benefit can be measured.
type Baseline struct {
	VolumePerMonth float64 `json:"volume_per_month,omitempty"` // how often
	MinutesEach    float64 `json:"minutes_each,omitempty"`     // how long each takes
	People         int     `json:"people,omitempty"`           // how many are affected
	MoneyPerYear   float64 `json:"money_per_year,omitempty"`   // in the portfolio's currency
}

// Known reports whether anything at all was said about today.
func (b Baseline) Known() bool { return b != Baseline{} }

// HoursPerMonth is volume times minutes, in hours.
func (b Baseline) HoursPerMonth() float64 { return b.VolumePerMonth * b.MinutesEach / 60 }

// Inputs are what a score is computed from. Which of them count is the policy's scoring model. Nil and empty mean unknown, not zero. The order
// of the fields is that of priority.Inputs.
type Inputs struct {
	// On the policy's scale, such as 1, 2, 3, 5, 8, 13, 20.
	BusinessValue   *float64 `json:"business_value,omitempty"`
	TimeCriticality *float64 `json:"time_criticality,omitempty"`
	RiskReduction   *float64 `json:"risk_reduction,omitempty"`
	JobSize         *float64 `json:"job_size,omitempty"`

	CostOfDelay *float64 `json:"cost_of_delay,omitempty" doc:"Money that a week of delay costs"`
	Duration    *float64 `json:"duration,omitempty" doc:"Weeks that the work takes"`
	Reach       *float64 `json:"reach,omitempty" doc:"People it reaches in a period"`
	Impact      *float64 `json:"impact,omitempty" doc:"RICE: 0.25 to 3; ICE: 1 to 10"`
	Confidence  *float64 `json:"confidence,omitempty" doc:"RICE: a share from 0 to 1; ICE: 1 to 10"`
	Effort      *float64 `json:"effort,omitempty" doc:"Person-months"`
	Ease        *float64 `json:"ease,omitempty" doc:"1 to 10"`
	MoSCoW      string   `json:"moscow,omitempty" enum:"must,should,could,wont"`
}

// Input is one of the inputs that are numbers, by its name in JSON, with the least and largest value that any policy takes.
type Input struct {
	Name        string
	Value       *float64
	Least, Most float64
}

// Each lists the inputs that are numbers in their order.
func (i Inputs) Each() []Input {
	var list []Input
	for _, r := range i.refs() {
		list = append(list, Input{r.name, *r.value, r.least, r.most})
	}
	return list
}

// OnScale reports whether the values of an input are those of the policy's scale.
func (i Input) OnScale() bool { return contains(scoreInputs, i.Name) }

// inputRef is where one of the inputs is stored.
type inputRef struct {
	name        string
	value       **float64
	least, most float64
}

// LeastJobSize is the least job size there is: a score is a quotient by it.
const LeastJobSize = 0.01

// What no input exceeds: points, and money or people.
const (
	mostPoints = 1000
	mostMoney  = 1e9
)

// refs are the inputs in the order of Each.
func (i *Inputs) refs() []inputRef {
	return []inputRef{{"business_value", &i.BusinessValue, 0, mostPoints}, {"time_criticality", &i.TimeCriticality, 0, mostPoints},
		{"risk_reduction", &i.RiskReduction, 0, mostPoints}, {"job_size", &i.JobSize, LeastJobSize, mostPoints},
		{"cost_of_delay", &i.CostOfDelay, 0, mostMoney}, {"duration", &i.Duration, LeastJobSize, mostPoints}, {"reach", &i.Reach, 0, mostMoney},
		{"impact", &i.Impact, 0, 10}, {"confidence", &i.Confidence, 0, 10}, {"effort", &i.Effort, LeastJobSize, mostPoints}, {"ease", &i.Ease, 1, 10}}
}

// Set gives an input its value by its name; of an unknown name nothing is set.
func (i *Inputs) Set(name string, value float64) {
	for _, r := range i.refs() {
		if r.name == name {
			*r.value = &value
		}
	}
}

// MoSCoWWords are the values of the input of that name, the most urgent first.
func MoSCoWWords() []string { return []string{"must", "should", "could", "wont"} }

const inputMoSCoW = "moscow"

// scoreInputs are the inputs of weighted shortest job first, which a request asks for unless its rules name others.
var scoreInputs = []string{"business_value", "time_criticality", "risk_reduction", "job_size"}

// ScoreInputs are the inputs that are asked for unless the rules name others.
func ScoreInputs() []string { return append([]string{}, scoreInputs...) }

// InputNames lists all inputs, in the order of the form.
func InputNames() []string {
	var names []string
	for _, in := range (Inputs{}).Each() {
		names = append(names, in.Name)
	}
	return append(names, inputMoSCoW)
}

// Missing names those of the needed inputs that nobody gave yet.
func (i Inputs) Missing(needed []string) []string {
	var missing []string
	for _, in := range i.Each() {
		if in.Value == nil && contains(needed, in.Name) {
			missing = append(missing, in.Name)
		}
	}
	if i.MoSCoW == "" && contains(needed, inputMoSCoW) {
		missing = append(missing, inputMoSCoW)
	}
	return missing
}

// WorkContext are the answers the approach recommendation uses. Nil and empty mean that nobody was asked; DontKnow names what was asked and
// nobody could answer. What each question means is in internal/approach.
type WorkContext struct {
	People             int      `json:"people,omitempty"`
	ChangePerMonth     *float64 `json:"change_per_month,omitempty"` // share of requirements that change, percent
	Criticality        string   `json:"criticality,omitempty"`      // comfort, discretionary, essential, life, lives
	Nature             string   `json:"nature,omitempty"`           // product, interrupts, contract, regulated, research, operations
	Incremental        *bool    `json:"incremental,omitempty"`      // usable parts can be delivered early
	UnknownProblem     *bool    `json:"unknown_problem,omitempty"`
	InterruptDriven    *bool    `json:"interrupt_driven,omitempty"`
	UnplannedShare     *float64 `json:"unplanned_share,omitempty"` // percent
	ProductOwner       *bool    `json:"product_owner,omitempty"`   // available every day
	FixedPrice         *bool    `json:"fixed_price,omitempty"`
	Separable          *bool    `json:"separable,omitempty"`
	Certified          *bool    `json:"certified,omitempty"` // an outside body certifies a fixed baseline
	ManyDependencies   *bool    `json:"many_dependencies,omitempty"`
	ManyReleasesPerDay *bool    `json:"many_releases_per_day,omitempty"`
	TechnicalRisk      *bool    `json:"technical_risk,omitempty"`
	SkilledPairs       *bool    `json:"skilled_pairs,omitempty"`
	// yes, partly or no
	StableTeam     string `json:"stable_team,omitempty"`
	BuyIn          string `json:"buy_in,omitempty"`
	Trust          string `json:"trust,omitempty"`
	DecisionPower  string `json:"decision_power,omitempty"`
	Experience     string `json:"experience,omitempty"`
	CustomerAccess string `json:"customer_access,omitempty"`
	ClearWhat      string `json:"clear_what,omitempty"`
	ClearHow       string `json:"clear_how,omitempty"`
	// percent of the people
	OnChaos  *float64 `json:"on_chaos,omitempty"`
	Level1B  *float64 `json:"level_1b,omitempty"`
	Level2Up *float64 `json:"level_2_up,omitempty"`

	DontKnow []string `json:"dont_know,omitempty" maxItems:"40"`
}
