package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/testkit"
	"leanpmo/internal/wire"
)

func serve(t *testing.T, handler http.HandlerFunc) *client.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c, err := client.New(server.URL+"/", "secret", client.Options{Timeout: testkit.Patience, Agent: "test"})
	require.NoError(t, err)
	return c
}

func TestSubmitSendsWhoWhatAndKey(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		require.JSONEq(t, `{"title":"a","kind":"bug","watchers":["rita"]}`, string(body))
		require.Equal(t, "POST /v1/requests", r.Method+" "+r.URL.Path)
		for name, want := range map[string]string{"Authorization": "Bearer secret", "Idempotency-Key": "k", "User-Agent": "test", "Content-Type": "application/json"} {
			require.Equal(t, want, r.Header.Get(name))
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"id":"x","number":4,"ref":"R-4","stage":"review","something_new":1}`)
	})
	answer, err := c.Submit(t.Context(), wire.Submission{Content: pmo.Content{Title: "a", Kind: "bug"}, Watchers: []string{"rita"}}, "k")
	require.NoError(t, err)
	require.Equal(t, "R-4", answer.Value.Ref)
	require.Equal(t, http.StatusCreated, answer.Status)
	require.Contains(t, string(answer.Raw), "something_new", "the text is there as it came")
	require.WithinDuration(t, time.Now(), answer.Date, time.Minute)
}

func TestRefusalsAreTyped(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		problem.Write(w, problem.From(problem.InvalidField("/kind", "is no kind")))
	})
	_, err := c.Submit(t.Context(), wire.Submission{}, "k")
	var refused *client.Refused
	require.ErrorAs(t, err, &refused)
	require.Equal(t, problem.Invalid, refused.Kind)
	require.Equal(t, []problem.Field{{Pointer: "/kind", Detail: "is no kind"}}, refused.Errors)
	require.EqualError(t, err, "The input is not valid: some of the input is not valid\n  /kind is no kind")
	require.True(t, client.IsKind(err, problem.Invalid))
	require.True(t, json.Valid(refused.Raw))
}

// away answers "not now" so many times, then well.
func away(times int32, calls *atomic.Int32, retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) <= times {
			w.Header().Set("Content-Type", problem.MediaType)
			if retryAfter != "" {
				w.Header().Set("Retry-After", retryAfter)
			}
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, `{"kind":"unavailable","title":"Not available right now","status":503}`)
			return
		}
		_, _ = io.WriteString(w, `{}`)
	}
}

func TestWhatIsSafeIsRepeated(t *testing.T) {
	ctx := context.Background() // parallel tests outlive this one's
	for name, call := range map[string]func(*client.Client) error{
		"a read":           func(c *client.Client) error { _, err := c.Request(ctx, "R-1"); return err },
		"a keyed write":    func(c *client.Client) error { _, err := c.Submit(ctx, wire.Submission{}, "k"); return err },
		"a decision":       func(c *client.Client) error { _, err := c.Decide(ctx, "R-1", wire.Decision{}); return err },
		"a command":        func(c *client.Client) error { _, err := c.Command(ctx, "R-1", "hold", nil); return err },
		"the inbox":        func(c *client.Client) error { _, err := c.Inbox(ctx, 0, ""); return err },
		"a report as text": func(c *client.Client) error { _, err := c.FlowCSV(ctx, client.Filter{}, 7, ""); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // each waits between its tries
			var calls atomic.Int32
			require.NoError(t, call(serve(t, away(2, &calls, ""))))
			require.EqualValues(t, 3, calls.Load())
		})
	}
	t.Run("more often while the server is busy, and it says so", func(t *testing.T) {
		t.Parallel()
		var calls atomic.Int32
		var keys sync.Map
		said := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			keys.Store(r.Header.Get("Idempotency-Key"), true)
			if calls.Add(1) > 4 {
				_, _ = io.WriteString(w, `{}`)
				return
			}
			problem.Write(w, problem.From(&problem.Error{Kind: problem.Busy, Detail: "too many", RetryAfter: time.Nanosecond}))
		}))
		t.Cleanup(server.Close)
		c, err := client.New(server.URL, "", client.Options{Again: func(err error, wait time.Duration) {
			said++
			require.True(t, client.IsKind(err, problem.Busy))
			require.GreaterOrEqual(t, wait, time.Second)
		}})
		require.NoError(t, err)
		_, err = c.Command(ctx, "R-1", "hold", nil)
		require.NoError(t, err)
		require.Equal(t, 4, said)
		n := 0
		keys.Range(func(any, any) bool { n++; return true })
		require.Equal(t, 1, n, "under the same key")
	})
	t.Run("but not for ever", func(t *testing.T) {
		var calls atomic.Int32
		_, err := serve(t, away(9, &calls, "")).Inbox(t.Context(), 0, "")
		require.True(t, client.IsKind(err, problem.Unavailable))
		require.EqualValues(t, 3, calls.Load())
	})
	t.Run("nor when the wait is long", func(t *testing.T) {
		var calls atomic.Int32
		_, err := serve(t, away(9, &calls, "3600")).Inbox(t.Context(), 0, "")
		require.Error(t, err)
		require.EqualValues(t, 1, calls.Load())
	})
	t.Run("nor what a second time would change", func(t *testing.T) {
		var calls atomic.Int32
		_, err := serve(t, away(1, &calls, "")).PutTeam(t.Context(), pmo.Team{ID: "a"})
		require.Error(t, err)
		require.EqualValues(t, 1, calls.Load())
	})
	t.Run("nor a refusal", func(t *testing.T) {
		var calls atomic.Int32
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			problem.Write(w, problem.From(problem.New(problem.Closed, "it is over")))
		})
		_, err := c.Request(t.Context(), "R-1")
		require.True(t, client.IsKind(err, problem.Closed))
		require.EqualValues(t, 1, calls.Load())
	})
}

func TestTheSameKeyIsSentAgain(t *testing.T) {
	var calls atomic.Int32
	var first string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 1 {
			first = r.Header.Get("Idempotency-Key")
			panic(http.ErrAbortHandler) // the answer is lost
		}
		require.Equal(t, first, r.Header.Get("Idempotency-Key"))
		_, _ = io.WriteString(w, `{"result":"held"}`)
	})
	done, err := c.Command(t.Context(), "R-1", "hold", wire.Reason{Reason: "r"})
	require.NoError(t, err)
	require.Equal(t, "held", done.Value.Result)
	require.NotEmpty(t, first)
}

func TestNothingAnswers(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	c, err := client.New(server.URL, "x", client.Options{})
	require.NoError(t, err)
	_, err = c.Inbox(t.Context(), 0, "")
	var gone *client.Unreachable
	require.ErrorAs(t, err, &gone)
	require.True(t, gone.NotSent)
	require.ErrorContains(t, err, "nothing answers at "+server.URL+": connect: connection refused")
}

func TestGivingUpIsTheCallersOwn(t *testing.T) {
	var calls atomic.Int32
	c := serve(t, away(99, &calls, "5"))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := c.Inbox(ctx, 0, "")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	var gone *client.Unreachable
	require.False(t, errors.As(err, &gone))
}

func TestAnotherServer(t *testing.T) {
	for status, want := range map[int]string{200: "not what this version understands", 404: "not the Lean PMO API", 302: "not the Lean PMO API", 502: "something before the API"} {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://example.org/")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<html>hello</html>")
		})
		_, err := c.PutTeam(t.Context(), pmo.Team{ID: "a"})
		require.ErrorContains(t, err, want, "%d", status)
	}
}

func TestAddressesThatCannotWork(t *testing.T) {
	for _, address := range []string{"", "127.0.0.1:8080", "ftp://x", "http://", "http://user:secret@x", "http://x?a=b", "://"} {
		_, err := client.New(address, "t", client.Options{})
		require.Error(t, err, address)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestReadsAskForWhatIsWanted(t *testing.T) {
	var path string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		path = r.Method + " " + r.URL.EscapedPath() + "?" + r.URL.RawQuery
		_, _ = io.WriteString(w, `{}`)
	})
	ctx := t.Context()
	for want, call := range map[string]func() error{
		"GET /v1/requests?closed=true&limit=5&sort=due&stage=review": func() error {
			_, err := c.List(ctx, client.Filter{Stage: "review", Closed: true, Sort: "due", Limit: 5})
			return err
		},
		"GET /v1/requests/R-1/ledger?after=3&limit=7":              func() error { _, err := c.Ledger(ctx, "R-1", 3, 7); return err },
		"GET /v1/requests/R-1/ledger?after=3&limit=7&order=newest": func() error { _, err := c.LedgerNewest(ctx, "R-1", 3, 7); return err },
		"GET /v1/requests/R-1/explanation?":                        func() error { _, err := c.Explain(ctx, "R-1"); return err },
		"GET /v1/requests/R-1/forecast?":                           func() error { _, err := c.Forecast(ctx, "R-1"); return err },
		"GET /v1/requests/..%2Fx/plan?":                            func() error { _, err := c.Plan(ctx, "../x"); return err },
		"GET /v1/prioritizations/prioritization%2Fa%2Fnow?":        func() error { _, err := c.Prioritization(ctx, "prioritization/a/now", 0, ""); return err },
		"GET /v1/prioritizations?limit=9&portfolio=digital":        func() error { _, err := c.Prioritizations(ctx, "digital", 9, ""); return err },
		"GET /v1/board?class=expedite&days_in_stage=14&most=12": func() error {
			_, err := c.Board(ctx, client.Filter{Class: "expedite", DaysInStage: 14, Sort: "age", Closed: true}, 12)
			return err
		},
		"GET /v1/backlog?cursor=c": func() error {
			_, err := c.Backlog(ctx, client.Filter{Cursor: "c", Stage: "review", Sort: "age"})
			return err
		},
		"GET /v1/policy?":                                       func() error { _, err := c.Policy(ctx); return err },
		"GET /v1/teams?":                                        func() error { _, err := c.Teams(ctx); return err },
		"GET /v1/me/delegation?":                                func() error { _, err := c.Delegation(ctx); return err },
		"GET /v1/reports/flow?days=30":                          func() error { _, err := c.Flow(ctx, client.Filter{}, 30, client.AllLines); return err },
		"GET /v1/reports/flow?days=30&limit=7":                  func() error { _, err := c.Flow(ctx, client.Filter{}, 30, 7); return err },
		"GET /v1/reports/flow?days=30&format=csv":               func() error { _, err := c.FlowCSV(ctx, client.Filter{}, 30, ""); return err },
		"GET /v1/reports/flow?days=30&format=csv&table=figures": func() error { _, err := c.FlowCSV(ctx, client.Filter{}, 30, wire.FlowFigures); return err },
		"PATCH /v1/requests/R-1?":                               func() error { _, err := c.Amend(ctx, "R-1", wire.Amendment{}); return err },
		"POST /v1/requests/R-1/split?":                          func() error { _, err := c.Split(ctx, "R-1", "r", nil); return err },
		"POST /v1/prioritizations?":                             func() error { _, err := c.Prioritize(ctx, "", "r", true); return err },
		"PUT /v1/teams/a?":                                      func() error { _, err := c.PutTeam(ctx, pmo.Team{ID: "a"}); return err },
		"PUT /v1/me/delegation?":                                func() error { _, err := c.SetDelegation(ctx, "bo", time.Time{}, time.Now()); return err },
		"DELETE /v1/me/delegation?":                             func() error { return c.ClearDelegation(ctx) },
		"POST /v1/requests/R-1/progress?":                       func() error { _, err := c.Progress(ctx, "R-1", wire.Report{}); return err },
	} {
		require.NoError(t, call(), want)
		require.Equal(t, want, path)
	}
}

func TestAFaultIsToldOnce(t *testing.T) {
	fault := problem.Field{Pointer: "/verdict", Detail: "takes one of: approve, reject"}
	one := &client.Refused{Problem: problem.Problem{Title: "The input is not valid", Detail: fault.Detail, Errors: []problem.Field{fault}}}
	require.Equal(t, "The input is not valid\n  /verdict takes one of: approve, reject", one.Error())
	one.Detail = "two things"
	require.Equal(t, "The input is not valid: two things\n  /verdict takes one of: approve, reject", one.Error())
}
