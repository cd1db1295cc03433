package pmo

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

var update = flag.Bool("update", false, "print the transitions into docs/architecture.md anew")

func TestTransitionTableIsUnambiguous(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range transitions {
		require.NotEmpty(t, row.from, row.on)
		require.NotEmpty(t, row.why, row.on)
		require.True(t, strings.HasSuffix(row.why, "."), row.why)
		require.False(t, row.outcome != "" && (row.to != "" || row.status != ""), "%s closes and moves", row.on)
		require.False(t, row.outcome == "" && row.to == "" && row.status == "", "%s changes nothing", row.on)
		for _, from := range row.from {
			key := string(from) + " " + string(row.on)
			require.False(t, seen[key], "%s stands twice", key)
			seen[key] = true
		}
	}
}

// TestAMoveThatIsNotInTheTablePanics: such a move is a bug, which fails the workflow task.
func TestAMoveThatIsNotInTheTablePanics(t *testing.T) {
	r := New("r1", "d", Submission{Requester: "sam"})
	require.Panics(t, func() { r.move(TriggerPulled, time.Time{}) })
	require.Panics(t, func() { r.Close(TriggerBenefitReviewed, "", By{}, time.Time{}) })
	require.Panics(t, func() { r.move(TriggerWithdrawn, time.Time{}) }, "closing is not a move")
	require.Panics(t, func() { r.Close(TriggerFormComplete, "", By{}, time.Time{}) }, "a move does not close")
	require.Equal(t, StageIntake, r.Stage)
	require.Equal(t, StatusOpen, r.Status)
}

// TestOnlyTheTableMovesARequest reads the package: stage, status and outcome are assigned in transitions.go alone, and every trigger is used.
func TestOnlyTheTableMovesARequest(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	require.NoError(t, err)
	used := map[string]bool{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") || path == "transitions.go" {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				used[n.Name] = true
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					s, ok := left.(*ast.SelectorExpr)
					if !ok {
						continue
					}
					if x, ok := s.X.(*ast.Ident); ok && x.Name == "r" {
						require.NotContains(t, []string{"Stage", "StageSince", "Status", "Outcome"}, s.Sel.Name, "%s assigns it", set.Position(n.Pos()))
					}
				}
			}
			return true
		})
	}
	file, err := parser.ParseFile(token.NewFileSet(), "transitions.go", nil, 0)
	require.NoError(t, err)
	for name := range triggerNames(file) {
		require.True(t, used[name], "%s is in the table and nothing uses it", name)
	}
}

func triggerNames(file *ast.File) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(v.Names[0].Name, "Trigger") {
			names[v.Names[0].Name] = true
		}
		return true
	})
	return names
}

// TestArchitectureShowsTheTransitions compares the diagram and the table in docs/architecture.md with the ones printed from the table.
func TestArchitectureShowsTheTransitions(t *testing.T) {
	testkit.Printed(t, filepath.Join("..", "..", "docs", "architecture.md"), "transitions", printTransitions(), *update, "go test ./internal/pmo -run TestArchitectureShowsTheTransitions -update")
}

// printTransitions is the state diagram, without the pauses and the ends from many stages, and the whole table.
func printTransitions() string {
	var text strings.Builder
	text.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> intake: submitted\n")
	for _, row := range transitions {
		if len(row.from) > 3 || row.to == "" && row.outcome == "" {
			continue
		}
		for _, from := range row.from {
			to := string(row.to)
			if row.outcome != "" {
				to = "[*]"
			}
			fmt.Fprintf(&text, "    %s --> %s: %s\n", from, to, row.on)
		}
	}
	text.WriteString("```\n\n| from | on | to | why |\n|---|---|---|---|\n")
	for _, row := range transitions {
		fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", fromText(row.from), row.on, toText(row), row.why)
	}
	text.WriteString("\nEntering a stage resets the fields of the state that belong to it, except those that the transition keeps. What a transition drops is\nreset too, whether or not it enters a stage.\n\n| stage | fields that entering it resets |\n|---|---|\n")
	for _, stage := range Stages() {
		if fields := fieldsOf[stage]; len(fields) > 0 {
			fmt.Fprintf(&text, "| %s | %s |\n", stage, namesOf(fields))
		}
	}
	text.WriteString("\n| on | keeps | drops |\n|---|---|---|\n")
	for _, row := range transitions {
		if len(row.keep)+len(row.drop) > 0 {
			fmt.Fprintf(&text, "| %s | %s | %s |\n", row.on, namesOf(row.keep), namesOf(row.drop))
		}
	}
	return text.String()
}

func fromText(from []Stage) string {
	switch {
	case slices.Equal(from, anyStage):
		return "any stage"
	case slices.Equal(from, beforeClosure):
		return "any stage before closure"
	}
	var names []string
	for _, stage := range from {
		names = append(names, string(stage))
	}
	return strings.Join(names, ", ")
}

func namesOf(fields []stateField) string {
	var names []string
	for _, field := range fields {
		names = append(names, "`"+field.name+"`")
	}
	return strings.Join(names, ", ")
}

func toText(row transition) string {
	if row.outcome != "" {
		return "closed: " + string(row.outcome)
	}
	to := string(row.to)
	if row.status != "" {
		to = strings.TrimPrefix(to+", "+strings.ReplaceAll(string(row.status), "_", " "), ", ")
	}
	return to
}
