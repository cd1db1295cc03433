package replay

import (
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// TestRecord writes the histories of a release. It does so only when asked: PMO_RECORD_HISTORIES names the release.
func TestRecord(t *testing.T) {
	release := os.Getenv("PMO_RECORD_HISTORIES")
	if release == "" {
		t.Skip("records only when PMO_RECORD_HISTORIES names a release; see make record-histories")
	}
	e := harness.Start(t, harness.Options{Mode: harness.Local, Policy: func(d *policy.Document) {
		harness.Fast(d)
		d.Questions[pmo.KindReview].Groups = []policy.GroupQuestionDoc{harness.ReviewGroup("finance", "2s", "2s")}
	}})
	dir := filepath.Join("histories", release)
	require.NoError(t, os.MkdirAll(dir, 0o755))
	for name, run := range scenarios {
		write(t, filepath.Join(dir, name+".json.gz"), history(t, e.Client, contract.RequestWorkflowID(run(e.API))))
	}
	latest := e.API.As("petra").Get("/v1/prioritizations?portfolio=digital").Text("items.0.id")
	write(t, filepath.Join(dir, "prioritization-run.json.gz"), history(t, e.Client, latest))
}

func submit(api *drive.API, title string) *drive.Request {
	return api.Submit("sam", harness.Ordinary(title))
}

// scenarios bring a request through one way of the process and answer its id.
var scenarios = map[string]func(*drive.API) string{
	"straight-through": func(api *drive.API) string {
		r := submit(api, "Straight through").ToBacklog().Pull().ToExecution()
		r.ToEnd()
		return r.ID
	},
	"open-in-review": func(api *drive.API) string {
		r := submit(api, "Waits for approvers")
		r.AwaitOpen("review/1/approvers")
		return r.ID
	},
	"open-in-backlog":   func(api *drive.API) string { return submit(api, "Waits in the backlog").ToBacklog().ID },
	"open-in-execution": func(api *drive.API) string { return submit(api, "Is worked on").ToBacklog().Pull().ToExecution().ID },
	"clarified-and-scored": func(api *drive.API) string {
		r := api.Submit("sam", map[string]any{"title": "Incomplete", "kind": "enhancement", "size": 3})
		r.AwaitOpen("clarify/1")
		r.Decide("sam", "clarify/1", "provide", "data", map[string]any{"patch": map[string]any{"outcome": "no typing", "problem": "typing",
			"baseline": map[string]any{"people": 3}}})
		r.ToBacklog().AwaitOpen("score/1")
		r.Decide("petra", "score/1", "score", "data", map[string]any{"inputs": map[string]any{"business_value": 5, "time_criticality": 3, "risk_reduction": 1, "job_size": 2}})
		return r.ID
	},
	"rejected": func(api *drive.API) string {
		r := submit(api, "Rejected")
		r.AwaitOpen("review/1/approvers")
		r.Decide("ana", "review/1/approvers", "need_info", "reason", "who else?")
		r.AwaitOpen("clarify/1")
		r.Decide("sam", "clarify/1", "not_known", "reason", "nobody knows")
		r.AwaitOpen("review/2/approvers")
		r.Decide("ana", "review/2/approvers", "reject", "reason", "no")
		if r.Read().Text("status") != "closed" {
			r.Decide("bo", "review/2/approvers", "reject", "reason", "no")
		}
		r.AwaitClosed("rejected")
		return r.ID
	},
	"silence-and-withdrawn": func(api *drive.API) string {
		f := harness.Ordinary("Licences")
		f.Kind, f.Baseline = "procurement", pmo.Baseline{MoneyPerYear: 20000}
		r := api.Submit("sam", f)
		r.Await("put off", func(a *drive.Answer) bool { return a.Text("status") == "deferred" })
		r.Do("sam", "wake", map[string]any{})
		r.AwaitOpen("review/2/finance")
		r.Do("sam", "withdraw", map[string]any{"reason": "bought elsewhere"})
		r.AwaitClosed("withdrawn")
		return r.ID
	},
	"declined-and-countered": func(api *drive.API) string {
		r := submit(api, "Declined").ToBacklog().Pull()
		r.AwaitOpen("approach/1")
		r.Decide("theo", "approach/1", "choose", "reason", "we iterate", "data", map[string]any{"approach": "scrum"})
		state := r.Await("a team is asked", func(a *drive.Answer) bool { return a.Text("stage") == "assignment" && len(drive.Open(a)) > 0 })
		first := state.Text("assignment.team")
		r.Decide(state.Text("assignment.leads.0"), drive.Open(state)[0], "decline", "reason", "busy")
		state = r.Await("another is asked", func(a *drive.Answer) bool {
			return len(drive.Open(a)) > 0 && a.Text("assignment.team") != "" && a.Text("assignment.team") != first
		})
		lead := state.Text("assignment.leads.0")
		r.Decide(lead, drive.Open(state)[0], "accept")
		r.AwaitOpen("plan/1")
		r.Decide(lead, "plan/1", "counter", "reason", "flow suits us", "data", map[string]any{"approach": "kanban"})
		r.AwaitOpen("plan/2")
		return r.ID
	},
	"two-teams": func(api *drive.API) string {
		f := harness.Ordinary("Two teams")
		f.SecondTeam = pmo.SecondTeam{Share: 0.5}
		r := api.Submit("sam", f).ToBacklog().Pull()
		r.AwaitOpen("approach/1")
		r.Decide("theo", "approach/1", "choose", "reason", "we iterate", "data", map[string]any{"approach": "scrum"})
		state := r.Await("both teams are asked", func(a *drive.Answer) bool { return len(drive.Open(a)) == 2 })
		first := state.Text("assignment.team")
		r.Decide(state.Text("assignment.leads.0"), "assignment/1/"+first, "accept")
		r.Decide(state.Text("assignment.second.leads.0"), "assignment/2/"+state.Text("assignment.second.team"), "accept")
		r.AwaitOpen("plan/1")
		return r.ID
	},
	"rework": func(api *drive.API) string {
		r := submit(api, "Rework").ToBacklog().Pull().ToExecution()
		lead := r.AwaitStage("execution").Text("assignment.leads.0")
		r.Do(lead, "progress", map[string]any{"done": true})
		r.AwaitOpen("acceptance/1")
		r.Decide("sam", "acceptance/1", "rework", "reason", "not yet")
		r.AwaitStage("execution")
		r.Do(lead, "progress", map[string]any{"done": true})
		r.AwaitOpen("acceptance/2")
		r.Decide("sam", "acceptance/2", "accept")
		r.AwaitClosed("delivered")
		return r.ID
	},
	"held-and-resumed": func(api *drive.API) string {
		r := submit(api, "Held").ToBacklog().Pull().ToExecution()
		r.AwaitStage("execution")
		r.Do("petra", "hold", map[string]any{"reason": "a law"})
		r.Do("petra", "resume", map[string]any{})
		api.Prioritize("digital")
		r.AwaitStage("execution")
		return r.ID
	},
	"amended-beyond-tolerance": func(api *drive.API) string {
		r := submit(api, "Grows").ToBacklog().Pull().ToExecution()
		state := r.AwaitStage("execution")
		lead := state.Text("assignment.leads.0")
		api.As("sam").Call(200, "PATCH", r.Path(""), map[string]any{"revision": state.At("revision"), "patch": map[string]any{"size": 9}})
		r.AwaitOpen("change/1")
		r.Decide("sam", "change/1", "agree")
		r.Decide(lead, "change/1", "agree")
		r.AwaitOpen("change_review/1/approvers")
		r.Decide("ana", "change_review/1/approvers", "refuse", "reason", "too dear")
		r.Await("work goes on as agreed", func(a *drive.Answer) bool { return len(drive.Open(a)) == 0 })
		return r.ID
	},
	"merged": func(api *drive.API) string {
		stays, double := submit(api, "Stays"), submit(api, "Double")
		double.AwaitOpen("review/1/approvers")
		double.Decide("ana", "review/1/approvers", "duplicate", "data", map[string]any{"of": stays.Ref})
		double.AwaitOpen("duplicate/1")
		double.Decide("sam", "duplicate/1", "same")
		double.AwaitClosed("merged")
		return double.ID
	},
	"no-team": func(api *drive.API) string {
		f := harness.Ordinary("Mend the mainframe's month end")
		f.Skills = []string{"cobol"}
		r := api.Submit("sam", f).ToBacklog().Pull()
		r.AwaitOpen("approach/1")
		r.Decide("theo", "approach/1", "accept")
		r.AwaitOpen("exception/1/no_team")
		r.Decide("petra", "exception/1/no_team", "backlog", "reason", "later")
		r.AwaitStage("prioritization")
		return r.ID
	},
}

func history(t *testing.T, c client.Client, id string) *historypb.History {
	t.Helper()
	out := &historypb.History{}
	for events := c.GetWorkflowHistory(context.Background(), id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		event, err := events.Next()
		require.NoError(t, err)
		out.Events = append(out.Events, event)
	}
	return out
}

func write(t *testing.T, path string, history *historypb.History) {
	t.Helper()
	data, err := temporalproto.CustomJSONMarshalOptions{}.Marshal(history)
	require.NoError(t, err)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	require.NoError(t, err, "a recorded history is never written over")
	zipped := gzip.NewWriter(file)
	_, err = zipped.Write(data)
	require.NoError(t, err)
	require.NoError(t, zipped.Close())
	require.NoError(t, file.Close())
}
