package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheCommandLineSaysWhatWouldBeQuicker, after a submission and in the status.
func TestTheCommandLineSaysWhatWouldBeQuicker(t *testing.T) {
	request := map[string]any{"id": "x", "number": 4, "ref": "R-4", "stage": "review", "status": "open", "lane": "standard", "lane_reason": "it is not small",
		"questions": []any{}, "quicker": []string{"It would take the express lane: with a size of at most 2 team-weeks.", "Its severity is unassessed."}}
	f := &fake{answers: map[string]any{"GET /v1/requests/R-4": request, "POST /v1/requests": request}}
	form := filepath.Join(t.TempDir(), "wish.yaml")
	require.NoError(t, os.WriteFile(form, []byte("title: Wish\nkind: bug\n"), 0o600))
	for _, args := range [][]string{{"status", "R-4"}, {"submit", "-f", form}} {
		got := run(t, f, args...)
		require.NoError(t, got.err)
		require.Regexp(t, `standard( lane)?, because it is not small`, got.out)
		require.Regexp(t, `quicker +It would take the express lane: with a size of at most 2 team-weeks\.\n +quicker +Its severity is unassessed\.\n`, got.out)
	}
}
