package pmo

import (
	"fmt"
	"slices"
	"time"
)

// Change is a material amendment after the pull, waiting for both sides.
type Change struct {
	By     string `json:"by"`
	Patch  Patch  `json:"patch"`
	Reason string `json:"reason,omitempty"`
	Agreed bool   `json:"agreed,omitempty"` // both sides agreed; beyond the tolerance it waits for review
	// More are the changes to the proposal that came with answers to what approvers asked.
	More       []Patch `json:"more,omitempty"`
	Team       string  `json:"team,omitempty"`        // the team that agreed; its review goes on while the work does
	Route      *Route  `json:"route,omitempty"`       // the groups that review it
	InfoWanted string  `json:"info_wanted,omitempty"` // what an approver wants to know before judging it
	// Weighed says that the facts of the changed content are known: whether it is Heavier, by its lane or its route.
	Weighed bool `json:"weighed,omitempty"`
	Heavier bool `json:"heavier,omitempty"`
}

// executionStep agrees the plan with requester and team, takes reports and changes, asks a silent team for a report, until the team reports
// that the work is done.
func (r *Request) executionStep(now time.Time) Step {
	if r.Plan == nil {
		return Step{Action: ActionDraftPlan}
	}
	r.assessHealth(now)
	if step, due := r.changeReviewStep(now); due {
		return step
	}
	if step, open := r.toOpen(r.changeQuestion(), r.planQuestion(), r.reportQuestion(now), r.planReviewQuestion(now), r.placeQuestion()); open {
		return step
	}
	if r.DoneAt.IsZero() {
		return Step{Action: ActionWait}
	}
	return r.moved(TriggerWorkDone, now)
}

// Draft stores a plan skeleton.
func (r *Request) Draft(p Plan) {
	r.Plan, r.PlanBy = &p, ""
	r.Seq++
}

// planQuestion asks whether both sides agree on the plan; nil once they do.
func (r *Request) planQuestion() *QuestionSpec {
	switch {
	case r.Plan == nil:
		return nil
	case r.Replan != nil:
		return &QuestionSpec{Kind: KindPlan, Text: fmt.Sprintf("Do we agree on the new plan? %s Why: %s", sentence(r.Replan.Plan.Summary), r.Replan.Reason)}
	case r.Plan.Agreed():
		return nil
	}
	return &QuestionSpec{Kind: KindPlan, Text: "Do we agree on the plan? " + r.Plan.Summary}
}

// changeQuestion asks both sides about a material change after the pull; nil without one.
func (r *Request) changeQuestion() *QuestionSpec {
	if r.Change == nil || r.Change.Agreed {
		return nil
	}
	return &QuestionSpec{Kind: KindChange, Text: fmt.Sprintf("%s wants to change %v. %s Do we agree?", r.Change.By, r.Change.fields(), r.Change.Reason)}
}

// reportQuestion asks a silent team how it goes; nil until it is time.
func (r *Request) reportQuestion(now time.Time) *QuestionSpec {
	due := r.ReportDue()
	if due.IsZero() || due.After(now) {
		return nil
	}
	return &QuestionSpec{Kind: KindReport, Text: fmt.Sprintf("No report on %q for a while. How does it go?", r.Content.Title)}
}

// planAgreed begins the sentence of the entry; pages draw the beginning of work from entries before 0.9 by it.
const planAgreed = "Plan agreed by requester and team: "

func (r *Request) planSettled(q Question, reason string, now time.Time) {
	if r.Plan == nil {
		return
	}
	switch {
	case q.Verdict == VerdictAgree && len(r.unansweredBy(r.LatestPlan())) > 0:
		return // a condition came after somebody had agreed: it is asked again
	case q.Verdict == VerdictAgree:
		r.agreePlan(now)
		return
	case q.Verdict == VerdictKeepPlan:
		r.keepPlan(q, reason, now)
		return
	}
	r.counterPlan(q, reason)
	r.record(now, Entry{Event: EventPlanned, Actor: q.SettledBy, Text: "Another plan is proposed: " + reason})
}

func (r *Request) changeSettled(q Question, reason string, now time.Time) {
	if r.Change == nil {
		return
	}
	if q.Verdict != VerdictAgree {
		r.Change = nil
		r.endChangeConditions(false, now)
		r.record(now, Entry{Event: EventChange, Key: EventChange + "/" + q.ID, Text: "The change is not taken: " + reason})
		return
	}
	switch {
	case r.Process >= Process05 && !r.changeBeyondTolerance():
		r.applyChange(now)
		return
	case r.Process >= Process05:
		r.reviewChange()
		r.record(now, Entry{Event: EventChange, Key: EventChange + "/" + q.ID,
			Text: "Both sides agree; it goes beyond the tolerance, so it is reviewed. Work goes on as agreed meanwhile."})
		return
	}
	if r.beyondTolerance(r.Change.Patch) {
		r.Change.Agreed = true
		r.record(now, Entry{Event: EventChange, Key: EventChange + "/" + q.ID, Text: "Both sides agree; it goes beyond the tolerance, so review is asked again."})
		r.Route = nil
		r.Version++
		r.move(TriggerChangeBeyondTolerance, now)
		return
	}
	r.applyChange(now)
}

// beyondTolerance is the rule before Process05: only the size counts.
func (r *Request) beyondTolerance(p Patch) bool {
	return p.Size != nil && r.growsBeyond(r.Content.Size, *p.Size)
}

// changeBeyondTolerance reports whether a change, with what answers added to it, is more than the policy lets pass without a review: the size
// or a number of the baseline grows by more than the tolerance, the kind or the class of service is another, or the lane or the route is
// heavier. What has no measure (a text, a date) needs the agreement of both sides alone.
func (r *Request) changeBeyondTolerance() bool {
	if r.Change.Heavier {
		return true
	}
	content, fields := r.Content, []string(nil)
	for _, p := range r.Change.patches() {
		var changed []string
		content, changed = p.Apply(content)
		fields = union(fields, changed...)
	}
	return slices.ContainsFunc(Material(fields, r.Rules.Material), func(field string) bool {
		switch field {
		case "kind", "class":
			return true
		case "size":
			return r.growsBeyond(r.Content.Size, content.Size)
		case "baseline":
			was, is := r.Content.Baseline, content.Baseline
			return r.growsBeyond(was.VolumePerMonth, is.VolumePerMonth) || r.growsBeyond(was.MinutesEach, is.MinutesEach) ||
				r.growsBeyond(float64(was.People), float64(is.People)) || r.growsBeyond(was.MoneyPerYear, is.MoneyPerYear)
		}
		return false
	})
}

// growsBeyond reports whether a number grows by more than the tolerance.
func (r *Request) growsBeyond(was, is float64) bool { return is > was*(1+r.Rules.Tolerance) }

// applyChange applies the change; the plan must be agreed again, because it was made for the old content.
func (r *Request) applyChange(now time.Time) {
	change := *r.Change
	r.Change = nil
	r.endChangeConditions(true, now)
	var changed []string
	for _, p := range change.patches() {
		part, _ := r.apply(p, now)
		r.notePatch(p, change.By, now)
		changed = union(changed, part...)
	}
	if r.Process >= Process05 {
		r.supersede(now, "the content changed", KindPlan, KindChangeReview)
	}
	r.endReplan()
	r.PlanBy = ""
	if r.Plan != nil {
		r.Plan.AgreedAt = time.Time{}
	}
	r.resize(now)
	r.record(now, Entry{Event: EventChange, Actor: change.By, Text: fmt.Sprintf("Changed: %v.", changed)})
}
