package arch

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const notReachedBegin, notReachedEnd = "<!-- not-reached:begin -->", "<!-- not-reached:end -->"

// localOnly are what cmd/pmo links and only cmd/pmo-local and tests call. To analyse cmd/pmo-local too would take ten times as long: it
// links the Temporal server.
var localOnly = []string{"internal/app.LocalDirectory", "internal/app.LocaleFault", "internal/app.SeedTeams", "internal/app.SettlePolicy", "internal/directory.Local"}

// TestNotReachedYet holds the list "Not reached yet" of docs/architecture.md against what no code path reaches from cmd/pmo, or from the benches
// that judge an engine beside the usual method: each such
// function is on the list, and each listed one is such a function. The golden copy keeps the list from growing: lines are only removed.
func TestNotReachedYet(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: analyses the whole program, which takes a quarter of a minute")
	}
	unreachable := slices.DeleteFunc(deadFunctions(t, "./cmd/pmo", "./tests/bench/forecast", "./tests/bench/selection"), func(f string) bool {
		return slices.Contains(localOnly, f)
	})
	page, err := os.ReadFile(filepath.Join(top, "docs", "architecture.md"))
	require.NoError(t, err)
	listed := notReached(t, string(page))
	for _, f := range unreachable {
		require.Contains(t, listed, f, "nothing calls it: delete it")
	}
	for _, f := range listed {
		require.Contains(t, unreachable, f, "docs/architecture.md says that nothing calls it, and something does, or it is gone: remove the line")
	}
	golden := filepath.Join("testdata", "not_reached.golden")
	text, err := os.ReadFile(golden)
	require.NoError(t, err)
	for _, f := range listed {
		require.Contains(t, strings.Fields(string(text)), f, "the list of functions that nothing calls has grown")
	}
	if *update {
		slices.Sort(listed)
		require.NoError(t, os.WriteFile(golden, []byte(strings.Join(listed, "\n")+"\n"), 0o644))
	}
}

// deadFunctions are the functions that deadcode reports for programs taken together, as package.Function below the module, or package.Type.Method.
func deadFunctions(t *testing.T, programs ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"tool", "-modfile=tools/go.mod", "deadcode", "-json"}, programs...)...)
	cmd.Dir = top
	out, err := cmd.Output()
	require.NoError(t, err)
	var packages []struct {
		Path  string
		Funcs []struct{ Name string }
	}
	require.NoError(t, json.Unmarshal(out, &packages))
	var list []string
	for _, p := range packages {
		for _, f := range p.Funcs {
			list = append(list, strings.TrimPrefix(p.Path, module+"/")+"."+f.Name)
		}
	}
	return list
}

var listLine = regexp.MustCompile("(?m)^- `([^`]+)`")

// notReached are the functions between the two markers of a page.
func notReached(t *testing.T, page string) []string {
	t.Helper()
	_, rest, found := strings.Cut(page, notReachedBegin)
	require.True(t, found, "docs/architecture.md has no %s", notReachedBegin)
	part, _, found := strings.Cut(rest, notReachedEnd)
	require.True(t, found, "docs/architecture.md has no %s", notReachedEnd)
	var list []string
	for _, m := range listLine.FindAllStringSubmatch(part, -1) {
		list = append(list, m[1])
	}
	return list
}
