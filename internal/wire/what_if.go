package wire

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
)

// MostScenarios is how many are asked about at once.
const MostScenarios = 3

// WhatIf asks what other rules or another backlog would change. Nothing is changed by asking.
type WhatIf struct {
	Portfolio string     `json:"portfolio,omitempty" maxLength:"64" doc:"The policy's first when absent"`
	Scenarios []Scenario `json:"scenarios" minItems:"1" maxItems:"3"`
	Capacity  *float64   `json:"capacity,omitempty" minimum:"0" maximum:"1000000" doc:"Team-weeks that can be given to the backlog in a period: then the answer says what is funded"`
}

// Scenario is one thing to ask about; what is absent stays as it is.
type Scenario struct {
	Name     string         `json:"name,omitempty" maxLength:"60"`
	YAML     string         `json:"yaml,omitempty" maxLength:"262144" doc:"Another policy, as a whole; the numbers below are then of it"`
	Model    priority.Model `json:"model,omitempty" enum:"wsjf,cd3,rice,ice,value_effort,weighted,moscow"`
	Value    *float64       `json:"value,omitempty" minimum:"0" maximum:"1000" doc:"Weight of business value"`
	Time     *float64       `json:"time,omitempty" minimum:"0" maximum:"1000" doc:"Weight of time criticality"`
	Risk     *float64       `json:"risk,omitempty" minimum:"0" maximum:"1000" doc:"Weight of risk reduction or opportunity"`
	Points   *float64       `json:"points,omitempty" minimum:"0" maximum:"1000" doc:"Weight of the points of stakeholders"`
	WIPLimit *int           `json:"wip_limit,omitempty" minimum:"1" maximum:"100000" doc:"How many requests the portfolio works on at once"`
	Capacity *float64       `json:"capacity,omitempty" minimum:"0" maximum:"1000000" doc:"Another capacity in team-weeks; that of the question when absent"`
	Without  []string       `json:"without,omitempty" maxItems:"50" doc:"Requests that were not there, such as R-7"`
	More     *NewRequest    `json:"more,omitempty" doc:"One request more"`
}

// NewRequest is a request that there could be, submitted now.
type NewRequest struct {
	Title  string             `json:"title,omitempty" maxLength:"200"`
	Class  pmo.ClassOfService `json:"class,omitempty" maxLength:"64"`
	Inputs pmo.Inputs         `json:"inputs"`
	Size   float64            `json:"size,omitempty" minimum:"0" maximum:"10000" doc:"In team-weeks, for what is funded; the policy's assumed size when absent"`
}

// WhatIfAnswer is what each scenario would change.
type WhatIfAnswer struct {
	At        time.Time        `json:"at"`
	Portfolio string           `json:"portfolio"`
	Policy    string           `json:"policy" doc:"The policy in force, with which each scenario is compared"`
	Scenarios []ScenarioAnswer `json:"scenarios"`
}

// ScenarioAnswer is what a scenario would change of the backlog as it is.
type ScenarioAnswer struct {
	Name   string        `json:"name"`
	Effect BacklogEffect `json:"effect"`
	// Funding is there where a capacity was given.
	Funding *ScenarioFunding `json:"funding,omitempty"`
}

// ScenarioFunding is what would be funded, beside what is funded by the rules in force. Requests that the reader may not read are left out of both.
type ScenarioFunding struct {
	CapacityNow float64         `json:"capacity_now"`
	Capacity    float64         `json:"capacity"`
	Now         FundingSum      `json:"now" doc:"By the rules in force"`
	Then        FundingSum      `json:"then" doc:"By the scenario; with another model the value is in another unit"`
	Bound       float64         `json:"bound" doc:"No set within the scenario's capacity is worth more"`
	Proven      bool            `json:"proven" doc:"No set is worth more"`
	Lines       []FundingChange `json:"lines" doc:"Requests that are funded in one of both alone, by their rank in the scenario"`
	MoreLines   int             `json:"more_lines,omitempty"`
	Waiting     int             `json:"waiting,omitempty" doc:"Left out in the scenario because they need one that cannot be funded here"`
	Unscored    int             `json:"unscored,omitempty" doc:"Left out in the scenario because they have no score"`
}

// FundingChange is a request that is funded in one of two cases alone.
type FundingChange struct {
	ID          string  `json:"id"`
	Ref         string  `json:"ref"`
	Title       string  `json:"title"`
	Size        float64 `json:"size" doc:"In team-weeks"`
	SizeAssumed bool    `json:"size_assumed,omitempty"`
	Now         bool    `json:"now"`
	Then        bool    `json:"then"`
	Link        string  `json:"link,omitempty"`
}

// InputsOf reads inputs as people write them in one line: "business_value=13 job_size=2". It names the part that it does not understand.
func InputsOf(pairs []string) (in pmo.Inputs, wrong string) {
	doc := map[string]any{}
	for _, pair := range pairs {
		name, text, found := strings.Cut(pair, "=")
		if !found || !slices.Contains(pmo.InputNames(), name) {
			return in, pair
		}
		value, err := strconv.ParseFloat(text, 64)
		switch {
		case name == "moscow":
			doc[name] = text
		case err != nil || math.IsInf(value, 0) || math.IsNaN(value):
			return in, pair
		default:
			doc[name] = value
		}
	}
	text, _ := json.Marshal(doc) // numbers and texts always encode
	if json.Unmarshal(text, &in) != nil {
		return in, strings.Join(pairs, " ")
	}
	return in, ""
}
