package cli

import (
	"flag"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

var update = flag.Bool("update", false, "write the golden files")

// TestMain prints times in one zone, wherever the tests run.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// golden compares an output with testdata, in the terminal of 100 columns that the tests have.
func golden(t *testing.T, name, out string) {
	t.Helper()
	for _, line := range strings.Split(out, "\n") {
		require.LessOrEqual(t, len([]rune(line)), 100, line)
	}
	path := filepath.Join("testdata", name+".txt")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(out), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), out)
}

// asking is a request with one open question of a kind that the caller may answer.
func asking(kind pmo.Kind, options []pmo.Option, more map[string]any) map[string]any {
	id := string(kind) + "/1"
	if kind.AsksGroups() {
		id += "/approvers"
	}
	question := map[string]any{"id": id, "kind": kind, "round": 1, "text": "Shall we do this?", "asked": []string{"ana", "bo"}, "quorum": map[string]any{"mode": "all"},
		"options": options, "due_at": noon.Add(48 * time.Hour), "on_silence": "defer", "escalation": []string{"petra"}, "waiting": []string{"ana"}, "may_answer": true, "status": "open",
		"answers": []any{map[string]any{"by": "kai", "for": "bo", "verdict": "approve", "reason": "It pays back within the year.", "at": noon.Add(-time.Hour)}}}
	r := map[string]any{"id": "x", "ref": "R-4", "number": 4, "stage": "review", "status": "open", "stage_since": noon.Add(-24 * time.Hour), "requester": "sam", "submitted_by": "sam",
		"lane": "standard", "lane_reason": "it is neither small and known nor large", "waiting_on": []string{"ana"}, "questions": []any{question},
		"content": map[string]any{"title": "One list of projects for every council district, made once and read by everybody who asks for it", "problem": "Every list takes half a day: three spreadsheets, a map and a round of mails, and it is out of date when it arrives.",
			"outcome": "Anybody reads it.", "success_measure": "No list is typed.", "baseline": map[string]any{"volume_per_month": 30, "minutes_each": 240, "people": 12, "money_per_year": 4000000},
			"size": 3, "wanted_by": "2027-06-30", "wanted_cause": "the law is in force then", "skills": []string{"gis", "web"}, "themes": []string{"service"}, "sponsor": "theo"}}
	for name, value := range more {
		r[name] = value
	}
	return r
}

// clarified is the closed question of an approver, with its answer.
var clarified = []any{map[string]any{"id": "clarify/1", "kind": "clarify", "text": "Before judging, an approver asks: since when?", "status": "settled",
	"answers": []any{map[string]any{"by": "sam", "for": "sam", "verdict": "answer", "reason": "since March, about forty", "at": noon.Add(-2 * time.Hour)}}}}

func TestWhatIsAskedIsReadWhereItIsAnswered(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/requests/R-4": asking(pmo.KindReview, pmo.Options(pmo.KindReview), map[string]any{"closed_questions": clarified,
		"conditions": []any{map[string]any{"id": "c1", "text": "Only with the works council", "by": "bo"}, map[string]any{"id": "c2", "text": "Personal data stays in the country", "by": "kai"}}})}}
	status := run(t, f, "status", "R-4")
	require.NoError(t, status.err)
	golden(t, "status", status.out)
	require.Equal(t, status.out, run(t, f, "inbox", "R-4").out)

	decide := run(t, f, "decide", "R-4")
	require.Equal(t, ExitUsage, decide.code, "nobody is at a terminal to be asked")
	golden(t, "decide", decide.out+"\n"+decide.err.Error()+"\n")
	require.NotContains(t, f.asked, "POST /v1/requests/R-4/decisions")
}

// TestWhatWouldHelpIsReadWithTheQuestion: each with the name that an answer gives, a split without one.
func TestWhatWouldHelpIsReadWithTheQuestion(t *testing.T) {
	r := asking(pmo.KindException, pmo.Options(pmo.KindException), nil)
	r["questions"].([]any)[0].(map[string]any)["remedies"] = []pmo.Remedy{{ID: "team/falcon", Text: "Raise the WIP limit of Falcon from 3 to 4."}, {ID: pmo.RemedySplit, Text: "Split it: Falcon and Otter together have all skills."}}
	f := &fake{answers: map[string]any{"GET /v1/requests/R-4": r, "POST /v1/requests/R-4/decisions": receipt("recorded")}}
	shown := run(t, f, "decide", "R-4").out
	require.Regexp(t, `team/falcon +Raise the WIP limit of Falcon from 3 to 4\.`, shown)
	require.Regexp(t, `\(pmo split\) +Split it: Falcon and Otter together have all skills\.`, shown)
	require.Contains(t, shown, "--set remedy=REMEDY")
	require.NoError(t, run(t, f, "decide", "R-4", "remedy", "a law", "--set", "remedy=team/falcon").err)
	require.JSONEq(t, `{"decision":"exception/1","verdict":"remedy","reason":"a law","data":{"remedy":"team/falcon"}}`, f.lastBody())
}

func TestNothingWaitsOnTheCaller(t *testing.T) {
	r := asking(pmo.KindReview, nil, nil)
	r["questions"].([]any)[0].(map[string]any)["may_answer"] = false
	got := run(t, &fake{answers: map[string]any{"GET /v1/requests/R-4": r}}, "inbox", "R-4")
	require.NoError(t, got.err)
	require.Contains(t, got.out, "Nothing of it waits on you.")
	require.NotContains(t, got.out, "pmo decide")
}

func TestDecideFindsTheOnlyQuestion(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/requests/R-4": asking(pmo.KindReview, pmo.Options(pmo.KindReview), nil), "POST /v1/requests/R-4/decisions": receipt("recorded")}}
	got := run(t, f, "decide", "R-4", "approve", "--reason", "good")
	require.NoError(t, got.err)
	require.JSONEq(t, `{"decision":"review/1/approvers","verdict":"approve","reason":"good"}`, f.lastBody())
	require.Equal(t, "R-4  recorded: approve on review/1/approvers\n  stage     review\n  waits on  bo: review/1/approvers, until "+
		noon.Add(48*time.Hour).Local().Format("2006-01-02 15:04")+" (in 2d)\n", got.out)
	require.NoError(t, run(t, f, "decide", "R-4", "reject", "no money for it").err)
	require.JSONEq(t, `{"decision":"review/1/approvers","verdict":"reject","reason":"no money for it"}`, f.lastBody())

	two := asking(pmo.KindReview, pmo.Options(pmo.KindReview), nil)
	other := map[string]any{"id": "review/1/security", "kind": "review", "may_answer": true}
	two["questions"] = append(two["questions"].([]any), other)
	f.answers["GET /v1/requests/R-4"] = two
	got = run(t, f, "decide", "R-4", "approve")
	require.Equal(t, ExitUsage, got.code)
	require.ErrorContains(t, got.err, "2 questions of R-4 could be meant: say which, review/1/approvers or review/1/security")

	f.answers["GET /v1/requests/R-4"] = map[string]any{"id": "x", "ref": "R-4", "questions": []any{}}
	require.ErrorContains(t, run(t, f, "decide", "R-4", "approve").err, "nothing of R-4 waits on you")

	require.NoError(t, run(t, f, "decide", "R-4", "review/1/security", "defer", "--set", "until=2027-05-01", "--on-behalf-of", "kai").err)
	require.JSONEq(t, `{"decision":"review/1/security","verdict":"defer","data":{"until":"2027-05-01"},"on_behalf_of":"kai"}`, f.lastBody())
}

// TestFreeTextAnswersAFreeQuestion: a question in words took changes of the form only.
func TestFreeTextAnswersAFreeQuestion(t *testing.T) {
	gap := func(fields ...string) map[string]any {
		var gaps []any
		for _, field := range fields {
			gaps = append(gaps, map[string]any{"field": field, "why": "What?"})
		}
		return map[string]any{"missing": gaps}
	}
	clarify := pmo.Options(pmo.KindClarify)
	gaps := []pmo.Option{clarify[0], clarify[2]}
	for name, c := range map[string]struct {
		request map[string]any
		body    string
	}{
		"what an approver asks": {asking(pmo.KindClarify, clarify, nil), `{"decision":"clarify/1","verdict":"answer","reason":"since March, about forty"}`},
		"how it goes":           {asking(pmo.KindReport, pmo.Options(pmo.KindReport), nil), `{"decision":"report/1","verdict":"reported","reason":"since March, about forty"}`},
		"the one text lacking":  {asking(pmo.KindClarify, gaps, gap("users")), `{"decision":"clarify/1","verdict":"provide","data":{"patch":{"users":"since March, about forty"}}}`},
		"several gaps":          {asking(pmo.KindClarify, gaps, gap("users", "outcome")), ""},
		"a gap of numbers":      {asking(pmo.KindClarify, gaps, gap("baseline")), ""},
		"a review":              {asking(pmo.KindReview, pmo.Options(pmo.KindReview), nil), ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{answers: map[string]any{"GET /v1/requests/R-4": c.request, "POST /v1/requests/R-4/decisions": receipt("settled")}}
			got := run(t, f, "decide", "R-4", "answer", "since March, about forty")
			if c.body == "" {
				require.Equal(t, ExitUsage, got.code)
				require.ErrorContains(t, got.err, "is not answered in words alone; it takes:\n  pmo decide R-4 ")
				return
			}
			require.NoError(t, got.err)
			require.JSONEq(t, c.body, f.lastBody())
		})
	}
}

func TestAFieldOfTheFormHasOneName(t *testing.T) {
	f := &fake{answers: map[string]any{"POST /v1/requests/R-4/decisions": receipt("settled")}}
	require.NoError(t, run(t, f, "decide", "R-4", "clarify/1", "provide", "--set", "baseline.people=25", "--set", "size=0", "--set", "skills=gis,web").err)
	require.JSONEq(t, `{"decision":"clarify/1","verdict":"provide","data":{"patch":{"baseline":{"people":25},"size":0,"skills":["gis","web"]}}}`, f.lastBody())
	require.NoError(t, run(t, f, "decide", "R-4", "score/1", "score", "--set", "inputs.job_size=5").err)
	require.JSONEq(t, `{"decision":"score/1","verdict":"score","data":{"inputs":{"job_size":5}}}`, f.lastBody())
	require.NoError(t, run(t, f, "decide", "R-4", "clarify/1", "provide", "--data", "patch.size=2").err, "as before 0.6")
	require.JSONEq(t, `{"decision":"clarify/1","verdict":"provide","data":{"patch":{"size":2}}}`, f.lastBody())
}

// TestErrorsNameWhatWasTyped: they named pointers into a JSON document that nobody had typed.
func TestErrorsNameWhatWasTyped(t *testing.T) {
	for _, c := range []struct{ args, route, pointer, want string }{
		{"decide R-4 review/1/a defer", "POST /v1/requests/R-4/decisions", "/data/until", "until: is wrong"},
		{"decide R-4 review/1/a defer", "POST /v1/requests/R-4/decisions", "/data/patch/baseline/people", "baseline.people: is wrong"},
		{"decide R-4 review/1/a defer", "POST /v1/requests/R-4/decisions", "/data/patch", "--set: is wrong"},
		{"decide R-4 review/1/a defer", "POST /v1/requests/R-4/decisions", "/data/plan/milestones/0/due", "plan.milestones.0.due: is wrong"},
		{"decide R-4 review/1/a defer", "POST /v1/requests/R-4/decisions", "/reason", "--reason: is wrong"},
		{"decide R-4 review/1/a defer", "POST /v1/requests/R-4/decisions", "/on_behalf_of", "--on-behalf-of: is wrong"},
		{"decide R-4 review/1/a defer", "POST /v1/requests/R-4/decisions", "/verdict", "ANSWER: is wrong"},
		{"inputs R-4 --job-size 4", "POST /v1/requests/R-4/inputs", "/inputs/job_size", "--job_size: is wrong"},
		{"progress R-4 --risk x", "POST /v1/requests/R-4/progress", "/risks/0/text", "--risk: is wrong"},
		{"amend R-4 --set size=3 --revision 1", "PATCH /v1/requests/R-4", "/patch/size", "size: is wrong"},
		{"list --waiting-on x", "GET /v1/requests", "query/waiting_on", "--waiting-on: is wrong"},
		{"delegation set bo --until 2027-05-01", "PUT /v1/me/delegation", "/delegate", "PERSON: is wrong"},
		{"delegation set bo --until 2027-05-01", "PUT /v1/me/delegation", "/until", "--until: is wrong"},
		{"reassign R-4 --reason x --decision plan/1 --from a --to b", "POST /v1/requests/R-4/reassign", "/decision", "--decision: is wrong"},
	} {
		f := &fake{answers: map[string]any{c.route: problem.InvalidField(c.pointer, "is wrong"), "GET /v1/requests/R-4": map[string]any{"revision": 1}}}
		if c.route == "GET /v1/requests/R-4" {
			delete(f.answers, c.route)
		}
		got := run(t, f, strings.Fields(c.args)...)
		require.Equal(t, ExitUsage, got.code, c.args)
		require.ErrorContains(t, got.err, "\n  "+c.want, c.args)
	}
}

// typing runs pmo for a person who types these lines at a terminal.
func typing(t *testing.T, f *fake, lines string, args ...string) result {
	t.Helper()
	server := httptest.NewServer(f)
	defer server.Close()
	env := map[string]string{"PMO_URL": server.URL, "PMO_TOKEN": "t", "COLUMNS": "100"}
	return runKit(t, Kit{Lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok }, Terminal: func(io.Reader) bool { return true }}, lines, args...)
}

func TestDecideAsksAtATerminal(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/requests/R-4": asking(pmo.KindReview, pmo.Options(pmo.KindReview), nil), "POST /v1/requests/R-4/decisions": receipt("recorded")}}
	got := typing(t, f, "perhaps\ndefer\n\nThe contract is open\n2027-05-01\n", "decide", "R-4")
	require.NoError(t, got.err)
	require.JSONEq(t, `{"decision":"review/1/approvers","verdict":"defer","reason":"The contract is open","data":{"until":"2027-05-01"}}`, f.lastBody())
	require.Contains(t, got.out, "That is none of them.")
	require.NoError(t, typing(t, f, "1\n", "decide", "R-4").err)
	require.JSONEq(t, `{"decision":"review/1/approvers","verdict":"approve"}`, f.lastBody())

	sent := len(f.bodies)
	require.Equal(t, ExitUsage, typing(t, f, "\n", "decide", "R-4").code, "an empty line answers nothing")
	require.Equal(t, ExitUsage, typing(t, f, "3\n", "decide", "R-4").code, "the input ended before the reason")
	require.NotContains(t, f.asked[sent:], "POST /v1/requests/R-4/decisions")

	require.NoError(t, typing(t, f, "2\nA pilot, first\nNo second login\n\n", "decide", "R-4").err)
	require.JSONEq(t, `{"decision":"review/1/approvers","verdict":"approve_with_conditions","data":{"conditions":[{"text":"A pilot, first"},{"text":"No second login"}]}}`, f.lastBody())

	f.answers["GET /v1/requests/R-4"] = asking(pmo.KindClarify, pmo.Options(pmo.KindClarify), map[string]any{"missing": []any{map[string]any{"field": "baseline", "why": "How often?"},
		map[string]any{"field": "users", "why": "Who?"}}})
	require.NoError(t, typing(t, f, "provide\n30\n\n12\n\nCrews\n", "decide", "R-4").err)
	require.JSONEq(t, `{"decision":"clarify/1","verdict":"provide","data":{"patch":{"baseline":{"volume_per_month":30,"people":12},"users":"Crews"}}}`, f.lastBody())
}

func TestTheHelpOfDecideNamesEveryAnswer(t *testing.T) {
	help := run(t, &fake{}, "decide", "--help").out
	for _, kind := range pmo.Kinds() {
		require.Contains(t, help, "\n  "+string(kind)+"\n")
		for _, o := range pmo.Options(kind) {
			require.Contains(t, help, "\n    "+o.Verdict)
		}
	}
	for _, line := range strings.Split(strings.SplitN(help, "\nUsage:", 2)[0], "\n") {
		require.LessOrEqual(t, len([]rune(line)), 100, line)
	}
	require.Contains(t, help, "defer                --reason TEXT --set until=DATE")
	require.NotContains(t, help, "of_number")
}
