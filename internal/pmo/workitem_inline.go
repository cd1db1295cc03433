package pmo

import (
	"time"
)

// What follows serves requests that began before their work items had a workflow of their own: they call the tool themselves.

// WorkItemCallOutdated reports whether the state a call is about is no longer the wanted one.
func (r *Request) WorkItemCallOutdated(state WorkItemState) bool {
	wanted, needed := r.WorkItemWanted()
	return !needed || !wanted.Equal(state)
}

// MarkOpened notes that the tool has the item.
func (r *Request) MarkOpened(state WorkItemState, id, url string, now time.Time) {
	r.Work = &WorkItem{Key: state.Key, Team: r.workItemTeam(), ID: id, URL: url, Status: state.Status, Requested: state}
	r.recordOpened(r.Work, now)
}

// MarkNotOpened notes that the tool has no item, or that it is not known whether it has one.
func (r *Request) MarkNotOpened(state WorkItemState, f SyncFault, now time.Time) {
	mayExist := !f.Refused || r.Work != nil && r.Work.Key == state.Key && r.Work.MayExist
	r.Work = &WorkItem{Key: state.Key, Team: r.workItemTeam(), Requested: state, MayExist: mayExist, Fault: f.Reason}
	r.recordNotOpened(f, now)
}

// MarkCallAbandoned notes that a call was cancelled because another state is wanted; it may have reached the tool.
func (r *Request) MarkCallAbandoned(state WorkItemState) {
	if r.Work == nil || r.Work.Key != state.Key {
		r.Work = &WorkItem{Key: state.Key, Team: r.workItemTeam()}
	}
	r.Work.MayExist = r.Work.MayExist || r.Work.ID == ""
	r.Work.Requested.Status = "" // whatever is wanted now is requested
	r.Seq++
}

// MarkUpdated records that the item has the wanted state in the tool. Missing means that the tool does not have it.
func (r *Request) MarkUpdated(state WorkItemState, id string, missing bool, now time.Time) {
	w := r.Work
	w.Requested, w.Status, w.Fault, w.MayExist = state, state.Status, "", false
	if missing {
		r.recordMissing(w, now)
		return
	}
	w.ID = id
	r.recordUpdated(w, now)
}

// MarkNotUpdated notes that the tool shows an old state; this one is not requested again.
func (r *Request) MarkNotUpdated(state WorkItemState, f SyncFault, now time.Time) {
	r.Work.Requested, r.Work.Fault = state, f.Reason
	r.recordNotUpdated(r.Work, state, f, now)
}
