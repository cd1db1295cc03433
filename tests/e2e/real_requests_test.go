package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

// real is a request of a real organization, reworded.
type real struct {
	Title          string   `yaml:"title"`
	Kind           string   `yaml:"kind"`
	Problem        string   `yaml:"problem"`
	Outcome        string   `yaml:"outcome"`
	SuccessMeasure string   `yaml:"success_measure"`
	Users          string   `yaml:"users"`
	Workaround     string   `yaml:"workaround"`
	Urgency        string   `yaml:"urgency"`
	Themes         []string `yaml:"themes"`
}

var kinds = map[string]string{"new application": "new_application", "enhancement": "enhancement", "bug": "bug", "it support": "support", "data": "data"}

// realForms are the real requests as the form takes them; where the outside data is absent, the project's own examples.
func realForms(t *testing.T) []map[string]any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "requests", "requests.yaml"))
	if err != nil {
		t.Log("the outside data is not here; the examples are used instead")
		return exampleForms(t)
	}
	var file struct {
		Requests []real `yaml:"requests"`
	}
	require.NoError(t, yaml.Unmarshal(data, &file))
	require.NotEmpty(t, file.Requests)
	var forms []map[string]any
	for _, r := range file.Requests {
		forms = append(forms, r.form())
	}
	return forms
}

func (r real) form() map[string]any {
	kind := kinds[r.Kind]
	if kind == "" {
		kind = "enhancement"
	}
	form := map[string]any{"title": r.Title, "kind": kind, "size": 1}
	for field, value := range map[string]string{"problem": r.Problem, "outcome": r.Outcome, "success_measure": r.SuccessMeasure, "users": r.Users, "workaround": r.Workaround} {
		if strings.TrimSpace(value) != "" {
			form[field] = value
		}
	}
	return form
}

func exampleForms(t *testing.T) []map[string]any {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "examples", "request-*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	var forms []map[string]any
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		var example real
		require.NoError(t, yaml.Unmarshal(data, &example))
		if example.Kind == "programme" {
			continue // more people review it than the test answers for
		}
		form := example.form() // small and not scored, as the outside data is
		form["kind"] = example.Kind
		forms = append(forms, form)
	}
	return forms
}
