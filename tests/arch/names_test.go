package arch

import (
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
)

var update = flag.Bool("update", false, "write the golden files anew, as far as their tests allow")

// TestDurableNames compares every durable name with the golden file: a rename would lose running requests. A line says the kind and the
// value of a name; how the Go constant is called does not matter. Lines are only added, by -update too.
func TestDurableNames(t *testing.T) {
	names := constants(t, "internal/contract/names.go", func(constant string) string { return firstWord(constant) })
	names = append(names, constants(t, "internal/pmo/ledger.go", func(string) string { return "ledger" })...)
	for _, a := range contract.Attributes() {
		names = append(names, fmt.Sprintf("search attribute %s %s", a.GetName(), a.GetValueType()))
	}
	names = append(names, "id "+contract.RequestWorkflowID("<id>"), "id "+contract.ScheduleID("<portfolio>"), "id "+contract.PrioritizeNowID("<portfolio>", "<uuid>"))

	path := filepath.Join("testdata", "durable_names.golden")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	golden := strings.Split(strings.TrimSpace(string(text)), "\n")
	for _, line := range golden {
		require.Contains(t, names, line, "a durable name is gone: running requests and callers depend on it")
	}
	if *update {
		golden = append(golden, names...)
		slices.Sort(golden)
		golden = slices.Compact(golden)
		require.NoError(t, os.WriteFile(path, []byte(strings.Join(golden, "\n")+"\n"), 0o644))
	}
	for _, line := range names {
		require.Contains(t, golden, line, "a new durable name; if it shall stay for ever: go test ./tests/arch -run TestDurableNames -update")
	}
}

// constants lists the string constants of a file, each as its kind and value.
func constants(t *testing.T, path string, kind func(constant string) string) []string {
	t.Helper()
	var list []string
	goFiles(t, func(s source) {
		if s.path != path {
			return
		}
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, spec := range g.Specs {
				value := spec.(*ast.ValueSpec)
				if literal, ok := value.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
					text, err := strconv.Unquote(literal.Value)
					require.NoError(t, err)
					list = append(list, kind(value.Names[0].Name)+" "+text)
				}
			}
		}
	})
	require.NotEmpty(t, list, "%s has no string constants", path)
	return list
}

// firstWord is the first word of a Go name, such as activity for ActivityAdmit.
func firstWord(name string) string {
	if i := strings.IndexFunc(name[1:], unicode.IsUpper); i >= 0 {
		name = name[:i+1]
	}
	return strings.ToLower(name)
}
