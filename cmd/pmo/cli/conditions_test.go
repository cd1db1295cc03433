package cli

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConditionsOnTheCommandLine(t *testing.T) {
	f := &fake{answers: map[string]any{"POST /v1/requests/R-4/decisions": receipt("recorded")}}
	for want, args := range map[string][]string{
		`{"decision":"review/1/board","verdict":"approve_with_conditions","data":{"conditions":[{"text":"A pilot, first"},{"text":"No second login"}]}}`: {
			"review/1/board", "approve_with_conditions", "--condition", "A pilot, first", "--condition", "No second login"},
		`{"decision":"plan/1","verdict":"counter","reason":"r","data":{"plan":{"conditions":[{"id":"c1","milestone":"pilot"},{"id":"c2","note":"a=b"}]}}}`: {
			"plan/1", "counter", "--reason", "r", "--condition-note", "c2=a=b", "--condition-milestone", "c1=pilot"},
		`{"decision":"acceptance/1","verdict":"accept","data":{"conditions":[{"id":"c1","met":true},{"id":"c2","met":false,"reason":"The vendor has none"}]}}`: {
			"acceptance/1", "accept", "--not-met", "c2=The vendor has none", "--met", "c1"},
	} {
		got := run(t, f, append([]string{"decide", "R-4"}, args...)...)
		require.NoError(t, got.err)
		require.JSONEq(t, want, f.lastBody())
	}
	got := run(t, f, "decide", "R-4", "acceptance/1", "accept", "--not-met", "c2")
	require.Equal(t, ExitUsage, got.code)
	require.ErrorContains(t, got.err, `--not-met: "c2" is not CONDITION=TEXT`)
}

func TestStatusShowsConditions(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/requests/R-4": map[string]any{"id": "x", "ref": "R-4", "stage": "execution", "status": "open", "questions": []any{},
		"plan": map[string]any{"summary": "s", "conditions": []any{map[string]any{"id": "c1", "milestone": "pilot"}, map[string]any{"id": "c2", "note": "n"}}},
		"conditions": []any{
			map[string]any{"id": "c1", "by": "ana", "text": "A pilot first"}, map[string]any{"id": "c2", "by": "bo", "text": "No second login"},
			map[string]any{"id": "c3", "by": "bo", "text": "Cheap", "met": true}, map[string]any{"id": "c4", "by": "bo", "text": "Quick", "met": false, "reason": "ill"},
			map[string]any{"id": "c5", "by": "bo", "text": "Alone", "void": "not taken"}, map[string]any{"id": "c6", "by": "bo", "text": "Green", "change": true},
			map[string]any{"id": "c7", "by": "bo", "text": "New"}}}}}
	got := run(t, f, "status", "R-4").out
	for _, line := range []string{"c1, ana: A pilot first (milestone pilot)", "c2, bo: No second login (plan: n)", "c3, bo: Cheap (met)", "c4, bo: Quick (not met: ill)",
		"c5, bo: Alone (void: not taken)", "c6, bo: Green (on the change under review)", "c7, bo: New\n"} {
		require.Contains(t, got, line)
	}
}
