package pmo

import (
	"fmt"
	"slices"
	"time"
)

// Trigger is what moves a request: to another stage, into or out of a pause, or to its end.
type Trigger string

// The triggers.
const (
	TriggerFormComplete          Trigger = "form complete"
	TriggerNoSponsor             Trigger = "no sponsor"
	TriggerUnanswered            Trigger = "unanswered"
	TriggerApproved              Trigger = "approved"
	TriggerRejected              Trigger = "rejected"
	TriggerDuplicate             Trigger = "duplicate"
	TriggerAnswered              Trigger = "answered"
	TriggerDeferred              Trigger = "deferred"
	TriggerWoken                 Trigger = "woken"
	TriggerContentChanged        Trigger = "content changed"
	TriggerChangeApproved        Trigger = "change approved"
	TriggerChangeRejected        Trigger = "change rejected"
	TriggerChangeRejectedNoSlot  Trigger = "change rejected, slot lost"
	TriggerPulled                Trigger = "pulled"
	TriggerNotNeeded             Trigger = "not needed"
	TriggerApproachConfirmed     Trigger = "approach confirmed"
	TriggerTeamConfirmed         Trigger = "team confirmed"
	TriggerTeamGoesOn            Trigger = "team goes on"
	TriggerReassigned            Trigger = "reassigned"
	TriggerSlotReturned          Trigger = "slot returned"
	TriggerChangeBeyondTolerance Trigger = "change beyond tolerance"
	TriggerWorkDone              Trigger = "work done"
	TriggerRework                Trigger = "rework"
	TriggerAccepted              Trigger = "accepted"
	TriggerBenefitReviewed       Trigger = "benefit reviewed"
	TriggerHeld                  Trigger = "held"
	TriggerResumed               Trigger = "resumed"
	TriggerResumedDeferred       Trigger = "resumed, deferred"
	TriggerResumedAfterPull      Trigger = "resumed after the pull"
	TriggerWithdrawn             Trigger = "withdrawn"
	TriggerCancelled             Trigger = "cancelled"
	TriggerMerged                Trigger = "merged"
	TriggerEndedInTemporal       Trigger = "ended in Temporal"
	TriggerEndedAfterDelivery    Trigger = "ended in Temporal, delivered"
)

// transition is one row of the table. What is empty stays as it is; an outcome closes the request.
type transition struct {
	from    []Stage
	on      Trigger
	to      Stage
	status  Status
	outcome Outcome
	keep    []stateField // of those that belong to the stage it enters; the others are reset
	drop    []stateField // reset too, whether or not another stage is entered
	why     string
}

var (
	anyStage      = Stages()
	beforeClosure = slices.DeleteFunc(Stages(), func(s Stage) bool { return s == StageClosure })
)

// transitions is every move a request can make: the order of the stages, the ways back, the pauses and the ends. Nothing else sets a
// request's stage, status or outcome. The diagram in docs/architecture.md is printed from it.
var transitions = []transition{
	{from: []Stage{StageIntake}, on: TriggerFormComplete, to: StageReview, why: "The form has no gaps, or they are waived, and the sponsor confirmed where one is needed."},
	{from: []Stage{StageIntake, StageReview, StagePrioritization}, on: TriggerNoSponsor, outcome: OutcomeRejected, why: "No sponsor confirmed, three times, or by the policy's rule for silence."},
	{from: []Stage{StageIntake, StageReview, StagePrioritization}, on: TriggerUnanswered, outcome: OutcomeExpired, why: "A question stayed unanswered and the policy ends the request then."},

	{from: []Stage{StageReview}, on: TriggerApproved, to: StagePrioritization, why: "Every group of the route approved the content as it stands; it holds no slot."},
	{from: []Stage{StageReview}, on: TriggerChangeApproved, to: StageExecution, keep: workOfTeam, why: "Before 0.5: every group approved a change to work that holds a slot."},
	{from: []Stage{StageReview}, on: TriggerRejected, outcome: OutcomeRejected, why: "A group rejected it."},
	{from: []Stage{StageReview}, on: TriggerChangeRejected, to: StageExecution, keep: workOfTeam, why: "Before 0.5: a group rejected the change; work goes on as agreed."},
	{from: []Stage{StageReview}, on: TriggerChangeRejectedNoSlot, to: StagePrioritization, why: "Before 0.5: a group rejected the change, and a hold had given the slot back."},
	{from: []Stage{StageReview}, on: TriggerDuplicate, outcome: OutcomeMerged, why: "An approver named the request it duplicates, and whom it concerns agreed."},
	{from: []Stage{StageReview}, on: TriggerAnswered, outcome: OutcomeAnswered, why: "An approver found that no work is needed."},
	{from: []Stage{StageReview}, on: TriggerDeferred, status: StatusDeferred, why: "An approver put the review off until a date."},
	{from: []Stage{StageReview}, on: TriggerWoken, status: StatusOpen, why: "The date came, somebody woke it, or its content changed."},

	{from: []Stage{StageReview, StagePrioritization}, on: TriggerContentChanged, to: StageReview, drop: []stateField{fieldRoute, fieldInfoWanted, fieldPull, fieldPlanAgreed, fieldDoneAt}, why: "A material change before the pull opens the next round of review; a change that needs more groups or a sponsor asks those."},
	{from: []Stage{StagePrioritization}, on: TriggerPulled, to: StageApproach, keep: []stateField{fieldApproach}, why: "A prioritization run or an override gave it a slot."},
	{from: []Stage{StagePrioritization}, on: TriggerNotNeeded, outcome: OutcomeWithdrawn, why: "The requester answered that it is no longer needed."},

	{from: []Stage{StageApproach}, on: TriggerApproachConfirmed, to: StageAssignment, why: "The delivery leads, or the policy, confirmed a way of working."},
	{from: []Stage{StageAssignment}, on: TriggerTeamConfirmed, to: StageExecution, why: "A team confirmed the offer."},
	{from: []Stage{StageAssignment}, on: TriggerTeamGoesOn, to: StageExecution, keep: workOfTeam, drop: []stateField{fieldTeamBefore}, why: "The team that had the work before a hold has room again."},
	{from: []Stage{StageAssignment, StageExecution}, on: TriggerReassigned, to: StageAssignment, drop: slices.Concat([]stateField{fieldAssignment, fieldTeamBefore, fieldNoTeamReason, fieldUnplaced, fieldRetryAt}, workOfTeam), why: "The PMO asked for another team, or requester and team let work move that its team has no room for any more."},

	{from: []Stage{StageApproach, StageAssignment, StageExecution}, on: TriggerSlotReturned, to: StagePrioritization, why: "The request could not go on, and the PMO, or the policy after its silence, gave the slot back."},

	{from: []Stage{StageExecution}, on: TriggerChangeBeyondTolerance, to: StageReview, why: "Before 0.5: requester and team agreed on a change beyond the tolerance. Since then it is reviewed in execution."},
	{from: []Stage{StageExecution}, on: TriggerWorkDone, to: StageClosure, why: "The team reported that the work is done."},
	{from: []Stage{StageClosure}, on: TriggerRework, to: StageExecution, keep: []stateField{fieldPlanAgreed, fieldProgress, fieldRaid, fieldLastReview}, why: "The requester did not accept the result."},
	{from: []Stage{StageClosure}, on: TriggerAccepted, outcome: OutcomeDelivered, why: "The requester accepted the result and no benefit review is wanted."},
	{from: []Stage{StageClosure}, on: TriggerBenefitReviewed, outcome: OutcomeDelivered, why: "The benefit review was answered, or nobody answered it in time."},

	{from: anyStage, on: TriggerHeld, status: StatusOnHold, drop: []stateField{fieldPull, fieldAssignment, fieldNoTeamReason, fieldUnplaced, fieldRetryAt}, why: "Requester or PMO stopped the clocks; slot and capacity are given back."},
	{from: anyStage, on: TriggerResumed, status: StatusOpen, why: "The clocks run again; it was not pulled before."},
	{from: []Stage{StageReview}, on: TriggerResumedDeferred, status: StatusDeferred, why: "The clocks run again; review is still put off."},
	{from: anyStage, on: TriggerResumedAfterPull, to: StagePrioritization, status: StatusOpen, why: "The clocks run again; it asks for a slot again, with its age kept."},

	{from: beforeClosure, on: TriggerWithdrawn, outcome: OutcomeWithdrawn, why: "The requester took it back."},
	{from: beforeClosure, on: TriggerCancelled, outcome: OutcomeCancelled, why: "The PMO ended it."},
	{from: beforeClosure, on: TriggerMerged, outcome: OutcomeMerged, why: "The PMO ended it because it goes on in other requests, or in its parts."},
	{from: anyStage, on: TriggerEndedInTemporal, outcome: OutcomeCancelled, why: "Its workflow was cancelled or ended in Temporal."},
	{from: []Stage{StageClosure}, on: TriggerEndedAfterDelivery, outcome: OutcomeDelivered, why: "Its workflow was cancelled or ended in Temporal before the benefit review; it was accepted."},
}

// transitionOf looks a move up. A move that is not in the table is a bug: it panics, which fails the workflow task until a fixed worker runs.
func transitionOf(stage Stage, on Trigger) transition {
	for _, t := range transitions {
		if t.on == on && slices.Contains(t.from, stage) {
			return t
		}
	}
	panic(fmt.Sprintf("pmo: no transition from %s on %q", stage, on))
}

// move takes the transition for a trigger that does not close the request. Entering another stage supersedes the open questions.
func (r *Request) move(on Trigger, now time.Time) {
	if r.Closed() {
		return
	}
	t := transitionOf(r.Stage, on)
	if t.outcome != "" {
		panic(fmt.Sprintf("pmo: %q closes a request; use Close", on))
	}
	if t.status != "" {
		r.Status = t.status
	}
	r.dropFor(t)
	if r.Stage == StageExecution && t.to != "" && t.to != r.Stage {
		r.Health = nil // it says how work stands that goes on
	}
	if t.to != "" && t.to != r.Stage {
		r.resetFor(t)
		r.enter(t.to, now)
	}
}

func (r *Request) enter(stage Stage, now time.Time) {
	r.supersede(now, "the request moved on to "+string(stage), r.endWithStage(stage)...)
	r.Stage, r.StageSince, r.Unanswered = stage, now, nil
	r.record(now, Entry{Event: EventStage, Text: "Entered " + string(stage) + "."})
}

// Close ends the request with the outcome of the trigger. It is closed once; a second call changes nothing.
func (r *Request) Close(on Trigger, reason string, by By, now time.Time) {
	if r.Closed() {
		return
	}
	outcome := transitionOf(r.Stage, on).outcome
	if outcome == "" {
		panic(fmt.Sprintf("pmo: %q does not close a request", on))
	}
	asked := r.seatsOfOpen()
	r.supersede(now, "the request was closed")
	r.Status, r.Outcome, r.Reason, r.ClosedAt, r.ClosedBy = StatusClosed, outcome, reason, now, by.Actor
	r.Hold, r.Deferral = nil, nil
	r.recordCommand(now, by, Entry{Event: EventClosed, Key: EventClosed, concerned: asked, Text: fmt.Sprintf("Closed as %s: %s", outcome, reason)})
}
