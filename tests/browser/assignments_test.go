package browser

import (
	"strings"
	"testing"
	"time"

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

// TestALeadLooksAfterTheTeam: the lead says what the people of the team have for it and who is away, and every page of teams follows: the load by week,
// who can do what, and what another team would change.
func TestALeadLooksAfterTheTeam(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	source := axe(t)
	theo := openWindow(t, open(t, chrome, e.Stack.HTTP), e.Stack.HTTP, "theo", look{})
	held := form("Permits on the phone")
	held["skills"], held["size"] = []string{"design"}, 2
	e.API.Submit("sam", held).Approve().Pull().ToExecution()

	theo.visit("/teams/falcon")
	theo.fill(map[string]string{"capacity": "", "capacity_per_person": "2", "other_work": "20", "members": "ana, bo", "shares": "bo: 50, theo: 25", "skills": "web:4, design, integration:2"})
	theo.press(`form[action="/teams/falcon"] button.button`)
	require.Equal(t, "/teams/falcon?saved=1", theo.path(), theo.text())
	require.Contains(t, theo.text(), "2 of 2.8 team-weeks", "1.75 people, 2 team-weeks each, less a fifth")
	require.Contains(t, theo.text(), "How long new work waits")
	from := time.Now().AddDate(0, 0, 14)
	theo.fill(map[string]string{"from": from.Format(time.DateOnly), "until": from.AddDate(0, 0, 20).Format(time.DateOnly), "who": "ana", "reason": "leave"})
	theo.press(`form[action="/teams/falcon/absences"]:has([name="from"]) button.button`)
	require.Contains(t, theo.text(), "all that this person holds · Ana Moreau")
	require.Equal(t, 8, run[int](theo, `document.querySelectorAll("svg.weeks rect.bar").length`))
	require.Positive(t, run[int](theo, `document.querySelectorAll("svg.weeks rect.bar.over").length`), "without Ana the work is over the ceiling")
	theo.requireAccessible(source)

	theo.reads("/teams", "Who can do what")
	require.Contains(t, run[string](theo, `[...document.querySelectorAll("table.heatmap tr")].find(r => r.innerText.startsWith("design")).innerText`), "one team only")
	require.NotContains(t, run[string](theo, `[...document.querySelectorAll("table.heatmap tr")].find(r => r.innerText.startsWith("web")).innerText`), "one team only")
	theo.reads("/assignments", "How long new work waits")
	require.Positive(t, run[int](theo, `document.querySelectorAll("table.heatmap td.heat.over").length`), "the weeks in which Ana is away")

	theo.visit("/what-if/teams")
	far := time.Now().AddDate(0, 0, 80)
	theo.fill(map[string]string{"team": "falcon", "who": "bo", "from": far.Format(time.DateOnly), "until": far.AddDate(0, 0, 20).Format(time.DateOnly)})
	theo.press(`form[action="/what-if/teams"] button`)
	require.Contains(t, theo.text(), "What would change")
	require.Equal(t, 15, run[int](theo, `document.querySelectorAll("table.heatmap thead th").length - 1`), "as many weeks as the absence needs")
	require.Positive(t, run[int](theo, `[...document.querySelectorAll("table.heatmap td")].filter(c => c.innerText.includes("was")).length`), "another share of what is left")
	theo.requireAccessible(source)
	theo.requireFits()
	theo.requireQuiet()
}
