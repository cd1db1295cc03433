package pmo

import (
	"fmt"
	"time"
)

// reportSettled takes the answer to the question how it goes. Silence says nothing about blocker and risks.
func (r *Request) reportSettled(q Question, reason string, now time.Time) {
	p := r.nextProgress(q.SettledBy, now)
	p.Note = reason
	if q.Verdict == VerdictSilent {
		p.Health, p.HealthBefore, p.Note = HealthUnknown, p.Health, "The team did not answer."
	}
	r.Progress = &p
}

// CheckReport returns why a progress report cannot be taken, or nil.
func (r *Request) CheckReport(c Report) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	if r.Stage != StageExecution {
		return refuse(RefusedMovedOn, "progress is reported in execution; the request is in %s", r.Stage)
	}
	if !r.DoneAt.IsZero() {
		return refuse(RefusedMovedOn, "the team has said it is done")
	}
	if !r.Plan.Agreed() {
		return refuse(RefusedMovedOn, "the plan is not agreed yet")
	}
	if c.Percent != nil && (*c.Percent < 0 || *c.Percent > 100) {
		return invalid("/percent", "lies between 0 and 100")
	}
	switch c.Health {
	case "", HealthGreen, HealthAmber, HealthRed:
	default:
		return invalid("/health", "is green, amber or red")
	}
	if (c.Health == HealthAmber || c.Health == HealthRed) && c.Note == "" && (c.Blocked == nil || *c.Blocked == "") {
		return invalid("/note", "%s needs a reason", c.Health)
	}
	if refusal := r.checkEarnedValue(c.EarnedValue); refusal != nil {
		return refusal
	}
	if c.Done && r.Change != nil {
		return refuse(RefusedMovedOn, "a change waits for an answer")
	}
	return nil
}

// checkEarnedValue returns why a measurement does not fit the budget of the plan, or nil.
func (r *Request) checkEarnedValue(v *EarnedValue) *Refusal {
	const at = "/earned_value"
	switch {
	case v == nil:
		return nil
	case r.Plan.Budget == nil:
		return invalid(at, "is measured against a budget, and the plan has none")
	case !(v.Planned >= 0 && v.Planned <= r.Plan.Budget.Total):
		return invalid(at+"/planned", "lies between 0 and the budget of %g", r.Plan.Budget.Total)
	case !(v.Earned >= 0 && v.Earned <= r.Plan.Budget.Total):
		return invalid(at+"/earned", "lies between 0 and the budget of %g", r.Plan.Budget.Total)
	case !(v.Spent >= 0 && v.Spent <= mostSpent):
		return invalid(at+"/spent", "lies between 0 and %g", float64(mostSpent))
	}
	return nil
}

// mostSpent keeps the numbers of a measurement finite.
const mostSpent = 1e12

// nextProgress is the next report before it says anything: percent, health, risks and blocker stay until a report changes them. Silence hides
// the health only until the team reports again.
func (r *Request) nextProgress(by string, now time.Time) Progress {
	p := Progress{By: by, At: now, Health: HealthGreen}
	last := r.Progress
	if last == nil {
		return p
	}
	p.Percent, p.Risks, p.Blocked, p.Health, p.EarnedValue = last.Percent, last.Risks, last.Blocked, last.Health, last.EarnedValue
	if p.Health == HealthUnknown {
		p.Health = last.HealthBefore
	}
	if p.Health == "" {
		p.Health = HealthGreen
	}
	return p
}

// ApplyReport takes a progress report; one that says done leads to closure. What it does not mention stays as it was. A report of something
// that happened before the latest report changes nothing: the ledger has it.
func (r *Request) ApplyReport(c Report, now time.Time) Receipt {
	p := r.nextProgress(c.By.Actor, now)
	p.take(c)
	if r.Progress.laterThan(c.HappenedAt) {
		r.recordCommand(now, c.By, Entry{Event: EventReported, Text: fmt.Sprintf("A report of %s came after a later one and changes nothing. It said: %s",
			c.HappenedAt.UTC().Format(time.DateTime), c.words())})
		return r.receipt("outdated")
	}
	r.Progress = &p
	r.addLessons(c.By.Actor, c.Lessons)
	if c.Done {
		r.DoneAt = now
		r.endReplan()
		r.supersede(now, "the work is done", KindPlan)
	}
	r.recordCommand(now, c.By, Entry{Event: EventReported, Text: p.words()})
	r.supersede(now, "the team reported", KindReport)
	delete(r.Unanswered, KindReport)
	return r.receipt("reported")
}

// take changes what the report mentions. Finished work is not blocked.
func (p *Progress) take(c Report) {
	p.Note, p.Done = c.Note, c.Done
	if !c.HappenedAt.IsZero() && c.HappenedAt.Before(p.At) {
		p.HappenedAt = c.HappenedAt
	}
	if c.Percent != nil || c.NoPercent {
		p.Percent = c.Percent
	}
	if c.Health != "" {
		p.Health = c.Health
	}
	if c.Risks != nil {
		p.Risks = c.Risks
	}
	if c.EarnedValue != nil {
		p.EarnedValue = c.EarnedValue
	}
	if c.Blocked != nil {
		p.Blocked = *c.Blocked
	}
	if c.Done {
		p.Blocked = ""
	}
}

// laterThan reports whether what the latest report says happened after that time. Zero is now.
func (p *Progress) laterThan(at time.Time) bool {
	if p == nil || at.IsZero() {
		return false
	}
	happened := p.HappenedAt
	if happened.IsZero() {
		happened = p.At
	}
	return happened.After(at)
}

// words says what the report itself mentions.
func (c Report) words() string {
	var p Progress
	p.take(c)
	if p.Health == "" {
		p.Health = "not given"
	}
	return p.words()
}

func (p Progress) words() string {
	text := "Health " + string(p.Health)
	if p.Percent != nil {
		text += fmt.Sprintf(", %d %%", *p.Percent)
	}
	if p.Done {
		text += ", done"
	}
	if p.Blocked != "" {
		text += ", blocked: " + p.Blocked
	}
	if p.Note != "" {
		text += ": " + p.Note
	}
	return sentence(text)
}
