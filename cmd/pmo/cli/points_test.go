package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

func TestPointsAreListedSpentAndTakenBack(t *testing.T) {
	period := &strategy.PointPeriod{ID: "2026-Q4", From: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
	mine := strategy.PointBudget{Allowance: strategy.Allowance{Holder: strategy.Holder{Group: "approvers"}, Points: 30}, Spent: 12, Left: new(18)}
	others := strategy.PointBudget{Allowance: strategy.Allowance{Holder: strategy.Holder{Person: "sam"}, Points: 10}, Spent: 4}
	stake := wire.Stake{Holder: mine.Holder, Period: "2026-Q4", Points: 12, By: "ana", At: noon}
	back := wire.Stake{Holder: others.Holder, Period: "2026-Q3", Points: 4, By: "sam", At: noon, Returned: true}
	on := wire.RequestPoints{PointsOn: wire.PointsOn{Points: 12, Stakes: []wire.Stake{stake, back}}, Period: period, Mine: []strategy.PointBudget{mine}, Weight: 0.5}
	ended := wire.RequestPoints{PointsOn: wire.PointsOn{Stakes: []wire.Stake{back}}, Period: period, Closed: "it has ended"}
	f := &fake{answers: map[string]any{
		"GET /v1/points": wire.Points{Name: "Digital", Period: period, Budgets: []strategy.PointBudget{mine, others}, More: true,
			Requests: []wire.PointsRequest{{Ref: "R-7", Title: "Ledger", Points: 12, Stakes: []wire.Stake{stake, back}}}},
		"GET /v1/requests/R-7/points": on, "PUT /v1/requests/R-7/points": on, "GET /v1/requests/R-8/points": ended, "GET /v1/requests/R-9/points": wire.RequestPoints{}}}
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"list"}, []string{"Digital, 2026-Q4: until 2026-12-31. Points do not count in scores.", "approvers (group) 30 12 18", "sam 10 4 -", "R-7 Ledger 12 approvers 12, sam 4 (came back)", "more than are listed"}},
		{[]string{"show", "R-7"}, []string{"12 points. Points count in scores with the weight 0.5.", "approvers (group) 2026-Q4 12 ana", "came back", "Of the points of approvers (group), 18 of 30 are left in 2026-Q4."}},
		{[]string{"show", "R-8"}, []string{"can no longer be changed: it has ended"}},
		{[]string{"show", "R-9"}, []string{"gives no points in its portfolio"}},
		{[]string{"spend", "R-7", "12", "--from", "approvers"}, []string{"12 points."}},
		{[]string{"take-back", "R-7"}, []string{"12 points."}},
	} {
		got := run(t, f, append([]string{"points"}, c.args...)...)
		require.NoError(t, got.err, c.args)
		said := strings.Join(strings.Fields(got.out), " ")
		for _, want := range c.says {
			require.Contains(t, said, want, c.args)
		}
	}
	require.JSONEq(t, `{"points":12,"group":"approvers"}`, f.bodies[len(f.bodies)-2])
	require.JSONEq(t, `{"points":0}`, f.bodies[len(f.bodies)-1])
	for _, args := range [][]string{{"spend", "R-7"}, {"spend", "R-7", "0"}, {"spend", "R-7", "many"}} {
		require.Equal(t, ExitUsage, run(t, f, append([]string{"points"}, args...)...).code, args)
	}
	f.answers["GET /v1/points"] = wire.Points{Name: "Digital"}
	require.Contains(t, run(t, f, "points", "list").out, "gives no points in Digital")
}

func TestExplainSaysPointsAndWhatAPullWouldDo(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/requests/R-7/explanation": wire.Explanation{Ref: "R-7", Rank: &wire.RankedRequest{Rank: 2, Points: 12,
		IfPulled: []strategy.GuardrailEffect{{GuardrailFlag: strategy.GuardrailFlag{Words: "towards a guardrail: Safety then has 12 %"}, Towards: true}}}}}}
	said := strings.Join(strings.Fields(run(t, f, "explain", "R-7").out), " ")
	require.Contains(t, said, "12 of stakeholders")
	require.Contains(t, said, "towards a guardrail: Safety then has 12 %")
}
