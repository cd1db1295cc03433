package pmo

import (
	"fmt"
	"time"
)

// effect lets a settled question change the request. Answers and silence come through here alike, so that every verdict has one
// meaning. What needs the outside world (finding a team, asking people) is left to the workflow, which reads the facts set here.
func (r *Request) effect(q Question, reason string, now time.Time) {
	if q.Verdict == VerdictExpire {
		r.Close(OutcomeExpired, fmt.Sprintf("Nobody answered %s.", q.ID), By{}, now)
		return
	}
	if q.Verdict == VerdictAskAgain && q.Kind != KindReconfirm {
		return // no open question of the kind: the stage puts it again as its next round
	}
	switch q.Kind {
	case KindClarify:
		r.clarified(q, reason, now)
	case KindSponsor:
		r.sponsored(q, reason, now)
	case KindReview:
		r.reviewed(q, reason, now)
	case KindReconfirm:
		r.reconfirmed(q, now)
	case KindScore:
		r.scored(q, now)
	case KindApproach:
		r.approachSettled(q, reason, now)
	case KindAssignment:
		r.assignmentSettled(q, reason, now)
	case KindPlan:
		r.planSettled(q, reason, now)
	case KindChange:
		r.changeSettled(q, reason, now)
	case KindReport:
		r.reportSettled(q, reason, now)
	case KindAcceptance:
		r.acceptanceSettled(q, reason, now)
	case KindBenefit:
		r.Benefit = q.Verdict
		r.Close(OutcomeDelivered, "Delivered; benefit: "+q.Verdict+".", By{}, now)
	}
}

// Close ends the request. It is closed once; a second call changes nothing.
func (r *Request) Close(outcome Outcome, reason string, by By, now time.Time) {
	if r.Closed() {
		return
	}
	r.supersede(now, "the request was closed")
	r.Status, r.Outcome, r.Reason, r.ClosedAt = StatusClosed, outcome, reason, now
	r.Hold, r.Deferral = nil, nil
	r.recordCommand(now, by, Entry{Event: EventClosed, Key: EventClosed, Text: fmt.Sprintf("Closed as %s: %s", outcome, reason), Recipients: r.followers()})
}

// Enter moves the request to a stage. Questions of the stage before are no longer asked.
func (r *Request) Enter(stage Stage, now time.Time) {
	if r.Stage == stage || r.Closed() {
		return
	}
	r.supersede(now, "the request moved on to "+string(stage))
	r.Stage, r.StageSince = stage, now
	r.record(now, Entry{Event: EventStage, Text: "Entered " + string(stage) + ".", Recipients: r.followers()})
}
