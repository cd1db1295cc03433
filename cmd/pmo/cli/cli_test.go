package cli

import (
	"bytes"
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

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/client"
	"leanpmo/internal/problem"
)

var noon = time.Date(2027, 3, 31, 12, 0, 0, 0, time.UTC)

// fake is an API that answers each route with a fixed document, and notes what it was asked.
type fake struct {
	answers map[string]any // "METHOD /path" → document, or *problem.Error
	asked   []string
	queries []string
	bodies  []string
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route := r.Method + " " + r.URL.Path
	body, _ := io.ReadAll(r.Body)
	f.asked, f.queries, f.bodies = append(f.asked, route), append(f.queries, r.URL.RawQuery), append(f.bodies, string(body))
	switch answer := f.answers[route].(type) {
	case *problem.Error:
		problem.Write(w, problem.From(answer))
	case nil:
		problem.Write(w, problem.From(problem.New(problem.NotFound, "there is no %s", route)))
	case string:
		_, _ = io.WriteString(w, answer)
	default:
		_ = json.NewEncoder(w).Encode(answer)
	}
}

func (f *fake) lastBody() string { return f.bodies[len(f.bodies)-1] }

type result struct {
	out  string
	err  error
	code int
}

// run runs pmo against a fake, on a terminal of 100 columns.
func run(t *testing.T, f *fake, args ...string) result {
	t.Helper()
	server := httptest.NewServer(f)
	defer server.Close()
	return runAt(t, server.URL, args...)
}

func runAt(t *testing.T, url string, args ...string) result {
	t.Helper()
	return runEnv(t, map[string]string{"PMO_URL": url, "PMO_TOKEN": "t", "COLUMNS": "100"}, "", args...)
}

func runEnv(t *testing.T, env map[string]string, in string, args ...string) result {
	t.Helper()
	return runKit(t, Kit{Lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}, in, args...)
}

func runKit(t *testing.T, k Kit, in string, args ...string) result {
	t.Helper()
	root := &cobra.Command{Use: "pmo", SilenceErrors: true, SilenceUsage: true, Args: cobra.ArbitraryArgs, RunE: Parent}
	k.Now = func() time.Time { return noon }
	Register(root, k)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(io.Discard)
	root.SetIn(strings.NewReader(in))
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return result{out: out.String(), err: err, code: ExitCode(err)}
}

func receipt(result string) map[string]any {
	return map[string]any{"id": "x", "number": 4, "result": result, "stage": "review", "status": "open", "decision": "review/1/approvers", "verdict": "approve",
		"open": []any{map[string]any{"id": "review/1/approvers", "kind": "review", "waiting": []string{"bo"}, "due_at": noon.Add(48 * time.Hour)}}}
}

func inboxOf(questions ...string) map[string]any {
	items := []any{}
	for _, q := range questions {
		items = append(items, map[string]any{"request": map[string]any{"id": "x", "ref": "R-4", "title": "Lists", "requester": "sam"}, "for": "ana",
			"on_silence": "defer", "question": map[string]any{"id": q, "due_at": noon.Add(48 * time.Hour), "options": []any{
				map[string]any{"verdict": "approve", "says": "worth doing"}, map[string]any{"verdict": "reject", "reason": true, "says": "no"}}}})
	}
	return map[string]any{"items": items}
}

func TestEveryKindOfRefusalHasItsExitCode(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503} {
		kind := problem.OfStatus(status)
		want := map[int]int{401: ExitForbidden, 403: ExitForbidden, 409: ExitState, 429: ExitUnreachable, 503: ExitUnreachable, 500: ExitFailed}[status]
		if want == 0 {
			want = ExitUsage
		}
		if kind == problem.Unavailable || kind == problem.RateLimited {
			continue // tried again first; see below
		}
		got := run(t, &fake{answers: map[string]any{"GET /v1/requests/R-4": problem.New(kind, "because")}}, "status", "R-4")
		require.Equal(t, want, got.code, "%s: %v", kind, got.err)
		require.ErrorContains(t, got.err, "because")
	}
	require.Equal(t, ExitUnreachable, exitOfStatus(503))
	require.Equal(t, ExitUnreachable, exitOfStatus(429))
	require.Equal(t, ExitDone, ExitCode(nil))
}

func TestABusyServerIsNamedAndTriedAgain(t *testing.T) {
	var out strings.Builder
	again := saysAgain(&out)
	again(&client.Refused{Problem: problem.From(problem.New(problem.Busy, "too many submissions are in progress"))}, 2*time.Second)
	again(&client.Refused{Problem: problem.From(problem.New(problem.Unavailable, "away"))}, time.Second)
	require.Equal(t, "Busy right now: too many submissions are in progress\ntrying again in 2 s\n", out.String())
}

func TestNothingAnswers(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	got := runAt(t, server.URL, "inbox")
	require.Equal(t, ExitUnreachable, got.code)
	require.ErrorContains(t, got.err, server.URL)
}

func TestWrongUsage(t *testing.T) {
	for name, args := range map[string][]string{
		"unknown command": {"nosuch"}, "unknown subcommand": {"policy", "nosuch"}, "unknown flag": {"list", "--nosuch"}, "no ref": {"status"},
		"too many": {"status", "R-1", "R-2"}, "bad format": {"list", "-o", "xml"}, "no file": {"submit"}, "absent file": {"submit", "-f", "/nowhere/x.yaml"},
		"no reason": {"cancel", "R-1"}, "no reason to pull": {"pull", "R-1"}, "no set": {"amend", "R-1"}, "no inputs": {"inputs", "R-1"},
		"no parts": {"split", "R-1", "--reason", "x"}, "no until": {"delegation", "set", "bo"}, "bad until": {"delegation", "set", "bo", "--until", "soon"},
		"bad data": {"decide", "R-1", "approve", "--set", "x"}, "two words": {"decide", "R-1", "reject", "no", "money"}, "words twice": {"decide", "R-1", "reject", "no", "--reason", "no"}, "bad json": {"decide", "R-1", "approve", "--data-json", "{"},
		"both data": {"decide", "R-1", "approve", "--data-json", "{}", "--set", "until=2027-01-01"}, "no team": {"reassign", "R-1"},
		"no why": {"prioritize"}, "csv and json": {"report", "flow", "--csv", "-o", "json"}, "yaml and json": {"policy", "show", "--yaml", "-o", "json"},
		"teams without file": {"teams", "apply"}, "a leading zero": {"progress", "R-1", "--percent", "010"},
		"not decimal": {"progress", "R-1", "--percent", "0x10"}, "not a number": {"funding", "--capacity", "nan"},
		"a zero before an input": {"inputs", "R-1", "--job_size", "05"}, "a zero in a set": {"decide", "R-1", "score", "--set", "inputs.job_size=05"},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{}
			got := run(t, f, args...)
			require.Equal(t, ExitUsage, got.code, "%v", got.err)
			require.Empty(t, f.asked, "nothing was sent")
		})
	}
	require.ErrorContains(t, run(t, &fake{}, "lst").err, "did you mean list?")
}

func TestWhoAndWhereComeFromTheEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte("from-file\n"), 0o600))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "Bearer from-file", r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, `{"items":[]}`)
	}))
	defer server.Close()
	got := runEnv(t, map[string]string{"PMO_URL": server.URL, "PMO_TOKEN_FILE": file}, "", "inbox")
	require.NoError(t, got.err)
	require.Equal(t, "Nothing waits on you.\n", got.out)
	for want, env := range map[string]map[string]string{
		"PMO_TOKEN is not set": {}, "both set": {"PMO_TOKEN": "a", "PMO_TOKEN_FILE": file}, "read PMO_TOKEN_FILE": {"PMO_TOKEN_FILE": file + "x"},
		"PMO_URL": {"PMO_TOKEN": "a", "PMO_URL": "nowhere"}, "no token has": {"PMO_TOKEN": "a b"},
	} {
		got := runEnv(t, env, "", "inbox")
		require.Equal(t, ExitUsage, got.code)
		require.ErrorContains(t, got.err, want)
	}
}

func TestAmendTakesTheRevisionItSaw(t *testing.T) {
	f := &fake{answers: map[string]any{"PATCH /v1/requests/R-4": receipt("amended"),
		"GET /v1/requests/R-4": map[string]any{"revision": 3, "content": map[string]any{"baseline": map[string]any{"people": 2, "minutes_each": 9}}}}}
	require.NoError(t, run(t, f, "amend", "R-4", "--set", "baseline.people=5", "--set", "size=2", "--reason", "counted").err)
	require.JSONEq(t, `{"revision":3,"patch":{"baseline":{"people":5},"size":2},"reason":"counted"}`, f.lastBody())
	require.NoError(t, run(t, f, "amend", "R-4", "--set", "size=2", "--revision", "1").err)
	require.JSONEq(t, `{"revision":1,"patch":{"size":2}}`, f.lastBody())
	require.Equal(t, ExitUsage, run(t, f, "amend", "R-4", "--set", "colour=red").code)
}

func TestCommandsSayWhatTheyMean(t *testing.T) {
	f := &fake{answers: map[string]any{}}
	for _, c := range []struct{ args, path, body string }{
		{"progress R-4 --percent 0 --health red --blocked x --risk 4x5=y --done --lesson z", "progress", `{"percent":0,"health":"red","blocked":"x","risks":[{"text":"4x5=y"}],"done":true,"lessons":[{"observation":"z"}]}`},
		{"hold R-4 --reason law", "hold", `{"reason":"law"}`}, {"resume R-4", "resume", `{}`}, {"wake R-4", "wake", `{}`}, {"withdraw R-4", "withdraw", `{}`},
		{"cancel R-4 --reason x --into R-5 --into R-6", "cancel", `{"reason":"x","into":["R-5","R-6"]}`}, {"pull R-4 --reason x", "pull", `{"reason":"x"}`},
		{"reassign R-4 --reason x --team otter", "reassign", `{"reason":"x","team":"otter"}`}, {"watch R-4", "watch", `{}`},
		{"watch R-4 --add rita --remove sam", "watch", `{"add":["rita"],"remove":["sam"]}`},
		{"inputs R-4 --business_value 8 --job-size 0.5 --class intangible", "inputs", `{"inputs":{"business_value":8,"job_size":0.5},"class":"intangible"}`},
	} {
		f.answers["POST /v1/requests/R-4/"+c.path] = receipt("done")
		require.NoError(t, run(t, f, strings.Fields(c.args)...).err, c.args)
		require.JSONEq(t, c.body, f.lastBody(), c.args)
	}
	require.Equal(t, 4, riskOf("4x5 late").Probability)
	require.Equal(t, "late", riskOf("4x5 late").Text)
	require.Equal(t, "9x5 late", riskOf("9x5 late").Text)
}

func TestJSONIsTheAnswerAsItCame(t *testing.T) {
	doc := `{"items":[],"next":"","new_field":{"a":1.50}}`
	for _, args := range [][]string{{"list"}, {"inbox"}, {"backlog"}, {"runs"}, {"teams"}} {
		f := &fake{answers: map[string]any{"GET /v1/requests": doc, "GET /v1/inbox": doc, "GET /v1/backlog": doc, "GET /v1/prioritizations": doc, "GET /v1/teams": doc}}
		got := run(t, f, append(args, "-o", "json")...)
		require.NoError(t, got.err)
		require.Equal(t, doc+"\n", got.out)
	}
}

func submission(t *testing.T, src string, args ...string) (*fake, result) {
	t.Helper()
	f := &fake{answers: map[string]any{"POST /v1/requests": map[string]any{"id": "x", "number": 4, "ref": "R-4", "stage": "review", "lane": "express",
		"submitted_at": time.Now(), "similar": []any{map[string]any{"number": 2, "title": "Other \x1b[31mlists", "score": 0.61}}}}}
	server := httptest.NewServer(f)
	defer server.Close()
	return f, runEnv(t, map[string]string{"PMO_URL": server.URL, "PMO_TOKEN": "t"}, src, append([]string{"submit", "-f", "-"}, args...)...)
}

func TestSubmit(t *testing.T) {
	f, got := submission(t, "title: Lists\nkind: bug\n---\ntitle: More lists\nkind: bug\n")
	require.NoError(t, got.err)
	require.Len(t, f.asked, 2)
	require.Equal(t, "R-4  Lists\n  stage         review, express lane\n  perhaps like  R-2 Other [31mlists (61 % alike)\n", strings.SplitAfterN(got.out, "alike)\n", 2)[0])
	require.Contains(t, got.out, "2 requests taken, 0 not.")

	f, got = submission(t, "title: Lists\nkind: bug\ncolour: red\n")
	require.Equal(t, ExitUsage, got.code)
	require.EqualError(t, got.err, "nothing was sent:\nstandard input:3: colour: unknown field")
	require.Empty(t, f.asked)

	f, got = submission(t, "title: Lists\nkind: bug\n", "--dry-run")
	require.NoError(t, got.err)
	require.Empty(t, f.asked)
	require.Contains(t, got.out, `"kind": "bug"`)
	require.Contains(t, got.out, "1 request would be sent")

	_, got = submission(t, "title: Lists\nkind: bug\n", "--dry-run", "-o", "json")
	var lines []map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.out), &lines))
	require.NotEmpty(t, lines[0]["idempotency_key"])
}

func TestSubmitTellsWhatTheServerFoundInTermsOfTheFile(t *testing.T) {
	f := &fake{answers: map[string]any{"POST /v1/requests": problem.InvalidField("/kind", "is no kind")}}
	path := filepath.Join(t.TempDir(), "wishes.yaml")
	require.NoError(t, os.WriteFile(path, []byte("- title: Lists\n  kind: wish\n- title: More\n  kind: wish\n"), 0o600))
	got := run(t, f, "submit", "-f", path)
	require.Equal(t, ExitUsage, got.code)
	require.EqualError(t, got.err, fmt.Sprintf("\"Lists\" was not taken:\n%s:2: kind: is no kind\n\"More\" was not taken:\n%s:4: kind: is no kind", path, path))
	require.Contains(t, got.out, "0 requests taken, 2 not.")
	require.Len(t, f.asked, 2, "what one lacks stops no other")

	f.answers["POST /v1/requests"] = problem.New(problem.Forbidden, "you may not")
	f.asked = nil
	require.Equal(t, ExitForbidden, run(t, f, "submit", "-f", path).code)
	require.Len(t, f.asked, 1, "who may not submit one may not submit the next")
}

func TestTeamsApplyTwiceChangesNothing(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/teams": map[string]any{"items": []any{
		map[string]any{"id": "a", "name": "A", "portfolio": "p", "leads": []string{"theo"}, "skills": []string{"web"}, "capacity": 3, "revision": 7}}},
		"PUT /v1/teams/a": map[string]any{"id": "a"}, "PUT /v1/teams/b": map[string]any{"id": "b"}}}
	path := filepath.Join(t.TempDir(), "teams.yaml")
	teams := "teams:\n  - {id: a, name: A, portfolio: p, leads: [theo], skills: [web], capacity: %d}\n  - {id: b, name: B, portfolio: p, leads: [kai], skills: [], capacity: 1}\n"
	require.NoError(t, os.WriteFile(path, fmt.Appendf(nil, teams, 3), 0o600))
	got := run(t, f, "teams", "apply", "-f", path)
	require.NoError(t, got.err)
	require.Equal(t, "a  is as it should be\nb  created\n", got.out)
	require.NotContains(t, f.asked, "PUT /v1/teams/a")
	require.NoError(t, os.WriteFile(path, fmt.Appendf(nil, teams, 4), 0o600))
	require.Equal(t, "a  changed\nb  created\n", run(t, f, "teams", "apply", "-f", path).out)
}

func TestEveryCommandExplainsItself(t *testing.T) {
	root := &cobra.Command{Use: "pmo"}
	Register(root, Kit{})
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
		require.NotEmpty(t, cmd.Short, cmd.CommandPath())
		require.Nil(t, cmd.Flags().Lookup("token"), "a token is never a flag")
		if cmd.RunE != nil && !cmd.HasSubCommands() {
			require.Contains(t, cmd.Example, "pmo "+strings.TrimPrefix(cmd.CommandPath(), "pmo "), cmd.CommandPath())
			require.NotNil(t, cmd.Flags().Lookup("output"), cmd.CommandPath())
		}
	}
	for _, cmd := range root.Commands() {
		visit(cmd)
	}
}

func TestCompletion(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/inbox": inboxOf("review/1/approvers"),
		"GET /v1/requests": map[string]any{"items": []any{map[string]any{"ref": "R-4", "stage": "review", "title": "Lists"}}}}}
	for _, c := range []struct{ args, want string }{
		{"__complete status ", "R-4\treview: Lists\n"}, {"__complete decide ", "R-4\tLists\n"},
		{"__complete decide R-4 ", "review/1/approvers\napprove\tworth doing\nreject\tno\n"}, {"__complete decide R-4 review/1/approvers ", "approve\tworth doing\nreject\tno\n"},
		{"__complete list --stage ", "intake\nreview\n"}, {"__complete status R-4 ", ":"},
	} {
		got := run(t, f, append(strings.Fields(c.args), "")...)
		require.True(t, strings.HasPrefix(got.out, c.want), "%s: %q", c.args, got.out)
	}
	got := runEnv(t, nil, "", "__complete", "status", "")
	require.NoError(t, got.err, "without a token there is nothing to propose, and no complaint")
}

// TestListsSayThatMoreFollows: the inbox and the lines of a run ended without a word.
func TestListsSayThatMoreFollows(t *testing.T) {
	inbox := inboxOf("review/1/approvers")
	inbox["next"] = "abc"
	f := &fake{answers: map[string]any{"GET /v1/inbox": inbox,
		"GET /v1/prioritizations/r1": map[string]any{"id": "r1", "done": true, "count": 9, "next": "def", "lines": []any{map[string]any{"ref": "R-4", "rank": 1}}}}}
	got := run(t, f, "inbox", "--limit", "1").out
	require.Contains(t, got, "1 question on this page, more follow.")
	require.Contains(t, got, "There is more: --cursor abc")
	require.Equal(t, "limit=1", f.queries[0])
	got = run(t, f, "runs", "r1", "--limit", "1", "--cursor", "xyz").out
	require.Contains(t, got, "1 of 9 ranked requests on this page. There is more: pmo runs r1 --cursor def")
	require.Equal(t, "cursor=xyz&limit=1", f.queries[len(f.queries)-1])

	answer := receipt("recorded")
	answer["truncated"] = true
	answer["open"].([]any)[0].(map[string]any)["more_waiting"] = 3
	got = run(t, &fake{answers: map[string]any{"POST /v1/requests/R-4/decisions": answer}}, "decide", "R-4", "review/1/approvers", "approve").out
	require.Contains(t, got, "bo and 3 more")
	require.Contains(t, got, "More questions are open: pmo status R-4")
}
