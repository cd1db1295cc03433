package web

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/problem"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

func share(x float64) *float64 { return &x }

func strategyBrowser(t *testing.T) (*browser, strategy.GuardrailFlag) {
	b := newBrowser(t)
	flag := strategy.GuardrailFlag{ID: "support", By: strategy.ByKind, Of: "support", Name: "Support", AtMost: share(0.3), Share: 0.75, Size: 6, Total: 8, Broken: true}
	b.api.answers["GET /v1/strategy"] = wire.Strategy{Portfolio: "digital", Name: "Digital", Report: strategy.Report{WindowDays: 182, Assumed: 1,
		InProcess: strategy.Portion{Count: 2, Size: 8, Share: 1}, Delivered: strategy.Portion{Count: 1, Size: 3.5, Share: 1},
		Themes: []strategy.ShareLine{{ID: "service", Name: "<b>Service</b>", Target: share(0.4), InProcess: strategy.Portion{Count: 1, Size: 2, Share: 0.25}},
			{ID: strategy.NoTheme, InProcess: strategy.Portion{Count: 1, Size: 6, Share: 0.75}}},
		Horizons:   []strategy.ShareLine{{ID: "run", Name: "Keep running", InProcess: strategy.Portion{Count: 2, Size: 8, Share: 1}}},
		Guardrails: []strategy.GuardrailFlag{flag, {ID: "new", By: strategy.ByHorizon, Of: "create", Name: "New", AtLeast: share(0.1), AtMost: share(0.6), WindowDays: 182}}},
		Objectives: []wire.Objective{{ObjectiveNow: strategy.ObjectiveNow{ID: "permits", Name: "Permits in <days>", Until: "2027-12-31", KeyResults: []strategy.KeyResultNow{
			{KeyResult: strategy.KeyResult{ID: "days", Name: "Days until it is there", Unit: "days", Start: 30, Target: 10}, Stale: true, Progress: share(0.5),
				Said: &strategy.Said{KeyResult: "days", Value: 20, By: "petra", At: time.Now().AddDate(0, -2, 0), Note: "counted", Ref: "R-8"}},
			{KeyResult: strategy.KeyResult{ID: "online", Name: "Asked online", Unit: "%", Start: 20, Target: 80}}}},
			Requests: []wire.ServingRequest{{ID: "a", Ref: "R-8", Title: "Permits online", Outcome: "delivered"}}}}}
	b.api.answers["GET /v1/policy"] = wire.Policy{Data: policy.Default().Document()}
	return b.signIn("sam"), flag
}

func TestStrategyPageSaysTargetActualAndGuardrail(t *testing.T) {
	b, _ := strategyBrowser(t)
	text := b.text(b.do("GET", "/strategy?portfolio=digital", nil))
	for _, want := range []string{"In process, in team-weeks</dt><dd>8</dd>", "Delivered in 182 days", "&lt;b&gt;Service", `href="/requests?theme=service"`, `data-label="Target">40 %</td>`, `<rect class="taken" width="75" height="12"`, `x1="120"`,
		`<span class="chip warn">-15</span>`, "No theme named", "Keep running", "Not kept", "Support has 75 % of the work in process (6 of 8 team-weeks); the guardrail is at most 30 %.",
		"Nothing yet", "the guardrail is at least 10 % and at most 60 %", "Nothing is held back", "Nobody estimated the size of 1 of them"} {
		require.Contains(t, text, want)
	}
	require.Equal(t, "portfolio=digital", b.api.query["GET /v1/strategy"])
	b.do("GET", "/strategy?lang=de", nil)
	require.Contains(t, b.text(b.do("GET", "/strategy", nil)), "Support hat 75 % der laufenden Arbeit (6 von 8 Teamwochen); die Leitplanke ist höchstens 30 %.")
}

func TestNothingIsFarFromItsTargetWhileNothingIsInProcess(t *testing.T) {
	lines := []strategy.ShareLine{{ID: "service", Name: "Service", Target: share(0.4)}}
	idle := shareRows(&reader{Lang: "en"}, lines, "theme", 0)[0]
	require.Equal(t, 120.0, idle.Aim)
	require.Empty(t, idle.Apart)
	require.False(t, idle.Off)
	require.Equal(t, "-40", shareRows(&reader{Lang: "en"}, lines, "theme", 3)[0].Apart)
}

func TestObjectivesOfTheStrategy(t *testing.T) {
	b, _ := strategyBrowser(t)
	text := b.text(b.do("GET", "/strategy", nil))
	for _, want := range []string{"Permits in &lt;days&gt;", `until <time datetime="2027-12-31"`, "How far it is, is unknown", "30 → 10 days", `20 days <span class="chip warn">stale</span>`, "counted", `href="/requests/R-8"`, "Permits online", "Delivered"} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "Keep this value", "the PMO says it")
	b = newBrowserAs(t, "petra")
	require.Contains(t, b.text(b.do("GET", "/strategy", nil)), "Keep this value")
	form := url.Values{"key_result": {"permits/days"}, "value": {"17,5"}, "note": {"counted"}, "request": {"R-8"}, "key": {"k-1"}}
	response := b.do("POST", "/strategy?portfolio=digital", form)
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.JSONEq(t, `{"portfolio":"digital","objective":"permits","key_result":"days","value":17.5,"note":"counted","request":"R-8"}`, string(b.api.sent["POST /v1/key-results"]))
	form.Set("value", "many")
	require.Contains(t, b.text(b.do("POST", "/strategy", form)), "The value is a number")
	b.api.refuse["POST /v1/key-results"] = problem.InvalidField("/request", "is no request you can see")
	form.Set("value", "5")
	require.Contains(t, b.text(b.do("POST", "/strategy", form)), "Is no request you can see")
}

// newBrowserAs is the browser of strategyBrowser with somebody else.
func newBrowserAs(t *testing.T, who string) *browser {
	b, _ := strategyBrowser(t)
	b.api.answers["POST /v1/key-results"] = strategy.Said{}
	return b.signIn(who)
}

func TestTheRequestSaysWhichObjectivesItServed(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	request := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	objective := wire.ServedObjective{ObjectiveNow: strategy.ObjectiveNow{ID: "permits", Name: "Permits in days", Progress: share(0.5), KeyResults: []strategy.KeyResultNow{{KeyResult: strategy.KeyResult{ID: "days", Name: "Days until it is there"}}}}}
	request.Objectives = []wire.ServedObjective{objective}
	b.api.answers["GET /v1/requests/R-8"] = request
	text := b.text(b.do("GET", "/requests/R-8", nil))
	require.Contains(t, text, "Objectives it serves")
	require.Contains(t, text, "50 % of the way")
	objective.Reported = []strategy.Said{{KeyResult: "days", Value: 20, By: "petra", At: time.Now()}}
	request.Objectives, request.Status, request.Outcome = []wire.ServedObjective{objective}, pmo.StatusClosed, pmo.OutcomeDelivered
	b.api.answers["GET /v1/requests/R-8"] = request
	text = b.text(b.do("GET", "/requests/R-8", nil))
	require.Contains(t, text, "Objectives it served")
	require.Contains(t, text, "Days until it is there: 20")
}

func TestBoardAndBacklogShowGuardrailsThatAreNotKept(t *testing.T) {
	b, flag := strategyBrowser(t)
	board, backlog := b.api.answers["GET /v1/board"].(wire.Board), wire.Backlog{Page: b.api.answers["GET /v1/backlog"].(wire.Page[wire.RankedRequest])}
	require.NotContains(t, b.text(b.do("GET", "/board", nil)), "Guardrails that are not kept")
	board.Guardrails, backlog.Guardrails = []strategy.GuardrailFlag{flag}, []strategy.GuardrailFlag{flag}
	b.api.answers["GET /v1/board"], b.api.answers["GET /v1/backlog"] = board, backlog
	for _, page := range []string{"/board", "/backlog"} {
		text := b.text(b.do("GET", page, nil))
		require.Contains(t, text, "Guardrails that are not kept")
		require.Contains(t, text, "Support has 75 % of the work in process (6 of 8 team-weeks)")
		require.Contains(t, text, `href="/strategy"`)
	}
}

func TestTheBacklogSaysWhatAPullWouldDoToGuardrails(t *testing.T) {
	b := newBrowser(t)
	most := 0.3
	flag := strategy.GuardrailFlag{By: strategy.ByKind, Of: "support", Name: "Support", AtMost: &most, Share: 0.75, Total: 8, Broken: true}
	healing := flag
	healing.Share, healing.WindowDays = 0.25, 182
	b.api.answers["GET /v1/backlog"] = wire.Backlog{Page: wire.Page[wire.RankedRequest]{Items: []wire.RankedRequest{{ID: "x", Ref: "R-1", Title: "Help", Rank: 1, Scored: true, Score: 2, Parts: []priority.ScorePart{{Code: "base", Amount: 2}},
		IfPulled: []strategy.GuardrailEffect{{GuardrailFlag: flag, Before: 0.5}, {GuardrailFlag: healing, Before: 0.5, Towards: true}}}}}}
	b.signIn("sam")
	page := b.text(b.do("GET", "/backlog", nil))
	for _, said := range []string{"against a guardrail", "Support would have 75", "the guardrail is at most 30", "towards a guardrail", "Once it is delivered, Support would have 25"} {
		require.Contains(t, page, said)
	}
}
