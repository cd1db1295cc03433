package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func TestHealthAndRaidAreShownAndLogged(t *testing.T) {
	b := newBrowser(t)
	request := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	request.Stage, request.Commands = pmo.StageExecution, []string{"raid", "progress"}
	request.Plan = &pmo.Plan{Approach: "kanban", Milestones: []pmo.Milestone{{Name: "pilot runs"}, {Name: "begun", Done: true}}}
	request.Raid = []pmo.RaidItem{{Number: 1, Kind: pmo.RaidRisk, Text: "The law comes before", Since: now, Cleared: "it did not", ClearedBy: "petra", ClearedAt: now},
		{Number: 2, Kind: pmo.RaidAssumption, Text: "The data is right", By: "sam", Since: now}, {Number: 3, Kind: pmo.RaidBlocker, Text: "no licence", By: "theo", Since: now, Owner: "petra", Due: "2027-03-19"}}
	request.Health = &pmo.Assessment{Health: pmo.HealthAmber, Rule: pmo.HealthRed, Since: now, Because: []pmo.HealthReason{{Kind: "blocker", Health: pmo.HealthRed, Says: "blocked since 2027-03-01: no licence"}},
		Override: &pmo.HealthOverride{Health: pmo.HealthAmber, By: "theo", At: now, Why: "we work on the rest", Rule: pmo.HealthRed}}
	b.api.answers["GET /v1/requests/R-8"] = request
	raidCall := "POST /v1/requests/" + request.ID + "/raid"
	b.api.answers[raidCall] = pmo.Receipt{ID: request.ID, Number: 8, Says: "logged"}
	b.api.answers["POST /v1/requests/"+request.ID+"/progress"] = pmo.Receipt{ID: request.ID, Number: 8, Says: "reported"}
	b.signIn("theo")
	page := b.text(b.do("GET", "/requests/R-8", nil))
	for _, want := range []string{`<span class="chip warn">At risk</span>`, "we work on the rest", "By the rule it would be: In trouble.", "Blocked since 2027-03-01: no licence.", "The data is right",
		`<span class="chip bad">Blocker</span> <span>no licence</span>`, `href="/requests/` + request.ID + `/raid?clear=3"`, "1 cleared", "it did not"} {
		require.Contains(t, page, want)
	}
	b.do("GET", "/requests/R-8?lang=de", nil)
	require.Contains(t, b.text(b.do("GET", "/requests/R-8", nil)), "Risiken und Blocker")
	b.do("GET", "/requests/R-8?lang=en", nil)

	form := b.text(b.do("GET", "/requests/R-8/raid", nil))
	require.Contains(t, form, "A blocker stops the work")
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/raid", url.Values{"kind": {"issue"}, "text": {"slow"}, "owner": {"the vendor"}, "due": {"2027-04-01"}}).StatusCode)
	require.JSONEq(t, `{"kind":"issue","text":"slow","owner":"the vendor","due":"2027-04-01"}`, string(b.api.sent[raidCall]))
	require.Contains(t, b.text(b.do("GET", "/requests/R-8/raid?clear=3", nil)), `<option value="3" selected>Blocker 3: no licence</option>`)
	require.Equal(t, http.StatusUnprocessableEntity, b.do("POST", "/requests/R-8/raid", url.Values{"clear": {"3"}}).StatusCode)
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/raid", url.Values{"clear": {"3"}, "how": {"bought"}}).StatusCode)
	require.JSONEq(t, `{"clear":3,"how":"bought"}`, string(b.api.sent[raidCall]))

	report := b.text(b.do("GET", "/requests/R-8/progress", nil))
	require.Contains(t, report, "By the rule it is: In trouble.")
	require.Contains(t, report, "pilot runs")
	require.NotContains(t, report, `value="begun"`, "it is reached")
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/progress", url.Values{"milestones": {"pilot runs"}, "note": {"well"}}).StatusCode)
	require.JSONEq(t, `{"milestones":["pilot runs"],"note":"well"}`, string(b.api.sent["POST /v1/requests/"+request.ID+"/progress"]))
}
