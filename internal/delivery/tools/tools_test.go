package tools

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
)

func everyTool(t *testing.T, check func(t *testing.T, tool string, f *fake, c *delivery.Client)) {
	for _, tool := range Names() {
		t.Run(tool, func(t *testing.T) {
			f := fakeOf(t, tool)
			c, _ := served(t, tracker(t, tool, f))
			check(t, tool, f, c)
		})
	}
}

// creates reports whether a request opens an issue.
func creates(r *http.Request) bool {
	if r.URL.Path == "/graphql" {
		return strings.Contains(fmt.Sprint(sentBy(r)["query"]), "issueCreate(")
	}
	return r.Method == http.MethodPost && (strings.HasSuffix(r.URL.Path, "/issues") || strings.HasSuffix(r.URL.Path, "/issue") || strings.HasSuffix(r.URL.Path, "/$Task"))
}

// TestALostResponseOpensNoSecondIssue: the issue is opened and the response is lost; a retry finds the issue.
func TestALostResponseOpensNoSecondIssue(t *testing.T) {
	everyTool(t, func(t *testing.T, tool string, f *fake, c *delivery.Client) {
		f.set(func() { f.lose = creates })
		key, n := work()
		_, err := c.Open(t.Context(), key, n)
		var e *delivery.Error
		require.ErrorAs(t, err, &e)
		require.True(t, e.Retry)
		require.Equal(t, http.StatusServiceUnavailable, e.Status)
		if tool == "jira" {
			require.Equal(t, searchLag, e.RetryAfter, "its search index is delayed")
		}
		f.set(func() { f.lose = nil })
		_, err = c.Open(t.Context(), key, n)
		require.NoError(t, err)
		f.set(func() { require.Len(t, f.issues, 1) })
	})
}

// TestTheReasonIsCommentedOnce: a repeated change of status adds no second comment.
func TestTheReasonIsCommentedOnce(t *testing.T) {
	everyTool(t, func(t *testing.T, _ string, f *fake, c *delivery.Client) {
		key, n := work()
		item, err := c.Open(t.Context(), key, n)
		require.NoError(t, err)
		for range 3 {
			_, err = c.Change(t.Context(), item.ID, status(pmo.WorkClosed))
			require.NoError(t, err)
		}
		require.Len(t, f.comments, 1)
		require.Contains(t, f.comments[0], "because of the test")
	})
}

// TestTextAndLabelsOfTheTeamAreNotChanged: our changes preserve the team's labels and text.
func TestTextAndLabelsOfTheTeamAreNotChanged(t *testing.T) {
	f := fakeGitHub(t)
	c, _ := served(t, tracker(t, "github", f))
	key, n := work()
	n.Summary = "one <!-- leanpmo:end --> mark"
	item, err := c.Open(t.Context(), key, n)
	require.NoError(t, err)
	f.issues[0]["body"] = "Notes of the team.\n" + f.issues[0]["body"].(string) + "\nMore notes."
	f.issues[0]["labels"] = append(list(f.issues[0]["labels"]), object{"name": "bug"}, object{"name": "40%"}, object{"name": "health:amber"})
	summary := "another"
	_, err = c.Change(t.Context(), item.ID, delivery.Patch{Summary: &summary})
	require.NoError(t, err)
	item, err = c.Change(t.Context(), item.ID, status(pmo.WorkOnHold))
	require.NoError(t, err)
	body := f.issues[0]["body"].(string)
	for _, kept := range []string{"Notes of the team.", "More notes.", "another", "[R-42](https://pmo.example/v1/requests/R-42)", "first booking 2027-04-01"} {
		require.Contains(t, body, kept)
	}
	require.NotContains(t, body, "one ")
	require.Contains(t, item.Labels, "bug")
	require.Equal(t, 40, *item.Percent)
	require.Equal(t, pmo.HealthAmber, item.Health)
	require.Equal(t, "mia", item.Assignee)
}

func TestErrorResponsesOfATool(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for name, c := range map[string]struct {
		status  int
		headers map[string]string
		want    int // status for our caller
		retry   bool
		after   time.Duration
	}{
		"bad token":                 {401, nil, 403, false, 0},
		"no right":                  {403, nil, 403, false, 0},
		"limited, with 403":         {403, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": unix(90 * time.Second)}, 429, true, 90 * time.Second},
		"limited for a while":       {403, map[string]string{"Retry-After": "17"}, 429, true, 17 * time.Second},
		"limited, with 429":         {429, map[string]string{"RateLimit-Reset": unix(60 * time.Second)}, 429, true, time.Minute},
		"limited until a date":      {429, map[string]string{"Retry-After": in(30 * time.Second)}, 429, true, 30 * time.Second},
		"limited by Jira":           {429, map[string]string{"X-RateLimit-Reset": time.Now().Add(45 * time.Second).UTC().Format(time.RFC3339)}, 429, true, 45 * time.Second},
		"limited beyond all bounds": {429, map[string]string{"Retry-After": "999999999999"}, 429, true, time.Hour},
		"limited without a header":  {429, nil, 429, true, 2 * time.Second},
		"a page for signing in":     {203, nil, 403, false, 0},
		"unavailable":               {502, map[string]string{"Retry-After": "5"}, 503, true, 5 * time.Second},
		"moved":                     {301, map[string]string{"Location": "http://169.254.169.254/"}, 403, false, 0},
		"no such project":           {404, nil, 404, false, 0},
		"gone":                      {410, nil, 404, false, 0},
		"not valid":                 {422, nil, 422, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			everyTool(t, func(t *testing.T, _ string, f *fake, client *delivery.Client) {
				f.fail = func(w http.ResponseWriter, _ *http.Request) bool {
					for name, value := range c.headers {
						w.Header().Set(name, value)
					}
					w.WriteHeader(c.status)
					_, _ = w.Write([]byte(`{"message":"secret words of the tool"}`))
					return true
				}
				key, n := work()
				_, err := client.Open(t.Context(), key, n)
				var e *delivery.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, []any{c.want, c.retry}, []any{e.Status, e.Retry})
				require.InDelta(t, c.after.Seconds(), e.RetryAfter.Seconds(), 2)
				require.NotContains(t, e.Error(), "secret words")
				require.Len(t, f.calls, 1, "no redirect is followed and no call repeated")
			})
		})
	}
}

func unix(in time.Duration) string {
	return strconv.FormatInt(time.Now().Add(in).Unix(), 10)
}

func TestConfigIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		tool string
		Config
	}{
		"no such tool":        {"trello", Config{Project: "x"}},
		"GitHub project":      {"github", Config{Project: "../admin"}},
		"GitLab project":      {"gitlab", Config{}},
		"Jira project":        {"jira", Config{URL: "https://acme.atlassian.net", Project: `PMO" OR 1=1`}},
		"Azure project":       {"azure", Config{URL: "https://dev.azure.com/acme", Project: "x' OR 1=1"}},
		"Azure without URL":   {"azure", Config{Project: "Delivery"}},
		"Linear team":         {"linear", Config{Project: "pmo!"}},
		"Jira without URL":    {"jira", Config{Project: "PMO"}},
		"password in URL":     {"github", Config{URL: "https://a:b@github.example", Project: "acme/delivery"}},
		"another kind of URL": {"gitlab", Config{URL: "file:///etc/passwd", Project: "acme"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(c.tool, c.Config, discard)
			require.Error(t, err)
			require.NotContains(t, err.Error(), "a:b")
		})
	}
}
