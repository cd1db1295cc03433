package pmo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// reportSettled takes the answer to the question how it goes. Silence says nothing about blocker and risks.
func (r *Request) reportSettled(q Question, reason string, now time.Time) {
	p := r.nextProgress(q.SettledBy, now)
	p.Note = reason
	if q.Verdict == VerdictSilent {
		p.Health, p.HealthBefore, p.Note, p.Silent = HealthUnknown, p.Health, "The team did not answer.", r.Process >= Process10
	}
	r.Progress = &p
	r.reportHealth(Report{Header: Header{By: By{Actor: q.SettledBy}}, Note: reason}, now)
}

// CheckReport returns why a progress report cannot be taken, or nil.
func (r *Request) CheckReport(c Report, now time.Time) *Refusal {
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
	if refusal := r.checkHealth(c, now); refusal != nil {
		return refusal
	}
	if refusal := r.checkReportedRaid(c); refusal != nil {
		return refusal
	}
	if refusal := cmp.Or(r.checkEarnedValue(c.EarnedValue), r.checkMeasure(c)); refusal != nil {
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

// checkMeasure returns why a count, or a milestone that is said to be reached, cannot be taken, or nil.
func (r *Request) checkMeasure(c Report) *Refusal {
	for i, name := range c.Milestones {
		if !slices.ContainsFunc(r.Plan.Milestones, func(m Milestone) bool { return m.Name == name }) {
			return invalid(fmt.Sprintf("/milestones/%d", i), "is no milestone of the agreed plan")
		}
	}
	m := c.Measure
	switch {
	case m == nil:
		return nil
	case m.Unit != MeasureItems && m.Unit != MeasurePoints:
		return invalid("/measure/unit", "is items or points")
	case !(m.Total > 0 && m.Total <= mostSpent):
		return invalid("/measure/total", "is more than 0")
	case !(m.Done >= 0 && m.Done <= m.Total):
		return invalid("/measure/done", "lies between 0 and the total of %g", m.Total)
	}
	return nil
}

// reach marks milestones of the plan as reached. The agreed plan in the ledger stays as it was agreed.
func (r *Request) reach(names []string) {
	if len(names) == 0 {
		return
	}
	plan := *r.Plan
	plan.Milestones = reached(plan.Milestones, names)
	r.Plan = &plan
	if r.Replan != nil {
		next := *r.Replan
		next.Plan.Milestones = reached(next.Plan.Milestones, names)
		r.Replan = &next
	}
}

func reached(milestones []Milestone, names []string) []Milestone {
	list := slices.Clone(milestones)
	for i := range list {
		list[i].Done = list[i].Done || slices.Contains(names, list[i].Name)
	}
	return list
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
	p.Percent, p.Risks, p.Blocked, p.Health, p.EarnedValue, p.Measure = last.Percent, last.Risks, last.Blocked, last.Health, last.EarnedValue, last.Measure
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
	r.adoptBlocker()
	p := r.nextProgress(c.By.Actor, now)
	p.take(c)
	if r.Progress.laterThan(c.HappenedAt) {
		r.recordCommand(now, c.By, Entry{Event: EventReported, Text: fmt.Sprintf("A report of %s came after a later one and changes nothing. It said: %s",
			c.HappenedAt.UTC().Format(time.DateTime), c.words())})
		return r.receipt("outdated")
	}
	r.Progress = &p
	r.reach(c.Milestones)
	if r.Process >= Process10 {
		r.reportRaid(c, now)
	}
	r.addLessons(c.By.Actor, c.Lessons)
	if c.Done {
		r.finishHealth(c)
		r.DoneAt = now
		r.endReplan()
		r.supersede(now, "the work is done", KindPlan, KindPlanReview, KindPlace)
	}
	r.recordCommand(now, c.By, Entry{Event: EventReported, Text: r.reportWords(c, p)})
	r.supersede(now, "the team reported", KindReport)
	r.reportHealth(c, now)
	delete(r.Unanswered, KindReport)
	return r.receipt("reported")
}

// reportWords are the words of a report. Since 0.10 its health is the one that the rule gives, unless the report gives another.
func (r *Request) reportWords(c Report, p Progress) string {
	if r.assesses() && c.Health == "" {
		p.Health = ruleHealth(r.reasonsOnceReported(p.At))
	}
	return p.words()
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
	if c.Measure != nil {
		p.Measure = c.Measure
		if c.Percent == nil {
			percent := c.Measure.percent()
			p.Percent = &percent
		}
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
		text += ", blocked: " + strings.TrimSuffix(p.Blocked, ".")
	}
	if p.Note != "" {
		text += ": " + p.Note
	}
	return sentence(text)
}
