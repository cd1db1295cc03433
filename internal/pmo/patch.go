package pmo

import (
	"reflect"
	"slices"
	"strings"
)

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
	Objectives     *[]string       `json:"objectives,omitempty"`
	Sponsor        *string         `json:"sponsor,omitempty"`
	WantedBy       *Date           `json:"wanted_by,omitempty"`
	WantedCause    *string         `json:"wanted_cause,omitempty"`
	Urgency        *string         `json:"urgency,omitempty"`
	OthersToAct    *string         `json:"others_to_act,omitempty"`
	Workaround     *string         `json:"workaround,omitempty"`
	Needs          *[]string       `json:"needs,omitempty"`
	Class          *ClassOfService `json:"class,omitempty"`
	Size           *float64        `json:"size,omitempty"`
	Skills         *[]string       `json:"skills,omitempty"`
	Resources      *[]string       `json:"resources,omitempty"`
	Inputs         *Inputs         `json:"inputs,omitempty"`
	Context        *WorkContext    `json:"context,omitempty"`
	SecondTeam     *SecondTeam     `json:"second_team,omitempty"`
	Confidential   *bool           `json:"confidential,omitempty"`
	Merge          *Merge          `json:"merge,omitempty"` // not a field: how the others are taken
}

// Only is the part of the patch that is about one field.
//
//workflowcheck:ignore reflect visits the fields of a struct in their order.
func (p Patch) Only(name string) Patch {
	var part Patch
	from, to := reflect.ValueOf(p), reflect.ValueOf(&part).Elem()
	for _, field := range patchFields() {
		if jsonName(field) == name {
			to.Field(field.Index[0]).Set(from.Field(field.Index[0]))
		}
	}
	if p.Merge != nil {
		part.Merge = &Merge{}
		for _, path := range p.Merge.Clear {
			if field, _, _ := strings.Cut(path, "."); field == name {
				part.Merge.Clear = append(part.Merge.Clear, path)
			}
		}
	}
	return part
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
