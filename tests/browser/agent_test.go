package browser

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// TestAPersonCompletesWhatAnAgentDrafted: Scout leaves a request and a comment with Sam, who finds both, completes the one, changes the other and sends them as his own, marked with
// the agent; nobody else sees them before.
func TestAPersonCompletesWhatAnAgentDrafted(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	title := "Show which counter is open"
	e.API.As("scout").Call(200, "PUT", "/v1/me/drafts/"+uuid.NewString(), map[string]any{"kind": "enhancement",
		"fields": map[string]any{"title": []string{title}, "problem": []string{"People wait at counters that are closed"}}})
	root := open(t, chrome, e.Stack.HTTP)
	for who, sees := range map[string]bool{"ana": false, "sam": true} {
		w := openWindow(t, root, e.Stack.HTTP, who, look{})
		w.visit("/requests/new")
		require.Equal(t, sees, run[bool](w, `document.body.innerText.includes(`+quoted(title)+`)`), "%s: %s", who, w.text())
	}

	for name, l := range map[string]look{"as usual": {}, "without JavaScript": {noScript: true}} {
		t.Run(name, func(t *testing.T) { completeDraft(t, root, e, l) })
	}
}

func completeDraft(t *testing.T, root *browser, e *harness.Environment, l look) {
	title := "Show the queue of each counter, " + uuid.NewString()[:8]
	scout := e.API.In(t).As("scout")
	scout.Call(200, "PUT", "/v1/me/drafts/"+uuid.NewString(), map[string]any{"kind": "enhancement", "fields": map[string]any{"title": []string{title}, "problem": []string{"People wait at counters that are closed"}}})
	sam := openWindow(t, root, e.Stack.HTTP, "sam", l)
	sam.visit("/requests/new")
	require.Contains(t, sam.text(), "drafted by the agent Scout")
	sam.visit(run[string](sam, `[...document.querySelectorAll("main a")].find(a => a.textContent === `+quoted(title)+`).href`))
	require.Contains(t, sam.text(), "The agent Scout has filled in this form for you")
	require.Equal(t, title, run[string](sam, `document.querySelector("[name=title]").value`))
	sam.fill(map[string]string{"outcome": "A screen shows the queue of each counter", "baseline.volume_per_month": "4", "baseline.minutes_each": "300", "size": "3"})
	sam.press(`main form button[value="check"]`)
	sam.press(`main form button[value="send"]`)
	request := run[string](sam, `location.pathname`)
	require.Contains(t, sam.text(), title)
	id := run[string](sam, `location.pathname.split("/").pop()`)
	said := e.API.In(t).As("ana").Get("/v1/requests/" + id + "/ledger")
	require.Contains(t, texts(said), "Drafted by the agent scout, confirmed by sam", "the ledger says who drafted it: %s", texts(said))

	scout.Call(200, "PUT", "/v1/me/drafts/"+uuid.NewString(), map[string]any{"kind": "comment", "request": id, "fields": map[string]any{"text": []string{"The screens are ordered"}}})
	ana := openWindow(t, root, e.Stack.HTTP, "ana", l)
	ana.visit(request)
	require.NotContains(t, ana.text(), "The screens are ordered", "it is Sam's to send")
	sam.visit(request)
	sam.fill(map[string]string{"text": "The screens are ordered, Sam has asked"})
	sam.press(`form[action$="/comments"] input[name="draft"] ~ .actions button:not([value])`)
	ana.visit(request)
	require.Contains(t, ana.text(), "The screens are ordered, Sam has asked")
	require.Contains(t, ana.text(), "drafted by the agent Scout")
	sam.visit("/requests/new")
	require.NotContains(t, sam.text(), title, "nothing waits any more")
	sam.requireQuiet()
	ana.requireQuiet()
}

// texts are what the entries of a ledger say.
func texts(ledger *drive.Answer) string {
	all := ""
	for _, item := range ledger.List("items") {
		text, _ := item.(map[string]any)["text"].(string)
		all += text + "\n"
	}
	return all
}
