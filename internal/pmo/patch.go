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
}

// Apply returns the content after the patch and the names (as in JSON) of the fields whose value differs.
// Patch and Content name their fields alike; TestPatchMatchesContent holds them together.
//
//workflowcheck:ignore reflect visits the fields of a struct in their order.
func (p Patch) Apply(c Content) (Content, []string) {
	var changed []string
	from, to := reflect.ValueOf(p), reflect.ValueOf(&c).Elem()
	for i := range from.NumField() {
		if from.Field(i).IsNil() {
			continue
		}
		field := from.Type().Field(i)
		target, value := to.FieldByName(field.Name), from.Field(i).Elem()
		if reflect.DeepEqual(target.Interface(), value.Interface()) {
			continue
		}
		target.Set(value)
		changed = append(changed, strings.Split(field.Tag.Get("json"), ",")[0])
	}
	return c, changed
}

// Fields names what the patch sets, whether or not it differs.
//
//workflowcheck:ignore reflect visits the fields of a struct in their order.
func (p Patch) Fields() []string {
	var names []string
	v := reflect.ValueOf(p)
	for i := range v.NumField() {
		if !v.Field(i).IsNil() {
			names = append(names, strings.Split(v.Type().Field(i).Tag.Get("json"), ",")[0])
		}
	}
	return names
}

// Empty reports whether the patch sets nothing.
func (p Patch) Empty() bool { return p == Patch{} }

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
