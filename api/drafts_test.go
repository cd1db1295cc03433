package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDraftsAreTheirPersons: nobody reads or changes a draft of another.
func TestDraftsAreTheirPersons(t *testing.T) {
	b := setup(t)
	const path = "/v1/me/drafts/" + requestB
	status, doc, _ := b.call(t, "sam", "PUT", path, `{"kind":"enhancement","fields":{"title":["Li\u200bsts"],"themes":["growth","service"]}}`)
	require.Equal(t, http.StatusOK, status, doc)
	require.Equal(t, "Lists", doc["title"])
	_, doc, _ = b.call(t, "sam", "GET", "/v1/me/drafts", "")
	require.Len(t, doc["items"], 1)
	_, doc, _ = b.call(t, "rita", "GET", "/v1/me/drafts", "")
	require.Empty(t, doc["items"])
	status, _, _ = b.call(t, "rita", "GET", path, "")
	require.Equal(t, http.StatusNotFound, status)
	status, _, _ = b.call(t, "rita", "DELETE", path, "")
	require.Equal(t, http.StatusNoContent, status)
	status, doc, _ = b.call(t, "sam", "GET", path, "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, []any{"growth", "service"}, doc["fields"].(map[string]any)["themes"])
	status, _, _ = b.call(t, "sam", "DELETE", path, "")
	require.Equal(t, http.StatusNoContent, status)
	status, doc, _ = b.call(t, "sam", "PUT", path, `{"kind":"enhancement","fields":{"title":["Lists"]}}`)
	require.Equal(t, http.StatusConflict, status, "a draft that was sent or discarded does not come back")
	require.Equal(t, "conflict", doc["kind"])
	status, doc, _ = b.call(t, "sam", "PUT", path, `{"kind":"enhancement","fields":{"title":["`+strings.Repeat("x", mostDraft+1)+`"]}}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/fields"}, pointers(doc))
	status, _, _ = b.call(t, "ada", "GET", "/v1/me/drafts", "")
	require.Equal(t, http.StatusForbidden, status, "who may not submit has none")
}

func TestSimilarRequests(t *testing.T) {
	b := setup(t)
	_, doc, _ := b.call(t, "sam", "GET", "/v1/similar?title=Lists", "")
	require.Equal(t, "like Lists", doc["similar"].([]any)[0].(map[string]any)["title"])
	status, _, _ := b.call(t, "sam", "GET", "/v1/similar?title=a", "")
	require.Equal(t, http.StatusUnprocessableEntity, status)
}

func TestAVisit(t *testing.T) {
	b := setup(t)
	_, doc, _ := b.call(t, "sam", "POST", "/v1/me/visit", "")
	require.Nil(t, doc["since"], "the first one")
	_, doc, _ = b.call(t, "sam", "GET", "/v1/me/visit", "")
	require.NotNil(t, doc["since"])
}
