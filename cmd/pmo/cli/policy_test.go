package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/policy"
	"leanpmo/internal/wire"
)

func TestPolicyIsProposedAndDecided(t *testing.T) {
	proposal := wire.PolicyProposal{ID: "p1", Version: 3, Base: 2, InForce: 2, State: "open", Proposer: "petra", At: noon, Reason: "Value counts more.",
		Difference: &policy.RulesDifference{No: []string{"Rank was this."}, New: []string{"Rank is that."}, Changes: []policy.RuleChange{{Words: "scoring, weights, business value: 3 instead of 1."}}},
		Effect: &wire.PolicyEffect{At: noon, Limits: []string{"Not everything."}, Portfolios: []wire.BacklogEffect{{Portfolio: "digital", Count: 9, Moved: 2, Pulled: 2, PulledNow: 1, Hidden: 4,
			Lines: []wire.EffectLine{{Ref: "R-7", Title: "Ledger", Now: wire.EffectPlace{Rank: 2}, Then: wire.EffectPlace{Rank: 1, Pulled: true}, Because: "1 up by policy"}}}}}}
	replay := wire.PolicyReplay{From: noon, Policy: "2 (abc)", Requests: 12, Lanes: 3, Reviewed: 9, Routes: 4, Ranked: 8, Ranks: 5, Earlier: 2, Later: 1, Review: wire.ReplayWait{Now: 3, Then: 1.5, Of: 9},
		Items: []wire.ReplayLine{{Ref: "R-7", Title: "Ledger", Words: []string{"Lane express instead of standard."}}}, Next: "7/x", More: 6, Limits: []string{"Not everything."}}
	f := &fake{answers: map[string]any{"GET /v1/policy/proposals/p1/replay": replay, "POST /v1/what-if/policy": replay, "POST /v1/policy": proposal, "GET /v1/policy/proposals/p1": proposal, "GET /v1/policy/proposals/p1/effect": proposal.Effect,
		"POST /v1/policy/proposals/p1/accept":   wire.PolicyProposal{Version: 3, State: "accepted"},
		"POST /v1/policy/proposals/p1/reject":   wire.PolicyProposal{Version: 3, State: "rejected"},
		"POST /v1/policy/proposals/p1/withdraw": wire.PolicyProposal{Version: 3, State: "withdrawn"},
		"GET /v1/policy/proposals":              wire.Page[wire.PolicyProposal]{Items: []wire.PolicyProposal{proposal}},
		"GET /v1/policy/versions":               wire.Page[wire.PolicyVersion]{Items: []wire.PolicyVersion{{Version: 2, Since: noon, InForce: true, Actor: "paul", Proposer: "petra"}}},
		"GET /v1/policy/versions/2":             wire.PolicyVersion{Version: 2, Since: noon, Actor: "paul", YAML: "version: 2", Difference: proposal.Difference}}}
	file := filepath.Join(t.TempDir(), "policy.yaml")
	require.NoError(t, os.WriteFile(file, []byte("version: 3"), 0o600))
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"propose", "-f", file, "--reason", "Value counts more."}, []string{"business value: 3 instead of 1", "Rank is that.", "2 of 9 requests", "R-7 2 1 then Ledger", "4 more would move", "pmo policy accept p1"}},
		{[]string{"apply", "-f", file, "--dry"}, []string{"business value: 3 instead of 1"}},
		{[]string{"diff", "-f", file}, []string{"business value: 3 instead of 1"}},
		{[]string{"replay", "p1", "--days", "90"}, []string{"12 requests ended", "another one for 3", "4 of 9 by another way", "1.5 days instead of 3.0", "R-7 Ledger Lane express instead of standard.", "6 more ended", "Not everything."}},
		{[]string{"replay", "-f", file, "--limit", "5"}, []string{"5 of 8 pulls at another rank", "2 earlier, 1 later"}},
		{[]string{"proposals", "p1"}, []string{"proposed by petra", "R-7"}},
		{[]string{"proposals"}, []string{"p1", "open"}},
		{[]string{"accept", "p1"}, []string{"accepted", "in force"}},
		{[]string{"reject", "p1", "--reason", "No."}, []string{"rejected"}},
		{[]string{"withdraw", "p1"}, []string{"withdrawn"}},
		{[]string{"rollback", "1", "--reason", "It was better."}, []string{"Policy 3"}},
		{[]string{"history"}, []string{"in force", "paul", "petra"}},
		{[]string{"history", "2"}, []string{"Rank was this."}},
		{[]string{"history", "2", "--yaml"}, []string{"version: 2"}},
	} {
		got := run(t, f, append([]string{"policy"}, c.args...)...)
		require.NoError(t, got.err, c.args)
		shown := strings.Join(strings.Fields(got.out), " ")
		for _, want := range c.says {
			require.Contains(t, shown, want, c.args)
		}
	}
	for _, args := range [][]string{{"propose", "-f", file}, {"replay"}, {"replay", "p1", "-f", file}, {"propose", "--reason", "x"}, {"reject", "p1"}, {"rollback", "x", "--reason", "y"}, {"rollback", "1"}, {"history", "--yaml"}, {"history", "x"}} {
		require.Equal(t, ExitUsage, run(t, f, append([]string{"policy"}, args...)...).code, args)
	}
}
