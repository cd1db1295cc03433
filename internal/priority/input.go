package priority

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
)

// Inputs are the relative scores of one request, usually on the scale
// 1, 2, 3, 5, 8, 13, 20 with the smallest item of a column at 1. A nil pointer
// is an unknown, which is not the same as zero.
type Inputs struct {
	// BusinessValue is the user and business value, in points ≥ 0.
	BusinessValue *float64 `json:"business_value,omitempty"`
	// TimeCriticality is how fast the value decays, in points ≥ 0.
	TimeCriticality *float64 `json:"time_criticality,omitempty"`
	// RiskReduction is risk reduced or opportunity enabled, in points ≥ 0.
	RiskReduction *float64 `json:"risk_reduction,omitempty"`
	// JobSize is used instead of duration, in points > 0.
	JobSize *float64 `json:"job_size,omitempty"`
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
	// and replaced by Policy.UnknownLead.
	LeadP85 time.Duration `json:"lead_p85,omitempty"`
	// PrevRank is the rank in the ranking before this one; 0 for a newcomer.
	PrevRank int `json:"prev_rank,omitempty"`
}

// Fields is a set of inputs, kept as bits so that 100,000 entries cost no
// allocation. In JSON it is a list of names.
type Fields uint8

// The inputs a set can hold.
const (
	FieldBusinessValue Fields = 1 << iota
	FieldTimeCriticality
	FieldRiskReduction
	FieldJobSize
	FieldFixedDate
	FieldClass
	FieldLeadP85
)

var fieldNames = [...]string{
	"business_value", "time_criticality", "risk_reduction", "job_size",
	"fixed_date", "class", "lead_p85",
}

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
	mustBeFinite   = "must be a finite number"
	mustNotExceed  = "must not exceed 1000000000000"
)

// The range of usable numbers: wide enough for money, narrow enough that no
// sum, product or quotient of them overflows.
const (
	largest  = 1e12
	smallest = 1e-9
)

// Validate returns an *InputError for the first input that is given but cannot
// be used, a class that does not exist, or an empty id. Unknown inputs are valid.
func (it Item) Validate() error {
	if it.ID == "" {
		return &InputError{Field: "id", Reason: "must not be empty"}
	}
	if it.Class != "" && !it.Class.Valid() {
		return &InputError{ID: it.ID, Field: "class", Reason: "is not a class of service"}
	}
	if bad := it.Inputs.faults(); bad != 0 {
		name := bad.Names()[0]
		return &InputError{ID: it.ID, Field: name, Reason: it.Inputs.reason(bad)}
	}
	return nil
}

// faults is the set of inputs that are given but unusable.
func (in Inputs) faults() Fields {
	var bad Fields
	for i, v := range [...]*float64{in.BusinessValue, in.TimeCriticality, in.RiskReduction} {
		if v != nil && nonNegative(*v) != "" {
			bad |= 1 << i
		}
	}
	if in.JobSize != nil && positive(*in.JobSize) != "" {
		bad |= FieldJobSize
	}
	return bad
}

func (in Inputs) reason(bad Fields) string {
	parts := [...]*float64{in.BusinessValue, in.TimeCriticality, in.RiskReduction}
	for i, v := range parts {
		if bad&(1<<i) != 0 {
			return nonNegative(*v)
		}
	}
	return positive(*in.JobSize)
}

// positive returns why v is not a usable number above zero, or "".
func positive(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return mustBeFinite
	case v < smallest:
		return mustBePositive
	case v > largest:
		return mustNotExceed
	}
	return ""
}

// nonNegative returns why v is not a usable number of at least zero, or "".
func nonNegative(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return mustBeFinite
	case v < 0:
		return mustNotBeBelow
	case v > largest:
		return mustNotExceed
	}
	return ""
}
