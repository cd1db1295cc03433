package pmo

import (
	"fmt"
	"strings"
	"time"
)

// WorkStatus is the status of a work item in the team's tool.
type WorkStatus string

// The statuses of a work item. They are part of the delivery API: never renamed.
const (
	WorkOpen      WorkStatus = "open"
	WorkOnHold    WorkStatus = "on_hold"
	WorkClosed    WorkStatus = "closed"    // delivered
	WorkCancelled WorkStatus = "cancelled" // will not be done here: ended otherwise, or moved to another team
)

// Ended reports whether nobody works on it any more.
func (s WorkStatus) Ended() bool { return s == WorkClosed || s == WorkCancelled }

// WorkItem is the request as its team's tool shows it.
type WorkItem struct {
	Key       string        `json:"key"` // request and assignment round; the item is opened once under it
	Team      string        `json:"team"`
	ID        string        `json:"id,omitempty"` // empty until the tool has answered
	URL       string        `json:"url,omitempty"`
	Status    WorkStatus    `json:"status,omitempty"`  // as the tool last confirmed it
	Requested WorkItemState `json:"told,omitzero"`     // the state last requested of the tool, whether or not it was reached
	MayExist  bool          `json:"unsure,omitempty"`  // an attempt to open it may have reached the tool
	Fault     string        `json:"fault,omitempty"`   // why the tool does not show the requested state
	Pending   bool          `json:"pending,omitempty"` // the requested state was sent to the item's workflow, which has not reported on it
	Final     bool          `json:"final,omitempty"`   // the request had ended when the state was sent: the tool gets little time
}

// WorkItemState is the state an item should have in the tool. Two equal states are one request to the tool.
type WorkItemState struct {
	Key    string     `json:"key"`
	Status WorkStatus `json:"status"`
	Title  string     `json:"title"`
	PlanAt time.Time  `json:"plan_at,omitzero"` // when the plan it shows was agreed
	Rework int        `json:"rework,omitempty"` // how often the work came back: the item is opened again
	Reason string     `json:"reason,omitempty"`
}

// Equal compares steps; moments that went through JSON are compared as moments.
func (s WorkItemState) Equal(other WorkItemState) bool {
	if !s.PlanAt.Equal(other.PlanAt) {
		return false
	}
	s.PlanAt = other.PlanAt
	return s == other
}

// Reasons why a team's item ends although the request goes on, or ended well.
const (
	workMoved = "The work goes to another team."
	workDone  = "Accepted by the requester."
)

// WorkItemWanted is the state the team's tool ought to show, if it differs from the one requested last. It follows from the request's state
// alone, so whatever was missed while the tool was unreachable is made up for.
func (r *Request) WorkItemWanted() (WorkItemState, bool) {
	if !r.Rules.WorkItems {
		return WorkItemState{}, false
	}
	if w := r.Work; w != nil && !w.Requested.Status.Ended() && (w.ID != "" || w.MayExist) {
		state := r.wantedOfExisting(w)
		return state, !state.Equal(w.Requested)
	}
	return r.wantedOfNew()
}

// wantedOfNew is the state of the item that the working team's tool does not have yet; none if the tool refused just this one.
func (r *Request) wantedOfNew() (WorkItemState, bool) {
	if r.Closed() || !r.TeamConfirmed() || !r.Plan.Agreed() || r.Delivered() {
		return WorkItemState{}, false
	}
	state := WorkItemState{Key: r.workItemKey(), Status: WorkOpen, Title: r.WorkItemTitle(), PlanAt: r.Plan.AgreedAt, Rework: r.Reworks}
	if w := r.Work; w != nil && w.Key == state.Key && (w.Requested.Status.Ended() || w.Requested.Equal(state)) {
		return WorkItemState{}, false
	}
	return state, true
}

// wantedOfExisting is the state that an item should have which the tool has or may have.
func (r *Request) wantedOfExisting(w *WorkItem) WorkItemState {
	state := w.Requested
	state.Key = w.Key
	switch {
	case r.Delivered():
		state.Status, state.Reason = WorkClosed, workDone
	case r.Closed():
		state.Status, state.Reason = WorkCancelled, r.Reason
	case r.PreviousAssignment != nil && w.Key == r.workItemKey():
		switch {
		case w.Requested.Status == WorkOnHold:
		case r.Hold != nil:
			state.Status, state.Reason = WorkOnHold, r.Hold.Reason
		case r.Returned != nil:
			state.Status, state.Reason = WorkOnHold, r.Returned.Reason
		}
	case !r.TeamConfirmed() || w.Key != r.workItemKey():
		state.Status, state.Reason = WorkCancelled, workMoved
	default:
		state.Status, state.Reason, state.Rework = WorkOpen, "", r.Reworks
		if r.Plan.Agreed() { // while a plan is being agreed, the tool shows the old one
			state.Title, state.PlanAt = r.WorkItemTitle(), r.Plan.AgreedAt
		}
	}
	return state
}

// workItemKey names the item of the team that was asked last.
func (r *Request) workItemKey() string { return fmt.Sprintf("%s/%d", r.ID, r.Rounds[KindAssignment]) }

// WorkItemTitle is the title as the tool may show it: who reads there may not be among those who may read the request.
func (r *Request) WorkItemTitle() string {
	if r.Content.Confidential {
		return "Confidential request"
	}
	return r.Content.Title
}

// WorkItemSummary is what the team reads in its tool, with the same care.
func (r *Request) WorkItemSummary() string {
	if r.Content.Confidential || r.Plan == nil {
		return ""
	}
	return strings.TrimSpace(r.Content.Outcome + "\n\n" + r.Plan.Summary)
}

// WorkItemMilestones are the plan's, with the same care.
func (r *Request) WorkItemMilestones() []Milestone {
	if r.Content.Confidential || r.Plan == nil {
		return nil
	}
	return r.Plan.Milestones
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
