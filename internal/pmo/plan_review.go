package pmo

import (
	"fmt"
	"strings"
	"time"
)

// KindPlanReview asks requester and team at the cadence of their plan what has changed, what they learned, and what they do differently.
const KindPlanReview Kind = "plan_review"

// The verdicts of a review of the plan. One answer that wants another plan is enough.
const (
	VerdictKeepOn = "keep_on"
	VerdictReplan = "replan"
)

// ReviewAnswers are the answers to the three questions of a review.
type ReviewAnswers struct {
	Changed     string `json:"changed" maxLength:"1000" doc:"What has changed"`
	Learned     string `json:"learned" maxLength:"1000" doc:"What did we learn"`
	Differently string `json:"differently" maxLength:"1000" doc:"What do we do differently"`
}

// PlanReview is how the latest review of the plan ended.
type PlanReview struct {
	At      time.Time `json:"at" doc:"When it was asked; the next one is due a cadence later"`
	Verdict string    `json:"verdict" enum:"keep_on,replan,silent"`
	Version int       `json:"version" doc:"Of the plan that was reviewed"`
}

// WantsReplan reports whether the latest review asks for another plan that nobody has proposed yet.
func (r *Request) WantsReplan() bool {
	return r.LastReview != nil && r.LastReview.Verdict == VerdictReplan && r.LastReview.Version == r.PlanVersion() && r.Stage == StageExecution && r.Plan.Agreed()
}

// PlanReviewDue is when the agreed plan is reviewed next; zero without a cadence, and while a review or another plan is asked about.
func (r *Request) PlanReviewDue() time.Time {
	if !r.assesses() || r.Plan.ReviewDays <= 0 || r.Replan != nil || r.OpenQuestionOf(KindPlanReview) != nil {
		return time.Time{}
	}
	last := later(r.Plan.AgreedAt, r.StageSince)
	if r.LastReview != nil {
		last = later(last, r.LastReview.At)
	}
	return r.calendar().periodEnd(last, time.Duration(r.Plan.ReviewDays)*24*time.Hour)
}

// planReviewQuestion asks the three questions; nil until it is time.
func (r *Request) planReviewQuestion(now time.Time) *QuestionSpec {
	due := r.PlanReviewDue()
	if due.IsZero() || due.After(now) {
		return nil
	}
	return &QuestionSpec{Kind: KindPlanReview, Text: fmt.Sprintf("Review of the plan of %q: what has changed, what did we learn, what do we do differently?", r.Content.Title)}
}

// checkReviewAnswers refuses a review that leaves one of the three questions open; nothing is an answer too, in words.
func checkReviewAnswers(a *ReviewAnswers) *Refusal {
	if a == nil {
		a = &ReviewAnswers{}
	}
	for _, question := range []struct{ field, text, asks string }{
		{"changed", a.Changed, "what has changed"}, {"learned", a.Learned, "what you learned"}, {"differently", a.Differently, "what you do differently"},
	} {
		if strings.TrimSpace(question.text) == "" {
			return invalid("/data/review/"+question.field, "says %s", question.asks)
		}
	}
	return nil
}

// takeReview keeps the answers of one person: the ledger has them with the answer, and what was learned is a lesson of the request.
func (r *Request) takeReview(q *Question, c *Decide) {
	if q.Kind != KindPlanReview || c.Data.Review == nil {
		return
	}
	a := *c.Data.Review
	if len(r.Lessons) < maxLessons {
		r.addLessons(c.By.Seat(), []Lesson{{Observation: a.Learned, Cause: a.Changed, Recommendation: a.Differently}})
	}
	c.Data.Review = nil // kept as a lesson and in the ledger
}

// words say the answers.
func (a *ReviewAnswers) words() string {
	if a == nil {
		return ""
	}
	return fmt.Sprintf(" Changed: %s Learned: %s Differently: %s", sentence(a.Changed), sentence(a.Learned), sentence(a.Differently))
}

// planReviewSettled notes how the review ended. A new plan is proposed by whoever may.
func (r *Request) planReviewSettled(q Question, now time.Time) {
	r.LastReview = &PlanReview{At: q.OpenedAt, Verdict: q.Verdict, Version: r.PlanVersion()}
	text := "The plan was reviewed and goes on as agreed."
	switch q.Verdict {
	case VerdictReplan:
		text = "The review asks for another plan: requester or team propose one, and work goes on by the agreed plan meanwhile."
	case VerdictSilent:
		text = "Nobody answered the review of the plan."
	}
	r.record(now, Entry{Event: EventPlanReviewed, Text: text})
}
