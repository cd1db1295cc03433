package pmo

import (
	"fmt"
	"strings"
	"time"
)

// lateGrace is how late a step may be taken without moving the ones that follow: a timer never fires to the second.
const lateGrace = time.Minute

// remind takes the reminders that are due as one. When it comes late, because no worker ran, every later step of the question moves by as
// much: each step's length runs from when the step before was really taken.
func (r *Request) remind(q *Question, now time.Time) {
	due := 0
	for due < len(q.Remind) && !q.Remind[due].After(now) {
		due++
	}
	if due == 0 {
		return
	}
	late := now.Sub(q.Remind[due-1])
	q.Remind = q.Remind[due:]
	if late > lateGrace {
		q.shift(late)
	}
	r.recordReminder(q, now)
}

func (r *Request) recordReminder(q *Question, now time.Time) {
	q.Reminded++
	r.record(now, Entry{Event: EventReminded, Key: fmt.Sprintf("%s/%s/%d", EventReminded, q.ID, q.Reminded), Question: q.ID,
		Text: fmt.Sprintf("Reminder: %s waits on %s until %s.", q.ID, strings.Join(q.Waiting(), ", "), q.DueAt.UTC().Format("2006-01-02 15:04 MST"))})
}

// shift moves every time that is still to come.
func (q *Question) shift(by time.Duration) {
	for _, t := range []*time.Time{&q.DueAt, &q.LastDueAt} {
		if !t.IsZero() {
			*t = t.Add(by)
		}
	}
	for i := range q.Remind {
		q.Remind[i] = q.Remind[i].Add(by)
	}
}

// lastDueFrom is the deadline after an escalation that is taken now: a late one leaves as long as one on time.
func (r *Request) lastDueFrom(q *Question, now time.Time) time.Time {
	late := now.Sub(q.DueAt)
	if r.Process < Process05 || late <= lateGrace {
		return q.LastDueAt
	}
	return q.LastDueAt.Add(late)
}
