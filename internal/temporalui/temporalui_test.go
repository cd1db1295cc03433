package temporalui

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

const id = "278c53a6-668a-505b-a279-a8715c91c985"

func TestLinks(t *testing.T) {
	u := New("http://127.0.0.1:8233/", "pmo")
	require.Equal(t, "http://127.0.0.1:8233/namespaces/pmo/workflows/request%2F"+id, u.Request(id))
	require.Equal(t, "https://ui.example/temporal/namespaces/default/workflows/request%2F"+id, New("https://ui.example/temporal", "").Request(id),
		"the namespace is the SDK's, and the UI may be below a path")
}

// TestWithoutAnAddressThereAreNoLinks holds that a server that was not told where the UI is names none.
func TestWithoutAnAddressThereAreNoLinks(t *testing.T) {
	u := New("", "pmo")
	require.Empty(t, u.Request(id))
	for _, v := range u.Views("ana", time.Now()) {
		require.Empty(t, v.Link)
		require.NotEmpty(t, v.Query, "the query serves without the link, in the UI's own filter")
	}
}

func TestCheck(t *testing.T) {
	for _, right := range []string{"http://127.0.0.1:8233", "https://ui.example/temporal/"} {
		require.NoError(t, Check(right), right)
	}
	for _, wrong := range []string{"", "127.0.0.1:8233", "ui.example", "file:///etc/passwd", "javascript:alert(1)", "http://", "http://a b"} {
		require.Error(t, Check(wrong), wrong)
	}
}

func TestViews(t *testing.T) {
	at := time.Date(2026, 11, 27, 10, 0, 0, 0, time.FixedZone("CET", 3600))
	views := map[string]View{}
	for _, v := range New("http://ui", "pmo").Views("ana", at) {
		views[v.Name] = v
	}
	open := `WorkflowType = "Request" AND ExecutionStatus = "Running" AND `
	for name, query := range map[string]string{
		"waiting on me": `PmoWaitingOn = "ana"`,
		"overdue":       `PmoDueAt < "2026-11-27T09:00:00Z"`,
		"in review":     `PmoStage = "review"`,
		"on hold":       `PmoStatus = "on_hold"`,
	} {
		require.Equal(t, open+query, views[name].Query)
		link, err := url.Parse(views[name].Link)
		require.NoError(t, err)
		require.Equal(t, "/namespaces/pmo/workflows", link.Path)
		require.Equal(t, open+query, link.Query().Get("query"), "the link has the same query")
	}
	for _, stage := range pmo.Stages() {
		require.Contains(t, views, "in "+string(stage))
	}
}
