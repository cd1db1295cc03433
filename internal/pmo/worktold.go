package pmo

import (
	"fmt"
	"slices"
	"time"
)

// WorkFault is why the tool could not be told.
type WorkFault struct {
	Reason  string   `json:"reason"`
	Refused bool     `json:"refused,omitempty"` // the tool said no: nothing was opened
	Tell    []string `json:"tell,omitempty"`    // who looks after the tool
}

// WorkOpened records that the tool has the item.
func (r *Request) WorkOpened(step WorkStep, id, url string, now time.Time) {
	r.Work = &WorkItem{Key: step.Key, Team: r.workTeam(), ID: id, URL: url, Status: step.Status, Told: step}
	r.record(now, Entry{Event: EventWorkOpened, Key: EventWorkOpened + "/" + id, Text: "Work item opened: " + orName(url, id), Tell: r.workLeads()})
}

// WorkNotOpened records that the tool has no item, or that nobody knows; the work goes on without.
func (r *Request) WorkNotOpened(step WorkStep, f WorkFault, now time.Time) {
	unsure := !f.Refused || r.Work != nil && r.Work.Key == step.Key && r.Work.Unsure
	r.Work = &WorkItem{Key: step.Key, Team: r.workTeam(), Told: step, Unsure: unsure, Fault: f.Reason}
	r.record(now, Entry{Event: EventWorkNotOpened, Text: "The team's tool has no work item: " + f.Reason, Tell: union(r.workLeads(), f.Tell...)})
}

// WorkAbandoned notes that a step was given up because something else is to be told; it may have reached the tool.
func (r *Request) WorkAbandoned(step WorkStep) {
	if r.Work == nil || r.Work.Key != step.Key {
		r.Work = &WorkItem{Key: step.Key, Team: r.workTeam()}
	}
	r.Work.Unsure = r.Work.Unsure || r.Work.ID == ""
	r.Work.Told.Status = "" // whatever holds now is told
	r.Seq++
}

// WorkTold records that the item stands in the tool as it ought to. Missing means that the tool never had it.
func (r *Request) WorkTold(step WorkStep, id string, missing bool, now time.Time) {
	w := r.Work
	w.Told, w.Status, w.Fault, w.Unsure = step, step.Status, "", false
	if missing {
		r.workMissing(now)
		return
	}
	w.ID = id
	r.record(now, Entry{Event: EventWorkUpdated, Text: "Work item " + w.name() + " is " + workWords[step.Status] + "."})
}

// workMissing: an item whose opening nobody was sure of was never there; one we knew was removed by somebody.
func (r *Request) workMissing(now time.Time) {
	w := r.Work
	known := w.ID != ""
	name := w.name()
	w.ID, w.URL, w.Status = "", "", ""
	if known {
		r.record(now, Entry{Event: EventWorkNotUpdated, Text: "Work item " + name + " is no longer in the team's tool.", Tell: r.workLeads()})
		return
	}
	r.Seq++
}

// WorkNotTold records that the tool shows an old state; it is not told this one again.
func (r *Request) WorkNotTold(step WorkStep, f WorkFault, now time.Time) {
	w := r.Work
	w.Told, w.Fault = step, f.Reason
	r.record(now, Entry{Event: EventWorkNotUpdated, Tell: union(r.workLeads(), f.Tell...),
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

// workLeads hear of the item: what happens in a team's tool is nothing to the requester.
func (r *Request) workLeads() []string {
	if r.Assignment == nil {
		return nil
	}
	return slices.Clone(r.Assignment.Leads)
}

// workTeam is whose item it is.
func (r *Request) workTeam() string {
	if r.Assignment != nil {
		return r.Assignment.Team
	}
	if r.Resting != nil {
		return r.Resting.Team
	}
	return ""
}
