package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestAdviceOfARequestIsItsMomentsPartOfThePlaybook(t *testing.T) {
	b := planned(t)
	row := b.store.rows[requestA]
	row.StartedAt, row.Plan.ReviewDays = now, 14
	b.store.rows[requestA] = row
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/playbook?lang=de", "")
	require.Equal(t, 200, status, doc)
	require.Equal(t, []any{"start", "Plangetrieben", "de"}, []any{doc["moment"], doc["title"], doc["language"]})
	require.Len(t, doc["sections"], 3)
	row.StartedAt = now.AddDate(0, 0, -5)
	b.store.rows[requestA] = row
	status, _, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/playbook", "")
	require.Equal(t, 404, status, "nothing is due")
}

func TestPlaybooksAreRead(t *testing.T) {
	b := setup(t)
	for _, approach := range pmo.Approaches() {
		status, doc, _ := b.call(t, "sam", "GET", "/v1/playbooks/"+approach, "")
		require.Equal(t, 200, status, doc)
		require.Len(t, doc["sections"], 6)
	}
	status, _, _ := b.call(t, "sam", "GET", "/v1/playbooks/waterfall", "")
	require.Equal(t, 422, status)
}
