package pmo

import (
	"fmt"
	"strings"
	"time"
)

// A change beyond the tolerance is reviewed while the work goes on: reports, plan, slot and capacity stay as they are until it is taken.
// Its question is of a kind of its own, asked of the groups of the route of the changed content. Those who approve it, approve the change;
// a refusal, or silence, leaves the work as agreed. What an approver wants to know first is asked of the requester, whose answer may
// change the proposed change and nothing else; requester and team then agree again. Another team, after a hold or a reassignment, agrees
// first too. Before Process05 the request went back to the stage review.

// AsksGroups reports whether a question of this kind is put to the groups of a route, side by side in one round.
func (k Kind) AsksGroups() bool { return k == KindReview || k == KindChangeReview }

// reviewChange begins the review of a change both sides agreed to. Votes on another change do not count: they are on another version.
func (r *Request) reviewChange() {
	c := r.Change
	c.Agreed = true
	if r.Assignment != nil {
		c.Team = r.Assignment.Team
	}
	r.Version++
	r.nextRound(KindChangeReview)
}

// nextRound makes the next question of the kind belong to a new round.
func (r *Request) nextRound(kind Kind) {
	if r.Rounds[kind] > 0 {
		r.Rounds[kind]++
	}
}

// changeInReview reports whether a change is reviewed while the work goes on.
func (r *Request) changeInReview() bool {
	return r.Process >= Process05 && r.Stage == StageExecution && r.changeReviewed()
}

// changeReviewStep asks the groups of the route of the changed content; it reports false when there is nothing to do about a change.
func (r *Request) changeReviewStep(now time.Time) (Step, bool) {
	if !r.changeInReview() {
		return Step{}, false
	}
	c := r.Change
	switch {
	case r.Assignment != nil && c.Team != r.Assignment.Team:
		c.Agreed, c.Weighed, c.Route = false, false, nil
		r.supersede(now, "another team carries the work", KindChangeReview)
		r.Seq++
		return Step{Action: ActionContinue}, true
	case c.Route == nil:
		return Step{Action: ActionRoute}, true
	case c.InfoWanted != "":
		return r.toOpen(&QuestionSpec{Kind: KindClarify, Text: "Before judging the change, an approver asks: " + c.InfoWanted})
	case r.groupsApproved(KindChangeReview, *c.Route):
		r.applyChange(now)
		return Step{Action: ActionContinue}, true
	}
	for _, question := range r.groupQuestions(KindChangeReview, *c.Route, r.changeReviewText()) {
		return Step{Action: ActionOpenQuestion, Question: question}, true
	}
	return Step{}, false
}

func (r *Request) changeReviewText() string {
	text := fmt.Sprintf("%s wants to change %s of %q, which is under way: %s. %s Requester and team agree. Shall it be taken?",
		r.Change.By, strings.Join(r.Change.fields(), ", "), r.Content.Title, r.Change.difference(r.Content), r.Change.Reason)
	return strings.Join(strings.Fields(text), " ")
}

// difference says how the effort changes, which is what the tolerance is about.
func (c *Change) difference(now Content) string {
	return fmt.Sprintf("size %g, now %g", c.apply(now).Size, now.Size)
}

// apply is the content as it would be with the change.
func (c *Change) apply(content Content) Content {
	for _, p := range c.patches() {
		content, _ = p.Apply(content)
	}
	return content
}

func (c *Change) patches() []Patch { return append([]Patch{c.Patch}, c.More...) }

// fields names what the change sets or clears.
func (c *Change) fields() []string {
	var fields []string
	for _, p := range c.patches() {
		fields = union(fields, p.Fields()...)
	}
	return fields
}

// changeReviewSettled takes the verdict of a group, or its silence.
func (r *Request) changeReviewSettled(q Question, reason string, now time.Time) {
	if !r.changeInReview() {
		return
	}
	switch q.Verdict {
	case VerdictRefuse:
		r.refuseChange(q.ID, reason, now)
	case VerdictNeedInfo:
		r.suspendRound(KindChangeReview, now, "an approver asks for more")
		if r.OpenQuestionOf(KindClarify) != nil { // about gaps of the form: asked again afterwards
			r.supersede(now, "an approver asks first", KindClarify)
			r.ClarifyFrom = r.Rounds[KindClarify] + 1
		}
		r.Change.InfoWanted = reason
	}
}

// refuseChange leaves the work as it was agreed.
func (r *Request) refuseChange(question, reason string, now time.Time) {
	r.Change = nil
	r.endChangeConditions(false, now)
	r.supersede(now, "the change was not approved", KindChangeReview)
	r.record(now, Entry{Event: EventChange, Key: EventChange + "/" + question,
		Text: "The change was not approved: " + reason + " Work goes on as agreed."})
}

// changeAsksInfo reports whether the question of kind clarify is about a change under review.
func (r *Request) changeAsksInfo() bool { return r.changeInReview() && r.Change.InfoWanted != "" }

// changeInfoSettled takes the requester's answer about a change. A patch changes the proposed change, and both sides agree again; without
// one the groups are asked again, with their votes kept. By policy silence may end the change.
func (r *Request) changeInfoSettled(q Question, now time.Time) {
	c := r.Change
	c.InfoWanted = ""
	r.Seq++
	switch {
	case q.Verdict == VerdictExpire:
		r.refuseChange(q.ID, "nobody answered what an approver asked.", now)
	case q.Verdict == VerdictProvide && q.Data != nil && q.Data.Patch != nil:
		before := c.apply(r.Content)
		if _, changed := q.Data.Patch.Apply(before); len(changed) == 0 {
			return
		}
		c.More, c.Agreed, c.Weighed, c.Route = append(c.More, *q.Data.Patch), false, false, nil
		r.record(now, Entry{Event: EventChange, Key: EventChange + "/" + q.ID, Actor: q.SettledBy,
			Text: fmt.Sprintf("The proposed change now sets %s; requester and team are asked again.", strings.Join(c.fields(), ", "))})
	}
}

// RouteInput is what the route of a review, or of a change under review, follows from.
func (r *Request) RouteInput() RouteInput {
	in := RouteInput{ID: r.ID, Portfolio: r.Portfolio, Lane: r.Lane, Severity: r.Severity, Requester: r.Requester, Content: r.Content}
	if r.changeInReview() {
		in.Content, in.Proposed = r.Change.apply(r.Content), true
	}
	return in
}
