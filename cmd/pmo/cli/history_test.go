package cli

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

const historyLink = "http://127.0.0.1:8233/namespaces/pmo/workflows/request%2F278c53a6-668a-505b-a279-a8715c91c985"

func requestWithHistory(link string) *fake {
	return &fake{answers: map[string]any{"GET /v1/requests/R-42": map[string]any{"id": "278c53a6-668a-505b-a279-a8715c91c985", "ref": "R-42",
		"stage": "review", "status": "open", "links": map[string]any{"history": link}}}}
}

func TestHistoryPrintsTheWholeLink(t *testing.T) {
	long := historyLink + "?from=a-server-whose-address-is-much-longer-than-one-line-of-this-terminal"
	found := run(t, requestWithHistory(long), "history", "R-42")
	require.NoError(t, found.err)
	require.Equal(t, "history: "+long+"\n", found.out)
	require.Contains(t, run(t, requestWithHistory(long), "status", "R-42").out, "history: "+long+"\n", "status names it too")
}

func TestHistoryWithoutALink(t *testing.T) {
	for _, link := range []string{"", "file:///etc/passwd"} {
		found := run(t, requestWithHistory(link), "history", "R-42")
		require.Equal(t, ExitFailed, found.code)
		require.ErrorContains(t, found.err, "PMO_TEMPORAL_UI")
	}
}

func TestHistoryListsTheSavedViews(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/saved-views": map[string]any{"items": []any{
		map[string]any{"name": "in review", "query": `PmoStage = "review"`, "link": "http://ui/x"}}}}}
	found := run(t, f, "history", "--views")
	require.NoError(t, found.err)
	require.Equal(t, "in review\n  PmoStage = \"review\"\n  http://ui/x\n", found.out)
}

func TestHistoryUsage(t *testing.T) {
	for _, args := range [][]string{{"history"}, {"history", "R-42", "--views"}, {"history", "R-42", "R-43"}} {
		require.Equal(t, ExitUsage, run(t, &fake{}, args...).code, args)
	}
}

// TestABrowserIsOpenedOnlyWhereSomebodySeesIt holds the rule for every kind of place in which the command runs.
func TestABrowserIsOpenedOnlyWhereSomebodySeesIt(t *testing.T) {
	there := func(name string) (string, error) { return "/usr/bin/" + name, nil }
	missing := func(string) (string, error) { return "", errors.New("not found") }
	desktop, ci := map[string]string{"DISPLAY": ":0"}, map[string]string{"DISPLAY": ":0", "CI": "true"}
	for name, c := range map[string]struct {
		terminal bool
		env      map[string]string
		find     func(string) (string, error)
		system   string
		program  string
	}{
		"a desktop":             {true, desktop, there, "linux", "/usr/bin/xdg-open"},
		"a desktop on Wayland":  {true, map[string]string{"WAYLAND_DISPLAY": "wayland-0"}, there, "linux", "/usr/bin/xdg-open"},
		"a Mac":                 {true, nil, there, "darwin", "/usr/bin/open"},
		"a pipe":                {false, desktop, there, "linux", ""},
		"CI":                    {true, ci, there, "linux", ""},
		"a server":              {true, nil, there, "linux", ""},
		"a desktop without one": {true, desktop, missing, "linux", ""},
	} {
		env := func(name, otherwise string) string {
			if value := c.env[name]; value != "" {
				return value
			}
			return otherwise
		}
		require.Equal(t, c.program, opener(c.terminal, env, c.find, c.system), name)
	}
}
