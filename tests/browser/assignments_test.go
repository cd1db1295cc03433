package browser

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// TestAssignmentsShowWhoWaitsAndTheLoad: one request waits for a skill that nobody has, another one is firm at a team, in its load until its plan ends.
func TestAssignmentsShowWhoWaitsAndTheLoad(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	held, cobol := form("Permits on the phone"), form("Old ledger reads again")
	held["skills"], held["size"] = []string{"web"}, 2
	cobol["skills"], cobol["size"] = []string{"cobol"}, 1
	e.API.Submit("sam", held).Approve().Pull().ToExecution()
	waits := e.API.Submit("sam", cobol).Approve().Pull()
	state := waits.Await("its way of working is settled or asked", func(a *drive.Answer) bool { return a.Text("stage") != "prioritization" })
	if state.Text("stage") == "approach" {
		waits.AwaitOpen("approach/1")
		waits.Decide("theo", "approach/1", "accept")
	}
	waits.Await("nobody can take it", func(a *drive.Answer) bool { return strings.Contains(a.Text("waits"), "no team covers cobol") })

	b := open(t, chrome, "")
	b.signIn(e.API.URL, "theo")
	b.see(e.API.URL+"/assignments", "no team covers cobol")
	cells, err := evaluate[int](b, `document.querySelectorAll("table.heatmap td.heat.some").length`)
	require.NoError(t, err)
	require.Positive(t, cells, "until the plan of what is firm ends")
	wide, err := evaluate[bool](b, `document.documentElement.scrollWidth > window.innerWidth`)
	require.NoError(t, err)
	require.False(t, wide)
	b.see(e.API.URL+"/teams", "Assignments and load")
}
