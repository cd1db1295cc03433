package cli

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const saidID = "0198c0de-0000-7000-8000-000000000001"

func discussed() *fake {
	return &fake{answers: map[string]any{
		"GET /v1/requests/R-42/comments": map[string]any{"next": "older", "items": []any{
			map[string]any{"id": "c3", "author": "bo", "at": noon, "withdrawn_at": noon},
			map[string]any{"id": "c2", "author": "ana", "at": noon, "text": "second\nwith a \x1b[31mcolour", "question": "review/1/approvers", "edited_at": noon},
			map[string]any{"id": "c1", "author": "sam", "at": noon, "text": "first"}}},
		"GET /v1/requests/R-42/comments/" + saidID:    map[string]any{"id": saidID, "version": 3, "text": "first"},
		"POST /v1/requests/R-42/comments":             map[string]any{"id": saidID, "mentions": []string{"ana"}},
		"PUT /v1/requests/R-42/comments/" + saidID:    map[string]any{"id": saidID},
		"DELETE /v1/requests/R-42/comments/" + saidID: "",
		"GET /v1/requests/R-42/attachments": map[string]any{"items": []any{
			map[string]any{"id": "a1", "url": "https://wiki.example/plan", "title": "The plan", "by": "sam", "at": noon, "may_remove": true},
			map[string]any{"id": "a2", "url": "https://wiki.example/law", "title": "The law", "by": "ana", "at": noon}}},
		"POST /v1/requests/R-42/attachments":      map[string]any{"id": "a1", "title": "The plan of all", "url": "https://wiki.example/plan"},
		"DELETE /v1/requests/R-42/attachments/a1": "",
		"GET /v1/inbox": map[string]any{"items": []any{
			map[string]any{"request": map[string]any{"ref": "R-42", "id": "x", "title": "Lists"}, "question": map[string]any{"id": "review/1/approvers", "text": "Shall we?"}},
			map[string]any{"request": map[string]any{"ref": "R-43", "id": "y", "title": "Maps"}, "question": map[string]any{"id": "score/1"}},
			map[string]any{"request": map[string]any{"ref": "R-43", "id": "y", "title": "Maps"}, "question": map[string]any{"id": "exception/1"}}}},
		"GET /v1/requests/R-42/note":   map[string]any{"question": "review/1/approvers"},
		"PATCH /v1/requests/R-42/note": map[string]any{"question": "review/1/approvers", "claimed_at": noon, "follow_up": "2027-03-15", "draft_at": noon},
	}}
}

// TestDiscussionCommandsShow what pages show, in a golden file.
func TestDiscussionCommandsShow(t *testing.T) {
	var text strings.Builder
	for _, args := range []string{"comments R-42", "comment R-42 hello", "comment R-42 --edit " + saidID + " hello", "comment R-42 --withdraw " + saidID,
		"attachments R-42", "attach R-42 https://wiki.example/plan The plan of all", "detach R-42 a1", "note R-42", "note R-42 --on-it --follow-up 2027-03-15"} {
		got := run(t, discussed(), strings.Fields(args)...)
		require.NoError(t, got.err, args)
		text.WriteString("$ pmo " + args + "\n" + got.out + "\n")
	}
	require.NotContains(t, text.String(), "\x1b")
	path := filepath.Join("testdata", "discussion.txt")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o644))
	}
	golden, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(golden), text.String())
}

func TestDiscussionCommandsSend(t *testing.T) {
	for args, body := range map[string]string{
		"comment R-42 two words --question review/1/approvers --mention ana": `{"text":"two words","question":"review/1/approvers","mentions":["ana"]}`,
		"comment R-42 --edit " + saidID + " other":                           `{"text":"other","version":3}`,
		"attach R-42 https://wiki.example/plan The plan":                     `{"url":"https://wiki.example/plan","title":"The plan"}`,
		"note R-42 --on-it=false":                                            `{"question":"review/1/approvers","claimed":false}`,
		"note R-42 score/1 --follow-up=":                                     `{"question":"score/1","follow_up":""}`,
	} {
		f := discussed()
		got := run(t, f, strings.Fields(args)...)
		require.NoError(t, got.err, args)
		require.JSONEq(t, body, f.lastBody(), args)
	}
	f := discussed()
	server := httptest.NewServer(f)
	defer server.Close()
	got := runEnv(t, map[string]string{"PMO_URL": server.URL, "PMO_TOKEN": "t"}, "from a file\n", "comment", "R-42", "-")
	require.NoError(t, got.err)
	require.JSONEq(t, `{"text":"from a file"}`, f.lastBody())
	require.JSONEq(t, "{}", run(t, discussed(), "detach", "R-42", "a1", "-o", "json").out)
}

func TestDiscussionCommandsAreChecked(t *testing.T) {
	for args, fault := range map[string]string{
		"comment R-42":                           "TEXT is missing",
		"comment R-42 x --withdraw " + saidID:    "give neither a text",
		"comment R-42 x --edit a --question b/1": "leave --question out",
		"note R-9 --on-it":                       "no question of R-9 waits on you",
		"note R-43 --on-it":                      "score/1 or exception/1",
	} {
		got := run(t, discussed(), strings.Fields(args)...)
		require.Equal(t, ExitUsage, got.code, args)
		require.ErrorContains(t, got.err, fault, args)
	}
	for args, want := range map[string][]string{"note R-43 ": {"score/1", "exception/1"}, "note ": {"R-42", "R-43"}, "detach R-42 ": {"a1"}} {
		got := run(t, discussed(), append([]string{"__complete"}, strings.Split(args, " ")...)...)
		for _, word := range want {
			require.Contains(t, got.out, word, args)
		}
		require.NotContains(t, got.out, "a2", "nobody else's link is proposed")
	}
}
