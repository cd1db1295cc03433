package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/dependency"
	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/wire"
)

func TestTheRequestPageShowsWhatNeedsWhat(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	r := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	r.Dependencies = &wire.Dependencies{Problems: []string{"R-3 ended as rejected"},
		Needs:    []wire.Dependency{{Ref: "R-3", Title: "<b>Register</b>", Outcome: pmo.OutcomeRejected, State: dependency.Lost}, {Ref: "R-4", Title: "Portal", Stage: pmo.StageExecution, State: dependency.Begun}},
		NeededBy: []wire.Dependency{{Ref: "R-9", Title: "Map", Stage: pmo.StageReview, State: dependency.Open}}}
	b.api.answers["GET /v1/requests/R-8"] = r
	b.api.answers["GET /v1/requests/R-8/explanation"] = wire.Explanation{Rank: &wire.RankedRequest{Rank: 1, Why: "First", Needs: []priority.Ref{{ID: "x", Number: 4}}, Unblocks: []priority.Ref{{ID: "y", Number: 9}}, MoreUnblocked: 2,
		Inherited: 5.5, Problem: "A cycle: R-8 needs R-4 needs R-8.", Above: &priority.Neighbour{Rank: 1, Hidden: true}}}
	text := b.text(b.do("GET", "/requests/R-8", nil))
	for _, want := range []string{"R-3 ended as rejected.", "&lt;b&gt;Register", "ended without being delivered", `href="/requests/R-4"`, "in work", "Needed by", "not begun",
		`<a href="/requests/y">R-9</a>`, "and 2 more", "With these, 5.5 counts instead of its own score.", "A cycle: R-8 needs R-4 needs R-8."} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, `href="/requests/"`, "no link to a neighbour that is hidden")
	b.do("GET", "/requests/R-8?lang=de", nil)
	require.Contains(t, b.text(b.do("GET", "/requests/R-8", nil)), "ohne Lieferung beendet")
}
