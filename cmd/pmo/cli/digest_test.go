package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDigestPrintsNothingWhenThereIsNothingToSay(t *testing.T) {
	none := &fake{answers: map[string]any{"GET /v1/digest": map[string]any{"person": "ana", "since": noon, "until": noon, "waiting": []any{}, "late": []any{}, "changed": []any{}}}}
	got := run(t, none, "digest")
	require.NoError(t, got.err)
	require.Empty(t, got.out)

	request := map[string]any{"id": "x", "ref": "R-4", "title": "Lists"}
	some := &fake{answers: map[string]any{"GET /v1/digest": map[string]any{"person": "ana", "since": noon.Add(-24 * time.Hour), "until": noon,
		"waiting": inboxOf("review/1/approvers")["items"], "late": []any{map[string]any{"request": request, "what": "wanted by 2027-03-30", "due": noon}},
		"changed": []any{map[string]any{"request": request, "entries": []any{map[string]any{"at": noon, "event": "settled", "text": "approved"}}}}, "more_changed": true}}}
	got = run(t, some, "digest", "--since", "2027-03-30")
	require.NoError(t, got.err)
	require.Contains(t, got.out, "Waits on you\n  R-4  Lists: review/1/approvers, until ")
	require.Contains(t, got.out, "Late\n  R-4  Lists: wanted by 2027-03-30\n")
	require.Regexp(t, `Changed\n  R-4  Lists\n    .* approved\nEarlier entries were left out`, got.out)
	require.Contains(t, some.queries[0], "since=2027-03-")
}
