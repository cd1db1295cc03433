package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

func TestImportHistory(t *testing.T) {
	f := &fake{answers: map[string]any{
		"POST /v1/imports":        map[string]any{"added": 1, "changed": 0, "same": 1},
		"GET /v1/imports":         map[string]any{"items": []any{map[string]any{"portfolio": "core", "source": "jira", "items": 2, "started": 1, "first": noon, "last": noon, "imported_at": noon}}},
		"DELETE /v1/imports/jira": "",
	}}
	path := filepath.Join(t.TempDir(), "jira export.csv")
	require.NoError(t, os.WriteFile(path, []byte("Key;Activated Date;Closed Date;Points\nA-1;1/13/2020;1/20/2020;3\nA-2;;1/21/2020;\nA-3;x;1/21/2020;\nA-4;1/2/2020;;\n"), 0o600))
	got := run(t, f, "import", "history", path)
	require.NoError(t, got.err)
	for _, line := range []string{"column Key", "column Closed Date", "month/day/year", "columns Points", `line 4, Activated Date: "x" is no date`, "4 rows: 1 new, 0 changed, 1 as before imported; 1 not finished, 0 repeated, 1 wrong and left out"} {
		require.Contains(t, got.out, line)
	}
	var sent wire.ImportHistory
	require.NoError(t, json.Unmarshal([]byte(f.lastBody()), &sent))
	require.Equal(t, "jira export", sent.Source, "the file's name")
	require.Len(t, sent.Items, 2)
	require.Equal(t, "A-1", sent.Items[0].ID)
	require.True(t, sent.Items[1].Started.IsZero())

	for _, wrong := range [][]string{{"--dates", "uk"}, {"--column", "finished"}, {"--column", "end=x"}, {"--column", "finished=Nothing"}} {
		require.Equal(t, ExitUsage, run(t, f, append([]string{"import", "history", path}, wrong...)...).code, wrong)
	}
	require.Equal(t, ExitUsage, run(t, f, "import", "history", filepath.Join(t.TempDir(), "none.csv")).code)
	require.Contains(t, run(t, f, "import", "list").out, "jira")
	require.Contains(t, run(t, f, "import", "remove", "jira").out, "removed")
}
