package forms

import (
	"reflect"

	"github.com/goccy/go-yaml"

	"leanpmo/internal/pmo"
	"leanpmo/internal/yamlstrict"
)

// Team is a team as a file has it.
type Team struct {
	pmo.Team
	given map[string]any // by the names of its fields: an empty list, 0 and null are given
}

// Teams reads a file of teams, under the key teams.
func Teams(file string, src []byte) ([]Team, error) {
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
	var given struct {
		Teams []map[string]any `yaml:"teams"`
	}
	if err := yaml.NodeToValue(at.root, &given); err != nil {
		return nil, Faults{{File: file, Problem: err.Error()}}
	}
	teams := make([]Team, len(doc.Teams))
	for i, t := range doc.Teams {
		teams[i] = Team{Team: t, given: given.Teams[i]}
	}
	return teams, nil
}

// Over is the team with what the present one has where the file gives nothing. As for the API, who gives a capacity states it.
func (t Team) Over(now pmo.Team) pmo.Team {
	gives := func(name string) bool { _, ok := t.given[name]; return ok }
	team := t.Team
	into, from := reflect.ValueOf(&team).Elem(), reflect.ValueOf(now)
	for i := range into.NumField() {
		if !gives(jsonName(into.Type().Field(i))) {
			into.Field(i).Set(from.Field(i))
		}
	}
	if gives("capacity") && !gives("capacity_measured") {
		team.CapacityMeasured = false
	}
	return team
}
