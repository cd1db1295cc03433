package pmo

import (
	"fmt"
	"time"
)

// SkeletonNeeded tells whether a plan has to be drafted for the approach in force.
func (r *Request) SkeletonNeeded() bool { return r.Plan == nil }

// Draft takes a plan skeleton.
func (r *Request) Draft(p Plan, now time.Time) {
	r.Plan = &p
	r.Seq++
}

// PlanNeeded is the question for the plan, if one is to be put now.
func (r *Request) PlanNeeded() (QuestionSpec, bool) {
	if r.Plan == nil || r.Plan.Agreed() {
		return QuestionSpec{}, false
	}
	return QuestionSpec{Kind: KindPlan, Text: "Do we agree on the plan? " + r.Plan.Summary}, true
}

// ChangeNeeded is the question for a material change after the pull, if one is to be put now.
func (r *Request) ChangeNeeded() (QuestionSpec, bool) {
	if r.Change == nil || r.Change.Agreed {
		return QuestionSpec{}, false
	}
	return QuestionSpec{Kind: KindChange, Text: fmt.Sprintf("%s wants to change %v. %s Do we agree?", r.Change.By, r.Change.Patch.Fields(), r.Change.Reason)}, true
}

// ReportNeeded is the question to a silent team, if it is time.
func (r *Request) ReportNeeded(now time.Time) (QuestionSpec, bool) {
	due := r.ReportDue()
	if due.IsZero() || due.After(now) {
		return QuestionSpec{}, false
	}
	return QuestionSpec{Kind: KindReport, Text: fmt.Sprintf("No report on %q for a while. How does it go?", r.Content.Title)}, true
}

func (r *Request) planSettled(q Question, reason string, now time.Time) {
	if r.Plan == nil {
		return
	}
	if q.Verdict == VerdictAgree {
		r.Plan.AgreedAt = now
		if r.StartedAt.IsZero() {
			r.StartedAt = now
		}
		r.record(now, Entry{Event: EventPlanned, Text: "Plan agreed by requester and team: " + r.Plan.Summary, Recipients: r.followers()})
		return
	}
	if q.Data.Approach != "" && q.Data.Approach != r.Approach.Name() {
		r.choose(q.Data.Approach, q.SettledBy, reason)
	}
	if q.Data.Plan != nil {
		plan := *q.Data.Plan
		plan.Approach, plan.AgreedAt = r.Approach.Name(), time.Time{}
		r.Plan = &plan
	}
	r.record(now, Entry{Event: EventPlanned, Actor: q.SettledBy, Text: "Another plan is proposed: " + reason, Recipients: r.followers()})
}

func (r *Request) changeSettled(q Question, reason string, now time.Time) {
	if r.Change == nil {
		return
	}
	if q.Verdict != VerdictAgree {
		r.Change = nil
		r.record(now, Entry{Event: EventChange, Key: EventChange + "/" + q.ID, Text: "The change is not taken: " + reason, Recipients: r.followers()})
		return
	}
	if r.beyondTolerance(r.Change.Patch) {
		r.Change.Agreed = true
		r.record(now, Entry{Event: EventChange, Key: EventChange + "/" + q.ID, Text: "Both sides agree; it goes beyond the tolerance, so review is asked again.", Recipients: r.followers()})
		r.Route = nil
		r.Version++
		r.Enter(StageReview, now)
		return
	}
	r.takeChange(now)
}

// beyondTolerance tells whether the work grows by more than the policy lets pass without a new review.
func (r *Request) beyondTolerance(p Patch) bool {
	return p.Size != nil && *p.Size > r.Content.Size*(1+r.Rules.Tolerance)
}

// TakeReviewedChange applies a change once review has agreed to it.
func (r *Request) TakeReviewedChange(now time.Time) {
	if r.changeReviewed() {
		r.takeChange(now)
	}
}

// takeChange applies the change; the plan is agreed anew because it was made for the old content.
func (r *Request) takeChange(now time.Time) {
	change := *r.Change
	r.Change = nil
	changed, _ := r.apply(change.Patch)
	if r.Plan != nil {
		r.Plan.AgreedAt = time.Time{}
	}
	if r.Assignment != nil && r.Content.Size > 0 {
		r.Assignment.Size = r.Content.Size
	}
	r.record(now, Entry{Event: EventChange, Actor: change.By, Text: fmt.Sprintf("Changed: %v.", changed), Recipients: r.followers()})
}

func (r *Request) reportSettled(q Question, reason string, now time.Time) {
	p := Progress{By: q.SettledBy, At: now, Health: HealthGreen, Note: reason}
	if q.Verdict == VerdictSilent {
		p.Health, p.Note = HealthUnknown, "The team did not answer."
	}
	if r.Progress != nil {
		p.Percent = r.Progress.Percent
		if q.Verdict != VerdictSilent && r.Progress.Health != HealthUnknown {
			p.Health = r.Progress.Health
		}
	}
	r.Progress = &p
}

func (r *Request) acceptanceSettled(q Question, reason string, now time.Time) {
	if q.Verdict == VerdictRework {
		r.DoneAt = time.Time{}
		r.Reworks++
		r.record(now, Entry{Event: EventRework, Actor: q.SettledBy, Text: "Back to the team: " + reason, Recipients: r.followers()})
		r.Enter(StageExecution, now)
		return
	}
	if q.Verdict == VerdictRemarks {
		r.Remarks = reason
	}
	if q.Data != nil {
		r.addLessons(q.SettledBy, q.Data.Lessons)
	}
	r.AcceptedAt = now
	text := "Accepted."
	if q.Verdict == VerdictAutoAccept {
		text = "Taken as accepted: no answer in time, as the policy says."
	}
	if r.Rules.BenefitAfter > 0 {
		r.BenefitAt = now.Add(r.Rules.BenefitAfter)
		text += " The benefit is looked at on " + r.BenefitAt.UTC().Format(time.DateOnly) + "."
	}
	r.record(now, Entry{Event: EventAccepted, Actor: q.SettledBy, Text: text, Recipients: r.followers()})
}

// AcceptanceNeeded is the question to the requester, if one is to be put now.
func (r *Request) AcceptanceNeeded() (QuestionSpec, bool) {
	if r.Delivered() {
		return QuestionSpec{}, false
	}
	return QuestionSpec{Kind: KindAcceptance, Text: fmt.Sprintf("The team says %q is done. Is the agreed outcome reached: %s?", r.Content.Title, r.Content.Outcome)}, true
}

// BenefitNeeded is the question for the benefit, if it is time.
func (r *Request) BenefitNeeded(now time.Time) (QuestionSpec, bool) {
	if !r.Delivered() || r.BenefitAt.IsZero() || r.BenefitAt.After(now) {
		return QuestionSpec{}, false
	}
	return QuestionSpec{Kind: KindBenefit, Text: fmt.Sprintf("Did %q bring what was hoped for: %s?", r.Content.Title, r.Content.SuccessMeasure)}, true
}
