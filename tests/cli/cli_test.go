// Package cli runs the built pmo binary against the whole product, as people and scripts do.
package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

const examples = "../../examples"

// product is a running stack with the binary that talks to it.
type product struct{ *harness.Environment }

func start(t *testing.T, args ...string) *product {
	t.Helper()
	return &product{harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true, Args: args})}
}

// ended is how a command ended.
type ended struct {
	code     int
	out, err string
}

// as runs pmo as somebody of the local directory, on a terminal of 100 columns.
func (p *product) as(person string, args ...string) ended {
	p.T.Helper()
	return p.run([]string{"PMO_URL=" + p.Stack.HTTP, "PMO_TOKEN=dev-" + person, "COLUMNS=100"}, "", args...)
}

func (p *product) run(env []string, in string, args ...string) ended {
	p.T.Helper()
	cmd := exec.Command(p.Program, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin = strings.NewReader(in)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil {
		require.ErrorAs(p.T, err, &exit)
	}
	return ended{cmd.ProcessState.ExitCode(), out.String(), stderr.String()}
}

// do requires that a command is done, and answers what it printed.
func (p *product) do(person string, args ...string) string {
	p.T.Helper()
	e := p.as(person, args...)
	require.Zero(p.T, e.code, "pmo %s as %s: %s%s", strings.Join(args, " "), person, e.out, e.err)
	return e.out
}

// refused requires an exit code and words of the complaint.
func (p *product) refused(code int, words, person string, args ...string) {
	p.T.Helper()
	e := p.as(person, args...)
	require.Equal(p.T, code, e.code, "pmo %s as %s: %s%s", strings.Join(args, " "), person, e.out, e.err)
	require.Contains(p.T, oneLine(e.err), words)
	fits(p.T, e.err)
	require.Empty(p.T, e.out)
}

// oneLine is a message without the line breaks that make it fit the terminal.
func oneLine(message string) string { return strings.Join(strings.Fields(message), " ") }

// fits requires that a message fits the terminal. A link is one word: cut in two, nobody could follow it.
func fits(t *testing.T, message string) {
	t.Helper()
	for _, line := range strings.Split(message, "\n") {
		if !strings.Contains(line, "http://") {
			require.LessOrEqual(t, len([]rune(line)), 100, line)
		}
	}
}

// eventually repeats a command until it prints the words: lists follow the process by a moment.
func (p *product) eventually(words, person string, args ...string) string {
	p.T.Helper()
	var e ended
	testkit.Eventually(p.T, fmt.Sprintf("pmo %s as %s prints %q", strings.Join(args, " "), person, words), func() error {
		if e = p.as(person, args...); e.code != 0 || !strings.Contains(e.out, words) {
			return fmt.Errorf("exit code %d: %s%s", e.code, e.out, e.err)
		}
		return nil
	})
	return e.out
}

var firstRef = regexp.MustCompile(`^R-\d+`)

func (p *product) submit(person, path string) string {
	p.T.Helper()
	ref := firstRef.FindString(p.do(person, "submit", "-f", path))
	require.NotEmpty(p.T, ref)
	return ref
}

func TestCLI(t *testing.T) {
	p := start(t)
	for _, c := range []struct {
		name string
		run  func(*product)
	}{
		{"a newcomer closes a request", newcomer},
		{"submitting again makes nothing twice", again},
		{"bad files name line and field", badFiles},
		{"each exit code", exitCodes},
		{"every command as table and as JSON", everyCommand},
		{"commands on a request", commands},
		{"teams and delegation", office},
		{"completion", completion},
		{"replay of live histories", replay},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(&product{p.In(t)}) })
	}
}

// newcomer goes from a file to an accepted outcome with nothing but pmo.
func newcomer(p *product) {
	ref := p.submit("sam", filepath.Join(examples, "request-street-closures.yaml"))
	require.Contains(p.T, p.eventually(ref, "ana", "inbox"), "review/1/approvers")
	require.Contains(p.T, p.do("ana", "decide", ref, "approve"), "settled")
	p.eventually("prioritization", "sam", "status", ref)
	require.Contains(p.T, p.do("petra", "prioritize", "--reason", "capacity is free"), ref)
	p.eventually("assignment/1/falcon", "theo", "inbox")
	p.do("theo", "decide", ref, "accept")
	p.eventually("plan/1", "sam", "status", ref)
	p.do("sam", "decide", ref, "agree")
	p.do("theo", "decide", ref, "agree")
	p.eventually("agreed", "sam", "plan", ref)
	p.do("theo", "progress", ref, "--percent", "50", "--note", "half of it runs")
	p.do("theo", "progress", ref, "--done", "--lesson", "ask the crews first")
	p.eventually("acceptance/1", "sam", "status", ref)
	p.do("sam", "decide", ref, "accept")
	require.Contains(p.T, p.eventually("delivered", "sam", "status", ref), "outcome")
	require.Contains(p.T, p.do("sam", "ledger", ref), "accepted")
}

func again(p *product) {
	path := filepath.Join(examples, "request-project-lists.yaml")
	first := p.submit("rita", path)
	require.Equal(p.T, first, p.submit("rita", path))
	require.NotEqual(p.T, first, firstRef.FindString(p.do("rita", "submit", "-f", path, "--again", "next year")))

	many := filepath.Join(p.T.TempDir(), "many.yaml")
	text := ""
	for i := range 12 {
		text += fmt.Sprintf("---\ntitle: Wish number %d\nkind: support\nproblem: The printer of floor %d is slow\n", i, i)
	}
	require.NoError(p.T, os.WriteFile(many, []byte(text), 0o600))
	require.Contains(p.T, p.do("rita", "submit", "-f", many), "12 requests taken, 0 not.")
	e := p.run([]string{"PMO_URL=" + p.Stack.HTTP, "PMO_TOKEN=dev-rita"}, text, "submit", "-f", "-", "-o", "json")
	require.Zero(p.T, e.code, e.err)
	var answers []map[string]any
	require.NoError(p.T, json.Unmarshal([]byte(e.out), &answers))
	require.Len(p.T, answers, 12)
	refs := map[any]bool{}
	for _, a := range answers {
		refs[a["ref"]] = true
	}
	require.Len(p.T, refs, 12)
	p.eventually("Wish number 0", "rita", "list", "--text", "Wish number", "--limit", "200")
	require.Equal(p.T, 12, strings.Count(p.do("rita", "list", "--text", "Wish number", "--limit", "200"), "Wish number"), "twice submitted, there once")
}

func badFiles(p *product) {
	path := filepath.Join(p.T.TempDir(), "bad.yaml")
	for text, want := range map[string]string{
		"title: a\nkind: enhancement\nbaseline:\n  people: many\n": path + ":4: baseline.people: wants a whole number",
		"title: a\nkind: wish\n":                                   path + ":2: kind: ",
		"title: a\n---\n{}\n":                                      path + ":1: kind: is needed",
		"title: a\nkind: bug\nthemes: [luck]\n":                    path + ":3: themes.0: ",
		"[":                                                        path + ":1: ",
	} {
		require.NoError(p.T, os.WriteFile(path, []byte(text), 0o600))
		e := p.as("sam", "submit", "-f", path)
		require.Equal(p.T, 2, e.code, e.err)
		require.Contains(p.T, oneLine(e.err), want)
		fits(p.T, e.err)
	}
}

func exitCodes(p *product) {
	ref := p.submit("sam", filepath.Join(examples, "request-crash-report.yaml"))
	p.refused(2, "unknown flag", "sam", "list", "--nosuch")
	p.refused(2, "Not found", "sam", "status", "R-999999")
	p.refused(2, "takes one of", "ana", "decide", ref, "review/1/approvers", "perhaps")
	p.refused(3, "own request", "sam", "decide", ref, "review/1/approvers", "approve")
	p.refused(3, "Not allowed", "sam", "cancel", ref, "--reason", "x")
	p.refused(3, "Sign in", "nobody", "list")
	p.refused(4, "moved on", "petra", "wake", ref)
	p.do("sam", "withdraw", ref, "--reason", "was a test")
	p.refused(4, "closed", "sam", "hold", ref)
	e := p.run([]string{"PMO_URL=http://127.0.0.1:1", "PMO_TOKEN=x"}, "", "list")
	require.Equal(p.T, 5, e.code)
	require.Contains(p.T, e.err, "nothing answers")
}

// everyCommand runs what reads, once for people and once for machines.
func everyCommand(p *product) {
	ref := p.submit("sam", filepath.Join(examples, "request-project-lists.yaml"))
	p.eventually("review/1", "sam", "status", ref)
	p.do("petra", "prioritize", "--dry", "--reason", "a look")
	for _, args := range [][]string{
		{"status", ref}, {"list"}, {"list", "--stage", "review", "--sort", "due", "--closed"}, {"inbox"}, {"backlog"}, {"explain", ref}, {"forecast", ref},
		{"ledger", ref}, {"runs"}, {"teams"}, {"policy", "show"}, {"report", "flow"}, {"submit", "-f", filepath.Join(examples, "request-street-closures.yaml"), "--dry-run"},
	} {
		table := p.do("ana", args...)
		require.NotEmpty(p.T, strings.TrimSpace(table), args)
		require.False(p.T, json.Valid([]byte(table)), "%v: tables are for people", args)
		if args[0] != "submit" {
			for _, line := range strings.Split(table, "\n") {
				if strings.Contains(line, "http://") { // a link is one word: cut in two, nobody could follow it
					continue
				}
				require.LessOrEqual(p.T, len([]rune(line)), 100, "%v fits the terminal: %s", args, line)
			}
		}
		require.True(p.T, json.Valid([]byte(p.do("ana", append(args, "-o", "json")...))), "%v -o json", args)
	}
	var runs struct {
		Items []struct{ ID string }
	}
	require.NoError(p.T, json.Unmarshal([]byte(p.do("ana", "runs", "-o", "json")), &runs))
	require.Contains(p.T, p.do("ana", "runs", runs.Items[0].ID), "run")
	require.Contains(p.T, p.do("ana", "report", "flow", "--csv"), "ref,kind,class")
	require.Contains(p.T, p.do("ana", "policy", "show", "--yaml"), "portfolios:")
	require.Contains(p.T, p.do("ana", "version"), "pmo ")
}

func commands(p *product) {
	form := "title: Several commands\nkind: enhancement\nproblem: p\noutcome: o\nbaseline: {people: 3}\nsize: 3\n"
	e := p.run([]string{"PMO_URL=" + p.Stack.HTTP, "PMO_TOKEN=dev-sam"}, form, "submit", "-f", "-")
	require.Zero(p.T, e.code, e.err)
	ref := firstRef.FindString(e.out)
	p.do("sam", "amend", ref, "--set", "users=Ten clerks", "--set", "baseline.minutes_each=5", "--reason", "asked around")
	p.refused(4, "Changed since", "sam", "amend", ref, "--set", "users=Eleven", "--revision", "1")
	p.do("rita", "watch", ref)
	p.do("rita", "watch", ref, "--remove", "rita")
	discussed(p, ref)
	p.do("sam", "hold", ref, "--reason", "a law is pending")
	p.eventually("on hold", "sam", "status", ref)
	p.do("sam", "resume", ref)
	p.do("petra", "inputs", ref, "--business_value", "8", "--job_size", "3", "--reason", "scored")
	p.do("petra", "reassign", ref, "--decision", openReview(p, ref), "--from", "ana", "--to", "theo", "--reason", "Ana is away")
	p.do("theo", "decide", ref, "defer", "--reason", "the budget is open", "--set", "until="+time.Now().AddDate(0, 1, 0).Format(time.DateOnly))
	p.eventually("deferred", "sam", "status", ref)
	p.do("sam", "wake", ref)
	p.eventually("review/", "sam", "status", ref)

	parts := filepath.Join(p.T.TempDir(), "parts.yaml")
	require.NoError(p.T, os.WriteFile(parts, []byte(strings.ReplaceAll(form, "Several", "Half of the")+"---\n"+strings.ReplaceAll(form, "Several", "The other")), 0o600))
	split := p.do("petra", "split", ref, "-f", parts, "--reason", "two asks in one")
	require.Equal(p.T, 2, strings.Count(split, "part"), split)
	require.Equal(p.T, split[:4], p.do("petra", "split", ref, "-f", parts, "--reason", "two asks in one")[:4], "the same split again")
	pulled(p, strings.ReplaceAll(form, "Several", "Overriding"))
}

// pulled overrides the ranking for a request, then ends it.
func pulled(p *product, form string) {
	e := p.run([]string{"PMO_URL=" + p.Stack.HTTP, "PMO_TOKEN=dev-sam"}, form, "submit", "-f", "-")
	ref := firstRef.FindString(e.out)
	openReview(p, ref)
	p.do("ana", "decide", ref, "approve")
	p.do("bo", "decide", ref, "approve")
	p.eventually("prioritization", "sam", "status", ref)
	p.do("petra", "pull", ref, "--reason", "promised")
	p.eventually("pulled", "sam", "explain", ref)
	p.do("petra", "cancel", ref, "--reason", "the promise was another one")
	p.eventually("cancelled", "sam", "status", ref)
}

var commentID = regexp.MustCompile(`[0-9a-f-]{36}`)

// discussed says something about a request, attaches a link, and notes that somebody is on a question.
func discussed(p *product, ref string) {
	p.T.Helper()
	said := p.do("sam", "comment", ref, "@ana, the clerks have counted")
	require.Contains(p.T, said, "told of it: ana")
	id := commentID.FindString(said)
	p.do("sam", "comment", ref, "--edit", id, "the clerks have counted twice")
	p.refused(3, "only who wrote", "rita", "comment", ref, "--withdraw", id)
	require.Contains(p.T, p.do("ana", "comments", ref), "counted twice")
	attached := commentID.FindString(p.do("sam", "attach", ref, "https://wiki.example.org/lists", "The", "lists"))
	require.Contains(p.T, p.do("ana", "attachments", ref), "https://wiki.example.org/lists")
	p.do("sam", "detach", ref, attached)
	require.Contains(p.T, p.do("ana", "attachments", ref), "Nothing is attached.")
	openReview(p, ref)
	require.Contains(p.T, p.do("ana", "note", ref, "--on-it", "--follow-up", time.Now().AddDate(0, 0, 3).Format(time.DateOnly)), "you are on it since")
	require.Contains(p.T, p.do("ana", "note", ref, "--on-it=false", "--follow-up", ""), "nothing noted")
}

// openReview is the review question a request waits on.
func openReview(p *product, ref string) string {
	p.T.Helper()
	found := regexp.MustCompile(`review/\d+/approvers`).FindString(p.eventually("review/", "sam", "status", ref))
	require.NotEmpty(p.T, found)
	return found
}

func office(p *product) {
	path := filepath.Join(examples, "teams.yaml")
	require.Equal(p.T, 3, strings.Count(p.do("petra", "teams", "apply", "-f", path), "is as it should be"), "the local stack starts with them")
	p.refused(3, "Not allowed", "sam", "teams", "apply", "-f", changed(p, path))
	require.Contains(p.T, p.do("petra", "teams", "apply", "-f", changed(p, path)), "falcon  changed")
	until := time.Now().AddDate(0, 0, 7).Format(time.DateOnly)
	require.Contains(p.T, p.do("bo", "delegation", "set", "theo", "--until", until), "theo acts for bo")
	require.Contains(p.T, p.do("bo", "delegation", "show"), "theo acts for bo")
	require.True(p.T, json.Valid([]byte(p.do("bo", "delegation", "show", "-o", "json"))))
	require.Contains(p.T, p.do("bo", "delegation", "clear"), "Nobody acts for you")
	require.Contains(p.T, p.do("bo", "delegation", "show"), "Nobody acts for you")
}

func changed(p *product, path string) string {
	p.T.Helper()
	text, err := os.ReadFile(path)
	require.NoError(p.T, err)
	out := filepath.Join(p.T.TempDir(), "teams.yaml")
	require.NoError(p.T, os.WriteFile(out, bytes.Replace(text, []byte("capacity: 12"), []byte("capacity: 13"), 1), 0o600))
	return out
}

func completion(p *product) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		require.Contains(p.T, p.do("sam", "completion", shell), "pmo", shell)
	}
	ref := p.submit("sam", filepath.Join(examples, "request-project-lists.yaml"))
	p.eventually(ref, "sam", "__complete", "status", "")
	p.eventually("need_info", "ana", "__complete", "decide", ref, "")
}

func replay(p *product) {
	env := []string{"TEMPORAL_ADDRESS=" + p.Stack.TemporalAddress, "TEMPORAL_NAMESPACE=" + p.Stack.Namespace}
	e := p.run(env, "", "replay", "--last", "20")
	require.Zero(p.T, e.code, "%s%s", e.out, e.err)
	require.Contains(p.T, e.out, "20 replayed, 0 of them differ")
	e = p.run(env, "", "replay", "--last", "2", "-o", "json")
	require.JSONEq(p.T, `{"replayed":2,"failed":[]}`, e.out)
	e = p.run([]string{"TEMPORAL_ADDRESS=127.0.0.1:1", "TEMPORAL_NAMESPACE=x"}, "", "replay")
	require.Equal(p.T, 5, e.code, e.err)
}
