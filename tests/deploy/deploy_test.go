// Package deploy holds what operators are given against the product: docker-compose.yml and the scripts beside it, the table of
// settings in docs/operations.md, and several servers and workers on one Temporal.
package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/app"
	"leanpmo/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	return dir
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{root(t)}, path...)...))
	require.NoError(t, err)
	return string(text)
}

// logLevel is the one setting that is the command's, not the configuration's.
const logLevel = "PMO_LOG_LEVEL"

// asked are the names a reader of the environment looks up; secrets are those it also takes from a file.
func asked(reader func(lookup func(string) (string, bool))) (names, secrets map[string]bool) {
	all := map[string]bool{}
	reader(func(name string) (string, bool) { all[name] = true; return "", false })
	names, secrets = map[string]bool{}, map[string]bool{}
	for name := range all {
		base, file := strings.CutSuffix(name, "_FILE")
		switch {
		case file && all[base]:
			secrets[base] = true
		default:
			names[name] = true
		}
	}
	return names, secrets
}

func productSettings() (names, secrets map[string]bool) {
	return asked(func(lookup func(string) (string, bool)) { _, _ = app.FromEnv(lookup) })
}

func adapterSettings() (names, secrets map[string]bool) {
	return asked(func(lookup func(string) (string, bool)) { _, _ = app.AdapterFromEnv(lookup, "github", "") })
}
