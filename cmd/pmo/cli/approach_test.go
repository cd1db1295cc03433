package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

func TestApproachShowsTheNextQuestionWithTheCommandsThatAnswerIt(t *testing.T) {
	advice := wire.ApproachAdvice{Approach: "hybrid", Sure: "medium", Possible: []string{"scrum", "hybrid"}, Reasons: []string{"A contract fixes price and scope"},
		Planned: "price and scope", Agile: "the work inside", Inside: "scrum", RunnerUp: "scrum", Margin: 1,
		Answers: []wire.ApproachAnswer{{Question: "people", Says: "the whole effort takes 6 people"}, {Question: "clear_how", DontKnow: true}},
		Next: &wire.ApproachQuestion{Question: "incremental", Ask: "Can usable parts be delivered early?", TellsApart: []string{"scrum", "hybrid"}, Left: 2,
			Options: []wire.ApproachOption{{Value: true, Label: "Yes"}, {Value: false, Label: "No"}}}}
	f := &fake{answers: map[string]any{"GET /v1/requests/R-4/approach": advice, "POST /v1/what-if/approach": advice}}
	got := run(t, f, "approach", "R-4")
	require.NoError(t, got.err)
	shown := strings.Join(strings.Fields(got.out), " ")
	for _, want := range []string{"hybrid", "price and scope", "framework inside scrum", "one other answer away", "nobody knows clear how", "can still lead to scrum, hybrid", "(2 can still change it; it tells scrum, hybrid apart)",
		"pmo amend R-4 --set context.incremental=true"} {
		require.Contains(t, shown, want)
	}
	got = run(t, f, "approach", "--set", "context.people=6", "--set", "size=12", "--set", "kind=bug")
	require.NoError(t, got.err)
	require.Contains(t, got.out, "  --set context.incremental=false")
	require.Equal(t, ExitUsage, run(t, f, "approach").code)
	require.Equal(t, ExitUsage, run(t, f, "approach", "R-4", "--set", "size=3").code)
	require.Equal(t, ExitUsage, run(t, f, "approach", "--set", "colour=red").code)
}
