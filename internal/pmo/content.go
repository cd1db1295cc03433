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
	Themes         []string `json:"themes,omitempty"`  // strategy goals it serves
	Sponsor        string   `json:"sponsor,omitempty"` // principal id; asked to confirm
	WantedBy       Date     `json:"wanted_by,omitempty"`
	WantedCause    string   `json:"wanted_cause,omitempty"` // why that date: law, contract, event, …
	Urgency        string   `json:"urgency,omitempty"`      // as asked for: flexible, soon, critical; never used for ranking
	OthersToAct    string   `json:"others_to_act,omitempty"`
	Workaround     string   `json:"workaround,omitempty"`

	Class   ClassOfService `json:"class,omitempty"`
	Size    float64        `json:"size,omitempty"`   // estimated effort in team-weeks; 0 is unknown
	Skills  []string       `json:"skills,omitempty"` // what the work needs
	Inputs  Inputs         `json:"inputs,omitzero"`
	Context WorkContext    `json:"context,omitzero"`

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

// Inputs are the numbers a score is computed from, on the relative scale 1, 2, 3, 5, 8, 13, 20. Nil means unknown, not zero.
type Inputs struct {
	BusinessValue   *float64 `json:"business_value,omitempty"`
	TimeCriticality *float64 `json:"time_criticality,omitempty"`
	RiskReduction   *float64 `json:"risk_reduction,omitempty"`
	JobSize         *float64 `json:"job_size,omitempty"`
}

// Input is one of the inputs, by its name in JSON.
type Input struct {
	Name  string
	Value *float64
}

// Each lists the inputs in their order; the job size is the last.
func (i Inputs) Each() []Input {
	return []Input{{"business_value", i.BusinessValue}, {"time_criticality", i.TimeCriticality}, {"risk_reduction", i.RiskReduction}, {"job_size", i.JobSize}}
}

// inputRef is where one of the inputs is stored.
type inputRef struct {
	name  string
	value **float64
}

// refs are the inputs in the order of Each.
func (i *Inputs) refs() []inputRef {
	return []inputRef{{"business_value", &i.BusinessValue}, {"time_criticality", &i.TimeCriticality}, {"risk_reduction", &i.RiskReduction}, {"job_size", &i.JobSize}}
}

// Missing names the inputs nobody gave yet.
func (i Inputs) Missing() []string {
	var missing []string
	for _, in := range i.Each() {
		if in.Value == nil {
			missing = append(missing, in.Name)
		}
	}
	return missing
}

// WorkContext are the answers the approach recommendation uses. Nil and empty mean unknown.
type WorkContext struct {
	People             int      `json:"people,omitempty"`
	ChangePerMonth     *float64 `json:"change_per_month,omitempty"` // share of requirements that change, percent
	Criticality        string   `json:"criticality,omitempty"`      // comfort, discretionary, essential, life, lives
	Incremental        *bool    `json:"incremental,omitempty"`      // usable parts can be delivered early
	UnknownProblem     *bool    `json:"unknown_problem,omitempty"`
	InterruptDriven    *bool    `json:"interrupt_driven,omitempty"`
	UnplannedShare     *float64 `json:"unplanned_share,omitempty"` // percent
	ProductOwner       *bool    `json:"product_owner,omitempty"`   // available every day
	FixedPrice         *bool    `json:"fixed_price,omitempty"`
	Separable          *bool    `json:"separable,omitempty"`
	ManyDependencies   *bool    `json:"many_dependencies,omitempty"`
	ManyReleasesPerDay *bool    `json:"many_releases_per_day,omitempty"`
}
