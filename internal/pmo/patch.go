package pmo

import "slices"

// Patch changes content: a nil field stays as it is.
type Patch struct {
	Title          *string         `json:"title,omitempty"`
	Kind           *string         `json:"kind,omitempty"`
	Problem        *string         `json:"problem,omitempty"`
	Outcome        *string         `json:"outcome,omitempty"`
	SuccessMeasure *string         `json:"success_measure,omitempty"`
	Baseline       *Baseline       `json:"baseline,omitempty"`
	Users          *string         `json:"users,omitempty"`
	Themes         *[]string       `json:"themes,omitempty"`
	Sponsor        *string         `json:"sponsor,omitempty"`
	WantedBy       *Date           `json:"wanted_by,omitempty"`
	WantedCause    *string         `json:"wanted_cause,omitempty"`
	Urgency        *string         `json:"urgency,omitempty"`
	OthersToAct    *string         `json:"others_to_act,omitempty"`
	Workaround     *string         `json:"workaround,omitempty"`
	Class          *ClassOfService `json:"class,omitempty"`
	Size           *float64        `json:"size,omitempty"`
	Skills         *[]string       `json:"skills,omitempty"`
	Inputs         *Inputs         `json:"inputs,omitempty"`
	Context        *WorkContext    `json:"context,omitempty"`
	Confidential   *bool           `json:"confidential,omitempty"`
	Merge          *Merge          `json:"merge,omitempty"` // not a field: how the others are taken
}

// Material lists the changed fields that the policy calls material.
func Material(changed, material []string) []string {
	var hit []string
	for _, field := range changed {
		if slices.Contains(material, field) {
			hit = append(hit, field)
		}
	}
	return hit
}
