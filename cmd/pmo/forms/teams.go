package forms

import (
	"leanpmo/internal/pmo"
	"leanpmo/internal/yamlstrict"
)

// Teams reads a file of teams, under the key teams.
func Teams(file string, src []byte) ([]pmo.Team, error) {
	var doc struct {
		Teams []pmo.Team `json:"teams"`
	}
	at := place{file: file, root: body(src)}
	if wrong := yamlstrict.Decode(src, &doc); len(wrong) > 0 {
		return nil, at.faults(wrong)
	}
	if len(doc.Teams) == 0 {
		return nil, Faults{{File: file, Field: "teams", Problem: "names no team"}}
	}
	return doc.Teams, nil
}
