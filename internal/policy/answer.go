package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/pmo"
)

// PatchFaults are those faults of an amended form that the patch brings in; at is the JSON pointer of the patch. A date that has passed and
// stays as it is does not hinder others.
func (p *Policy) PatchFaults(c pmo.Content, patch pmo.Patch, at string, now time.Time) []FieldFault {
	amended, _ := patch.Apply(c)
	touched := patch.Fields()
	var faults []FieldFault
	if patch.WantedBy != nil && *patch.WantedBy != c.WantedBy {
		for _, f := range p.ValidateDates(amended, now) {
			faults = append(faults, FieldFault{Pointer: at + f.Pointer, Problem: f.Problem})
		}
	}
	if patch.Inputs != nil {
		faults = append(faults, p.ValidateInputs(*patch.Inputs, at+"/inputs")...)
	}
	for _, f := range p.Validate(amended) {
		name, _, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/"), "/")
		if name == "inputs" {
			continue // only those that the patch gives: the others may be older than the policy's scale
		}
		if slices.Contains(touched, name) || name == "title" && patch.Title != nil {
			faults = append(faults, FieldFault{Pointer: at + f.Pointer, Problem: f.Problem})
		}
	}
	return faults
}

// PortfolioFaults are the fields of a patch that would move work under way from its portfolio to another: its slot and its team are there.
func (p *Policy) PortfolioFaults(c pmo.Content, patch pmo.Patch, portfolio string, stage pmo.Stage, at string) []FieldFault {
	if !stage.UnderWay() {
		return nil
	}
	before := p.Admit(c, nil).Portfolio
	moves := func(part pmo.Patch) string {
		amended, _ := part.Apply(c)
		if to := p.Admit(amended, nil).Portfolio; to != before && to != portfolio {
			return to
		}
		return ""
	}
	to := moves(patch)
	if to == "" {
		return nil
	}
	problem := fmt.Sprintf("moves the request to portfolio %s, but the work is under way in %s: submit a new request there, or give the slot back first", to, portfolio)
	var faults []FieldFault
	for _, field := range patch.Fields() {
		if moves(patch.Only(field)) != "" {
			faults = append(faults, FieldFault{Pointer: at + "/" + field, Problem: problem})
		}
	}
	if len(faults) == 0 { // several fields together
		faults = append(faults, FieldFault{Pointer: at + "/" + patch.Fields()[0], Problem: problem})
	}
	return faults
}

// DataFaults are the faults of the inputs and dates that come with a verdict, under /data.
func (p *Policy) DataFaults(d pmo.Data, now time.Time) []FieldFault {
	var faults []FieldFault
	if d.Inputs != nil {
		faults = append(faults, p.ValidateInputs(*d.Inputs, "/data/inputs")...)
	}
	check := func(date pmo.Date, pointer string) {
		if fault := DateFault(date, now); fault != "" {
			faults = append(faults, FieldFault{Pointer: pointer, Problem: fault})
		}
	}
	check(d.Until, "/data/until")
	if d.Plan != nil {
		for i, m := range d.Plan.Milestones {
			check(m.Due, fmt.Sprintf("/data/plan/milestones/%d/due", i))
		}
	}
	return faults
}
