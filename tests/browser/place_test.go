package browser

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// TestWorkThatNoLongerFitsIsProposedToBothSides: a lead lowers the capacity of the team on its page. Requester and lead find in their inboxes why the
// work that the team accepted does not fit any more; the lead keeps it, and the page of the request says that it stays over the limits.
func TestWorkThatNoLongerFitsIsProposedToBothSides(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	root := open(t, chrome, e.Stack.HTTP)
	c := &cast{t: t, root: root, base: e.Stack.HTTP, open: map[string]*window{}}
	const title = "Draw the whole town anew"
	large := form(title)
	large["skills"], large["size"] = []string{"design"}, 9 // Falcon alone knows it, and may take 9.6 of its 12
	r := e.API.Submit("sam", large)
	r.Approve().Pull().ToExecution()
	r.Await("the plan is agreed", func(a *drive.Answer) bool { return a.Text("plan.agreed_at") != "" })

	theo := c.as("theo")
	theo.visit("/teams/falcon")
	theo.fill(map[string]string{"capacity": "8"})
	theo.press(`form[action="/teams/falcon"] button.button`)
	require.Equal(t, "/teams/falcon?saved=1", theo.path(), theo.text())
	e.API.Prioritize(harness.Portfolio)
	r.AwaitOpen("place/1")

	const why = "Now Falcon has a capacity of 8 team-weeks, of which 80 % may be taken: 6.4. It has accepted 9."
	source := axe(t)
	for who, l := range map[string]look{"sam": {language: "de", dark: true}, "theo": {wide: 360, high: 740}} {
		w := openWindow(t, root, e.Stack.HTTP, who, l)
		w.reads("/inbox", title, why, map[string]string{"sam": "Kein Platz mehr", "theo": "No room any more"}[who])
		w.requireFits()
		w.requireAccessible(source)
		w.requireQuiet()
		w.shot("place-inbox-" + who)
	}
	theo.answer(title, "keep", map[string]string{"reason": "the others can wait"})
	sam := c.as("sam")
	sam.reads("/requests/"+r.Ref, "No room in the team any more", why, "It stays over the team's limits, as settled")
	sam.requireFits()
	sam.shot("place-request")
	require.Equal(t, "falcon", r.Read().Text("assignment.team"), "nothing moved")
	for _, w := range c.open {
		w.requireQuiet()
	}
}
