package pmo

import (
	"fmt"
	"strings"
	"time"
)

// Hold is a pause. Due times move by its length.
type Hold struct {
	By     string    `json:"by"`
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
}

// mostReason is how much of a reason a refusal repeats, in characters.
const mostReason = 300

// HowItClosed says when, by whom and why the request ended, for whoever gives it a command too late.
func (r *Request) HowItClosed() string {
	words := fmt.Sprintf("the request was closed as %s", r.Outcome)
	if !r.ClosedAt.IsZero() {
		words += " on " + r.ClosedAt.UTC().Format("2006-01-02 15:04 UTC")
	}
	if r.ClosedBy != "" {
		words += " by " + r.ClosedBy
	}
	reason := []rune(strings.TrimSpace(r.Reason))
	if len(reason) == 0 {
		return words
	}
	if len(reason) > mostReason {
		reason = append(reason[:mostReason:mostReason], '…')
	}
	return words + ": " + string(reason)
}

// CheckWithdraw returns why a request cannot be withdrawn or cancelled, or nil. Both end before closure: then the work is done.
func (r *Request) CheckWithdraw(_ Stop) *Refusal {
	if r.Closed() {
		return refuse(RefusedClosed, "%s", r.HowItClosed())
	}
	if r.Stage == StageClosure {
		return refuse(RefusedMovedOn, "the work is done; accept it or ask for rework")
	}
	return nil
}

// ApplyWithdraw is the requester taking it back.
func (r *Request) ApplyWithdraw(c Stop, now time.Time) Receipt {
	reason := c.Reason
	if reason == "" {
		reason = "The requester took it back."
	}
	r.Close(TriggerWithdrawn, reason, c.By, now)
	return r.receipt("withdrawn")
}

// CheckCancel is CheckStop, with a reason.
func (r *Request) CheckCancel(c Stop) *Refusal {
	if c.Reason == "" {
		return invalid("/reason", "says why, for the requester")
	}
	if contains(c.Into, r.ID) {
		return invalid("/into", "names other requests")
	}
	return r.CheckWithdraw(c)
}

// ApplyCancel is the PMO ending it; with the requests it goes on in, a merge.
func (r *Request) ApplyCancel(c Stop, now time.Time) Receipt {
	if len(c.Into) > 0 && r.Process >= Process05 {
		return r.decideMerge(c)
	}
	on := TriggerCancelled
	if len(c.Into) > 0 {
		on, r.MergedInto = TriggerMerged, c.Into
	}
	r.Close(on, c.Reason, c.By, now)
	return r.receipt(string(r.Outcome))
}

// CheckHold returns why a request cannot be put on hold, or nil.
func (r *Request) CheckHold(c Stop) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	if c.Reason == "" {
		return invalid("/reason", "says why and what it waits for")
	}
	if r.Delivered() {
		return refuse(RefusedMovedOn, "it is delivered")
	}
	return nil
}

// ApplyHold stops the clocks. After the pull the slot and the team's capacity are released.
func (r *Request) ApplyHold(c Stop, now time.Time) Receipt {
	if r.TeamConfirmed() {
		r.PreviousAssignment = r.Assignment
	}
	r.move(TriggerHeld, now)
	r.Hold = &Hold{By: c.By.Actor, Reason: c.Reason, Since: now}
	r.Pull, r.Assignment, r.NamedTeam = nil, nil, nil
	r.endSearch()
	r.recordCommand(now, c.By, Entry{Event: EventHeld, Text: "On hold: " + c.Reason})
	return r.receipt("held")
}

// CheckResume returns why a request cannot be resumed, or nil.
func (r *Request) CheckResume(c Stop) *Refusal {
	if r.Closed() {
		return refuse(RefusedClosed, "%s", r.HowItClosed())
	}
	if r.Status != StatusOnHold {
		return refuse(RefusedMovedOn, "the request is not on hold")
	}
	return nil
}

// ApplyResume starts the clocks again: every due time moves by the length of the hold. What had been pulled asks for a slot again, with its
// age kept. A change under review stays in review.
func (r *Request) ApplyResume(c Stop, now time.Time) Receipt {
	r.shiftDeadlines(r.Hold.Since, now)
	r.Hold = nil
	r.recordCommand(now, c.By, Entry{Event: EventResumed, Text: strings.TrimSpace("Resumed. " + c.Reason)})
	switch {
	case r.Deferral != nil:
		r.move(TriggerResumedDeferred, now)
	case !r.PulledAt.IsZero() && r.Stage != StageReview:
		r.move(TriggerResumedAfterPull, now)
	default:
		r.move(TriggerResumed, now)
	}
	return r.receipt("resumed")
}

// shiftDeadlines moves every due time: what was left of it when the hold began is left when it ends.
func (r *Request) shiftDeadlines(since, now time.Time) {
	for _, q := range r.OpenQuestions() {
		r.shift(q, since, now)
	}
	for i := range r.PutOff {
		r.PutOff[i].resume(r.calendar(), since, now)
	}
	if !r.ReconfirmBy.IsZero() {
		r.ReconfirmBy = r.calendar().workedAt(r.ReconfirmBy.Add(now.Sub(since)), r.Rules.ReconfirmAfter)
	}
	if r.Deferral != nil {
		in := InElapsedTime
		if r.Process >= Process07 {
			in = InDays
		}
		r.Deferral.Until = r.calendar().keepLength(r.Deferral.Until, since, now, in)
		r.Deferral.limit()
	}
}

// CheckWake returns why a deferral cannot be ended, or nil.
func (r *Request) CheckWake(_ Stop) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	if r.Deferral == nil {
		return refuse(RefusedMovedOn, "the request is not deferred")
	}
	return nil
}

// ApplyWake ends a deferral because somebody asks for it.
func (r *Request) ApplyWake(c Stop, now time.Time) Receipt {
	r.wake(c.By.Actor, "woken by "+c.By.Actor, now)
	return r.receipt("woken")
}
