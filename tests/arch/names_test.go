package arch

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestDurableNames compares every durable name with the golden file: a rename would lose running requests, so it has to be a
// reviewed line there.
func TestDurableNames(t *testing.T) {
	var names []string
	for _, file := range []string{"internal/contract/names.go"} {
		names = append(names, constants(t, file)...)
	}
	for _, a := range contract.Attributes() {
		names = append(names, fmt.Sprintf("search attribute %s %s", a.GetName(), a.GetValueType()))
	}
	for _, c := range constants(t, "internal/pmo/ledger.go") {
		names = append(names, "ledger "+c)
	}
	names = append(names, "id "+contract.RequestWorkflowID("<id>"), "id "+contract.ScheduleID("<portfolio>"), "id "+contract.PrioritizeNowID("<portfolio>", "<uuid>"))
	sort.Strings(names)
	got := strings.Join(names, "\n") + "\n"
	golden := filepath.Join("testdata", "durable_names.golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err, "write it with: go test ./tests/arch -run TestDurableNames -update")
	require.Equal(t, string(want), got)
}

// constants lists the string constants of a file as name=value.
func constants(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root(t), path), nil, 0)
	require.NoError(t, err)
	var list []string
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			value := s.(*ast.ValueSpec)
			if literal, ok := value.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
				list = append(list, value.Names[0].Name+" = "+literal.Value)
			}
		}
	}
	require.NotEmpty(t, list)
	return list
}
