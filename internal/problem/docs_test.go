package problem

import (
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the table of docs/problems.md")

// The table of docs/problems.md is written from the kinds, so that page and document say the same.
func TestEveryKindIsDocumented(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "problems.md")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	head, _, found := strings.Cut(string(text), "<!-- kinds:begin -->\n")
	require.True(t, found)
	var want strings.Builder
	want.WriteString(head + "<!-- kinds:begin -->\n| kind | status | what it means | what it comes from | what to do |\n|---|---|---|---|---|\n")
	for _, k := range Kinds() {
		e := k.entry()
		for _, part := range []string{e.title, e.means, e.cause, e.action} {
			require.NotEmpty(t, part, k)
		}
		fmt.Fprintf(&want, "| <a id=%q></a>`%s` | %d | %s | %s | %s |\n", k, k, e.status, e.means, e.cause, e.action)
	}
	want.WriteString("<!-- kinds:end -->\n")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(want.String()), 0o644))
		return
	}
	require.Equal(t, want.String(), string(text), "run with -update")
}

func TestTheTypeOfAProblemAnswers(t *testing.T) {
	get := func(path, accept string) *httptest.ResponseRecorder {
		r, rec := httptest.NewRequest("GET", path, nil), httptest.NewRecorder()
		r.Header.Set("Accept", accept)
		Page(rec, r)
		return rec
	}
	for _, k := range Kinds() {
		plain, html := get(k.Type(), "*/*"), get(k.Type(), "text/html,application/xhtml+xml")
		require.Equal(t, 200, plain.Code)
		require.Equal(t, "text/plain; charset=utf-8", plain.Header().Get("Content-Type"))
		require.Equal(t, "text/html; charset=utf-8", html.Header().Get("Content-Type"))
		for _, part := range []string{k.Title(), k.entry().means, k.entry().cause, k.entry().action} {
			require.Contains(t, plain.Body.String(), part)
		}
		require.Contains(t, html.Body.String(), fmt.Sprintf("id=%q", k))
		require.Contains(t, get(Path, "*/*").Body.String(), string(k)+", HTTP")
	}
	unknown := get(Path+"/<script>", "text/html")
	require.Equal(t, 404, unknown.Code)
	require.NotContains(t, unknown.Body.String(), "script")
}
