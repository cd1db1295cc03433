package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/caught"
	"leanpmo/internal/directory"
	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/promise"
	"leanpmo/internal/signin"
	"leanpmo/internal/wire"
)

func at(t time.Time) *time.Time { return &t }

var now = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

// fakeAPI answers with what a test sets, and keeps what was sent to it.
type fakeAPI struct {
	answers map[string]any // by "METHOD /path"
	refuse  map[string]*problem.Error
	sent    map[string]json.RawMessage
	keys    []string
	caller  string            // of the last call
	query   map[string]string // by "METHOD /path", of the last call
}

func newFakeAPI() *fakeAPI {
	request := wire.Request{State: wire.State{ID: "018f0000-0000-7000-8000-00000000000a", Number: 8, Requester: "sam", SubmittedAt: now.Add(-time.Hour),
		Content: pmo.Content{Title: `<script>alert("x")</script>`, Kind: "enhancement", Problem: "lists are typed"}, Stage: pmo.StageReview, StageSince: now,
		Status: pmo.StatusOpen, Missing: []pmo.Gap{{Field: "baseline", Why: "how often?"}}}, Ref: "R-8", WaitingOn: []string{"ana", "bo"}, Commands: []string{"amend", "withdraw"},
		Questions: []wire.OpenQuestion{{Question: pmo.Question{ID: "review/1/approvers", Kind: pmo.KindReview, Text: "Shall we do it?", People: []string{"ana", "bo"},
			Options: pmo.Options(pmo.KindReview), DueAt: now.Add(48 * time.Hour), OnSilence: "reject"}, MayAnswer: true}},
		Forecast: &wire.Forecast{Words: "done by 1 May", P50: "2027-04-01", P85: "2027-05-01", P95: "2027-06-01"}}
	request.Content.WantedBy = "2027-04-20"
	item := wire.InboxItem{Request: wire.InboxRequest{ID: request.ID, Ref: "R-8", Title: request.Content.Title, Requester: "sam"}, Question: request.Questions[0].Question,
		For: "bo", OnBehalf: true, OnSilence: "reject"}
	rules := wire.Policy{Words: []string{"small is quick"}, Rules: []policy.Rule{{Text: "small is quick"}}, Data: policy.Default().Document()}
	return &fakeAPI{query: map[string]string{}, refuse: map[string]*problem.Error{}, sent: map[string]json.RawMessage{}, answers: map[string]any{
		"GET /v1/me/scoring":                           wire.Page[wire.ScoringWait]{Items: []wire.ScoringWait{}},
		"GET /v1/inbox":                                wire.Page[wire.InboxItem]{Items: []wire.InboxItem{item}},
		"GET /v1/requests":                             wire.Page[wire.RequestItem]{Items: []wire.RequestItem{{Ref: "R-8", ID: request.ID, Title: request.Content.Title, WaitingOn: []string{"ana"}}}, Next: "after"},
		"GET /v1/requests/R-8":                         request,
		"GET /v1/requests/" + request.ID:               request,
		"GET /v1/requests/" + request.ID + "/forecast": *request.Forecast,
		"GET /v1/requests/R-8/explanation":             wire.Explanation{LaneReason: "small and known"},
		"GET /v1/requests/R-8/promises": wire.Page[wire.Promise]{Items: []wire.Promise{
			{Day: "2027-02-20", P50: "2027-04-01", P85: "2027-05-01", Kept: wire.PromiseKept{P85: promise.Pending},
				Reasons: []promise.Difference{{Cause: promise.Queue, From: "2", To: "5"}, {Cause: promise.Team, To: "<b>otter</b>"}}},
			{Day: "2027-01-02", P50: "2027-01-20", P85: "2027-02-01", Kept: wire.PromiseKept{P85: promise.Missed}}}},
		"GET /v1/requests/R-8/ledger": wire.Page[wire.LedgerEntry]{Items: []wire.LedgerEntry{{Entry: pmo.Entry{Text: "submitted", Actor: "sam", At: now}}}},
		"GET /v1/requests/" + request.ID + "/note": wire.AnswerNote{Question: "review/1/approvers", DraftAt: at(now), FollowUp: "2027-03-04",
			Draft: &wire.AnswerDraft{Verdict: "reject", Fields: map[string][]string{"reason": {"half a sentence"}}}},
		"PATCH /v1/requests/" + request.ID + "/note": wire.AnswerNote{},
		"GET /v1/me/drafts":                          wire.Page[wire.Draft]{Items: []wire.Draft{{ID: draftID, Kind: "enhancement", Title: "Half a form", At: now}, {ID: "other", Kind: "gone"}}},
		"GET /v1/me/drafts/" + draftID: wire.Draft{ID: draftID, Kind: "enhancement", Title: "Half a form", At: now,
			Fields: map[string][]string{"title": {"Half a form"}, "problem": {"half a problem"}}},
		"PUT /v1/me/drafts/" + draftID:    wire.Draft{},
		"DELETE /v1/me/drafts/" + draftID: struct{}{},
		"GET /v1/similar":                 wire.SimilarRequests{Similar: []pmo.Similar{{ID: "x", Title: "<i>Lists</i> of old", Words: "same words: lists", Closed: true}}},
		"POST /v1/me/visit":               wire.Visit{Since: at(now.Add(-48 * time.Hour))},
		"GET /v1/me/visit":                wire.Visit{Since: at(now.Add(-48 * time.Hour))},
		"GET /v1/digest": wire.Digest{Changed: []wire.DigestChange{{Request: wire.InboxRequest{ID: request.ID, Ref: "R-8", Title: request.Content.Title},
			Entries: []wire.DigestEntry{{At: now, Text: "pulled by the run"}}}}},
		"GET /v1/me/decisions": wire.Page[wire.Decided]{Items: []wire.Decided{{Request: wire.InboxRequest{ID: request.ID, Ref: "R-8", Title: request.Content.Title}, Question: "review/1/approvers",
			By: "ana", For: "bo", At: now, Text: "ana approves"}}, Next: "after"},
		"GET /v1/requests/" + request.ID + "/comments": wire.Page[wire.Comment]{Items: []wire.Comment{
			{ID: commentID, Author: "sam", At: now, Text: "<b>see</b> @bo", Mentions: []string{"bo"}, Version: 2, EditedAt: at(now), Own: true},
			{ID: "c2", Author: "bo", At: now, WithdrawnAt: at(now)}, {ID: "c3", Author: "ana", At: now, Text: "on the question", Question: "review/1/approvers"}}},
		"GET /v1/requests/" + request.ID + "/comments/" + commentID: wire.CommentHistory{Comment: wire.Comment{ID: commentID, Author: "sam", Text: "second", Version: 2, Own: true},
			Earlier: []wire.CommentVersion{{Version: 1, At: now, Text: "first"}}},
		"GET /v1/requests/" + request.ID + "/attachments": wire.Attachments{MayAttach: true, Page: wire.Page[wire.Attachment]{Items: []wire.Attachment{
			{ID: "a1", URL: "https://wiki.example/plan", Title: "Plan", By: "sam", At: now, MayRemove: true}}}},
		"POST /v1/requests/" + request.ID + "/comments":                wire.Comment{},
		"PUT /v1/requests/" + request.ID + "/comments/" + commentID:    wire.Comment{},
		"DELETE /v1/requests/" + request.ID + "/comments/" + commentID: struct{}{},
		"POST /v1/requests/" + request.ID + "/attachments":             wire.Attachment{},
		"DELETE /v1/requests/" + request.ID + "/attachments/a1":        struct{}{},
		"GET /v1/me/views":   wire.Page[wire.View]{Items: []wire.View{{ID: viewID, Name: "<b>Falcon</b>", Filter: wire.ListFilter{Team: "falcon", DaysInStage: 14}}}},
		"GET /v1/me/waiting": wire.GroupsWaiting{Days: 90, Items: []flow.GroupTime{{Group: "approvers", Open: 2, Oldest: 6, Days: flow.Stats{N: 12, P85: 3}, Waited: 34, Cost: 12000, Costed: 5}}},
		"GET /v1/stuck":      wire.Stuck{Items: []wire.StuckRequest{}},
		"GET /v1/board": wire.Board{Columns: []wire.BoardColumn{{Stage: pmo.StageReview}, {Stage: pmo.StagePrioritization, Count: 15, Items: []wire.RequestItem{{Ref: "R-8", ID: request.ID, Title: request.Content.Title,
			Requester: "sam", Stage: pmo.StagePrioritization, StageSince: now.Add(-50 * 24 * time.Hour), Status: pmo.StatusOpen}}}, {Stage: pmo.StageAssignment}},
			Limits: []wire.WIPLimit{{On: wire.LimitOnPortfolio, Portfolio: "digital", Name: "Digital", Taken: 6, Limit: 6, Full: true},
				{On: wire.LimitOnClass, Portfolio: "digital", Class: "expedite", Name: "expedite", Taken: 0, Limit: 1}, {On: wire.LimitOnTeam, Portfolio: "digital", Team: "otter", Name: "Otter", Taken: 1, Limit: 3}}},
		"GET /v1/backlog": wire.Page[wire.RankedRequest]{Items: []wire.RankedRequest{{Title: "First", Rank: 1, Why: "most value", Link: "/v1/requests/R-1"}}},
		"GET /v1/policy":  rules,
		"GET /v1/teams":   wire.Page[wire.TeamLoad]{Items: []wire.TeamLoad{{Team: pmo.Team{ID: "otter", Name: "Otter"}}}},
		"GET /v1/reports/flow": wire.FlowReport{From: now.AddDate(0, -3, 0), To: now, Throughput: []flow.Bucket{{Start: now.AddDate(0, 0, -7), Count: 2}},
			Age: flow.Stats{N: 2, P50: 3, Max: 40}, Stages: []wire.StageCount{{Stage: pmo.StageReview, Open: 2, Age: flow.Stats{N: 2, Max: 40}, Days: flow.Stats{N: 7, P50: 2, P85: 5}}},
			Groups:     []flow.GroupTime{{Group: "delivery_leads", Open: 1, Oldest: 6, Days: flow.Stats{N: 3, P50: 1, P85: 2}}},
			Aging:      []flow.Aging{{ID: "R-9", Stage: "execution", Age: 30, Level: flow.LevelP85}},
			AgingTotal: 9, CycleTime: flow.Stats{N: 13, P50: 14, P85: 14},
			Scatter: []flow.Cell{{At: now.AddDate(0, 0, -6), Days: 14, Count: 1, Ref: "R-1"}, {At: now.AddDate(0, 0, -5), Days: 3, Count: 12}}},
		"POST /v1/requests/" + request.ID + "/withdraw":  pmo.Receipt{},
		"PATCH /v1/requests/" + request.ID:               pmo.Receipt{},
		"POST /v1/requests":                              request,
		"POST /v1/requests/" + request.ID + "/decisions": pmo.Receipt{},
	}}
}

type callerKey struct{}

func (f *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.caller, _ = r.Context().Value(callerKey{}).(string)
	call := r.Method + " " + r.URL.Path
	f.query[call] = r.URL.RawQuery
	if body, _ := io.ReadAll(r.Body); len(body) > 0 {
		f.sent[call] = body
		f.keys = append(f.keys, r.Header.Get("Idempotency-Key"))
	}
	if p := f.refuse[call]; p != nil {
		problem.Write(w, problem.From(p))
		return
	}
	answer, known := f.answers[call]
	if !known {
		problem.Write(w, problem.From(problem.New(problem.NotFound, "no %s", call)))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// browser keeps cookies and does not follow redirects.
type browser struct {
	t       *testing.T
	site    *Site
	api     *fakeAPI
	cookies map[string]string
	headers http.Header
}

func newBrowser(t *testing.T) *browser { return newBrowserWith(t, func(*Options) {}) }

// newBrowserWith is a browser of pages with other options.
func newBrowserWith(t *testing.T, change func(*Options)) *browser {
	people, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	api := newFakeAPI()
	o := Options{API: api, Caller: func(ctx context.Context, id string) context.Context { return context.WithValue(ctx, callerKey{}, id) }, People: people, Plain: true, Now: func() time.Time { return now }}
	change(&o)
	site, err := New(o)
	require.NoError(t, err)
	return &browser{t: t, site: site, api: api, cookies: map[string]string{}, headers: http.Header{}}
}

func (b *browser) do(method, target string, form url.Values) *http.Response {
	r := httptest.NewRequestWithContext(context.Background(), method, target, strings.NewReader(form.Encode()))
	r.Header = b.headers.Clone()
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.serve(b.site, r)
}

// serve gives a request with the browser's cookies to a handler, and keeps the cookies of its answer.
func (b *browser) serve(h http.Handler, r *http.Request) *http.Response {
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookies[c.Name] = c.Value
	}
	return w.Result()
}

func (b *browser) text(response *http.Response) string {
	body, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	return string(body)
}

// signIn begins a session, as after a provider has signed somebody in.
func (b *browser) signIn(who string) *browser {
	person, known := b.site.People.Principal(who)
	require.True(b.t, known, who)
	enter := func(w http.ResponseWriter, r *http.Request) error {
		return b.site.enter(w, r, person, signin.Identity{}, "/inbox")
	}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
	r.Header = b.headers.Clone()
	require.Equal(b.t, http.StatusSeeOther, b.serve(b.site.visited(b.site.withSession(b.site.page(enter))), r).StatusCode)
	return b
}

// TestTemplatesMatchTheirViews finds a misspelt field, method or argument in any template.
func TestTemplatesMatchTheirViews(t *testing.T) {
	a, err := readAssets()
	require.NoError(t, err)
	p, err := parsePages(a)
	require.NoError(t, err)
	checks := map[string]any{"home": frame[homeView]{}, "inbox": frame[inboxView]{}, "requests": frame[requestsView]{}, "backlog": frame[backlogView]{}, "funding": frame[fundingView]{}, "strategy": frame[strategyView]{}, "assignments": frame[assignmentsView]{},
		"kinds": frame[kindsView]{}, "submit": frame[submitView]{}, "request": frame[requestView]{}, "answer": frame[answerView]{},
		"sign_in": frame[signInView]{}, "signed_out": frame[signedOutView]{}, "command": frame[commandView]{}, "move": frame[moveView]{}, "board": frame[boardView]{}, "teams": frame[teamsView]{}, "team": frame[teamView]{}, "report": frame[reportView]{},
		"flow": frame[flowView]{}, "calibration": frame[calibrationView]{}, "retrospective": frame[retrospectiveView]{}, "policy": frame[policyView]{}, "access": frame[accessView]{}, "audit": frame[auditView]{}, "channels": frame[channelsView]{}, "chat": frame[chatView]{}, "channel": frame[channelView]{}, "notifications": frame[notificationsView]{}, "error": frame[errorView]{}, "note": frame[noteView]{}, "several": frame[severalView]{}, "decided": frame[decidedView]{},
		"scoring": frame[scoringView]{}, "points": frame[pointsView]{}, "request_points": frame[requestPointsView]{},
		"what_if": frame[whatIfView]{}, "skills": frame[skillsView]{}, "resources": frame[resourcesView]{}, "what_if_teams": frame[whatIfTeamsView]{}, "what_if_portfolio": frame[whatIfPortfolioView]{}, "selection": frame[selectionView]{}, "imports": frame[importsView]{},
		"policies": frame[policiesView]{}, "propose": frame[proposeView]{}, "proposal": frame[proposalView]{}, "policy_version": frame[policyVersionView]{},
		"approach": frame[approachView]{}, "plan": frame[planView]{}, "playbook": frame[playbookView]{}, "start": frame[startKindsView]{}, "start_form": frame[startView]{}, "status": frame[statusView]{}, "mails": frame[mailsView]{}, "mail": frame[caught.Mail]{}, "unsubscribe": frame[unsubscribeView]{}}
	require.Len(t, checks, len(p.byName), "a template is not checked")
	for name, view := range checks {
		require.NoError(t, templatecheck.CheckHTML(p.byName[name], view), name)
	}
}

func TestSignedOutReadersAreSentToSignIn(t *testing.T) {
	b := newBrowser(t)
	for _, page := range []string{"/inbox", "/requests/R-8?x=1", "/backlog"} {
		response := b.do("GET", page, nil)
		require.Equal(t, http.StatusSeeOther, response.StatusCode)
		require.Equal(t, "/sign-in?to="+url.QueryEscape(page), response.Header.Get("Location"))
	}
	require.Empty(t, b.api.sent)
	require.Equal(t, http.StatusOK, b.do("GET", "/sign-in", nil).StatusCode)
	require.Equal(t, http.StatusMethodNotAllowed, b.do("POST", "/sign-in", url.Values{"person": {"sam"}}).StatusCode, "nobody signs in without a provider")
}

func TestSignInStaysOnThisSite(t *testing.T) {
	for to, want := range map[string]string{"/inbox?x=1": "/inbox?x=1", "https://evil.example/": "/", "//evil.example": "/", "/\\evil.example": "/", "javascript:alert(1)": "/", "": "/"} {
		require.Equal(t, want, localPath(to), to)
	}
}

func TestSessionEndsWithSignOutAndBeginsAnew(t *testing.T) {
	b := newBrowser(t)
	b.do("GET", "/sign-in", nil)
	before := b.cookies["pmo-session"]
	b.signIn("sam")
	signedIn := b.cookies["pmo-session"]
	require.NotEqual(t, before, signedIn)
	require.Equal(t, http.StatusOK, b.do("GET", "/", nil).StatusCode)
	b.do("POST", "/sign-out", nil)
	b.cookies["pmo-session"] = signedIn
	require.Equal(t, http.StatusSeeOther, b.do("GET", "/", nil).StatusCode)
}

// TestFlowPageHasTheNumbersOfTheReport: age, time in each stage and with each group, as the API and the CLI have them.
func TestFlowPageHasTheNumbersOfTheReport(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	text := b.text(b.do("GET", "/flow", nil))
	for _, want := range []string{"The oldest</dt><dd>40 days", ">5 days</td>", "Delivery leads</td>", ">6 days</td>", `href="/requests/R-9"`, "older than 85 of 100"} {
		require.Contains(t, text, want)
	}
}

func TestPages(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	for page, want := range map[string]string{
		"/": "Waits for you", "/inbox": "for Bo Hansen", "/requests": "cursor=after", "/backlog": "Most value", "/requests/new": "New application",
		"/requests/new/enhancement": "What hurts today", "/requests/R-8": "small and known", "/requests/R-8/answer?question=review/1/approvers": "Worth doing.", "/board": "Review", "/teams": "Otter", "/flow": "Days from pull to acceptance", "/policy": "Small is quick",
		"/requests/R-8/withdraw": "It ends here.", "/requests/R-8/amend": "lists are typed",
		"/requests/R-8/answer?question=review/1/approvers&verdict=reject": "Reason",
	} {
		response := b.do("GET", page, nil)
		text := b.text(response)
		require.Equal(t, http.StatusOK, response.StatusCode, "%s\n%s", page, text)
		require.Contains(t, text, want, page)
		require.NotContains(t, text, "<script>alert", page)
		require.NotContains(t, text, " style=", page)
		require.NotContains(t, text, `href="/v1/`, "%s: links of pages lead to pages", page)
		require.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'none'")
	}
	german := b.do("GET", "/inbox?lang=de", nil)
	require.Equal(t, "/inbox", german.Header.Get("Location"))
	require.Contains(t, b.text(b.do("GET", "/inbox", nil)), "Alles, was auf Ihre Antwort wartet")
}

func TestWhatTheAPIRefusesIsAnErrorPage(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	require.Equal(t, http.StatusNotFound, b.do("GET", "/requests/R-9", nil).StatusCode)
	require.Equal(t, http.StatusNotFound, b.do("GET", "/nowhere", nil).StatusCode)
	b.api.refuse["GET /v1/inbox"] = problem.New(problem.Unavailable, "the read model cannot be reached")
	response := b.do("GET", "/inbox", nil)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.Contains(t, b.text(response), "The read model cannot be reached")
}

func TestCommandsFromOtherSitesAreRefused(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	b.headers.Set("Sec-Fetch-Site", "cross-site")
	answer := url.Values{"question": {"review/1/approvers"}, "verdict": {"approve"}}
	require.Equal(t, http.StatusForbidden, b.do("POST", "/requests/R-8/answer", answer).StatusCode)
	require.Empty(t, b.api.sent)
}

func TestAnswer(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	b.do("GET", "/requests/R-8/answer?question=review/1/approvers&verdict=approve", nil)
	require.Empty(t, b.api.sent, "a GET decides nothing")
	response := b.do("POST", "/requests/R-8/answer", url.Values{"question": {"review/1/approvers"}, "verdict": {"defer"}, "reason": {"budget"}, "for": {"bo"}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode, "until is needed")
	require.Empty(t, b.api.sent)
	response = b.do("POST", "/requests/R-8/answer", url.Values{"question": {"review/1/approvers"}, "verdict": {"defer"}, "reason": {"budget"}, "until": {"2027-04-01"}, "for": {"bo"}})
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.Equal(t, "ana", b.api.caller)
	require.JSONEq(t, `{"decision":"review/1/approvers","verdict":"defer","reason":"budget","data":{"until":"2027-04-01"},"on_behalf_of":"bo"}`, string(b.api.sent[decisions]))
	b.api.refuse[decisions] = problem.InvalidField("/data/until", "is in the past")
	response = b.do("POST", "/requests/R-8/answer", url.Values{"question": {"review/1/approvers"}, "verdict": {"defer"}, "reason": {"budget"}, "until": {"2020-04-01"}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), "Is in the past")
	require.Equal(t, http.StatusNotFound, b.do("GET", "/requests/R-8/answer?question=review/9/approvers", nil).StatusCode)
}

func TestSubmit(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	form := url.Values{"title": {"Lists"}, "problem": {"typing"}, "baseline.people": {"3"}, "size": {"0,5"}, "themes": {"growth", "service"}, "key": {"k-1"}}
	response := b.do("POST", "/requests/new/enhancement", form)
	text := b.text(response)
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, text, "Check your answers")
	require.Empty(t, b.api.sent)
	form.Set("step", "send")
	response = b.do("POST", "/requests/new/enhancement", form)
	require.Equal(t, "/requests/R-8?new=1", response.Header.Get("Location"))
	require.JSONEq(t, `{"title":"Lists","kind":"enhancement","problem":"typing","baseline":{"people":3},"size":0.5,"themes":["growth","service"]}`, string(b.api.sent["POST /v1/requests"]))
	require.Len(t, b.api.keys, 1)
	b.api.refuse["POST /v1/requests"] = problem.InvalidField("/baseline/people", "is too many")
	require.Contains(t, b.text(b.do("POST", "/requests/new/enhancement", form)), "Is too many")
	form.Set("size", "many")
	require.Contains(t, b.text(b.do("POST", "/requests/new/enhancement", form)), "This is not a number.")
	form.Set("title", " ")
	require.Contains(t, b.text(b.do("POST", "/requests/new/enhancement", form)), "This is needed.")
	form.Set("problem", strings.Repeat("x", maxForm))
	require.Equal(t, http.StatusRequestEntityTooLarge, b.do("POST", "/requests/new/enhancement", form).StatusCode)
}

func TestCommands(t *testing.T) {
	const id = "018f0000-0000-7000-8000-00000000000a"
	b := newBrowser(t).signIn("sam")
	require.Equal(t, http.StatusForbidden, b.do("GET", "/requests/R-8/hold", nil).StatusCode, "the API does not offer it")
	require.Equal(t, http.StatusNotFound, b.do("GET", "/requests/R-8/explode", nil).StatusCode)
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/withdraw", url.Values{"reason": {"bought"}, "key": {"k"}}).StatusCode)
	require.JSONEq(t, `{"reason":"bought"}`, string(b.api.sent["POST /v1/requests/"+id+"/withdraw"]))
	require.Len(t, b.api.keys[0], 64)

	form := url.Values{"revision": {"4"}, "title": {"Lists"}, "outcome": {"no typing"}, "baseline.people": {"3"}, "reason": {"clearer"}}
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/amend", form).StatusCode)
	require.JSONEq(t, `{"revision":4,"patch":{"title":"Lists","problem":null,"wanted_by":null,"outcome":"no typing","baseline":{"people":3}},"reason":"clearer"}`,
		string(b.api.sent["PATCH /v1/requests/"+id]), "what was emptied is cleared, what was not touched is left out")
}

func TestAssets(t *testing.T) {
	b := newBrowser(t)
	for name, address := range b.site.assets.urls {
		response := b.do("GET", address, nil)
		require.Equal(t, http.StatusOK, response.StatusCode, name)
		require.Contains(t, response.Header.Get("Cache-Control"), "immutable")
	}
	require.Contains(t, b.text(b.do("GET", b.site.assets.urls["site.css"], nil)), b.site.assets.urls["inter.woff2"])
	require.Equal(t, http.StatusNotFound, b.do("GET", "/assets/none.css", nil).StatusCode)
}
