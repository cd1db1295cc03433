package pmo

import (
	"fmt"
	"time"
)

// SyncFault is why the tool does not show the requested state.
type SyncFault struct {
	Reason     string   `json:"reason"`
	Refused    bool     `json:"refused,omitempty"` // the tool refused: nothing was opened
	Recipients []string `json:"tell,omitempty"`    // who administers the tool
}

// WorkItemReport is what the item's workflow reports about a requested state.
type WorkItemReport struct {
	Says     string        `json:"says,omitempty"` // for readers of the history; the first field, because a history shows the beginning of a signal
	State    WorkItemState `json:"state"`
	ID       string        `json:"id,omitempty"`
	URL      string        `json:"url,omitempty"`
	MayExist bool          `json:"may_exist,omitempty"` // without an id: an attempt to open it may have reached the tool
	Missing  bool          `json:"missing,omitempty"`   // the tool never had it, or no longer has it
	Fault    *SyncFault    `json:"fault,omitempty"`     // the state was not reached
}

// Sentence says in a few words what became of the state.
func (w WorkItemReport) Sentence() string {
	switch {
	case w.Fault != nil && w.ID == "":
		return "the team's tool has no item: " + Shorten(oneLine(w.Fault.Reason), storyText)
	case w.Fault != nil:
		return "the team's tool could not set it to " + workStatusText[w.State.Status] + ": " + Shorten(oneLine(w.Fault.Reason), storyText)
	case w.Missing:
		return "the team's tool has the item no more"
	}
	return "the team's tool shows the item as " + workStatusText[w.State.Status]
}

// WorkItemToSend is the state to send to the item's workflow now, if any. A state it has not reported on is sent again once the request has
// ended, because then it gets little time.
func (r *Request) WorkItemToSend() (WorkItemState, bool) {
	if state, differs := r.WorkItemWanted(); differs {
		return state, true
	}
	if w := r.Work; w != nil && w.Pending && r.Closed() && !w.Final {
		return w.Requested, true
	}
	return WorkItemState{}, false
}

// WorkItemUpToDate reports whether nothing has to be sent and no report is outstanding.
func (r *Request) WorkItemUpToDate() bool {
	_, send := r.WorkItemToSend()
	return !send && (r.Work == nil || !r.Work.Pending)
}

// MarkSent notes that a state is on its way to the item's workflow.
func (r *Request) MarkSent(state WorkItemState) {
	if r.Work == nil || r.Work.Key != state.Key {
		r.Work = &WorkItem{Key: state.Key, Team: r.workItemTeam()}
	}
	w := r.Work
	w.Requested, w.Pending, w.Final = state, true, r.Closed()
	w.MayExist = w.MayExist || w.ID == ""
	r.Seq++
}

// MarkReported takes what the item's workflow reports. A report on another item than the present one, because another team works now, is
// only recorded in the ledger.
func (r *Request) MarkReported(report WorkItemReport, now time.Time) {
	w := r.Work
	if w == nil || w.Key != report.State.Key {
		w = &WorkItem{Key: report.State.Key, ID: report.ID, URL: report.URL}
	}
	known := w.ID != ""
	if report.State.Equal(w.Requested) {
		w.Pending = false
	}
	w.MayExist, w.Fault = report.MayExist, ""
	switch {
	case report.Fault != nil && !known && report.State.Status == WorkOpen:
		w.Fault = report.Fault.Reason
		r.recordNotOpened(*report.Fault, now)
	case report.Fault != nil:
		w.Fault = report.Fault.Reason
		r.recordNotUpdated(w, report.State, *report.Fault, now)
	case report.Missing:
		r.recordMissing(w, now)
	case !known && report.State.Status == WorkOpen:
		w.ID, w.URL, w.Status = report.ID, report.URL, report.State.Status
		r.recordOpened(w, now)
	default:
		w.ID, w.Status = report.ID, report.State.Status
		r.recordUpdated(w, now)
	}
}

func (r *Request) recordOpened(w *WorkItem, now time.Time) {
	r.record(now, Entry{Event: EventWorkOpened, Key: EventWorkOpened + "/" + w.ID, Text: "Work item opened: " + orName(w.URL, w.ID)})
}

// recordNotOpened: the work goes on without an item.
func (r *Request) recordNotOpened(f SyncFault, now time.Time) {
	r.record(now, Entry{Event: EventWorkNotOpened, Text: "The team's tool has no work item: " + f.Reason, concerned: f.Recipients})
}

func (r *Request) recordUpdated(w *WorkItem, now time.Time) {
	r.record(now, Entry{Event: EventWorkUpdated, Text: "Work item " + w.name() + " is " + workStatusText[w.Status] + "."})
}

func (r *Request) recordNotUpdated(w *WorkItem, state WorkItemState, f SyncFault, now time.Time) {
	r.record(now, Entry{Event: EventWorkNotUpdated, concerned: f.Recipients,
		Text: fmt.Sprintf("Work item %s could not be set to %s: %s", w.name(), workStatusText[state.Status], f.Reason)})
}

// recordMissing: an item that may have been opened was never there; one with an id was removed by somebody.
func (r *Request) recordMissing(w *WorkItem, now time.Time) {
	known, name := w.ID != "", w.name()
	w.ID, w.URL, w.Status = "", "", ""
	if !known {
		r.Seq++
		return
	}
	r.record(now, Entry{Event: EventWorkNotUpdated, Text: "Work item " + name + " is no longer in the team's tool."})
}

var workStatusText = map[WorkStatus]string{WorkOpen: "open", WorkOnHold: "on hold", WorkClosed: "closed", WorkCancelled: "cancelled"}

func (w *WorkItem) name() string { return orName(w.URL, orName(w.ID, w.Key)) }

func orName(name, otherwise string) string {
	if name != "" {
		return name
	}
	return otherwise
}
