package priority

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Inputs are what scores are computed from. A model uses some of them; nil and empty are unknown, which is not the same as zero.
type Inputs struct {
	// BusinessValue is the user and business value, in points ≥ 0.
	BusinessValue *float64 `json:"business_value,omitempty"`
	// TimeCriticality is how fast the value decays, in points ≥ 0.
	TimeCriticality *float64 `json:"time_criticality,omitempty"`
	// RiskReduction is risk reduced or opportunity enabled, in points ≥ 0.
	RiskReduction *float64 `json:"risk_reduction,omitempty"`
	// JobSize is used instead of duration, in points > 0.
	JobSize *float64 `json:"job_size,omitempty"`
	// CostOfDelay is what a week of delay costs, in money ≥ 0.
	CostOfDelay *float64 `json:"cost_of_delay,omitempty"`
	// Duration is how many weeks the work takes, > 0.
	Duration *float64 `json:"duration,omitempty"`
	// Reach is how many people it reaches in a period, ≥ 0.
	Reach *float64 `json:"reach,omitempty"`
	// Impact is 0.25, 0.5, 1, 2 or 3 for RICE, 1 to 10 for ICE.
	Impact *float64 `json:"impact,omitempty"`
	// Confidence is a share from 0 to 1 for RICE, 1 to 10 for ICE.
	Confidence *float64 `json:"confidence,omitempty"`
	// Effort is in person-months, > 0.
	Effort *float64 `json:"effort,omitempty"`
	// Ease is from 1 to 10.
	Ease *float64 `json:"ease,omitempty"`
	// MoSCoW is must, should, could or wont.
	MoSCoW string `json:"moscow,omitempty"`
}

// at is where an input with a number is stored; nil for other fields.
func (in *Inputs) at(f Fields) **float64 {
	switch f {
	case FieldBusinessValue:
		return &in.BusinessValue
	case FieldTimeCriticality:
		return &in.TimeCriticality
	case FieldRiskReduction:
		return &in.RiskReduction
	case FieldJobSize:
		return &in.JobSize
	case FieldCostOfDelay:
		return &in.CostOfDelay
	case FieldDuration:
		return &in.Duration
	case FieldReach:
		return &in.Reach
	case FieldImpact:
		return &in.Impact
	case FieldConfidence:
		return &in.Confidence
	case FieldEffort:
		return &in.Effort
	case FieldEase:
		return &in.Ease
	}
	return nil
}

// Item is one waiting request. ID must be unique within a ranking. Rank keeps
// the pointers it is given, so inputs are read-only once ranked.
type Item struct {
	ID          string    `json:"id"`
	Number      int64     `json:"number"`
	SubmittedAt time.Time `json:"submitted_at"`
	Class       Class     `json:"class"`
	Inputs      Inputs    `json:"inputs"`
	// FixedDate is the date on which the cost of delay steps up; needed by class
	// fixed_date only.
	FixedDate *time.Time `json:"fixed_date,omitempty"`
	// LeadP85 is the time in which 85 % of comparable work is done; ≤ 0 is unknown
	// and replaced by Policy.UnknownLead. It follows from the capacity of the teams, not from the request.
	LeadP85 time.Duration `json:"lead_p85,omitempty"`
	// Needs are the ids of the items that must be done before this one. Those that are not ranked with it do not count.
	Needs []string `json:"needs,omitempty"`
	// Points are what stakeholders have put on it out of their budgets; nobody types them for a score, and 0 is known: nobody has.
	Points float64 `json:"points,omitempty"`
	// PrevRank is the rank in the ranking before this one; 0 for a newcomer.
	PrevRank int `json:"prev_rank,omitempty"`
}

// Fields is a set of inputs, kept as bits so that 100,000 entries cost no
// allocation. In JSON it is a list of names.
type Fields uint16

// The inputs a set can hold.
const (
	FieldBusinessValue Fields = 1 << iota
	FieldTimeCriticality
	FieldRiskReduction
	FieldJobSize
	FieldCostOfDelay
	FieldDuration
	FieldReach
	FieldImpact
	FieldConfidence
	FieldEffort
	FieldEase
	FieldMoSCoW
	FieldFixedDate
	FieldClass
	FieldPoints
)

// inputFields is how many fields are inputs of a score; they are the first ones. The last of them is MoSCoW, which is no number.
const inputFields = 12

var fieldNames = [...]string{
	"business_value", "time_criticality", "risk_reduction", "job_size", "cost_of_delay", "duration", "reach", "impact", "confidence", "effort",
	"ease", "moscow", "fixed_date", "class", PointsInput,
}

// PointsInput is the name of the points of stakeholders among weights and criteria.
const PointsInput = "stakeholder_points"

// Names lists the inputs in the set, in the order of the form.
func (f Fields) Names() []string {
	var names []string
	for i, n := range fieldNames {
		if f&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return names
}

// Words names the inputs in plain words: "business value, job size".
func (f Fields) Words() string {
	return strings.ReplaceAll(strings.Join(f.Names(), ", "), "_", " ")
}

// MarshalJSON writes the set as a list of names, never null.
func (f Fields) MarshalJSON() ([]byte, error) {
	names := f.Names()
	if names == nil {
		names = []string{}
	}
	return json.Marshal(names)
}

// UnmarshalJSON reads a list of names; an unknown name is an error.
func (f *Fields) UnmarshalJSON(b []byte) error {
	var names []string
	if err := json.Unmarshal(b, &names); err != nil {
		return fmt.Errorf("read fields: %w", err)
	}
	*f = 0
	for _, n := range names {
		bit, ok := fieldByName(n)
		if !ok {
			return fmt.Errorf("read fields: %q is no input", n)
		}
		*f |= bit
	}
	return nil
}

func fieldByName(name string) (Fields, bool) {
	for i, n := range fieldNames {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}

// InputError says which input cannot be used and why. ID is empty when the
// input belongs to no item.
type InputError struct {
	ID     string
	Field  string
	Reason string
}

// Error names the field and the reason.
func (e *InputError) Error() string {
	if e.ID == "" {
		return e.Field + " " + e.Reason
	}
	return e.ID + ": " + e.Field + " " + e.Reason
}

const (
	mustBePositive = "must be greater than 0"
	mustNotBeBelow = "must not be below 0"
	mustNotExceed  = "must not exceed 1000000000000"
)

// The range of usable numbers: wide enough for money, narrow enough that no
// sum, product or quotient of them overflows.
const (
	largest  = 1e12
	smallest = 1e-9
)
