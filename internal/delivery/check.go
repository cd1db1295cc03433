package delivery

import (
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// Longest texts a work item takes; the tools' own limits are wider.
const (
	longestTitle   = 500
	longestSummary = 20000
)

func (n New) check() error {
	var faults []problem.Field
	if uuid.Validate(n.Request) != nil {
		faults = append(faults, problem.Field{Pointer: "/request", Detail: "is the id of a request"})
	}
	for pointer, text := range map[string]string{"/title": n.Title, "/team": n.Team} {
		if strings.TrimSpace(text) == "" {
			faults = append(faults, problem.Field{Pointer: pointer, Detail: "is required"})
		}
	}
	faults = append(faults, tooLong("/title", n.Title, longestTitle)...)
	faults = append(faults, tooLong("/summary", n.Summary, longestSummary)...)
	if len(faults) > 0 {
		return problem.InvalidFields(faults)
	}
	return nil
}

func (p Patch) check() error {
	var faults []problem.Field
	if p.Title != nil {
		faults = tooLong("/title", *p.Title, longestTitle)
		if strings.TrimSpace(*p.Title) == "" {
			faults = append(faults, problem.Field{Pointer: "/title", Detail: "is not empty"})
		}
	}
	if p.Summary != nil {
		faults = append(faults, tooLong("/summary", *p.Summary, longestSummary)...)
	}
	if p.Status != nil {
		switch *p.Status {
		case pmo.WorkOpen, pmo.WorkOnHold, pmo.WorkClosed, pmo.WorkCancelled:
		default:
			faults = append(faults, problem.Field{Pointer: "/status", Detail: "is open, on_hold, closed or cancelled"})
		}
	}
	if len(faults) > 0 {
		return problem.InvalidFields(faults)
	}
	return nil
}

func tooLong(pointer, text string, longest int) []problem.Field {
	if utf8.RuneCountInString(text) > longest {
		return []problem.Field{{Pointer: pointer, Detail: "is too long"}}
	}
	return nil
}
