package pmo

import (
	"fmt"
	"time"
)

// RouteInput asks for the way through review.
type RouteInput struct {
	ID        string  `json:"id"`
	Portfolio string  `json:"portfolio"`
	Lane      Lane    `json:"lane"`
	Severity  string  `json:"severity"`
	Requester string  `json:"requester"`
	Content   Content `json:"content"`
	// Proposed says that the content is that of a change under review: lane and severity follow from it. Since 0.5 the facts of a change bring its
	// route; a worker of an earlier release, which may have derived them during an upgrade, gives none, and this finds it.
	Proposed bool `json:"proposed,omitempty"`
}

// Route is the way through review, from the policy in force when review was entered.
type Route struct {
	Policy string      `json:"policy"`
	Steps  []RouteStep `json:"steps"` // in order; steps of the same order run side by side
	Reason string      `json:"reason"`
}

// RouteStep asks one group.
type RouteStep struct {
	Group  string `json:"group"`
	Order  int    `json:"order"`
	Quorum Quorum `json:"quorum"`
}

// Deferral is a review put off.
type Deferral struct {
	Until  time.Time `json:"until"`
	Latest time.Time `json:"latest,omitzero"` // a hold moves Until no further; zero before Process05
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	Since  time.Time `json:"since,omitzero"` // zero before 0.6
}

// limit keeps the end of a deferral at the latest date that the policy allows, counted from when it was set.
func (d *Deferral) limit() {
	if !d.Latest.IsZero() && d.Until.After(d.Latest) {
		d.Until = d.Latest
	}
}

// reviewStep asks the groups of the route, order by order, until all have approved. The other verdicts (reject, defer, duplicate, answered,
// need_info) take effect in reviewSettled.
func (r *Request) reviewStep(now time.Time) Step {
	if r.Route == nil {
		return Step{Action: ActionRoute}
	}
	if r.Process >= Process05 {
		if step, open := r.toOpen(r.gapsInReview(), r.sponsorQuestion()); open {
			return step
		}
		if r.InfoWanted == "" && r.answersComeFirst() {
			return Step{Action: ActionWait}
		}
	}
	if r.reviewPassed() {
		return r.approved(now)
	}
	if step, open := r.toOpen(r.infoQuestion(), r.duplicateQuestion()); open {
		return step
	}
	for _, question := range r.reviewQuestions() {
		return Step{Action: ActionOpenQuestion, Question: question}
	}
	return Step{Action: ActionWait}
}

// approved goes on to the backlog. A change that was reviewed after the pull is applied, and work goes on.
func (r *Request) approved(now time.Time) Step {
	if r.changeReviewed() {
		r.applyChange(now)
	}
	if !r.Pulled() {
		return r.moved(TriggerApproved, now)
	}
	return r.moved(TriggerChangeApproved, now)
}

// SetRoute stores the way through review.
func (r *Request) SetRoute(route Route, now time.Time) {
	if r.changeInReview() {
		r.Change.Route = &route
	} else {
		r.Route = &route
	}
	r.Seq++
	r.meetPolicy(route.Policy)
}

// reviewQuestions lists the questions review has to open now: the groups of the first order that has not agreed. None while an answer
// of the requester, a date or an open question is waited for.
func (r *Request) reviewQuestions() []QuestionSpec {
	if r.reviewSuspended() {
		return nil
	}
	return r.groupQuestions(KindReview, *r.Route, r.reviewText())
}

// groupQuestions lists the questions to the groups of the first order that has not agreed, except those that are open.
func (r *Request) groupQuestions(kind Kind, route Route, text string) []QuestionSpec {
	order, pending := 0, false
	var questions []QuestionSpec
	for _, step := range route.Steps {
		if r.groupApproved(kind, step.Group) {
			continue
		}
		if !pending {
			order, pending = step.Order, true
		}
		if step.Order == order && !r.groupOpen(kind, step.Group) {
			quorum := step.Quorum
			questions = append(questions, QuestionSpec{Kind: kind, Group: step.Group, Quorum: &quorum, Text: text})
		}
	}
	return questions
}

// reviewSuspended reports whether the groups are not asked now: their route is not known, or another answer or a date comes first.
func (r *Request) reviewSuspended() bool {
	return r.Route == nil || r.Deferral != nil || r.InfoWanted != "" || r.Merge != nil
}

// reviewPassed reports whether every group of the route has approved the content as it is now.
func (r *Request) reviewPassed() bool {
	return !r.reviewSuspended() && r.groupsApproved(KindReview, *r.Route)
}

func (r *Request) groupsApproved(kind Kind, route Route) bool {
	for _, step := range route.Steps {
		if !r.groupApproved(kind, step.Group) {
			return false
		}
	}
	return true
}

// infoQuestion asks the requester what an approver wants to know first; nil when nobody does.
func (r *Request) infoQuestion() *QuestionSpec {
	if r.InfoWanted == "" {
		return nil
	}
	return &QuestionSpec{Kind: KindClarify, Text: "Before judging, an approver asks: " + r.InfoWanted}
}

func (r *Request) reviewText() string {
	if r.changeReviewed() {
		return fmt.Sprintf("%q is to change beyond what was approved. Shall we go on?", r.Content.Title)
	}
	return fmt.Sprintf("Shall we do %q?", r.Content.Title)
}

func (r *Request) groupApproved(kind Kind, group string) bool {
	q := r.Question(QuestionID(kind, r.Rounds[kind], group))
	return q != nil && q.Version == r.Version && !q.Open() && approves(q.Verdict)
}

// groupOpen reports whether the group is asked now, in whichever round; before Process05, in this one.
func (r *Request) groupOpen(kind Kind, group string) bool {
	if r.Process >= Process05 {
		return r.openQuestionTo(kind, group) != nil
	}
	q := r.Question(QuestionID(kind, r.Rounds[kind], group))
	return q != nil && q.Open()
}

func (r *Request) reviewSettled(q Question, reason string, now time.Time) {
	switch q.Verdict {
	case VerdictReject:
		r.reviewRejected(reason, now)
	case VerdictNeedInfo:
		r.suspendReview(now, "an approver asks for more")
		r.InfoWanted = reason
	case VerdictDefer:
		r.deferReview(q, reason, now)
	case VerdictDuplicate:
		if r.Process >= Process05 {
			r.proposeMerge(q, reason, now)
			return
		}
		r.MergedInto = []string{q.Data.Of}
		r.Close(TriggerDuplicate, "Goes on in another request. "+reason, By{}, now)
	case VerdictAnswered:
		r.Close(TriggerAnswered, reason, By{}, now)
	}
}

// changeReviewed reports whether review is about a change both sides agreed to, not about the request.
func (r *Request) changeReviewed() bool { return r.Change != nil && r.Change.Agreed }

// reviewRejected ends the request, or only the change when one was under review: then work goes on, or waits for another slot where a hold
// during the review gave the slot back.
func (r *Request) reviewRejected(reason string, now time.Time) {
	if !r.changeReviewed() {
		r.Close(TriggerRejected, "Review said no: "+reason, By{}, now)
		return
	}
	r.Change = nil
	r.endChangeConditions(false, now)
	r.record(now, Entry{Event: EventChange, Text: "The change was not approved: " + reason + " Work goes on as agreed."})
	if r.Pulled() {
		r.move(TriggerChangeRejected, now)
	} else {
		r.move(TriggerChangeRejectedNoSlot, now)
	}
}

func (r *Request) deferReview(q Question, reason string, now time.Time) {
	r.suspendReview(now, "review was put off")
	until := now.Add(r.Rules.DeferAtMost)
	day := string(r.dayOf(until))
	if q.Data != nil && q.Data.Until != "" {
		until, _ = q.Data.deferredTo()
		day = string(q.Data.Until)
	}
	r.move(TriggerDeferred, now)
	r.Deferral = &Deferral{Until: until, Reason: reason, By: q.SettledBy, Since: now}
	if r.Process >= Process05 && r.Rules.DeferAtMost > 0 {
		r.Deferral.Latest = now.Add(r.Rules.DeferAtMost)
	}
	r.record(now, Entry{Event: EventDeferred, Text: fmt.Sprintf("Put off until %s: %s", day, reason)})
}

// suspendReview ends the round; the next one keeps its votes if nothing material has changed.
func (r *Request) suspendReview(now time.Time, why string) {
	r.suspendRound(KindReview, now, why)
}

func (r *Request) suspendRound(kind Kind, now time.Time, why string) {
	for _, q := range r.OpenQuestions() {
		if q.Kind == kind {
			q.close(QuestionSuspended, "", why, now)
		}
	}
	r.Rounds[kind]++
}

// nextReviewRound makes the groups be asked again: those that had agreed carry their votes over and settle at once.
func (r *Request) nextReviewRound() { r.Rounds[KindReview]++ }

// backToReview supersedes every open question: they were about something else.
func (r *Request) backToReview(now time.Time) {
	r.supersede(now, "the content changed")
	r.Route, r.InfoWanted, r.Merge = nil, "", nil
	r.wake("", "the content changed", now)
	r.nextReviewRound()
	r.move(TriggerContentChanged, now)
}

// wake ends a deferral; without one it changes nothing.
func (r *Request) wake(actor, why string, now time.Time) {
	if r.Deferral == nil {
		return
	}
	r.Deferral = nil
	r.move(TriggerWoken, now)
	r.record(now, Entry{Event: EventWoken, Actor: actor, Text: "Review goes on: " + why + "."})
}
