package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

func TestScoringIsAskedGivenAndRevealed(t *testing.T) {
	open := wire.ScoringRound{No: 1, Open: true, OpenedBy: "petra", OpenedAt: noon, People: []wire.ScoringPerson{{Person: "ana", Scored: true}, {Person: "bo"}}}
	shown := open
	shown.Open, shown.Results = false, []wire.ScoringResult{{Input: "job_size", Low: "1", High: "8", Middle: "1", Apart: true, Scores: []wire.ScoreGiven{{Person: "ana", Value: "8", Sure: "low", Reason: "Big"}, {Person: "bo"}}}}
	f := &fake{answers: map[string]any{"GET /v1/requests/R-7/scoring": shown, "POST /v1/requests/R-7/scoring": open, "PUT /v1/requests/R-7/scoring/mine": open, "POST /v1/requests/R-7/scoring/reveal": shown,
		"GET /v1/me/scoring": wire.Page[wire.ScoringWait]{Items: []wire.ScoringWait{{Ref: "R-7", Title: "Ledger", OpenedBy: "petra", OpenedAt: noon, Inputs: []string{"job_size"}}}}}}
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"show", "R-7"}, []string{"job_size: from 1 to 8, in the middle 1; far apart", "ana 8 low Big", "pmo inputs"}},
		{[]string{"open", "R-7", "--person", "ana", "--person", "bo"}, []string{"Round 1 open, asked by petra", "ana: has scored", "bo: not yet"}},
		{[]string{"give", "R-7", "job_size=3", "--sure", "low"}, []string{"Round 1 open"}},
		{[]string{"reveal", "R-7"}, []string{"Round 1 revealed"}},
		{[]string{"mine"}, []string{"R-7 Ledger petra", "job_size"}},
	} {
		got := run(t, f, append([]string{"scoring"}, c.args...)...)
		require.NoError(t, got.err, c.args)
		said := strings.Join(strings.Fields(got.out), " ")
		for _, want := range c.says {
			require.Contains(t, said, want, c.args)
		}
	}
	for _, args := range [][]string{{"open", "R-7", "--person", "ana"}, {"give", "R-7"}, {"give", "R-7", "beauty=3"}} {
		require.Equal(t, ExitUsage, run(t, f, append([]string{"scoring"}, args...)...).code, args)
	}
}
