package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
	"leanpmo/internal/directory"
	"leanpmo/internal/mcpserver"
	"leanpmo/internal/pmo"
)

// withAgents lists an agent of each sort beside people.
const withAgents = `
principals:
  - {id: sam, name: Sam, roles: [requester], token: dev-sam}
  - {id: rita, name: Rita, roles: [requester], token: dev-rita}
  - {id: ana, name: Ana, roles: [approver], token: dev-ana}
  - {id: theo, name: Theo, roles: [team], token: dev-theo}
  - {id: petra, name: Petra, roles: [pmo], token: dev-petra}
  - {id: scout, name: Scout, kind: agent, responsible: sam, roles: [requester], token: dev-scout}
  - {id: chief, name: Chief, kind: agent, responsible: office, roles: [pmo, approver, team, auditor, admin], token: dev-chief}
  - {id: cleared, name: Cleared, kind: agent, responsible: office, confidential: true, roles: [pmo], token: dev-cleared}
groups:
  - {id: office, name: Office, members: [petra, rita]}
`

// toolsServer is the API with the tools of agents, over HTTP.
func toolsServer(t *testing.T) (*bundle, *httptest.Server) {
	t.Helper()
	b := setup(t)
	dir, err := directory.Parse([]byte(withAgents))
	require.NoError(t, err)
	b.api.Directory.Replace(dir)
	tools, err := mcpserver.New(mcpserver.Options{API: b.api, Log: b.api.Log})
	require.NoError(t, err)
	b.api.ServeTools(tools)
	server := httptest.NewServer(b.api)
	t.Cleanup(server.Close)
	return b, server
}

// bearing sends a token with each call.
type bearing struct{ token string }

func (c bearing) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+c.token)
	return http.DefaultTransport.RoundTrip(r)
}

func connectAs(t *testing.T, url, token string) (*mcp.ClientSession, error) {
	t.Helper()
	program := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	return program.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url + "/mcp", HTTPClient: &http.Client{Transport: bearing{token}}, DisableStandaloneSSE: true}, nil)
}

func connected(t *testing.T, url, token string) *mcp.ClientSession {
	t.Helper()
	session, err := connectAs(t, url, token)
	require.NoError(t, err)
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// use calls a tool and returns its text, and whether it says that it failed.
func use(t *testing.T, s *mcp.ClientSession, tool string, input any) (string, bool) {
	t.Helper()
	result, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: input})
	require.NoError(t, err)
	require.NotEmpty(t, result.Content)
	return result.Content[0].(*mcp.TextContent).Text, result.IsError
}

func TestToolsOverHTTPWithTheSDK(t *testing.T) {
	_, server := toolsServer(t)
	s := connected(t, server.URL, "dev-scout")
	listed, err := s.ListTools(t.Context(), nil)
	require.NoError(t, err)
	var names []string
	for _, tool := range listed.Tools {
		names = append(names, tool.Name)
		require.NotNil(t, tool.Annotations, tool.Name)
		require.Equal(t, !strings.HasPrefix(tool.Name, "draft_"), tool.Annotations.ReadOnlyHint, tool.Name)
		schema, err := json.Marshal(tool.InputSchema)
		require.NoError(t, err)
		require.Contains(t, string(schema), `"additionalProperties":false`, tool.Name)
	}
	slices.Sort(names)
	require.Equal(t, []string{"draft_comment", "draft_request", "explain_request", "find_requests", "forecast_request", "read_backlog", "read_drafts", "read_inbox", "read_request", "what_if"}, names)

	for tool, input := range map[string]any{
		"read_request": map[string]any{"request": "R-1"}, "explain_request": map[string]any{"request": "R-1"}, "forecast_request": map[string]any{"request": "R-1"},
		"find_requests": map[string]any{"text": "invoices"}, "read_backlog": map[string]any{}, "read_inbox": map[string]any{}, "what_if": map[string]any{"value": 3},
	} {
		text, failed := use(t, s, tool, input)
		require.False(t, failed, "%s: %s", tool, text)
		require.True(t, json.Valid([]byte(text)), "%s: %s", tool, text)
	}
	text, _ := use(t, s, "read_request", map[string]any{"request": "R-1"})
	require.Contains(t, text, "Invoices by e-mail")
}

// TestToolsRefuseInTheWordsOfTheAPI: what the caller may not read is not there, and an input out of bounds is refused with its name.
func TestToolsRefuseInTheWordsOfTheAPI(t *testing.T) {
	_, server := toolsServer(t)
	for token, sees := range map[string]bool{"dev-scout": false, "dev-chief": false, "dev-cleared": true, "dev-petra": true, "dev-sam": false} {
		text, failed := use(t, connected(t, server.URL, token), "read_request", map[string]any{"request": "R-2"})
		require.Equal(t, !sees, failed, "%s: %s", token, text)
	}
	s := connected(t, server.URL, "dev-scout")
	for tool, input := range map[string]map[string]any{"find_requests": {"limit": 51}, "read_backlog": {"limit": -1}, "what_if": {"value": 1001}, "read_request": {"request": strings.Repeat("R", 65)}} {
		text, failed := use(t, s, tool, input)
		require.True(t, failed, tool)
		for name := range input {
			require.Contains(t, text, name)
		}
	}
	text, failed := use(t, s, "read_request", map[string]any{"request": "R-1", "and": "more"})
	require.True(t, failed, text)
}

func TestTheDoorOfTheTools(t *testing.T) {
	b, server := toolsServer(t)
	call := func(change func(*http.Request)) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`))
		require.NoError(t, err)
		r.Header = http.Header{"Authorization": {"Bearer dev-scout"}, "Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"}}
		change(r)
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer res.Body.Close()
		return res.StatusCode
	}
	require.Equal(t, 200, call(func(*http.Request) {}))
	require.Equal(t, 401, call(func(r *http.Request) { r.Header.Del("Authorization") }))
	require.Equal(t, 401, call(func(r *http.Request) { r.Header.Set("Authorization", "Bearer nobody") }))
	require.Equal(t, 403, call(func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }), "a page of somebody else")
	require.Equal(t, 403, call(func(r *http.Request) { r.Host = "evil.example" }), "a name that leads to this address")
	require.Equal(t, 405, call(func(r *http.Request) { r.Method = http.MethodDelete }))
	require.Equal(t, 413, call(func(r *http.Request) {
		body := strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"` + strings.Repeat("a", 300<<10) + `"}`)
		r.Body, r.ContentLength = http.NoBody, 0
		r.Body, r.ContentLength = readCloser{body}, int64(body.Len())
	}))
	_, err := connectAs(t, server.URL, "nobody")
	require.Error(t, err)
	require.Contains(t, b.log.String(), "route=/mcp")
	require.Contains(t, b.log.String(), "actor=scout")

	off := setup(t)
	status, _, _ := off.call(t, "sam", "POST", "/mcp", `{}`)
	require.Equal(t, 404, status, "without the tools nothing is there")
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// TestTheToolsKnowTheServersName: behind a proxy the name that people call is the right one, and no other.
func TestTheToolsKnowTheServersName(t *testing.T) {
	b := setup(t)
	tools, err := mcpserver.New(mcpserver.Options{API: b.api, PublicURL: "https://pmo.example.org"})
	require.NoError(t, err)
	b.api.ServeTools(tools)
	for host, want := range map[string]int{"pmo.example.org": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "localhost": 200, "evil.example": 403, "10.0.0.7": 403} {
		r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`))
		r.Host = host
		r.Header = http.Header{"Authorization": {"Bearer dev-sam"}, "Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"}}
		rec := httptest.NewRecorder()
		b.api.ServeHTTP(rec, r)
		require.Equal(t, want, rec.Code, "%s: %s", host, rec.Body)
	}
}

// TestAnAgentHasABoundOfItsOwn also where people have none.
func TestAnAgentHasABoundOfItsOwn(t *testing.T) {
	b, _ := toolsServer(t)
	refused := 0
	for range agentPerMinute {
		if status, _, _ := b.call(t, "scout", "GET", "/v1/requests/R-1", ""); status == 429 {
			refused++
		}
	}
	require.Equal(t, agentPerMinute-agentPerMinute/4, refused, "the clock stands still: what goes at once is answered")
	status, _, _ := b.call(t, "cleared", "GET", "/v1/requests/R-1", "")
	require.Equal(t, 200, status, "another agent has its own")
}

// TestAgentsDoNothingElse calls every operation as an agent with every role, who leads the team and is the requester: what is not for agents is
// refused and reaches neither the process nor the store.
func TestAgentsDoNothingElse(t *testing.T) {
	b, _ := toolsServer(t)
	b.api.rates.agents = nil
	for route, action := range b.api.Actions() {
		everywhere := access.Object{Relation: access.Requester | access.SubmittedBy | access.Sponsor | access.Asked | access.Lead | access.Member | access.Watcher}
		agent := access.Actor{ID: "chief", Agent: true, Granted: true, Roles: []string{"requester", "approver", "team", "pmo", "auditor", "admin"}}
		for _, stage := range pmo.Stages() {
			everywhere.Stage = stage
			require.False(t, access.Can(agent, action, everywhere).Allowed && !access.ForAgents(action), "%s in %s", route, stage)
		}
		if access.ForAgents(action) {
			continue
		}
		method, path, _ := strings.Cut(route, " ")
		path = strings.NewReplacer("{ref}", "R-1", "{id}", "018f0000-0000-7000-8000-0000000000ff", "{source}", "jira").Replace(path)
		body := ""
		if method != http.MethodGet && method != http.MethodDelete {
			body = `{}`
		}
		status, doc, _ := b.call(t, "chief", method, path, body)
		require.GreaterOrEqual(t, status, 400, route)
		if action != access.EditTeam && action != access.WithdrawPolicy { // judged by what the path and the body name
			require.Equal(t, 403, status, "%s: %v", route, doc)
		}
	}
	require.Empty(t, b.engine.sent)
	require.Empty(t, b.engine.submitted)
}

// TestAnAgentsDraftsAreConfirmedByAPerson: what an agent drafts waits with who answers for it; nothing is submitted or said before they do, and
// then it is theirs, marked with the agent.
func TestAnAgentsDraftsAreConfirmedByAPerson(t *testing.T) {
	b, server := toolsServer(t)
	scout := connected(t, server.URL, "dev-scout")
	text, failed := use(t, scout, "draft_comment", map[string]any{"request": "R-1", "text": "The vendor has answered"})
	require.False(t, failed, text)
	var comment, form struct{ ID, Agent, For, Request string }
	require.NoError(t, json.Unmarshal([]byte(text), &comment))
	require.Equal(t, "scout", comment.Agent)
	require.Equal(t, "sam", comment.For)
	require.Equal(t, requestA, comment.Request)
	text, failed = use(t, scout, "draft_request", map[string]any{"kind": "enhancement", "title": "Receipts by e-mail", "fields": map[string]string{"problem": "Paper gets lost"}})
	require.False(t, failed, text)
	require.NoError(t, json.Unmarshal([]byte(text), &form))
	require.Empty(t, b.engine.submitted)
	require.Len(t, b.store.discussion.comments, 1, "nothing is said yet")

	_, doc, _ := b.call(t, "sam", "GET", "/v1/me/drafts", "")
	require.Len(t, doc["items"], 2)
	_, doc, _ = b.call(t, "rita", "GET", "/v1/me/drafts", "")
	require.Empty(t, doc["items"])
	status, doc, _ := b.call(t, "sam", "POST", "/v1/requests/R-1/comments", `{"text":"The vendor has answered, in May","draft":"`+comment.ID+`"}`)
	require.Equal(t, 201, status, doc)
	require.Equal(t, "sam", doc["author"])
	require.Equal(t, "scout", doc["agent"])
	require.Equal(t, "confirmed a comment that the agent scout drafted", b.store.discussion.noted[0].Text)
	status, doc, _ = b.call(t, "rita", "POST", "/v1/requests/R-1/comments", `{"text":"I was not asked","draft":"`+comment.ID+`"}`)
	require.Equal(t, 201, status, doc)
	require.Nil(t, doc["agent"], "a draft of somebody else marks nothing")
	status, doc, _ = b.call(t, "sam", "POST", "/v1/requests", `{"title":"Receipts by e-mail","kind":"enhancement","draft":"`+form.ID+`"}`)
	require.Equal(t, 201, status, doc)
	require.Equal(t, "scout", b.engine.submitted[0].Agent)
	require.Equal(t, "sam", b.engine.submitted[0].SubmittedBy)

	status, _, _ = b.call(t, "scout", "DELETE", "/v1/me/drafts/"+form.ID, "")
	require.Equal(t, 204, status, "an agent takes its own draft back")
	status, _, _ = b.call(t, "sam", "GET", "/v1/me/drafts/"+form.ID, "")
	require.Equal(t, 404, status)
	text, _ = use(t, scout, "read_drafts", map[string]any{})
	require.Contains(t, text, comment.ID)
	require.NotContains(t, text, form.ID)
}

func TestDraftsOfAgentsAreChecked(t *testing.T) {
	b, server := toolsServer(t)
	for token, inputs := range map[string]map[string]map[string]any{
		"dev-scout": {
			"kind":    {"tool": "draft_request", "kind": "nothing", "title": "A"},
			"for":     {"tool": "draft_request", "kind": "enhancement", "title": "A", "for": "rita"},
			"request": {"tool": "draft_comment", "request": "R-2", "text": "confidential"},
			"text":    {"tool": "draft_comment", "request": "R-1", "text": ""},
		},
		"dev-chief":   {"for": {"tool": "draft_request", "kind": "enhancement", "title": "A"}},
		"dev-cleared": {"request": {"tool": "draft_comment", "request": "R-999", "text": "x", "for": "petra"}},
	} {
		s := connected(t, server.URL, token)
		for names, input := range inputs {
			tool := input["tool"].(string)
			delete(input, "tool")
			text, failed := use(t, s, tool, input)
			require.True(t, failed, "%s %v", token, input)
			require.Contains(t, text, names)
		}
	}
	status, _, _ := b.call(t, "sam", "PUT", "/v1/me/drafts/"+requestB, `{"kind":"enhancement","fields":{},"for":"rita"}`)
	require.Equal(t, 422, status, "people leave drafts with nobody")
	status, _, _ = b.call(t, "sam", "POST", "/v1/requests/R-1/comments", `{"text":"a","draft":"b"}`)
	require.Equal(t, 422, status)
	require.Empty(t, b.store.discussion.drafts)
}
