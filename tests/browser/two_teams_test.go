package browser

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// TestARequestNeedsTwoTeams: the requester says so in the form, both leads are asked in their inboxes, a decline of one gives both places back, and
// the work begins when both have accepted. Falcon alone knows design; Otter and Heron know data.
func TestARequestNeedsTwoTeams(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	root := open(t, chrome, e.Stack.HTTP)
	c := &cast{t: t, root: root, base: e.Stack.HTTP, open: map[string]*window{}}
	german := openWindow(t, root, e.Stack.HTTP, "sam", look{language: "de", wide: 360, high: 740, dark: true})
	for share, words := range map[string][2]string{"0.99": {"from 0.05 to 0.95", "from 0.05 to 0.95"}, "nan": {"number", "Zahl"}} {
		refusesShare(c.as("sam"), share, words[0])
		refusesShare(german, share, words[1])
	}

	const title = "Draw the district map anew"
	r := e.API.Known(strings.TrimPrefix(c.submitForTwo(title), "/requests/"))
	r.Approve()
	c.as("petra").answer(title, "score", map[string]string{"inputs.business_value": "8", "inputs.time_criticality": "5", "inputs.risk_reduction": "3", "inputs.job_size": "2"})
	r.Pull()
	state := r.Await("the way of working is settled or asked", func(a *drive.Answer) bool { return a.Text("stage") != "prioritization" && len(drive.Open(a)) > 0 })
	if state.Text("stage") == "approach" {
		c.as("theo").answer(title, "accept", nil)
	}
	leads := map[string]string{"otter": "lena", "heron": "kai"}
	offered := func(but string) string {
		return r.Await("both leads are asked", func(a *drive.Answer) bool {
			second := a.Text("assignment.second.team")
			return a.Text("stage") == "assignment" && len(drive.Open(a)) == 2 && second != but && leads[second] != ""
		}).Text("assignment.second.team")
	}

	first := offered("")
	c.as("theo").reads("/inbox", title, "as the first of two teams, with "+first)
	c.as(leads[first]).reads("/inbox", title, "as the second team, with falcon")
	c.as("theo").answer(title, "accept", nil)
	c.as(leads[first]).answer(title, "decline", map[string]string{"reason": "nobody for data before May"})

	then := offered(first)
	require.Zero(t, load(e.API, first), "its place is given back")
	require.InDelta(t, 1.2, load(e.API, "falcon"), 1e-9, "held once, for the new offer")
	c.as("theo").reads("/inbox", title, "as the first of two teams, with "+then)
	c.as(leads[then]).answer(title, "accept", nil)
	c.as("theo").answer(title, "accept", nil)
	r.AwaitOpen("plan/1")
	require.InDelta(t, 0.8, load(e.API, then), 1e-9, "two fifths of two team-weeks")

	names := map[string]string{"otter": "Otter", "heron": "Heron"}
	source, page := axe(t), "/requests/"+r.Read().Text("ref")
	for name, l := range map[string]look{"light": {}, "dark": {dark: true}, "phone": {wide: 360, high: 740}, "german": {language: "de"}} {
		w := openWindow(t, root, e.Stack.HTTP, "sam", l)
		w.reads(page, "Falcon, "+names[then], "40")
		w.requireFits()
		w.requireAccessible(source)
		w.requireQuiet()
		w.shot("two-teams-" + name)
	}
	for _, w := range c.open {
		w.requireQuiet()
	}
}

// submitForTwo fills the form of a request that needs two teams, and returns its page.
func (c *cast) submitForTwo(title string) string {
	sam := c.as("sam")
	sam.visit("/requests/new/enhancement")
	sam.fill(map[string]string{"title": title, "problem": "District lists are typed into two systems every month", "outcome": "A list is typed once and appears in both",
		"baseline.volume_per_month": "4", "baseline.minutes_each": "300", "size": "2", "skills": "design", "second_team.skills": "data", "second_team.share": "0.4"})
	sam.requireFits()
	sam.press(`main form button[value="check"]`)
	require.Contains(c.t, sam.text(), "Skills of a second team", "the answers are shown again")
	sam.press(`main form button[value="send"]`)
	require.Contains(c.t, sam.text(), title)
	return run[string](sam, `location.pathname`)
}

// refusesShare sends the form with a share that cannot be, and requires that the field says why, where it can be seen.
func refusesShare(w *window, share, says string) {
	w.t.Helper()
	w.visit("/requests/new/enhancement")
	w.fill(map[string]string{"title": "Draw the district map anew", "second_team.skills": "data", "second_team.share": share})
	w.press(`main form button[value="check"]`)
	if run[bool](w, `document.querySelector('main form button[value="send"]') !== null`) { // what only the API knows is found when it is sent
		w.press(`main form button[value="send"]`)
	}
	shown := run[string](w, `document.querySelector('.field.wrong:has([name="second_team.share"]) .error')?.innerText ?? ""`)
	require.Contains(w.t, shown, says, "%s beside the field: %s", share, w.text())
	w.requireFits()
	w.shot("two-teams-share-" + share)
}

// load is what a team holds, in team-weeks.
func load(api *drive.API, id string) float64 {
	for _, item := range api.As("petra").Get("/v1/teams").List("items") {
		if team, _ := item.(map[string]any); team["id"] == id {
			held, _ := team["load"].(float64)
			return held
		}
	}
	return 0
}
