package browser

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// TestFurtherJobsOfEachRole does in browsers what the life of one request does not need: the PMO moves work and cards, people look after their own
// access, and the administrator after everybody's.
func TestFurtherJobsOfEachRole(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	root := open(t, chrome, e.Stack.HTTP)
	as := func(t *testing.T, who string) *window { return openWindow(t, root, e.Stack.HTTP, who, look{}) }
	t.Run("the PMO moves work to another team", func(t *testing.T) { movesWork(t, e.API.In(t), as(t, "petra")) })
	t.Run("the PMO drags a card", func(t *testing.T) { dragsACard(t, e.API.In(t), as(t, "petra")) })
	t.Run("people look after their own access", func(t *testing.T) { ownAccess(t, as(t, "sam"), as(t, "sam")) })
	t.Run("the administrator blocks and admits", func(t *testing.T) { blocks(t, as(t, "ada"), as(t, "rita")) })
	t.Run("signing out goes by the provider", func(t *testing.T) { signsOut(t, as(t, "kai")) })
}

// movesWork: the page says who has the work, and asks why it is to move. The lead of the other team is asked then.
func movesWork(t *testing.T, api *drive.API, petra *window) {
	r := api.Submit("sam", form("Type the road lists once"))
	r.Approve().Pull().ToExecution()
	had := r.Read().Text("assignment.team")
	petra.reads("/requests/"+r.Ref, "Move to another team")
	petra.press(`.commands a[href$="/reassign"]`)
	require.Contains(t, petra.text(), "has the work now")
	require.False(t, run[bool](petra, `document.querySelector('option[value="`+had+`"]') !== null`), "the team that has it is not offered")
	petra.press("main form button.button")
	require.NotZero(t, run[int](petra, `document.querySelectorAll(".field.wrong").length`), "team and reason are missing")
	other := map[string]string{"falcon": "otter", "otter": "falcon"}[had] // the two that know the web
	petra.fill(map[string]string{"team": other, "reason": "they are short of people"})
	petra.press("main form button.button")
	require.Equal(t, "/requests/"+r.Ref, petra.path(), petra.text())
	petra.reads("/requests/"+r.Ref, "they are short of people")
	r.Await("another team is asked", func(a *drive.Answer) bool {
		return a.Text("stage") == "assignment" && a.Text("assignment.team") == other
	})
	petra.requireQuiet()
}

// dragsACard: dropping a card on a column opens the page that asks for what the move needs, and moves nothing by itself.
func dragsACard(t *testing.T, api *drive.API, petra *window) {
	r := api.Submit("sam", form("Show the closed bridges on the map"))
	r.ToBacklog()
	petra.reads("/board", "Show the closed bridges")
	card := `li.card[data-move="/requests/` + r.ID + `/move"]`
	require.True(t, run[bool](petra, `document.querySelector(`+quoted(card)+`).draggable`))
	petra.drag(card, `[data-stage="approach"]`)
	require.Equal(t, "/requests/"+r.ID+"/pull", petra.path(), "where one thing alone leads there, its page is shown")
	require.Equal(t, "prioritization", r.Read().Text("stage"), "dragging moves nothing")
	petra.fill(map[string]string{"reason": "the bridge closes on Monday"})
	petra.press("main form button.button")
	r.Await("pulled", func(a *drive.Answer) bool { return a.Text("pulled_at") != "" })

	petra.reads("/board", "Show the closed bridges")
	petra.drag(card, `[data-stage="intake"]`)
	require.Equal(t, "/requests/"+r.ID+"/move?to=intake", petra.path(), "nothing leads back there: the page says what does lead somewhere")
	petra.requireQuiet()
}

// ownAccess: a token is shown once and revoked, another session is ended, and somebody acts for Sam for a while.
func ownAccess(t *testing.T, sam, elsewhere *window) {
	sam.visit("/access")
	sam.fill(map[string]string{"name": "nightly report", "scopes": "read"})
	sam.press(`form[action="/access/tokens"] button`)
	secret := run[string](sam, `document.querySelector("#made-token").value`)
	require.Greater(t, len(secret), 30)
	sam.visit("/access")
	require.NotContains(t, run[string](sam, `document.documentElement.outerHTML`), secret, "it is shown once")
	require.Contains(t, sam.text(), "nightly report")
	sam.press(`form[action^="/access/tokens/"] button`)
	require.NotContains(t, sam.text(), "nightly report")

	elsewhere.visit("/access")
	require.Equal(t, 2, run[int](sam, `document.querySelectorAll('form[action^="/access/sessions/"]').length`), "two windows, two sessions: %s", sam.text())
	sam.press(`tr:not(:has(strong)) form[action^="/access/sessions/"] button`)
	elsewhere.visit("/inbox")
	require.Equal(t, "/sign-in?to=%2Finbox", elsewhere.path(), "the other session has ended")
	elsewhere.signIn("sam")
	require.Equal(t, "/inbox", elsewhere.path(), "signing in leads to the page that was asked for")

	sam.visit("/access")
	sam.fill(map[string]string{"delegate": "rita", "until": time.Now().AddDate(0, 0, 7).Format(time.DateOnly)})
	sam.press(`form[action="/access/delegation"]:has(select) button`)
	require.Contains(t, sam.text(), "Rita Lindqvist")
	sam.press(`form[action="/access/delegation"]:has([name="clear"]) button`)
	require.False(t, run[bool](sam, `document.querySelector('[name="clear"]') !== null`))
	sam.requireQuiet()
}

// blocks: whoever is blocked is out at once and cannot sign in; the office ledger says who did it.
func blocks(t *testing.T, ada, rita *window) {
	rita.visit("/inbox")
	ada.visit("/access")
	ada.fill(map[string]string{"person": "rita", "reason": "left the company"})
	ada.press(`form[action="/access/people/block"] button`)
	require.Contains(t, ada.text(), "left the company")
	rita.visit("/inbox")
	require.Equal(t, "/sign-in?to=%2Finbox", rita.path())
	rita.press(`main a[href^="/sign-in/provider/"]`)
	rita.press(`button[name="subject"][value="rita"]`)
	require.Contains(t, rita.text(), "An administrator has ended your access.")
	ada.press(`form[action="/access/people/unblock"] button`)
	rita.visit("/sign-in")
	rita.signIn("rita")
	require.Equal(t, "/", rita.path())
	ada.reads("/access/audit", "Blocked: Rita", "No longer blocked: Rita")
	ada.requireQuiet()
}

// signsOut: the provider is told, and leads back to the sign-in page.
func signsOut(t *testing.T, kai *window) {
	kai.visit("/")
	kai.press(`form[action="/sign-out"] button`)
	kai.await("Continue to sign in")
	require.Equal(t, "/sign-in", kai.path())
	kai.visit("/inbox")
	require.Equal(t, "/sign-in?to=%2Finbox", kai.path())
	kai.requireQuiet()
}
