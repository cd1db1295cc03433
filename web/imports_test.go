package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// upload sends a form with a file; no file when its name is empty.
func (b *browser) upload(target, name, content string, values url.Values) *http.Response {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field, list := range values {
		require.NoError(b.t, w.WriteField(field, list[0]))
	}
	if name != "" {
		part, err := w.CreateFormFile("file", name)
		require.NoError(b.t, err)
		_, err = part.Write([]byte(content))
		require.NoError(b.t, err)
	}
	require.NoError(b.t, w.Close())
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, target, &body)
	r.Header = b.headers.Clone()
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.serve(b.site, r)
}

func importsBrowser(t *testing.T, who string) *browser {
	b := newBrowser(t).signIn(who)
	b.api.answers["GET /v1/imports"] = wire.Page[wire.ImportedSource]{Items: []wire.ImportedSource{{Portfolio: "digital", Source: "<b>old</b>", Items: 12, Started: 9, First: now.AddDate(-1, 0, 0), Last: now, At: now}}}
	b.api.answers["POST /v1/imports"] = wire.Imported{Added: 2, Dry: true}
	return b
}

const exported = "Key;Created;Done on;Colour\nA-1;2027-01-02;2027-01-09;red\nA-2;2027-01-03;2027-01-12;blue\nA-3;;soon;green\n"

// TestAFileIsImportedInTwoSteps: the first says what would happen and stores nothing, the second imports the very same file.
func TestAFileIsImportedInTwoSteps(t *testing.T) {
	b := importsBrowser(t, "petra")
	require.Contains(t, b.text(b.do("GET", "/imports", nil)), "&lt;b&gt;old&lt;/b&gt;")
	form := url.Values{"portfolio": {"digital"}, "column_finished": {"Done on"}}
	response := b.upload("/imports", "jira export.csv", exported, form)
	page := b.text(response)
	require.Equal(t, http.StatusOK, response.StatusCode, page)
	var sent wire.ImportHistory
	require.NoError(t, json.Unmarshal(b.api.sent["POST /v1/imports"], &sent))
	require.True(t, sent.Dry)
	require.Equal(t, []any{"digital", "jira export", 2}, []any{sent.Portfolio, sent.Source, len(sent.Items)})
	for _, part := range []string{"2 new, 0 changed, 0 as before.", "Of 3 rows 0 are not finished, 0 repeated, 1 wrong", "line 4, Done on", `data-label="Column of the file">Key<`, "Colour", `name="source" value="jira export"`,
		`name="column_finished" value="Done on"`, "no column"} {
		require.Contains(t, page, part)
	}
	carried := base64.RawURLEncoding.EncodeToString([]byte(exported))
	require.Contains(t, page, `name="file_content" value="`+carried+`"`)

	form.Set("step", "import")
	form.Set("file_content", carried)
	form.Set("source", "jira export")
	response = b.upload("/imports", "", "", form)
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	first := sent
	sent = wire.ImportHistory{}
	require.NoError(t, json.Unmarshal(b.api.sent["POST /v1/imports"], &sent))
	require.False(t, sent.Dry)
	require.Equal(t, first.Items, sent.Items)
	require.Equal(t, first.Source, sent.Source)
	require.Contains(t, b.text(b.do("GET", "/imports?done=1", nil)), "The file was imported.")
}

func TestWhatCannotBeImportedIsSaid(t *testing.T) {
	b := importsBrowser(t, "petra")
	for name, c := range map[string]struct{ file, content, says string }{
		"no file":           {"", "", "Choose a file"},
		"nothing in it":     {"empty.csv", "", "The file is empty"},
		"no end":            {"x.csv", "Key,Colour\nA,red\n", "finished"},
		"dates of two ways": {"x.csv", "id,finished\nA,5/6/2026\nB,7/8/2026\n", "could be"},
		"too large":         {"x.csv", strings.Repeat("x", maxImport+1), "larger than 2 MB"},
	} {
		response := b.upload("/imports", c.file, c.content, nil)
		page := b.text(response)
		require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode, name)
		require.Contains(t, page, c.says, name)
		require.NotContains(t, b.api.sent, "POST /v1/imports", name)
	}
	require.Equal(t, http.StatusRequestEntityTooLarge, b.upload("/imports", "x.csv", strings.Repeat("x", maxImportForm), nil).StatusCode)
	b.api.refuse["POST /v1/imports"] = problem.InvalidField("/items", "are too many: a portfolio has at most 200000 imported items")
	response := b.upload("/imports", "x.csv", exported, url.Values{"column_finished": {"Done on"}, "source": {"jira"}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), "are too many")
}

func TestImportsAreRemovedByThoseWhoImport(t *testing.T) {
	b := importsBrowser(t, "petra")
	b.api.answers["DELETE /v1/imports/old"] = struct{}{}
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/imports/old/remove", url.Values{"portfolio": {"digital"}}).StatusCode)
	require.Equal(t, "portfolio=digital", b.api.query["DELETE /v1/imports/old"])
	page := b.text(importsBrowser(t, "sam").do("GET", "/imports", nil))
	require.NotContains(t, page, `type="file"`)
	require.NotContains(t, page, "/remove")
}
