// Package arch checks the rules a reviewer would otherwise have to check by hand: import rules, sizes, what workflow code must not call,
// durable names, words, and which functions nothing reaches.
package arch

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func within(path string, folders ...string) bool {
	for _, f := range folders {
		if path == module+"/"+f || strings.HasPrefix(path, module+"/"+f+"/") {
			return true
		}
	}
	return false
}

func standard(path string) bool {
	return !strings.Contains(strings.Split(path, "/")[0], ".") && !strings.HasPrefix(path, module)
}

// pure packages decide; they import the domain, the solver of assignments and the standard library only.
var pure = []string{"internal/pmo", "internal/priority", "internal/approach", "internal/assign", "internal/forecast", "internal/flow", "internal/access", "internal/selection", "internal/gap",
	"internal/dependency", "internal/strategy", "internal/notice"}

// effects are parts of the standard library with side effects: no pure package imports them.
var effects = []string{"os", "net", "net/http", "io/fs", "log", "log/slog", "os/exec", "database/sql", "crypto/rand", "math/rand"}

func TestPurePackagesImportOnlyTheDomain(t *testing.T) {
	for _, p := range packages(t) {
		if !within(p.ImportPath, pure...) || within(p.ImportPath, "internal/forecast/cache", "internal/flow/cache") {
			continue
		}
		for _, imported := range p.Imports {
			require.True(t, standard(imported) || within(imported, "internal/pmo", "internal/gap"), "%s is pure and imports %s", p.ImportPath, imported)
			require.NotContains(t, effects, imported, "%s is pure and imports %s", p.ImportPath, imported)
		}
	}
}

// forbidden lists, by folder, what its packages may not import, directly or through our own packages.
var forbidden = map[string][]string{
	"workflows":       {"activities", "api", "web", "internal/store", "internal/engine", "internal/policy", "internal/app"},
	"activities":      {"workflows", "api", "web", "internal/app"},
	"internal/store":  {"workflows", "activities", "api", "internal/contract", "internal/engine"},
	"api":             {"workflows", "activities"},
	"web":             {"workflows", "activities", "api", "internal/store", "internal/engine"},
	"internal/engine": {"workflows", "activities", "api", "internal/store"},
	"internal/pmo":    {"internal/contract", "internal/store"},
}

func TestImportRules(t *testing.T) {
	for _, p := range packages(t) {
		for folder, banned := range forbidden {
			if !within(p.ImportPath, folder) {
				continue
			}
			for _, dep := range p.Deps {
				require.False(t, within(dep, banned...), "%s must not depend on %s", p.ImportPath, dep)
			}
		}
	}
}

func TestOnlyTheEngineAndTheWorkersImportTemporal(t *testing.T) {
	allowed := []string{"workflows", "activities", "internal/contract", "internal/engine", "internal/app", "internal/problem", "internal/testkit", "cmd", "tests"}
	for _, p := range packages(t) {
		if within(p.ImportPath, allowed...) {
			continue
		}
		for _, imported := range p.Imports {
			require.False(t, strings.HasPrefix(imported, "go.temporal.io/"), "%s must not import %s", p.ImportPath, imported)
		}
	}
}

func TestOnlyTheStoreImportsPostgres(t *testing.T) {
	allowed := []string{"internal/store", "internal/localstack", "internal/testkit", "cmd/pmo-local", "tests/harness"}
	for _, p := range packages(t) {
		if within(p.ImportPath, allowed...) {
			continue
		}
		for _, imported := range p.Imports {
			require.False(t, strings.HasPrefix(imported, "github.com/jackc/pgx"), "%s must not import %s", p.ImportPath, imported)
		}
	}
}

func TestOnlyPmoLocalLinksTheServer(t *testing.T) {
	for _, p := range packages(t) {
		if within(p.ImportPath, "cmd/pmo-local") {
			continue
		}
		require.False(t, slices.Contains(p.Deps, "go.temporal.io/server/temporal"), "%s links the Temporal server", p.ImportPath)
	}
}

// allowedInWorkflows are the non-standard imports of workflow code: the SDK's deterministic side, the contract and the domain.
var allowedInWorkflows = []string{"go.temporal.io/sdk/workflow", "go.temporal.io/sdk/temporal", "go.temporal.io/sdk/worker", module + "/internal/contract", module + "/internal/pmo"}

func TestWorkflowCodeImportsNothingWithSideEffects(t *testing.T) {
	for _, p := range packages(t) {
		if !within(p.ImportPath, "workflows") {
			continue
		}
		for _, imported := range p.Imports {
			require.True(t, standard(imported) || slices.Contains(allowedInWorkflows, imported), "%s must not import %s", p.ImportPath, imported)
			require.NotContains(t, append(effects, "context", "sync"), imported, "%s must not import %s", p.ImportPath, imported)
		}
	}
}

// TestTheProductHasNoProviderWithoutProof: who signs in without proof does so with pmo-local, never with the product's own program.
func TestTheProductHasNoProviderWithoutProof(t *testing.T) {
	for _, p := range packages(t) {
		if within(p.ImportPath, "cmd/pmo", "internal/app", "web", "api") {
			require.NotContains(t, p.Deps, module+"/internal/devprovider", "%s links the provider of the local stack", p.ImportPath)
		}
	}
}
