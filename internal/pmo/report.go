package pmo

import (
	"fmt"
	"time"
)

// CheckReport tells why a progress report cannot be taken, or nil.
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
	if (c.Health == HealthAmber || c.Health == HealthRed) && c.Note == "" && c.Blocked == "" {
		return invalid("/note", "%s needs a reason", c.Health)
	}
	if c.Done && r.Change != nil {
		return refuse(RefusedMovedOn, "a change waits for an answer")
	}
	return nil
}

// ApplyReport takes a progress report; one that says done leads to closure.
func (r *Request) ApplyReport(c Report, now time.Time) Receipt {
	p := Progress{By: c.By.Actor, At: now, Percent: c.Percent, Health: c.Health, Note: c.Note, Risks: c.Risks, Blocked: c.Blocked, Done: c.Done}
	if p.Health == "" {
		p.Health = HealthGreen
	}
	if p.Percent == nil && r.Progress != nil {
		p.Percent = r.Progress.Percent
	}
	r.Progress = &p
	r.addLessons(c.By.Actor, c.Lessons)
	if c.Done {
		r.DoneAt = now
	}
	r.recordCommand(now, c.By, Entry{Event: EventReported, Text: p.words(), Recipients: r.followers()})
	r.supersede(now, "the team reported", KindReport)
	return r.receipt("reported")
}

// addLessons keeps lessons with who says so.
func (r *Request) addLessons(by string, lessons []Lesson) {
	for _, l := range lessons {
		l.By = by
		r.Lessons = append(r.Lessons, l)
	}
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
	return text + "."
}
