package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestADeliveredRequestSaysHowItWasWorked, in its answer and in its explanation; any other does not.
func TestADeliveredRequestSaysHowItWasWorked(t *testing.T) {
	b := setup(t)
	row := b.store.rows[requestA]
	for _, path := range []string{"/v1/requests/R-1", "/v1/requests/R-1/explanation"} {
		_, doc, _ := b.call(t, "sam", "GET", path, "")
		require.NotContains(t, doc, "worked")
	}
	row.Request.Approach = &pmo.Approach{Recommended: "scrum", Chosen: "kanban"}
	row.Request.PulledAt, row.Request.AcceptedAt = now.AddDate(0, 0, -20), now.AddDate(0, 0, -1)
	row.Request.FirstPlan = &pmo.FirstPlan{Approach: "scrum", EndsAt: now.AddDate(0, 0, -10)}
	b.store.rows[requestA] = row
	for _, path := range []string{"/v1/requests/R-1", "/v1/requests/R-1/explanation"} {
		status, doc, _ := b.call(t, "sam", "GET", path, "")
		require.Equal(t, 200, status, doc)
		worked := doc["worked"].(map[string]any)
		require.Equal(t, []any{"scrum", "scrum", "kanban", true, false, 19.0, 9.0}, []any{worked["recommended"], worked["began"], worked["ended"], worked["taken"], worked["kept"], worked["days"], worked["days_over"]})
	}
}
