package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
)

func TestPeopleCommands(t *testing.T) {
	f := &fake{answers: map[string]any{
		"GET /v1/people": map[string]any{"items": []any{
			map[string]any{"id": "sam", "name": "Sam \x1b[31mOkafor", "roles": []string{"requester"}, "groups": []string{}},
			map[string]any{"id": "oidc-zoe", "name": "Zoe", "roles": []string{"requester", "approver"}, "groups": []string{"architects"}, "claims": true}}},
		"GET /v1/sign-ins": map[string]any{"items": []any{
			map[string]any{"person": "oidc-zoe", "name": "Zoe", "provider": "staff", "subject": "s", "state": "refused", "cause": "no group", "last_seen": noon},
			map[string]any{"person": "rita", "name": "Rita", "blocked": map[string]any{"at": noon, "by": "ada", "reason": "left"}}}},
		"PUT /v1/people/rita/block": "", "DELETE /v1/people/rita/block": "", "DELETE /v1/people/bo/link": "",
		"PUT /v1/people/ada/block": problem.New(problem.Conflict, "nobody blocks themselves"),
	}}
	got := run(t, f, "people")
	require.NoError(t, got.err)
	require.Regexp(t, `(?m)^oidc-zoe +Zoe +requester, approver +architects`, got.out)
	require.NotContains(t, got.out, "\x1b")
	got = run(t, f, "people", "--accounts")
	require.NoError(t, got.err)
	require.Regexp(t, `(?m)^oidc-zoe .*refused: no group`, got.out)
	require.Regexp(t, `(?m)^rita .*blocked by ada: left +never`, got.out)

	got = run(t, f, "people", "block", "rita")
	require.Equal(t, ExitUsage, got.code)
	got = run(t, f, "people", "block", "rita", "--reason", "left the company")
	require.NoError(t, got.err)
	require.JSONEq(t, `{"reason":"left the company"}`, f.lastBody())
	require.NoError(t, run(t, f, "people", "unblock", "rita").err)
	require.NoError(t, run(t, f, "people", "unlink", "bo").err)
	require.Equal(t, "DELETE /v1/people/bo/link", f.asked[len(f.asked)-1])
	require.Error(t, run(t, f, "people", "block", "ada", "--reason", "x").err)
}
