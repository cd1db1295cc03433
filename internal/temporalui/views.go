package temporalui

import (
	"fmt"
	"time"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// View is a saved view: a list of the Temporal UI with its query, under a name that says what it shows.
type View struct{ Name, Query, Link string }

// open is the part of a query that finds the requests that have not ended.
const open = `WorkflowType = "` + contract.WorkflowRequest + `" AND ExecutionStatus = "Running"`

// soon is how far ahead "due within" looks.
const soon = 2 * 24 * time.Hour

// Views are the saved views of a person as of one moment: a query of the UI cannot say "now".
func (u UI) Views(person string, now time.Time) []View {
	views := []View{
		u.view("waiting on me", fmt.Sprintf("%s = %q", contract.AttrWaitingOn.GetName(), person)),
		u.view("overdue", fmt.Sprintf("%s < %q", contract.AttrDueAt.GetName(), moment(now))),
		u.view("due within two days", fmt.Sprintf("%s < %q", contract.AttrDueAt.GetName(), moment(now.Add(soon)))),
	}
	for _, stage := range pmo.Stages() {
		views = append(views, u.view("in "+string(stage), fmt.Sprintf("%s = %q", contract.AttrStage.GetName(), stage)))
	}
	for _, status := range []pmo.Status{pmo.StatusOnHold, pmo.StatusDeferred} {
		views = append(views, u.view(words[status], fmt.Sprintf("%s = %q", contract.AttrStatus.GetName(), status)))
	}
	runs := fmt.Sprintf("WorkflowType = %q", contract.WorkflowPrioritizationRun)
	return append(views, View{Name: "prioritization runs", Query: runs, Link: u.list(runs)})
}

var words = map[pmo.Status]string{pmo.StatusOnHold: "on hold", pmo.StatusDeferred: "deferred"}

// view restricts a query to open requests: a closed one waits on nobody.
func (u UI) view(name, condition string) View {
	query := open + " AND " + condition
	return View{Name: name, Query: query, Link: u.list(query)}
}

// moment is a time as Temporal's queries read it.
func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }
