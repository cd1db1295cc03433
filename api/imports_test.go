package api

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestImport(t *testing.T) {
	b := setup(t)
	const item = `{"id":"A-1","started":"2026-01-02T00:00:00Z","finished":"2026-01-09T00:00:00Z"}`
	status, doc, _ := b.call(t, "petra", "POST", "/v1/imports", `{"source":"jira","dry":true,"items":[`+item+`]}`)
	require.Equal(t, 200, status, doc)
	require.Equal(t, map[string]any{"added": 1.0, "changed": 0.0, "same": 0.0, "dry": true}, doc)
	require.Empty(t, b.store.imported, "dry stores nothing")
	status, doc, _ = b.call(t, "ada", "POST", "/v1/imports", `{"source":"jira","items":[`+item+`]}`)
	require.Equal(t, 200, status, doc)
	require.Len(t, b.store.imported, 1)
	_, doc, _ = b.call(t, "sam", "GET", "/v1/imports", "")
	require.Len(t, doc["items"], 1)
	status, _, _ = b.call(t, "petra", "DELETE", "/v1/imports/jira", "")
	require.Equal(t, 204, status)
	require.Empty(t, b.store.imported)
}

func TestAnImportNamesWhatIsWrong(t *testing.T) {
	b := setup(t)
	for body, want := range map[string][]string{
		`{"source":" ","items":[{"id":"1","finished":"2026-01-01T00:00:00Z"}]}`:                    {"/source"},
		`{"source":"a","portfolio":"none","items":[{"id":"1"}]}`:                                   {"/items/0/finished"},
		`{"source":"a","portfolio":"none","items":[{"id":"1","finished":"2099-01-01T00:00:00Z"}]}`: {"/portfolio", "/items/0/finished"},
		`{"source":"a","items":[{"id":"1","finished":"2026-01-01T00:00:00Z"},{"id":"1","finished":"2026-01-01T00:00:00Z"},{"id":"2","finished":"2099-01-01T00:00:00Z"},{"id":"3","started":"2026-02-01T00:00:00Z","finished":"2026-01-01T00:00:00Z"}]}`: {"/items/1/id", "/items/2/finished", "/items/3/started"},
		`{"source":"a","items":[]}`: {"/items"},
	} {
		status, doc, _ := b.call(t, "petra", "POST", "/v1/imports", body)
		require.Equal(t, 422, status, body)
		require.Equal(t, want, pointers(doc))
	}
	require.Empty(t, b.store.imported)
	status, _, _ := b.call(t, "sam", "POST", "/v1/imports", `{"source":"a","items":[{"id":"1","finished":"2026-01-01T00:00:00Z"}]}`)
	require.Equal(t, 403, status)
}
