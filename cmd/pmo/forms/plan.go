package forms

import (
	"strings"

	"leanpmo/internal/planfile"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// PlanForm is a plan as it is written in a file.
type PlanForm struct {
	pmo.Plan
	place place
}

// Plan reads a file with a plan.
func Plan(file string, src []byte) (PlanForm, error) {
	at := place{file: file, root: body(src)}
	plan, wrong := planfile.Read(src)
	if len(wrong) > 0 {
		return PlanForm{}, at.faults(wrong)
	}
	return PlanForm{Plan: plan, place: at}, nil
}

// Where translates the faults that the API found in the plan to lines of the file.
func (f PlanForm) Where(fields []problem.Field) Faults {
	var out Faults
	for _, field := range fields {
		path := strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(field.Pointer, "/plan"), "/"), "/", ".")
		out = append(out, Fault{File: f.place.file, Line: f.place.line(path), Field: path, Problem: field.Detail})
	}
	return out
}
