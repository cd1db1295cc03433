package access_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/testkit"
)

var fieldPeople = []struct {
	name     string
	relation access.Relation
	roles    []string
}{
	{"requester, submitter", access.Requester, []string{"requester"}}, {"who answers clarify or reconfirm", access.Answering, nil}, {"sponsor who confirmed", access.Sponsor, nil},
	{"sponsor who has not", access.NamedSponsor, nil}, {"approver asked", access.Asked, []string{"approver"}}, {"team's lead", access.Lead, []string{"team"}},
	{"PMO", 0, []string{"pmo"}}, {"administrator, anybody else", 0, []string{"admin"}},
}

var fieldRows = []struct {
	name, field string
	material    bool
}{
	{"`inputs`", "inputs", false}, {"`class`, material", "class", true}, {"`sponsor`", "sponsor", false}, {"`confidential`", "confidential", false},
	{"other material fields", "size", true}, {"all others", "users", false},
}

// TestArchitectureShowsWhoChangesWhichField compares the table in docs/architecture.md with the one that is asked.
func TestArchitectureShowsWhoChangesWhichField(t *testing.T) {
	testkit.Printed(t, filepath.Join("..", "..", "docs", "architecture.md"), "fields", printFields(), *update, "go test ./internal/access -run TestArchitectureShowsWhoChangesWhichField -update")
}

func printFields() string {
	var text strings.Builder
	text.WriteString("| field |")
	for _, p := range fieldPeople {
		text.WriteString(" " + p.name + " |")
	}
	text.WriteString("\n|---|" + strings.Repeat("---|", len(fieldPeople)) + "\n")
	for _, row := range fieldRows {
		text.WriteString("| " + row.name + " |")
		for _, p := range fieldPeople {
			text.WriteString(" " + cell(access.Actor{ID: "x", Roles: p.roles}, p.relation, row.field, row.material) + " |")
		}
		text.WriteString("\n")
	}
	return text.String()
}

// cell joins stages that follow each other and have the same leave; without any leave it says refused.
func cell(actor access.Actor, relation access.Relation, field string, material bool) string {
	var parts []string
	last, from, to := access.LeaveRefused, "", ""
	flush := func() {
		if last != access.LeaveRefused && from != to {
			parts = append(parts, fmt.Sprintf("%s – %s: %s", from, to, last))
		} else if last != access.LeaveRefused {
			parts = append(parts, fmt.Sprintf("%s: %s", from, last))
		}
	}
	for _, stage := range pmo.Stages() {
		leave := access.LeaveFor(actor, field, material, access.Object{Relation: relation, Stage: stage})
		if leave != last {
			flush()
			last, from = leave, string(stage)
		}
		to = string(stage)
	}
	flush()
	if len(parts) == 0 {
		return "refused"
	}
	return strings.Join(parts, "; ")
}

// TestMayChangeAgreesWithTheTable: a door refuses whoever has no leave in any stage, and own inputs by stage.
func TestMayChangeAgreesWithTheTable(t *testing.T) {
	for _, row := range fieldRows {
		for _, p := range fieldPeople {
			actor := access.Actor{ID: "x", Roles: p.roles}
			ever := false
			for _, stage := range pmo.Stages() {
				ever = ever || access.LeaveFor(actor, row.field, row.material, access.Object{Relation: p.relation, Stage: stage}) != access.LeaveRefused
			}
			for _, stage := range pmo.Stages() {
				object := access.Object{Relation: p.relation, Stage: stage}
				d := access.MayChange(actor, row.field, object)
				where := fmt.Sprintf("%s by %s in %s", row.field, p.name, stage)
				if row.field == "inputs" && p.relation == access.Requester {
					require.Equal(t, access.LeaveFor(actor, row.field, false, object) != access.LeaveRefused, d.Allowed, where)
					continue
				}
				require.Equal(t, ever, d.Allowed, where)
			}
		}
	}
	pmoOfTheirOwn := access.Actor{ID: "x", Roles: []string{"pmo"}}
	require.Equal(t, pmo.RefusedOwnRequest, access.MayChange(pmoOfTheirOwn, "inputs", access.Object{Relation: access.Requester, Stage: pmo.StagePrioritization}).Kind)
}
