package browser

import (
	"flag"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.temporal.io/sdk/client"

	"leanpmo/internal/contract"
	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

var update = flag.Bool("update", false, "write what was read into docs/temporal-ui.md")

// columnsOfTheList are what the docs tell the PMO to set once.
var columnsOfTheList = []string{contract.AttrNumber.GetName(), contract.AttrTitle.GetName(), contract.AttrStage.GetName(), contract.AttrWaitingOn.GetName(), contract.AttrDueAt.GetName()}

func form(title string) map[string]any {
	return map[string]any{"title": title, "kind": "enhancement", "problem": "District lists are typed into two systems every month",
		"outcome": "A list is typed once and appears in both", "size": 1, "skills": []string{"web"},
		"baseline": map[string]any{"volume_per_month": 4, "minutes_each": 300},
		"inputs":   map[string]any{"business_value": 8, "time_criticality": 3, "risk_reduction": 2, "job_size": 2}}
}

// TestTheTemporalUITellsTheStory brings a request to its end through the API, and reads from the pages of the Temporal UI who decided
// what, which team works on it, why it was pulled, and what is due.
func TestTheTemporalUITellsTheStory(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	b := open(t, chrome, e.Stack.UI+"/namespaces/"+e.Stack.Namespace)
	b.remember()

	whole := e.API.Submit("sam", form("Type the project lists once"))
	whole.Approve().Pull().ToExecution()
	waiting := e.API.Submit("rita", form("Show the bus lines on the map of road works"))
	waiting.AwaitOpen("review/1/approvers")

	b.list(e.API)
	b.details(waiting)
	whole.Await("the work item is opened", func(*drive.Answer) bool { return slices.Contains(whole.Events(), "work_opened") })
	whole.ToEnd()
	b.story(whole)
	b.run(whole)
	b.schedule(e)
}

// historyOf is where the API says that a request's history is.
func historyOf(r *drive.Request) string { return r.Read().Text("links.history") }

// list looks at the list with our columns: what waits on whom until when.
func (b *browser) list(api *drive.API) {
	b.t.Helper()
	views := map[string]string{}
	for _, item := range api.As("ana").Get("/v1/saved-views").List("items") {
		view, _ := item.(map[string]any)
		name, _ := view["name"].(string)
		views[name], _ = view["link"].(string)
	}
	for _, name := range []string{"in review", "waiting on me"} {
		require.NotContains(b.t, b.see(views[name], "1–1", "review", "ana,bo"), "execution", "%s finds one of the two", name)
	}
	texts := append([]string{"1–2", "review", "execution", "ana,bo", "Type the project lists once"}, columnsOfTheList...)
	b.see(b.ui+"/workflows?query="+url.QueryEscape(`WorkflowType = "Request"`), texts...)
	b.picture("list", 480)
}

// details looks at the current details of a request: where it stands, who is waited on, what is due.
func (b *browser) details(r *drive.Request) {
	b.t.Helper()
	shown := b.see(b.follow(historyOf(r))+"/user-metadata", "Current Details", r.Ref)
	for _, text := range []string{"review", "ana", "bo", r.Read().Text("questions.0.due_at")[:len("2026-11-27")]} {
		require.Contains(b.t, shown, text)
	}
	b.picture("details", 760)
}

// follow opens a link of ours, which names no run, and returns the page of the run to which the UI leads.
func (b *browser) follow(link string) string {
	b.t.Helper()
	b.see(link, "Event History")
	address, err := evaluate[string](b, `location.origin + location.pathname`)
	require.NoError(b.t, err)
	return strings.TrimSuffix(address, "/timeline")
}

// compact opens the compact history of the run to which a link of ours leads.
func (b *browser) compact(link string) {
	b.t.Helper()
	b.see(b.follow(link)+"/history", "Compact")
	b.oldestFirst()
}

// story reads the compact history of a finished request.
func (b *browser) story(r *drive.Request) {
	b.t.Helper()
	b.compact(historyOf(r))
	b.await("Completed")
	rows := b.rows("Name Decide", "Name ReportProgress", "Signal Name pulled", "acceptance/1")
	for _, line := range storyOf(rows) {
		b.t.Log(line)
	}
	requireStory(b.t, rows)
	b.picture("history", 1600)
}

// run reads the history of the prioritization run that pulled the request.
func (b *browser) run(r *drive.Request) {
	b.t.Helper()
	id := r.Read().Text("pull.run") // the schedule may have made another run since
	b.compact(b.ui + "/workflows/" + url.PathEscape(id))
	b.await("Ranked 1 request of", "1 pulled")
	for _, line := range storyOf(b.rows("Activity Type Rank")) {
		b.t.Log(line)
	}
	b.picture("run", 900)
}

// schedule looks at the page of the schedule after a run that it started.
func (b *browser) schedule(e *harness.Environment) {
	b.t.Helper()
	schedule := e.Client.ScheduleClient().GetHandle(b.t.Context(), contract.ScheduleID(harness.Portfolio))
	require.NoError(b.t, schedule.Trigger(b.t.Context(), client.ScheduleTriggerOptions{}))
	b.see(b.ui+"/schedules/"+url.PathEscape(contract.ScheduleID(harness.Portfolio)), "Every 15 minute", "UTC: Ranked ")
	b.picture("schedule", 1100)
}
