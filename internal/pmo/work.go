package pmo

import (
	"fmt"
	"strings"
	"time"
)

// WorkStatus is how a work item stands in the tool a team plans its days with.
type WorkStatus string

// The statuses of a work item. They are part of the delivery API: never renamed.
const (
	WorkOpen      WorkStatus = "open"
	WorkOnHold    WorkStatus = "on_hold"
	WorkClosed    WorkStatus = "closed"    // delivered
	WorkCancelled WorkStatus = "cancelled" // will not be done here: ended otherwise, or moved to another team
)

// Ended tells whether nobody works on it any more.
func (s WorkStatus) Ended() bool { return s == WorkClosed || s == WorkCancelled }

// WorkItem is the request as the tool of its team knows it.
type WorkItem struct {
	Key      string        `json:"key"` // request and assignment round: opened once under it
	Team     string        `json:"team"`
	ID       string        `json:"id,omitempty"` // empty until the tool has answered
	URL      string        `json:"url,omitempty"`
	Status   WorkStatus    `json:"status,omitempty"` // as the tool last confirmed it
	Synced   WorkItemState `json:"told,omitzero"`    // what the tool was told last, or could not be told
	MayExist bool          `json:"unsure,omitempty"` // an attempt to open it may have reached the tool
	Fault    string        `json:"fault,omitempty"`  // why the tool could not be told
}

// WorkItemState is what the tool has to be told: the state the item ought to have there. Two equal ones are one.
type WorkItemState struct {
	Key    string     `json:"key"`
	Status WorkStatus `json:"status"`
	Title  string     `json:"title"`
	PlanAt time.Time  `json:"plan_at,omitzero"` // when the plan it shows was agreed
	Rework int        `json:"rework,omitempty"` // how often the work came back: the item is opened again
	Reason string     `json:"reason,omitempty"`
}

// equal compares steps; moments that went through JSON are compared as moments.
func (s WorkItemState) equal(other WorkItemState) bool {
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

// WorkItemSyncNeeded is what the team's tool has to be told now, if anything. It follows from the state alone, so whatever was missed
// while the tool was away comes out right in the end.
func (r *Request) WorkItemSyncNeeded() (WorkItemState, bool) {
	if !r.Rules.WorkItems {
		return WorkItemState{}, false
	}
	if w := r.Work; w != nil && !w.Synced.Status.Ended() && (w.ID != "" || w.MayExist) {
		step := r.workItemWanted(w)
		return step, !step.equal(w.Synced)
	}
	return r.workItemToOpen()
}

// WorkItemSyncOutdated tells whether a step under way is no longer what is to be told.
func (r *Request) WorkItemSyncOutdated(step WorkItemState) bool {
	wanted, needed := r.WorkItemSyncNeeded()
	return !needed || !wanted.equal(step)
}

// workItemToOpen is the item of the team that works now, unless the tool refused just this one.
func (r *Request) workItemToOpen() (WorkItemState, bool) {
	if !r.hasConfirmedTeam() || !r.Plan.Agreed() || r.Delivered() {
		return WorkItemState{}, false
	}
	step := WorkItemState{Key: r.workItemKey(), Status: WorkOpen, Title: r.WorkItemTitle(), PlanAt: r.Plan.AgreedAt, Rework: r.Reworks}
	if w := r.Work; w != nil && w.Key == step.Key && (w.Synced.Status.Ended() || w.Synced.equal(step)) {
		return WorkItemState{}, false
	}
	return step, true
}

// workItemWanted is how an item the tool has, or may have, ought to stand there.
func (r *Request) workItemWanted(w *WorkItem) WorkItemState {
	step := w.Synced
	step.Key = w.Key
	switch {
	case r.Delivered():
		step.Status, step.Reason = WorkClosed, workDone
	case r.Closed():
		step.Status, step.Reason = WorkCancelled, r.Reason
	case r.PreviousAssignment != nil && w.Key == r.workItemKey():
		if w.Synced.Status != WorkOnHold && r.Hold != nil {
			step.Status, step.Reason = WorkOnHold, r.Hold.Reason
		}
	case !r.hasConfirmedTeam() || w.Key != r.workItemKey():
		step.Status, step.Reason = WorkCancelled, workMoved
	default:
		step.Status, step.Reason, step.Rework = WorkOpen, "", r.Reworks
		if r.Plan.Agreed() { // while a plan is being agreed, the tool shows the old one
			step.Title, step.PlanAt = r.WorkItemTitle(), r.Plan.AgreedAt
		}
	}
	return step
}

// hasConfirmedTeam tells whether a team has taken the work.
func (r *Request) hasConfirmedTeam() bool {
	return r.Status != StatusClosed && r.Assignment != nil && !r.Assignment.ConfirmedAt.IsZero()
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
