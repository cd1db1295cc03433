package pmo

import (
	"fmt"
	"time"
)

// ApplyDecide takes an answer that CheckDecide let pass.
func (r *Request) ApplyDecide(c Decide, now time.Time) Receipt {
	q := r.Question(c.Question)
	r.join(q, c.By, now)
	q.Answers = append(q.Answers, Answer{By: c.By.Actor, For: c.By.Seat(), Via: c.By.Via, Verdict: c.Verdict, Reason: c.Reason, At: now})
	r.recordCommand(now, c.By, Entry{Event: EventAnswered, Key: EventAnswered + "/" + q.ID + "/" + c.By.Seat(), Question: q.ID, Text: answerText(c) + q.gaveUpText(c.By)})
	r.takeReview(q, &c)
	if r.askConditions(q, c, now); q.Kind.AsksGroups() {
		c.Data.Conditions = nil // the request keeps them
	}
	if o, _ := q.option(c.Verdict); o.Effect == EffectDivert {
		data := c.Data
		r.settle(q, c.Verdict, c.By.Seat(), c.Reason, &data, now)
	} else {
		if o.Effect == EffectYes && !c.Data.empty() {
			data := c.Data
			q.Data = &data
		}
		r.tryToSettle(q, now)
	}
	receipt := r.receipt("recorded")
	// The question may have moved in memory: closing an old round trims the list.
	receipt.Question, receipt.Verdict = c.Question, c.Verdict
	if q := r.Question(c.Question); q != nil {
		tally := q.Tally()
		receipt.Tally = &tally
		if !q.Open() {
			receipt.Result = "settled"
		}
	}
	return receipt
}

func (d Data) empty() bool {
	return d.Patch == nil && d.Until == "" && d.Of == "" && d.Inputs == nil && d.Approach == "" && d.Plan == nil && len(d.Lessons) == 0 && d.Team == "" && d.Person == "" && d.Remedy == "" && len(d.Conditions) == 0 && d.Review == nil
}

func answerText(c Decide) string {
	text := fmt.Sprintf("%s: %s", c.By.Seat(), c.Verdict)
	if c.By.For != "" && c.By.For != c.By.Actor {
		text = fmt.Sprintf("%s for %s: %s", c.By.Actor, c.By.For, c.Verdict)
	}
	if c.By.Via == "signal" {
		text += fmt.Sprintf(" (via signal, claimed by %s)", c.By.Actor)
	}
	if c.Reason != "" {
		text += ", because " + c.Reason
	}
	return text + c.Data.Review.words()
}

// gaveUpText says that an answer for another seat leaves the person's own seat empty.
func (q *Question) gaveUpText(by By) string {
	if q.Counting < CountSeats || by.Seat() == by.Actor || !contains(q.People, by.Actor) {
		return ""
	}
	return fmt.Sprintf(" (%s has one answer, so the seat of %s is no longer counted)", by.Actor, by.Actor)
}

// tryToSettle settles a question whose outcome is fixed, and brings the deadline forward of one that can no longer be settled.
func (r *Request) tryToSettle(q *Question, now time.Time) {
	t := q.Tally()
	switch {
	case t.Verdict != "":
		verdict, reason := q.verdictOf(t.Verdict)
		r.settle(q, verdict, q.decider(), reason, q.Data, now)
	case len(q.People) == 0: // nobody may answer: shown as such until the deadline
	case q.someGaveUp() && (q.Escalated || len(q.Escalation) == 0):
		if len(q.Waiting()) == 0 {
			q.Remind = nil // nobody is left to remind; the PMO may move the empty seat
		}
	case len(q.Waiting()) == 0, t.Stuck && !q.Escalated:
		q.DueAt = now
	}
}

// decider is who settled a question by counting: the one person who answered, or the quorum.
func (q *Question) decider() string {
	if len(q.Answers) == 1 {
		return q.Answers[0].For
	}
	return "quorum"
}

// verdictOf is the option that means yes or no, and the last reason given for it.
func (q *Question) verdictOf(effect Effect) (verdict, reason string) {
	for _, o := range q.Options {
		if o.Effect == effect {
			verdict = o.Verdict
			break
		}
	}
	for _, a := range q.Answers {
		o, _ := q.option(a.Verdict)
		if o.Effect == effect && a.Reason != "" {
			reason = a.Reason
		}
		if o.Effect == effect && (a.Verdict == VerdictApproveConditions || a.Verdict == VerdictReplan) {
			verdict = a.Verdict // one approval with conditions gives the approval of all its conditions, and one wish for another plan is enough
		}
	}
	return verdict, reason
}

// settle closes the question with a verdict and lets it take effect.
func (r *Request) settle(q *Question, verdict, by, reason string, data *Data, now time.Time) {
	q.close(QuestionSettled, verdict, by, now)
	q.Data = data
	text := fmt.Sprintf("Settled: %s, by %s.", verdict, by)
	r.record(now, Entry{Event: EventSettled, Key: EventSettled + "/" + q.ID, Question: q.ID, Text: text})
	r.applyVerdict(*q, reason, now)
}

// outlives reports whether the request goes on when nobody answers a question whose silence would end it: work under way does not end for want
// of a sponsor or, since 0.6, for a gap of its form.
func (r *Request) outlives(kind Kind) bool {
	switch kind {
	case KindSponsor:
		return r.Process >= Process05 && !r.PulledAt.IsZero()
	case KindClarify:
		return r.asksAboutWork()
	}
	return false
}

// applyVerdict lets a settled question change the request. Answers and passed deadlines both come through here, so that every verdict has
// one meaning. What needs the outside world (finding a team, asking people) follows from the state by NextStep.
func (r *Request) applyVerdict(q Question, reason string, now time.Time) {
	r.countRounds(q)
	if q.Kind == KindClarify && r.changeAsksInfo() {
		r.changeInfoSettled(q, now)
		return
	}
	if q.Verdict == VerdictExpire && !r.outlives(q.Kind) {
		r.Close(TriggerUnanswered, fmt.Sprintf("Nobody answered %s.", q.ID), By{}, now)
		return
	}
	if q.Verdict == VerdictAskAgain && q.Kind != KindReconfirm {
		return // the stage opens the question again as its next round
	}
	switch q.Kind {
	case KindClarify:
		r.clarifySettled(q, now)
	case KindSponsor:
		r.sponsorSettled(q, reason, now)
	case KindReview:
		r.reviewSettled(q, reason, now)
	case KindDuplicate:
		r.duplicateSettled(q, reason, now)
	case KindReconfirm:
		r.reconfirmSettled(q, now)
	case KindScore:
		r.scoreSettled(q, now)
	case KindApproach:
		r.approachSettled(q, reason, now)
	case KindAssignment:
		r.assignmentSettled(q, reason, now)
	case KindPlan:
		r.planSettled(q, reason, now)
	case KindChange:
		r.changeSettled(q, reason, now)
	case KindChangeReview:
		r.changeReviewSettled(q, reason, now)
	case KindPlanReview:
		r.planReviewSettled(q, now)
	case KindPlace:
		r.placeSettled(q, reason, now)
	case KindReport:
		r.reportSettled(q, reason, now)
	case KindAcceptance:
		r.acceptanceSettled(q, reason, now)
	case KindBenefit:
		r.benefitSettled(q, now)
	case KindException:
		r.exceptionSettled(q, reason, now)
	}
}
