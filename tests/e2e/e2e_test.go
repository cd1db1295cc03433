// Package e2e runs the whole product as one child process and drives it as people do: over HTTP, with tokens.
package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/policy"
	"leanpmo/internal/testkit"
	"leanpmo/tests/drive"
)

const portfolio = "digital"

// seconds are the default policy with waits short enough to see: reviews are reminded after a second; the finance group has two
// seconds, then two more after escalation; the security group has long enough for a restart.
var seconds = strings.NewReplacer(
	"run_at_most_every: 1m", "run_at_most_every: 1s",
	"wip_limit: 12", "wip_limit: 500",
	"wip_limit: 4", "wip_limit: 500",
	"remind: {after: [1wd], before: [4wh]}\n    escalate: {to: pmo, due: 2wd}", "remind: {after: [1s]}\n    escalate: {to: pmo, due: 2wd}",
	"- {group: finance, due: 5wd}", "- {group: finance, due: 2s, escalate: {to: pmo, due: 2s}}\n      - {group: security, due: 25s, escalate: {to: pmo, due: 1h}}",
)

func quickPolicy(t *testing.T) string {
	t.Helper()
	text := seconds.Replace(string(policy.Default().Source()))
	require.Contains(t, text, "due: 2s", "the default policy changed; mend the replacements")
	require.Contains(t, text, "after: [1s]", "the default policy changed; mend the replacements")
	path := filepath.Join(testkit.Dir(t), "policy.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

// product is the whole local stack.
func product(t *testing.T) (*testkit.Stack, *drive.API) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs the whole stack; run without -short")
	}
	stack := testkit.StartStack(t, testkit.StackOptions{Whole: true, Args: []string{"--policy", quickPolicy(t)}})
	api := drive.New(t, stack.HTTP)
	// Room enough that no test waits for another's team; limits have tests of their own.
	api.Team("falcon", "Falcon", portfolio, "theo", 1000, "web")
	api.Team("otter", "Otter", portfolio, "lena", 900, "web", "gis")
	return stack, api
}

// form is a complete request of standard weight.
func form(title string) map[string]any {
	return map[string]any{
		"title": title, "kind": "enhancement", "problem": "Lists are typed twice", "outcome": "Lists are typed once",
		"baseline": map[string]any{"volume_per_month": 4, "minutes_each": 300}, "size": 3, "skills": []string{"web"},
		"inputs": map[string]any{"business_value": 8, "time_criticality": 3, "risk_reduction": 2, "job_size": 3},
	}
}
