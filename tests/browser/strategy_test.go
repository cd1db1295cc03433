package browser

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/harness"
)

// TestStrategyIsSeenWhereTheWorkIs: support takes more of the capacity than the policy wants. The strategy page, the board and the backlog say so with
// the numbers, and the pull says why it went ahead all the same.
func TestStrategyIsSeenWhereTheWorkIs(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	support := form("Nobody can print the permits")
	support["kind"], support["size"], support["themes"], support["objectives"] = "support", 2, []string{"service"}, []string{"permits"}
	pulled := e.API.Submit("sam", support).ToBacklog().Pull()
	require.Contains(t, pulled.Read().Text("pull.why"), "against a guardrail: Support then has 100 % of the work in process, the guardrail is at most 30 %")

	const says = "Support has 100 % of the work in process (2 of 2 team-weeks); the guardrail is at most 30 %."
	b := open(t, chrome, "")
	b.signIn(e.API.URL, "rita")
	for _, page := range []string{"/strategy", "/board", "/backlog"} {
		b.see(e.API.URL+page, says)
	}
	b.see(e.API.URL+"/strategy", "Better service for the public")
	rows, err := evaluate[int](b, `document.querySelectorAll("table.shares svg line.ceiling").length`)
	require.NoError(t, err)
	require.Equal(t, 5, rows, "each theme of the default policy has a target")

	// The PMO says what a key result is because of the request, in the page; the request reports it.
	petra := open(t, chrome, "")
	petra.signIn(e.API.URL, "petra")
	petra.see(e.API.URL+"/strategy", "Nobody can print the permits")
	_, err = evaluate[any](petra, `document.querySelector("section[aria-labelledby=h-objectives] details").open = true;
		document.querySelector("[name=key_result]").value = "permits/days"; document.querySelector("[name=value]").value = "22";
		document.querySelector("[name=request]").value = "`+pulled.Ref+`"; document.querySelector("section[aria-labelledby=h-objectives] form .button").click(); null`)
	require.NoError(t, err)
	petra.await("22 days")
	b.see(e.API.URL+"/requests/"+pulled.Ref, "Days until a permit is there: 22")
	b.see(e.API.URL+"/strategy", "How far it is, is unknown")
	wide, err := evaluate[bool](b, `document.documentElement.scrollWidth > window.innerWidth`)
	require.NoError(t, err)
	require.False(t, wide)
}
