package pmo

import (
	"fmt"
	"strings"
	"time"
)

// NextDue is the earliest moment at which something is to happen without anybody doing anything, and what it is, for the
// timer's name. The zero time means the request can wait for ever.
func (r *Request) NextDue(now time.Time) (at time.Time, what string) {
	if r.Status == StatusClosed || r.Status == StatusOnHold {
		return time.Time{}, ""
	}
	soonest := func(t time.Time, name string) {
		if !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at, what = t, name
		}
	}
	if r.Deferral != nil {
		soonest(r.Deferral.Until, "review again")
	}
	for _, q := range r.OpenQuestions() {
		if r.untold(q) && q.overdue(now) {
			continue // its steps wait until its people are told
		}
		if len(q.Remind) > 0 {
			soonest(q.Remind[0], "remind "+q.ID)
		}
		soonest(q.DueAt, q.dueName())
	}
	for _, p := range r.PutOff {
		soonest(p.Until, "ask the PMO again")
	}
	soonest(r.ReconfirmDue(), "ask whether it is still needed")
	soonest(r.ReportDue(), "ask the team how it goes")
	soonest(r.PlanReviewDue(), "review the plan")
	soonest(r.HealthDue(now), "see how it stands")
	if r.WaitsForTeam() {
		soonest(r.RetryAt, "look for a team again")
	}
	if ask := r.asksForTeamAt(); ask.After(now) && r.Process >= Process10 {
		soonest(ask, "ask the PMO for a team")
	}
	if r.Delivered() && r.OpenQuestionOf(KindBenefit) == nil {
		soonest(r.BenefitAt, "look at the benefit")
	}
	return at, what
}

func (q *Question) dueName() string {
	if !q.Escalated && len(q.Escalation) > 0 {
		return "escalate " + q.ID
	}
	return "deadline " + q.ID
}

// ReconfirmDue is when the requester is asked again whether it is still needed; zero while that is not to come.
func (r *Request) ReconfirmDue() time.Time {
	if !r.WaitsForPull() || r.OpenQuestionOf(KindReconfirm) != nil {
		return time.Time{}
	}
	return r.ReconfirmBy
}

// ReportDue is when a silent team is asked for a report; zero while no report is expected or one is asked for.
func (r *Request) ReportDue() time.Time {
	if r.Stage != StageExecution || !r.Plan.Agreed() || !r.DoneAt.IsZero() || r.Rules.ReportEvery <= 0 || r.OpenQuestionOf(KindReport) != nil {
		return time.Time{}
	}
	last := r.Plan.AgreedAt
	if r.StageSince.After(last) {
		last = r.StageSince // back from a hold, a review or an acceptance
	}
	if r.Progress != nil && r.Progress.At.After(last) {
		last = r.Progress.At
	}
	return r.calendar().periodEnd(last, r.Rules.ReportEvery)
}

// FireDue lets everything happen that is due: reminders, escalations, outcomes of silence, the end of a deferral.
func (r *Request) FireDue(now time.Time) {
	if r.Status == StatusClosed || r.Status == StatusOnHold {
		return
	}
	if r.Deferral != nil && !r.Deferral.Until.After(now) {
		r.wake("", "the date has come", now)
	}
	if r.WaitsForTeam() && !r.RetryAt.IsZero() && !r.RetryAt.After(now) {
		r.RetryAt = time.Time{}
		r.Seq++
	}
	r.assessHealth(now)
	r.firePutOff(now)
	for _, id := range r.openIDs() {
		r.fireQuestion(id, now)
	}
}

func (r *Request) openIDs() []string {
	var ids []string
	for _, q := range r.OpenQuestions() {
		ids = append(ids, q.ID)
	}
	return ids
}

// fireQuestion goes by id: an effect before it may have closed or moved the question.
func (r *Request) fireQuestion(id string, now time.Time) {
	q := r.Question(id)
	if q == nil || !q.Open() || r.untold(q) {
		return
	}
	if r.Process >= Process05 {
		r.remind(q, now)
	}
	for len(q.Remind) > 0 && !q.Remind[0].After(now) { // before Process05 each one, however late
		q.Remind = q.Remind[1:]
		r.recordReminder(q, now)
	}
	switch {
	case q.DueAt.IsZero() || q.DueAt.After(now):
	case !q.Escalated && len(q.Escalation) > 0:
		r.escalate(q, now)
	default:
		r.timeOut(q, now)
	}
}

// escalate adds those who may decide in the place of the silent; each of them decides alone.
func (r *Request) escalate(q *Question, now time.Time) {
	q.Escalated, q.DueAt, q.Remind = true, r.lastDueFrom(q, now), nil
	r.record(now, Entry{Event: EventEscalated, Key: EventEscalated + "/" + q.ID, Question: q.ID,
		Text: fmt.Sprintf("Not settled in time: %s may now decide, until %s.", strings.Join(q.Escalation, ", "), q.DueAt.UTC().Format("2006-01-02 15:04 MST"))})
	r.announced(q, now)
}

// timeOut applies the explicit outcome of silence.
func (r *Request) timeOut(q *Question, now time.Time) {
	q.close(QuestionTimedOut, q.OnSilence, "silence", now)
	q.Data = nil // what came with a single vote does not speak for the silent
	r.record(now, Entry{Event: EventTimedOut, Key: EventTimedOut + "/" + q.ID, Question: q.ID,
		Text: fmt.Sprintf("No answer in time: %s, as the policy says.", q.OnSilence), Policy: q.Policy})
	r.applyVerdict(*q, "no answer in time", now)
}
