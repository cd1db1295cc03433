package api

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestARetrospectiveIsReadByAnybodyAndNamesNobody(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "sam", "GET", "/v1/reports/retrospective?days=90", "")
	require.Equal(t, 200, status, doc)
	require.Equal(t, 5.0, doc["requests"])
	require.Equal(t, 10.0, doc["approaches"].([]any)[0].(map[string]any)["days"])
	require.Equal(t, map[string]any{"recommended": "scrum", "n": 5.0, "begun": 0.0, "kept": 0.0, "instead": "kanban"}, doc["recommended"].([]any)[0])
	suggestion := doc["suggestions"].([]any)[0].(map[string]any)
	require.Equal(t, "not_taken", suggestion["kind"])
	require.Equal(t, "5 of 5 requests for which it was recommended began otherwise", suggestion["evidence"])
	status, _, _ = b.call(t, "sam", "GET", "/v1/reports/retrospective?portfolio=nowhere", "")
	require.Equal(t, 422, status)
	status, _, _ = b.call(t, "sam", "GET", "/v1/reports/retrospective?days=2000", "")
	require.Equal(t, 422, status)
}
