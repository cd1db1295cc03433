package pmo

import (
	"fmt"
	"slices"
	"time"
)

// CheckPull tells why a request cannot be pulled by override, or nil.
func (r *Request) CheckPull(c OverridePull) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	if c.Reason == "" {
		return invalid("/reason", "an override says why")
	}
	if !r.WaitsForPull() {
		return refuse(RefusedMovedOn, "it does not wait for a pull; it is in %s", r.Stage)
	}
	return nil
}

// CheckWake tells why a deferral cannot be ended, or nil.
func (r *Request) CheckWake() *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	if r.Deferral == nil {
		return refuse(RefusedMovedOn, "the request is not deferred")
	}
	return nil
}

// CheckReassign tells why a question or the work cannot be moved, or nil.
func (r *Request) CheckReassign(c Reassign) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	switch {
	case c.Reason == "":
		return invalid("/reason", "says why")
	case c.Question != "":
		return r.checkReassignQuestion(c)
	case c.Team == "":
		return invalid("/team", "names a team, or a decision is named with from and to")
	case r.Stage != StageAssignment && r.Stage != StageExecution:
		return refuse(RefusedMovedOn, "a team is chosen in assignment and execution; the request is in %s", r.Stage)
	}
	return nil
}

func (r *Request) checkReassignQuestion(c Reassign) *Refusal {
	q := r.Question(c.Question)
	switch {
	case q == nil:
		return r.unknownQuestion(c.Question)
	case !q.Open():
		return closedQuestion(q)
	case !contains(q.Seats(), c.From) || q.Voted(c.From):
		return invalid("/from", "is somebody the question waits on")
	case c.To == "" || contains(q.Seats(), c.To) || q.Voted(c.To):
		return invalid("/to", "is somebody not asked yet")
	case q.Kind == KindReview && r.isOwn(c.To):
		return refuse(RefusedOwnRequest, "no one judges their own request")
	}
	return nil
}

// ApplyReassign moves a question to another person, or the work to another team.
func (r *Request) ApplyReassign(c Reassign, now time.Time) Receipt {
	if c.Question != "" {
		q := r.Question(c.Question)
		q.People, q.Escalation = replaced(q.People, c.From, c.To), replaced(q.Escalation, c.From, c.To)
		r.recordCommand(now, c.By, Entry{Event: EventReassigned, Question: q.ID, Recipients: []string{c.To, c.From},
			Text: fmt.Sprintf("%s is asked instead of %s: %s", c.To, c.From, c.Reason)})
		return r.receipt("reassigned")
	}
	r.Preferred, r.Assignment, r.PreviousAssignment, r.RetryAt = c.Team, nil, nil, time.Time{}
	r.Declined = slices.DeleteFunc(r.Declined, func(d Decline) bool { return d.Team == c.Team })
	if r.Plan != nil {
		r.Plan.AgreedAt = time.Time{}
	}
	r.recordCommand(now, c.By, Entry{Event: EventReassigned, Recipients: r.followers(), Text: fmt.Sprintf("Another team is looked for, %s first: %s", c.Team, c.Reason)})
	r.supersede(now, "another team is looked for")
	r.Enter(StageAssignment, now)
	return r.receipt("reassigned")
}

// replaced is a list of its own: entries and steps under way share the old one.
func replaced(list []string, from, to string) []string {
	list = slices.Clone(list)
	if i := slices.Index(list, from); i >= 0 {
		list[i] = to
	}
	return list
}

// ApplyPull gives the request a slot by override.
func (r *Request) ApplyPull(c OverridePull, now time.Time) Receipt {
	r.TakeSlot(Pull{Run: "override", At: now, By: c.By.Actor, Reason: c.Reason}, now)
	return r.receipt("pulled")
}

// ApplyWake ends a deferral because somebody asks for it.
func (r *Request) ApplyWake(c Stop, now time.Time) Receipt {
	r.Wake(c.By.Actor, "woken by "+c.By.Actor, now)
	return r.receipt("woken")
}

// RetryAssignment forgets when a team was to be looked for again: capacity may have come free. It counts even while a look is under way,
// which may have missed it.
func (r *Request) RetryAssignment() {
	if r.WaitsForTeam() {
		r.RetryAt = time.Time{}
		r.Seq++
	}
}
