package cli

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheOfficeLedgerIsListed(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/audit": map[string]any{"items": []any{
		map[string]any{"line": 7, "at": noon, "actor": "ada", "kind": "token", "event": "made", "about": "t1 \x1b[31m", "address": "203.0.113.7", "details": map[string]any{"name": "nightly"}, "hash": "ab"}}, "next": "more"}}}
	got := run(t, f, "audit", "list", "--kind", "token", "--person", "ana", "--from", "2027-03-01", "--until", "2027-03-31", "--limit", "5")
	require.NoError(t, got.err)
	require.Regexp(t, `7 .*token .*made .*ada .*203\.0\.113\.7`, got.out)
	require.NotContains(t, got.out, "\x1b[31m")
	require.Contains(t, got.out, "There are older lines")
	asked := f.queries[len(f.queries)-1]
	for _, part := range []string{"kind=token", "person=ana", "limit=5", "from=2027-0", "until=2027-0"} {
		require.Contains(t, asked, part)
	}
	for _, wrong := range [][]string{{"--from", "yesterday"}, {"--until", "x"}, {"-o", "xml"}} {
		require.Equal(t, ExitUsage, run(t, f, append([]string{"audit", "list"}, wrong...)...).code)
	}
	f.answers["GET /v1/audit"] = map[string]any{"items": []any{}}
	got = run(t, f, "audit", "list")
	require.NoError(t, got.err)
	require.Contains(t, got.out, "No line is like that.")
	got = run(t, f, "audit", "list", "--csv")
	require.NoError(t, got.err)
	require.Contains(t, f.queries[len(f.queries)-1], "format=csv")
}
