package pmo

import (
	"fmt"
	"slices"
	"time"
)

// SyncFault is why the tool could not be told.
type SyncFault struct {
	Reason     string   `json:"reason"`
	Refused    bool     `json:"refused,omitempty"` // the tool said no: nothing was opened
	Recipients []string `json:"tell,omitempty"`    // who looks after the tool
}

// MarkWorkItemOpened records that the tool has the item.
func (r *Request) MarkWorkItemOpened(step WorkItemState, id, url string, now time.Time) {
	r.Work = &WorkItem{Key: step.Key, Team: r.workItemTeam(), ID: id, URL: url, Status: step.Status, Synced: step}
	r.record(now, Entry{Event: EventWorkOpened, Key: EventWorkOpened + "/" + id, Text: "Work item opened: " + orName(url, id), Recipients: r.workItemRecipients()})
}

// MarkWorkItemNotOpened records that the tool has no item, or that nobody knows; the work goes on without.
func (r *Request) MarkWorkItemNotOpened(step WorkItemState, f SyncFault, now time.Time) {
	unsure := !f.Refused || r.Work != nil && r.Work.Key == step.Key && r.Work.MayExist
	r.Work = &WorkItem{Key: step.Key, Team: r.workItemTeam(), Synced: step, MayExist: unsure, Fault: f.Reason}
	r.record(now, Entry{Event: EventWorkNotOpened, Text: "The team's tool has no work item: " + f.Reason, Recipients: union(r.workItemRecipients(), f.Recipients...)})
}

// MarkSyncAbandoned notes that a step was given up because something else is to be told; it may have reached the tool.
func (r *Request) MarkSyncAbandoned(step WorkItemState) {
	if r.Work == nil || r.Work.Key != step.Key {
		r.Work = &WorkItem{Key: step.Key, Team: r.workItemTeam()}
	}
	r.Work.MayExist = r.Work.MayExist || r.Work.ID == ""
	r.Work.Synced.Status = "" // whatever holds now is told
	r.Seq++
}

// MarkSynced records that the item stands in the tool as it ought to. Missing means that the tool never had it.
func (r *Request) MarkSynced(step WorkItemState, id string, missing bool, now time.Time) {
	w := r.Work
	w.Synced, w.Status, w.Fault, w.MayExist = step, step.Status, "", false
	if missing {
		r.markWorkItemMissing(now)
		return
	}
	w.ID = id
	r.record(now, Entry{Event: EventWorkUpdated, Text: "Work item " + w.name() + " is " + workWords[step.Status] + "."})
}

// markWorkItemMissing: an item whose opening nobody was sure of was never there; one we knew was removed by somebody.
func (r *Request) markWorkItemMissing(now time.Time) {
	w := r.Work
	known := w.ID != ""
	name := w.name()
	w.ID, w.URL, w.Status = "", "", ""
	if known {
		r.record(now, Entry{Event: EventWorkNotUpdated, Text: "Work item " + name + " is no longer in the team's tool.", Recipients: r.workItemRecipients()})
		return
	}
	r.Seq++
}

// MarkNotSynced records that the tool shows an old state; it is not told this one again.
func (r *Request) MarkNotSynced(step WorkItemState, f SyncFault, now time.Time) {
	w := r.Work
	w.Synced, w.Fault = step, f.Reason
	r.record(now, Entry{Event: EventWorkNotUpdated, Recipients: union(r.workItemRecipients(), f.Recipients...),
		Text: fmt.Sprintf("Work item %s could not be set to %s: %s", w.name(), workWords[step.Status], f.Reason)})
}

var workWords = map[WorkStatus]string{WorkOpen: "open", WorkOnHold: "on hold", WorkClosed: "closed", WorkCancelled: "cancelled"}

func (w *WorkItem) name() string { return orName(w.URL, orName(w.ID, w.Key)) }

func orName(name, otherwise string) string {
	if name != "" {
		return name
	}
	return otherwise
}

// workItemRecipients hear of the item: what happens in a team's tool is nothing to the requester.
func (r *Request) workItemRecipients() []string {
	if r.Assignment == nil {
		return nil
	}
	return slices.Clone(r.Assignment.Leads)
}

// workItemTeam is whose item it is.
func (r *Request) workItemTeam() string {
	if r.Assignment != nil {
		return r.Assignment.Team
	}
	if r.PreviousAssignment != nil {
		return r.PreviousAssignment.Team
	}
	return ""
}
