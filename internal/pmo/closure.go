package pmo

import (
	"fmt"
	"time"
)

// Lesson is something learned, tied to the request it was learned on.
type Lesson struct {
	By             string `json:"by,omitempty"` // its author; set by the process
	Observation    string `json:"observation" minLength:"1"`
	Cause          string `json:"cause,omitempty" maxLength:"1000"`
	Recommendation string `json:"recommendation,omitempty"`
}

// closureStep asks the requester for acceptance. Then the request is delivered: slot and capacity are released and the clocks stop. Where
// the policy wants a benefit review, the request stays open until that is answered or its deadline passes.
func (r *Request) closureStep(now time.Time) Step {
	if step, open := r.toOpen(r.acceptanceQuestion(), r.benefitQuestion(now)); open {
		return step
	}
	if !r.Delivered() || !r.BenefitAt.IsZero() {
		return Step{Action: ActionWait}
	}
	r.Close(TriggerAccepted, "Accepted by the requester."+r.conditionsSummary(), By{}, now)
	return Step{Action: ActionContinue}
}

// acceptanceQuestion asks the requester whether the agreed outcome is reached; nil once it is accepted.
func (r *Request) acceptanceQuestion() *QuestionSpec {
	if r.Delivered() {
		return nil
	}
	return &QuestionSpec{Kind: KindAcceptance, Text: fmt.Sprintf("The team says %q is done. Is the agreed outcome reached: %q?", r.Content.Title, r.Content.Outcome)}
}

// benefitQuestion asks whether the benefit came; nil until it is time, or where the policy wants no review.
func (r *Request) benefitQuestion(now time.Time) *QuestionSpec {
	if !r.Delivered() || r.BenefitAt.IsZero() || r.BenefitAt.After(now) {
		return nil
	}
	return &QuestionSpec{Kind: KindBenefit, Text: fmt.Sprintf("Did %q bring what was hoped for: %s?", r.Content.Title, r.Content.SuccessMeasure)}
}

func (r *Request) acceptanceSettled(q Question, reason string, now time.Time) {
	if q.Verdict == VerdictRework {
		r.DoneAt = time.Time{}
		r.Reworks++
		r.record(now, Entry{Event: EventRework, Actor: q.SettledBy, Text: "Back to the team: " + reason})
		r.move(TriggerRework, now)
		return
	}
	var data Data
	if q.Data != nil {
		data = *q.Data
	}
	judged, refusal := r.judge("", data.Conditions)
	if refusal != nil {
		return // silence judges no condition, and one may have come after somebody had accepted: it is asked again
	}
	if q.Verdict == VerdictRemarks {
		r.Remarks = reason
	}
	r.addLessons(q.SettledBy, data.Lessons)
	data.Conditions = nil // the request keeps what was said of them
	if asked := r.Question(q.ID); asked != nil && asked.Data != nil {
		asked.Data = &data
	}
	r.acceptConditions(judged, q.SettledBy, now)
	r.AcceptedAt = now
	text := "Accepted."
	if q.Verdict == VerdictAutoAccept {
		text = "Taken as accepted: no answer in time, as the policy says."
	}
	if r.Rules.BenefitAfter > 0 {
		r.BenefitAt = r.calendar().periodEnd(now, r.Rules.BenefitAfter)
		text += " The benefit is looked at on " + string(r.dayOf(r.BenefitAt)) + "."
	}
	r.record(now, Entry{Event: EventAccepted, Actor: q.SettledBy, Text: text})
}

func (r *Request) benefitSettled(q Question, now time.Time) {
	r.Benefit = q.Verdict
	r.Close(TriggerBenefitReviewed, "Delivered; benefit: "+q.Verdict+"."+r.conditionsSummary(), By{}, now)
}

// EndInTemporal closes a request whose workflow was cancelled or has ended. What the requester has accepted is delivered: only its benefit
// review is lost.
func (r *Request) EndInTemporal(reason string, by By, now time.Time) {
	if r.Delivered() {
		r.Close(TriggerEndedAfterDelivery, "Accepted by the requester."+r.conditionsSummary()+" Its benefit is not reviewed: "+reason, by, now)
		return
	}
	r.Close(TriggerEndedInTemporal, reason, by, now)
}

// addLessons stores lessons with their author.
func (r *Request) addLessons(by string, lessons []Lesson) {
	for _, l := range lessons {
		l.By = by
		r.Lessons = append(r.Lessons, l)
	}
}
