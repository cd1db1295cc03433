package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/testkit"
	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

func TestProcess(t *testing.T) {
	e := start(t)
	api := e.API
	for _, c := range []struct {
		name string
		run  func(*testing.T, *drive.API)
	}{
		{"from submission to closure", submissionToClosure},
		{"real requests find their way", realRequests},
		{"review says no", reviewSaysNo},
		{"review asks first", reviewAsksFirst},
		{"a double goes on in the other", doubleGoesOn},
		{"a confidential request stays with its people", secretStaysSecret},
		{"reminded, escalated, timed out", silence},
		{"a declined offer goes to the next team", declined},
		{"no team fits", noTeamFits},
		{"what would help is done", remedyTaken},
		{"rework after acceptance", rework},
		{"hold and resume", holdAndResume},
		{"split into parts", split},
		{"an expedite request is pulled at once", expedite},
		{"somebody acts for an absent approver", delegation},
		{"somebody asks without an account", publicForm},
		{"a request that grows is reviewed as a fresh one", grows},
		{"another sponsor is asked", anotherSponsor},
		{"bad input changes nothing", badInput},
		{"the same key is the same request", sameKey},
		{"a key is for one command", keysOfCommands},
		{"every route keeps its keys", keysOfEveryRoute},
		{"private scores stay private", func(t *testing.T, api *drive.API) { noPrivateScores(t, api, e.Pool) }},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, api.In(t)) })
	}
}

func submissionToClosure(t *testing.T, api *drive.API) {
	r := api.Submit("sam", harness.Ordinary("Type lists once"))
	require.True(t, strings.HasPrefix(r.Ref, "R-"))
	r.AwaitOpen("review/1/approvers")
	inbox := api.As("ana").Get("/v1/inbox")
	require.Contains(t, string(inbox.Raw), r.ID, "the approver sees it in the inbox")

	end := r.ToBacklog().Pull().ToExecution().ToEnd()
	require.NotEmpty(t, end.Text("accepted_at"))
	events := r.Events()
	for _, event := range []string{"submitted", "admitted", "asked", "answered", "settled", "pulled", "recommended", "offered", "assigned", "planned", "reported", "accepted", "closed"} {
		require.Contains(t, events, event)
	}
	for _, read := range []string{"/explanation", "/forecast", "/plan", "/ledger"} {
		api.As("rita").Get(r.Path(read))
	}
	api.As("rita").Get("/v1/reports/flow")
	api.As("rita").Get("/v1/backlog?portfolio=" + portfolio)
}

// realRequests submits what people really ask for, gaps and all, and brings some of them to the end.
func realRequests(t *testing.T, api *drive.API) {
	forms := realForms(t)
	var admitted []*drive.Request
	for _, f := range forms[:min(len(forms), 20)] {
		admitted = append(admitted, api.Submit("sam", f))
	}
	for i, r := range admitted {
		state := r.Await("somebody is asked", func(a *drive.Answer) bool { return len(drive.Open(a)) > 0 })
		for strings.HasPrefix(drive.Open(state)[0], "clarify/") {
			r.Decide("sam", drive.Open(state)[0], "not_known", "reason", "nobody here knows")
			state = r.Await("review", func(a *drive.Answer) bool { return a.Text("stage") != "intake" && len(drive.Open(a)) > 0 })
		}
		require.Equal(t, "review", state.Text("stage"), "%v", forms[i])
	}
	for _, r := range admitted[:3] {
		r.ToBacklog()
		state := r.AwaitOpen("score/1")
		require.Equal(t, "prioritization", state.Text("stage"))
		r.Decide("petra", "score/1", "score", "data", map[string]any{"inputs": map[string]any{"business_value": 5, "time_criticality": 3, "risk_reduction": 1, "job_size": 1}})
		r.Pull().ToExecution().ToEnd()
	}
}

func reviewSaysNo(t *testing.T, api *drive.API) {
	r := api.Submit("sam", harness.Ordinary("Gold-plated lists"))
	r.AwaitOpen("review/1/approvers")
	answer, err := api.As("sam").Try(http.MethodPost, r.Path("/decisions"), map[string]any{"decision": "review/1/approvers", "verdict": "approve"})
	require.NoError(t, err)
	require.Equal(t, http.StatusForbidden, answer.Status)
	require.Equal(t, "own_request", answer.Text("kind"))
	answer, err = api.As("ana").Try(http.MethodPost, r.Path("/decisions"), map[string]any{"decision": "review/1/approvers", "verdict": "reject"})
	require.NoError(t, err)
	require.Equal(t, http.StatusUnprocessableEntity, answer.Status, "a no needs a reason")
	r.Decide("ana", "review/1/approvers", "reject", "reason", "the old lists do")
	if r.Read().Text("status") != "closed" {
		r.Decide("bo", "review/1/approvers", "reject", "reason", "agreed")
	}
	end := r.AwaitClosed("rejected")
	require.Contains(t, end.Text("reason"), "the old lists do")
	answer, err = api.As("bo").Try(http.MethodPost, r.Path("/decisions"), map[string]any{"decision": "review/1/approvers", "verdict": "approve"})
	require.NoError(t, err)
	require.Equal(t, http.StatusConflict, answer.Status)
}

func reviewAsksFirst(t *testing.T, api *drive.API) {
	r := api.Submit("sam", harness.Ordinary("Incomplete"))
	r.AwaitOpen("review/1/approvers")
	r.Decide("bo", "review/1/approvers", "approve")
	r.Decide("ana", "review/1/approvers", "need_info", "reason", "Who else types them?")
	r.AwaitOpen("clarify/1")
	r.Decide("sam", "clarify/1", "provide", "data", map[string]any{"patch": map[string]any{"users": "Two clerks"}})
	r.AwaitOpen("review/2/approvers")
	r.Decide("ana", "review/2/approvers", "approve")
	state := r.AwaitStage("prioritization")
	require.Equal(t, "Two clerks", state.Text("content.users"))
	require.Equal(t, http.StatusConflict, must(api.As("bo").Try(http.MethodPost, r.Path("/decisions"),
		map[string]any{"decision": "review/1/approvers", "verdict": "approve"})).Status)
}

func must(a *drive.Answer, err error) *drive.Answer {
	if err != nil {
		panic(err)
	}
	return a
}

func doubleGoesOn(t *testing.T, api *drive.API) {
	first := api.Submit("rita", harness.Ordinary("Lists of trees, typed once"))
	second := api.As("sam").Call(http.StatusCreated, http.MethodPost, "/v1/requests", harness.Ordinary("Lists of trees, typed once"))
	testkit.Eventually(t, "the first is found alike", func() error {
		third := api.As("sam").Call(http.StatusCreated, http.MethodPost, "/v1/requests", harness.Ordinary("Lists of trees, typed once"))
		if len(third.List("similar")) == 0 {
			return fmt.Errorf("nothing similar found")
		}
		return nil
	})
	r := api.Known(second.Text("id"))
	r.AwaitOpen("review/1/approvers")
	r.Decide("ana", "review/1/approvers", "duplicate", "data", map[string]any{"of": first.Ref})
	back := api.As("ana").Call(http.StatusConflict, http.MethodPost, first.Path("/decisions"), map[string]any{"decision": "review/1/approvers", "verdict": "duplicate",
		"data": map[string]any{"of": second.Text("id")}})
	require.Equal(t, "moved_on", back.Text("kind"), "not each into the other")
	r.AwaitOpen("duplicate/1")
	r.Decide("sam", "duplicate/1", "same")
	end := r.AwaitClosed("merged")
	require.Equal(t, []any{first.ID}, end.List("merged_into"))
	first.Await("sam watches on", func(a *drive.Answer) bool { return slices.Contains(a.List("watchers"), any("sam")) })
}

// secretStaysSecret: neither a merge nor an earlier watch lets somebody read a confidential request.
func secretStaysSecret(t *testing.T, api *drive.API) {
	form := harness.Ordinary("Plan of unit seven")
	form.Confidential = true
	plan := api.Submit("sam", form)
	api.As("rita").Call(http.StatusNotFound, http.MethodGet, plan.Path(""), nil)
	double := api.Submit("rita", harness.Ordinary("People of unit seven"))
	double.AwaitOpen("review/1/approvers")
	double.Decide("ana", "review/1/approvers", "duplicate", "data", map[string]any{"of": plan.ID})
	double.AwaitOpen("duplicate/1")
	double.Decide("rita", "duplicate/1", "same")
	double.AwaitClosed("merged")
	testkit.Eventually(t, "the ledger says who was left out", func() error {
		if !strings.Contains(string(api.As("sam").Get(plan.Path("/ledger")).Raw), "Not made watchers by the merge") {
			return fmt.Errorf("not yet")
		}
		return nil
	})
	api.As("rita").Call(http.StatusNotFound, http.MethodGet, plan.Path(""), nil)

	open := api.Submit("sam", harness.Ordinary("Desks of unit eight"))
	open.AwaitOpen("review/1/approvers")
	open.Do("rita", "watch", map[string]any{"add": []string{"rita"}})
	api.As("sam").Call(http.StatusOK, http.MethodPatch, open.Path(""), map[string]any{"revision": 1, "patch": map[string]any{"confidential": true}})
	open.Await("rita watches no longer", func(a *drive.Answer) bool { return !slices.Contains(a.List("watchers"), any("rita")) })
	api.As("rita").Call(http.StatusNotFound, http.MethodGet, open.Path(""), nil)
}

// silence lets deadlines of a few seconds pass for real.
func silence(t *testing.T, api *drive.API) {
	f := harness.Ordinary("Licences for a year")
	f.Kind, f.Baseline = "procurement", pmo.Baseline{MoneyPerYear: 20000}
	r := api.Submit("sam", f)
	r.AwaitOpen("review/1/finance")
	r.Await("put off", func(a *drive.Answer) bool { return a.Text("status") == "deferred" })
	events := r.Events()
	require.Contains(t, events, "reminded")
	require.Contains(t, events, "escalated")
	require.Contains(t, events, "timed_out")
	require.Less(t, slices.Index(events, "reminded"), slices.Index(events, "escalated"))
	require.Less(t, slices.Index(events, "escalated"), slices.Index(events, "timed_out"))
	r.Do("sam", "wake", map[string]any{})
	r.AwaitOpen("review/2/finance")
	r.Do("sam", "withdraw", map[string]any{"reason": "bought elsewhere"})
	r.AwaitClosed("withdrawn")
}

func declined(t *testing.T, api *drive.API) {
	r := api.Submit("sam", harness.Ordinary("Nobody's favourite")).ToBacklog().Pull()
	r.AwaitOpen("approach/1")
	r.Decide("theo", "approach/1", "choose", "reason", "we iterate", "data", map[string]any{"approach": "scrum"})
	state := r.Await("a team is asked", func(a *drive.Answer) bool { return a.Text("stage") == "assignment" && len(drive.Open(a)) > 0 })
	first := state.Text("assignment.team")
	r.Decide(state.Text("assignment.leads.0"), drive.Open(state)[0], "decline", "reason", "a release is near")
	state = r.Await("another team is asked", func(a *drive.Answer) bool {
		return len(drive.Open(a)) > 0 && a.Text("assignment.team") != "" && a.Text("assignment.team") != first
	})
	r.Decide(state.Text("assignment.leads.0"), drive.Open(state)[0], "accept")
	state = r.AwaitOpen("plan/1")
	require.Equal(t, "scrum", state.Text("plan.approach"))
}

func rework(t *testing.T, api *drive.API) {
	r := api.Submit("sam", harness.Ordinary("Nearly right")).ToBacklog().Pull().ToExecution()
	lead := r.AwaitStage("execution").Text("assignment.leads.0")
	r.Do(lead, "progress", map[string]any{"done": true})
	r.AwaitOpen("acceptance/1")
	r.Decide("sam", "acceptance/1", "rework", "reason", "the order is wrong")
	r.AwaitStage("execution")
	r.Do(lead, "progress", map[string]any{"done": true})
	r.AwaitOpen("acceptance/2")
	r.Decide("sam", "acceptance/2", "accept_with_remarks", "reason", "print it larger next time")
	require.Equal(t, "print it larger next time", r.AwaitClosed("delivered").Text("remarks"))
}

func holdAndResume(t *testing.T, api *drive.API) {
	r := api.Submit("sam", harness.Ordinary("Waits for a law")).ToBacklog().Pull().ToExecution()
	r.AwaitStage("execution")
	r.Do("petra", "hold", map[string]any{"reason": "a law is pending"})
	require.Equal(t, "on_hold", r.Read().Text("status"))
	r.Do("petra", "resume", map[string]any{})
	r.Await("waits for a slot or has it again", func(a *drive.Answer) bool { return a.Text("status") == "open" })
	api.Prioritize(portfolio)
	r.AwaitStage("execution")
	r.ToEnd()
}

// expedite needs no run somebody asks for: its arrival in the backlog asks for one.
func expedite(t *testing.T, api *drive.API) {
	f := harness.Ordinary("The permit desk stands still")
	f.Class = pmo.ClassExpedite
	r := api.Submit("sam", f).Approve()
	state := r.Await("pulled", func(a *drive.Answer) bool { return a.Text("pulled_at") != "" })
	require.NotEqual(t, "override", state.Text("pull.run"))
	r.Do("petra", "cancel", map[string]any{"reason": "it runs again"})
	r.AwaitClosed("cancelled")
}

func split(t *testing.T, api *drive.API) {
	r := api.Submit("sam", harness.Ordinary("Two in one"))
	r.AwaitOpen("review/1/approvers")
	answer := r.Do("petra", "split", map[string]any{"reason": "two asks in one", "parts": []any{harness.Ordinary("The first half"), harness.Ordinary("The second half")}})
	end := r.AwaitClosed("merged")
	require.Len(t, end.List("merged_into"), 2, "%s", answer.Raw)
	part := api.Known(end.List("merged_into")[0].(string))
	require.Equal(t, r.ID, part.Await("part is there", func(a *drive.Answer) bool { return a.Text("split_from") != "" }).Text("split_from"))
}

// delegation lets somebody act for an approver who is away: the seat stays the approver's, and the ledger names both.
func delegation(t *testing.T, api *drive.API) {
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	api.As("ana").Call(200, http.MethodPut, "/v1/me/delegation", map[string]any{"delegate": "lena", "until": until})
	defer api.As("ana").Call(204, http.MethodDelete, "/v1/me/delegation", nil)
	r := api.Submit("sam", harness.Ordinary("Decided by the delegate"))
	r.AwaitOpen("review/1/approvers")
	require.Contains(t, string(api.As("lena").Get("/v1/inbox").Raw), r.ID, "it is in the delegate's inbox")
	refused := must(api.As("kai").Try(http.MethodPost, r.Path("/decisions"), map[string]any{"decision": "review/1/approvers", "verdict": "approve", "on_behalf_of": "ana"}))
	require.Equal(t, http.StatusForbidden, refused.Status, "kai acts for nobody")
	r.Decide("lena", "review/1/approvers", "approve", "on_behalf_of", "ana")
	late := must(api.As("ana").Try(http.MethodPost, r.Path("/decisions"), map[string]any{"decision": "review/1/approvers", "verdict": "reject", "reason": "late"}))
	require.Equal(t, http.StatusConflict, late.Status, "the seat has been filled")
	answers := question(r.Read(), "review/1/approvers")["answers"].([]any)
	require.Len(t, answers, 1)
	require.Equal(t, "lena", answers[0].(map[string]any)["by"])
	require.Equal(t, "ana", answers[0].(map[string]any)["for"])
	r.Decide("bo", "review/1/approvers", "approve")
	r.AwaitStage("prioritization")
}

func badInput(t *testing.T, api *drive.API) {
	sam := api.As("sam")
	for name, c := range map[string]struct {
		body    any
		status  int
		pointer string
	}{
		"no title":      {map[string]any{"kind": "enhancement"}, 422, "/title"},
		"unknown kind":  {map[string]any{"title": "x", "kind": "wish"}, 422, "/kind"},
		"unknown field": {map[string]any{"title": "x", "kind": "enhancement", "colour": "red"}, 422, "/colour"},
		"wrong type":    {map[string]any{"title": 7, "kind": "enhancement"}, 422, "/title"},
		"bad date":      {map[string]any{"title": "x", "kind": "enhancement", "wanted_by": "soon"}, 422, "/wanted_by"},
	} {
		answer := must(sam.Try(http.MethodPost, "/v1/requests", c.body))
		require.Equal(t, c.status, answer.Status, "%s: %s", name, answer.Raw)
		require.Equal(t, "application/problem+json", answer.Header.Get("Content-Type"), name)
		require.Contains(t, string(answer.Raw), c.pointer, name)
	}
	require.Equal(t, 404, must(sam.Try(http.MethodGet, "/v1/requests/R-999999", nil)).Status)
	require.Equal(t, 404, must(sam.Try(http.MethodGet, "/v1/nothing", nil)).Status)
	require.Equal(t, 401, must(api.As("nobody").Try(http.MethodGet, "/v1/requests", nil)).Status)
}

func sameKey(t *testing.T, api *drive.API) {
	key := uuid.NewString()
	first := api.As("sam").Call(201, http.MethodPost, "/v1/requests", harness.Ordinary("Once"), "Idempotency-Key", key)
	again := api.As("sam").Call(201, http.MethodPost, "/v1/requests", harness.Ordinary("Once"), "Idempotency-Key", key)
	drive.SameSubmission(t, first, again)
	answers := make([]*drive.Answer, 50)
	var wait sync.WaitGroup
	for i := range answers {
		wait.Go(func() {
			answers[i] = must(api.As("sam").Try(http.MethodPost, "/v1/requests", harness.Ordinary("Fifty at once"), "Idempotency-Key", key+"-fifty"))
		})
	}
	wait.Wait()
	for _, a := range answers {
		require.Equal(t, 201, a.Status, "%s", a.Raw)
		drive.SameSubmission(t, answers[0], a)
	}
	require.Len(t, api.As("sam").Get("/v1/requests?text=Fifty").List("items"), 1)
	other := must(api.As("sam").Try(http.MethodPost, "/v1/requests", harness.Ordinary("Twice"), "Idempotency-Key", key))
	require.Equal(t, 422, other.Status)
	require.Equal(t, "idempotency_mismatch", other.Text("kind"))
}
