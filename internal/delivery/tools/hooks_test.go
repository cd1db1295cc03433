package tools

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

const hookSecret = "the-secret-of-a-tool"

// pmoServer is a fake of our server.
type pmoServer struct {
	statuses []int // answered in order; the last one repeatedly
	refusal  error // instead, the answer to the first refusals reports
	refusals int
	ids      []string
	events   []delivery.Event
}

func (p *pmoServer) start(t *testing.T, tool string) http.Handler {
	sign, err := delivery.NewSecret("a-secret-of-at-least-24-bytes")
	require.NoError(t, err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		id, err := sign.Verify(r.Header, body, time.Now())
		require.NoError(t, err)
		require.Equal(t, delivery.Prefix+"/webhooks/"+tool, r.URL.Path)
		var e delivery.Event
		require.NoError(t, json.Unmarshal(body, &e))
		p.ids, p.events = append(p.ids, id), append(p.events, e)
		if len(p.ids) <= p.refusals {
			problem.Write(w, problem.From(p.refusal))
			return
		}
		w.WriteHeader(p.statuses[min(len(p.ids), len(p.statuses))-1])
	}))
	t.Cleanup(server.Close)
	r, err := NewReporter(Reporter{Tool: tool, Secret: hookSecret, PMO: server.URL, Sign: sign, Log: discard})
	require.NoError(t, err)
	return r
}

func recorded(t *testing.T, name string) string {
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	require.NoError(t, err)
	return string(text)
}

// hooked is a signed webhook of a tool.
func hooked(tool, body, secret string) *http.Request {
	body = strings.Replace(body, `"webhookTimestamp": 0`, fmt.Sprintf(`"webhookTimestamp": %d`, time.Now().UnixMilli()), 1)
	req := httptest.NewRequest("POST", "/hooks/"+tool, strings.NewReader(body))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	sum := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	switch tool {
	case "github":
		req.Header.Set("X-GitHub-Event", "issues")
		req.Header.Set("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
		req.Header.Set("X-Hub-Signature-256", sum)
	case "gitlab":
		req.Header.Set("X-Gitlab-Event-UUID", "13792a34-cac6-4fda-95a8-c58e00a3954e")
		req.Header.Set("X-Gitlab-Token", secret)
	case "azure":
		req.SetBasicAuth("lean-pmo", secret)
	case "linear":
		req.Header.Set("Linear-Delivery", "234d1a4e-b617-4388-90fe-adc3633d6b72")
		req.Header.Set("Linear-Signature", strings.TrimPrefix(sum, "sha256="))
	case "jira":
		req.Header.Set("X-Atlassian-Webhook-Identifier", "9f2c")
		req.Header.Set("X-Hub-Signature", sum)
	}
	return req
}

func post(h http.Handler, req *http.Request) int {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec.Code
}

func TestClosedInTheToolProposesDone(t *testing.T) {
	for tool, item := range map[string]string{"azure": "17", "github": "17", "gitlab": "17", "jira": "PMO-17", "linear": linearID("018f0000-0000-7000-8000-00000000000a/1")} {
		t.Run(tool, func(t *testing.T) {
			server := &pmoServer{statuses: []int{200}}
			h := server.start(t, tool)
			body := recorded(t, tool+"_closed")
			require.Equal(t, http.StatusAccepted, post(h, hooked(tool, body, hookSecret)))
			require.Equal(t, http.StatusAccepted, post(h, hooked(tool, body, hookSecret)))
			require.Len(t, server.events, 2)
			e := server.events[0]
			require.Equal(t, []any{item, "018f0000-0000-7000-8000-00000000000a", pmo.WorkClosed, pmo.HealthGreen, false},
				[]any{e.WorkItem, e.Request, e.Status, e.Health, e.Done}, "only people accept a result")
			require.Equal(t, 100, *e.Percent)
			require.Contains(t, e.Note, "Closed in ")
			require.Equal(t, time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC), e.At, "it happened when the tool says")
			require.Equal(t, server.ids[0], server.ids[1], "a webhook sent again is the same report")
		})
	}
}

func TestWebhooksAreVerified(t *testing.T) {
	for _, tool := range Names() {
		t.Run(tool, func(t *testing.T) {
			server := &pmoServer{statuses: []int{200}}
			h := server.start(t, tool)
			body := recorded(t, tool+"_closed")
			require.Equal(t, http.StatusUnauthorized, post(h, hooked(tool, body, "another-secret-of-it")))
			unsigned := hooked(tool, body, hookSecret)
			for _, name := range []string{"X-Hub-Signature-256", "X-Hub-Signature", "X-Gitlab-Token", "Authorization", "Linear-Signature"} {
				unsigned.Header.Del(name)
			}
			require.Equal(t, http.StatusUnauthorized, post(h, unsigned))
			if tool != "gitlab" && tool != "azure" { // which sign nothing
				tampered := hooked(tool, body, hookSecret)
				tampered.Body = io.NopCloser(strings.NewReader(strings.Replace(body, "17", "18", 1)))
				require.Equal(t, http.StatusUnauthorized, post(h, tampered))
			}
			require.Equal(t, http.StatusBadRequest, post(h, hooked(tool, "[", hookSecret)))
			require.Empty(t, server.events)
		})
	}
}

func TestOtherWebhooksAreIgnored(t *testing.T) {
	cases := map[string]func(string) string{
		"not ours": strings.NewReplacer("leanpmo:018f", "other:018f", "leanpmo-018f", "other-018f").Replace,
		"nothing we report": strings.NewReplacer(`"action": "closed"`, `"action": "assigned"`, `"action": "close"`, `"action": "update"`,
			`"field": "status"`, `"field": "priority"`, `"System.State": {"old`, `"System.Reason": {"old`, `"stateId"`, `"cycleId"`).Replace,
	}
	for name, change := range cases {
		for _, tool := range Names() {
			t.Run(name+" "+tool, func(t *testing.T) {
				server := &pmoServer{statuses: []int{200}}
				require.Equal(t, http.StatusAccepted, post(server.start(t, tool), hooked(tool, change(recorded(t, tool+"_closed")), hookSecret)))
				require.Empty(t, server.events)
			})
		}
	}
	server := &pmoServer{statuses: []int{200}}
	ping := hooked("github", `{"zen":"Keep it logically awesome."}`, hookSecret)
	ping.Header.Set("X-GitHub-Event", "ping")
	require.Equal(t, http.StatusAccepted, post(server.start(t, "github"), ping))
}

func TestOtherReports(t *testing.T) {
	server := &pmoServer{statuses: []int{200}}
	h := server.start(t, "github")
	body := recorded(t, "github_closed")
	post(h, hooked("github", strings.Replace(body, `"completed"`, `"not_planned"`, 1), hookSecret))
	post(h, hooked("github", strings.NewReplacer(`"action": "closed"`, `"action": "reopened"`, `"state": "closed"`, `"state": "open"`).Replace(body), hookSecret))
	post(h, hooked("github", strings.NewReplacer(`"action": "closed"`, `"action": "labeled"`, `"state": "closed"`, `"state": "open"`, "health:green", "progress:30").Replace(body), hookSecret))
	require.Len(t, server.events, 3)
	require.Equal(t, pmo.HealthRed, server.events[0].Health)
	require.NotEmpty(t, server.events[0].Note, "red needs a reason")
	require.Nil(t, server.events[0].Percent)
	require.Contains(t, server.events[1].Note, "Opened again")
	require.Equal(t, 30, *server.events[2].Percent)
}

// TestReportsComeBackWhenTheServerSays: a busy server says when to come back; a report follows that by the rule of every client.
func TestReportsComeBackWhenTheServerSays(t *testing.T) {
	t.Run("more often than after a failure", func(t *testing.T) {
		t.Parallel()
		server := &pmoServer{statuses: []int{200}, refusals: problem.Tries, refusal: &problem.Error{Kind: problem.Busy, RetryAfter: time.Second}}
		began := time.Now()
		require.Equal(t, http.StatusAccepted, post(server.start(t, "github"), hooked("github", recorded(t, "github_closed"), hookSecret)))
		require.Len(t, server.ids, problem.Tries+1)
		require.Greater(t, time.Since(began), problem.Tries*time.Second, "not earlier than it said")
	})
	t.Run("but not for long, and the tool is told when", func(t *testing.T) {
		t.Parallel()
		server := &pmoServer{statuses: []int{200}, refusals: 9, refusal: &problem.Error{Kind: problem.RateLimited, RetryAfter: time.Hour}}
		rec := httptest.NewRecorder()
		server.start(t, "github").ServeHTTP(rec, hooked("github", recorded(t, "github_closed"), hookSecret))
		require.Equal(t, http.StatusServiceUnavailable, rec.Code)
		require.Equal(t, "3600", rec.Header().Get("Retry-After"))
		require.Len(t, server.ids, 1)
	})
	t.Run("also when the tool waits no longer", func(t *testing.T) {
		t.Parallel()
		server := &pmoServer{statuses: []int{200}, refusals: 1, refusal: &problem.Error{Kind: problem.Busy, RetryAfter: time.Second}}
		ctx, gone := context.WithCancel(t.Context())
		gone()
		require.Equal(t, http.StatusAccepted, post(server.start(t, "github"), hooked("github", recorded(t, "github_closed"), hookSecret).WithContext(ctx)))
		require.Len(t, server.ids, 2)
	})
}

func TestReportsAreRetried(t *testing.T) {
	for name, c := range map[string]struct {
		statuses []int
		want     int
		sent     int
	}{
		"at once":                         {[]int{200}, 202, 1},
		"after a while":                   {[]int{503, 429, 200}, 202, 3},
		"not while the server is away":    {[]int{503}, 503, 3},
		"not what the server refuses":     {[]int{409}, 202, 1},
		"not what the server cannot find": {[]int{404}, 202, 1},
	} {
		t.Run(name, func(t *testing.T) {
			server := &pmoServer{statuses: c.statuses}
			require.Equal(t, c.want, post(server.start(t, "github"), hooked("github", recorded(t, "github_closed"), hookSecret)))
			require.Len(t, server.ids, c.sent)
		})
	}
}

func TestReporterIsChecked(t *testing.T) {
	for name, r := range map[string]Reporter{
		"no such tool": {Tool: "trello", Secret: hookSecret, PMO: "https://pmo.example"},
		"short secret": {Tool: "github", Secret: "short", PMO: "https://pmo.example"},
		"no address":   {Tool: "github", Secret: hookSecret, PMO: "pmo.example"},
	} {
		_, err := NewReporter(r)
		require.Error(t, err, name)
	}
}
