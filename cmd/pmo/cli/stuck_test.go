package cli

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestStuckSaysWhy: every reason in words, what an operator mends first, and that there is more.
func TestStuckSaysWhy(t *testing.T) {
	var items []any
	for _, why := range []string{"exception", "blocked", "report_overdue", "waits_for_team"} {
		items = append(items, map[string]any{"id": why, "ref": "R-1", "title": "Lists", "stage": "execution", "status": "open", "stage_since": noon, "why": why, "team": "falcon"})
	}
	items = append(items, map[string]any{"id": "x", "ref": "R-5", "title": "Late", "stage": "review", "status": "open", "stage_since": noon, "why": "over_usual", "usual_days": 12})
	f := &fake{answers: map[string]any{"GET /v1/stuck": map[string]any{"items": items, "more_items": true, "ended": 1, "failing": 2}}}
	got := run(t, f, "stuck", "--limit", "5")
	require.NoError(t, got.err)
	require.Contains(t, f.queries[0], "limit=5")
	require.Contains(t, got.out, "1 requests whose workflow was ended and 2 whose workflow tasks fail: pmo reconcile.\n")
	for _, words := range []string{"the PMO has to decide", "the team is blocked", "no report for a while", "waits for a team that you lead", "85 % leave this stage within 12.0d"} {
		require.Contains(t, got.out, words)
	}
	require.Contains(t, got.out, "There are more: pmo list --sort age\n")

	none := &fake{answers: map[string]any{"GET /v1/stuck": map[string]any{"items": []any{}, "more_items": false}}}
	require.Equal(t, "Nothing that concerns you is stuck.\n", run(t, none, "stuck").out)
}

// TestStatusShowsTheBurnUp where it is asked for.
func TestStatusShowsTheBurnUp(t *testing.T) {
	points := []any{map[string]any{"at": noon, "event": "planned", "scope": 3, "done": 0}, map[string]any{"at": noon, "event": "reported", "scope": 4.5, "done": 1.5}}
	f := &fake{answers: map[string]any{"GET /v1/requests/R-4": map[string]any{"id": "x", "ref": "R-4", "status": "open", "stage": "execution", "burn_up": map[string]any{"unit": "team_weeks", "points": points}}}}
	got := run(t, f, "status", "R-4", "--burn-up")
	require.NoError(t, got.err)
	require.Contains(t, f.queries[0], "burn_up=true")
	require.Contains(t, got.out, "Burn-up, in team weeks\n")
	require.Regexp(t, `1\.5 +4\.5 +reported`, got.out)
}
