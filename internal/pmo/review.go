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
}

// SetRoute takes the way through review.
func (r *Request) SetRoute(route Route, now time.Time) {
	r.Route = &route
	r.Seq++
}

// ReviewNeeded lists the questions review is to put now: the groups of the first order that has not agreed. None while an answer
// of the requester, a date or an open question is waited for.
func (r *Request) ReviewNeeded() []QuestionSpec {
	if r.Route == nil || r.Deferral != nil || r.InfoWanted != "" {
		return nil
	}
	order, pending := 0, false
	var asks []QuestionSpec
	for _, step := range r.Route.Steps {
		if r.groupApproved(step.Group) {
			continue
		}
		if !pending {
			order, pending = step.Order, true
		}
		if step.Order == order && !r.groupOpen(step.Group) {
			quorum := step.Quorum
			asks = append(asks, QuestionSpec{Kind: KindReview, Group: step.Group, Quorum: &quorum, Text: r.reviewText()})
		}
	}
	return asks
}

// ReviewPassed tells whether every group of the route has agreed to the content as it stands.
func (r *Request) ReviewPassed() bool {
	if r.Route == nil || r.Deferral != nil || r.InfoWanted != "" {
		return false
	}
	for _, step := range r.Route.Steps {
		if !r.groupApproved(step.Group) {
			return false
		}
	}
	return true
}

// InfoNeeded is the question an approver wants answered first, if one is to be put now.
func (r *Request) InfoNeeded() (QuestionSpec, bool) {
	if r.InfoWanted == "" {
		return QuestionSpec{}, false
	}
	return QuestionSpec{Kind: KindClarify, Text: "Before judging, an approver asks: " + r.InfoWanted}, true
}

func (r *Request) reviewText() string {
	if r.changeReviewed() {
		return fmt.Sprintf("%q is to change beyond what was approved. Shall we go on?", r.Content.Title)
	}
	return fmt.Sprintf("Shall we do %q?", r.Content.Title)
}

func (r *Request) groupApproved(group string) bool {
	q := r.Question(QuestionID(KindReview, r.Rounds[KindReview], group))
	return q != nil && q.Version == r.Version && !q.Open() && q.Verdict == VerdictApprove
}

func (r *Request) groupOpen(group string) bool {
	q := r.Question(QuestionID(KindReview, r.Rounds[KindReview], group))
	return q != nil && q.Open()
}

func (r *Request) reviewed(q Question, reason string, now time.Time) {
	switch q.Verdict {
	case VerdictApprove:
	case VerdictReject:
		r.refused(reason, now)
	case VerdictNeedInfo:
		r.suspendReview(now, "an approver asks for more")
		r.InfoWanted = reason
	case VerdictDefer:
		r.deferReview(q, reason, now)
	case VerdictDuplicate:
		r.MergedInto = []string{q.Data.Of}
		r.Close(OutcomeMerged, "Goes on in another request. "+reason, By{}, now)
	case VerdictAnswered:
		r.Close(OutcomeAnswered, reason, By{}, now)
	}
}

// changeReviewed tells whether review is about a change both sides agreed to, not about the request.
func (r *Request) changeReviewed() bool { return r.Change != nil && r.Change.Agreed }

// refused ends the request, or only the change when one was under review.
func (r *Request) refused(reason string, now time.Time) {
	if !r.changeReviewed() {
		r.Close(OutcomeRejected, "Review said no: "+reason, By{}, now)
		return
	}
	r.Change = nil
	r.record(now, Entry{Event: EventChange, Text: "The change was not approved: " + reason + " Work goes on as agreed.", Recipients: r.followers()})
	r.afterReviewedChange(now)
}

// afterReviewedChange goes back to work; a request that lost its slot by a hold during the review waits for another one.
func (r *Request) afterReviewedChange(now time.Time) {
	stage := StageExecution
	if !r.Pulled() {
		stage = StagePrioritization
	}
	r.Enter(stage, now)
}

func (r *Request) deferReview(q Question, reason string, now time.Time) {
	r.suspendReview(now, "review was put off")
	until := now.Add(r.Rules.DeferAtMost)
	if q.Data != nil && q.Data.Until != "" {
		until, _ = q.Data.Until.Time(time.UTC)
	}
	r.Status = StatusDeferred
	r.Deferral = &Deferral{Until: until, Reason: reason, By: q.SettledBy}
	r.record(now, Entry{Event: EventDeferred, Text: fmt.Sprintf("Put off until %s: %s", until.UTC().Format(time.DateOnly), reason), Recipients: r.followers()})
}

// suspendReview ends the round; the next one keeps its votes if nothing material has changed.
func (r *Request) suspendReview(now time.Time, why string) {
	for _, q := range r.OpenQuestions() {
		if q.Kind == KindReview {
			q.close(QuestionSuspended, "", why, now)
		}
	}
	r.nextReviewRound()
}

// nextReviewRound makes the groups be asked again: those that had agreed carry their votes over and settle at once.
func (r *Request) nextReviewRound() { r.Rounds[KindReview]++ }

// Wake ends a deferral.
func (r *Request) Wake(actor, why string, now time.Time) {
	if r.Deferral == nil {
		return
	}
	r.Deferral, r.Status = nil, StatusOpen
	r.record(now, Entry{Event: EventWoken, Actor: actor, Text: "Review goes on: " + why + ".", Recipients: r.followers()})
}
