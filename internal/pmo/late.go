package pmo

import (
	"fmt"
	"strings"
	"time"
)

// lateGrace is how late a step may be taken without moving the ones that follow: a timer never fires to the second.
const lateGrace = time.Minute

// Announcement is the entry of the ledger by which a question's people are asked, until it is projected: only then can they see it.
type Announcement struct {
	Seq int64     `json:"seq,omitempty"` // of the entry; 0: all were told
	At  time.Time `json:"at,omitzero"`   // when they were to be told
}

// announced notes that the entry just recorded asks people. While an earlier one is not projected, the time it was to be told stays.
func (r *Request) announced(q *Question, now time.Time) {
	if q.Announced.Seq == 0 {
		q.Announced.At = now
	}
	q.Announced.Seq = r.LedgerSeq
}

// untold reports whether the people the question waits on cannot have been told of it. Then none of its steps is taken: nobody is timed out
// who was never told.
func (r *Request) untold(q *Question) bool {
	return r.Process >= Process06 && q.Announced.Seq != 0 && len(q.Waiting()) > 0
}

// tell notes that all entries up to one are projected. When that comes late, or a step is overdue, the steps of the question run from now:
// each keeps its length. Its people are told when it is due.
func (r *Request) tell(seq int64, now time.Time) {
	for _, q := range r.OpenQuestions() {
		if q.Announced.Seq == 0 || q.Announced.Seq > seq {
			continue
		}
		since := q.Announced.At
		late, overdue := r.untold(q) && now.Sub(since) > lateGrace, r.untold(q) && q.overdue(now)
		q.Announced = Announcement{}
		if !late && !overdue {
			continue
		}
		told := now
		if r.Hold != nil { // the clocks stand still since then; resuming moves them by the rest
			told = later(r.Hold.Since, since)
		}
		r.shift(q, since, told)
		r.record(now, Entry{Event: EventAsked, Question: q.ID, concerned: q.Waiting(),
			Text: fmt.Sprintf("%s was announced late, so its time begins now: due %s.", q.ID, q.DueAt.UTC().Format("2006-01-02 15:04 MST"))})
	}
}

// overdue reports whether a step of the question ought to have been taken.
func (q *Question) overdue(now time.Time) bool {
	return len(q.Remind) > 0 && !q.Remind[0].After(now) || !q.DueAt.IsZero() && !q.DueAt.After(now)
}

// remind takes the reminders that are due as one. When it comes late, because no worker ran, every later step of the question moves: each
// step's length runs from when the step before was really taken.
func (r *Request) remind(q *Question, now time.Time) {
	due := 0
	for due < len(q.Remind) && !q.Remind[due].After(now) {
		due++
	}
	if due == 0 {
		return
	}
	at := q.Remind[due-1]
	q.Remind = q.Remind[due:]
	if now.Sub(at) > lateGrace {
		r.shift(q, at, now)
	}
	r.recordReminder(q, now)
}

func (r *Request) recordReminder(q *Question, now time.Time) {
	q.Reminded++
	r.record(now, Entry{Event: EventReminded, Key: fmt.Sprintf("%s/%s/%d", EventReminded, q.ID, q.Reminded), Question: q.ID,
		Text: fmt.Sprintf("Reminder: %s waits on %s until %s.", q.ID, strings.Join(q.Waiting(), ", "), q.DueAt.UTC().Format("2006-01-02 15:04 MST"))})
}

// shift moves every time of the question that is still to come: its length from one moment runs from another one. Lengths in working time
// are kept in the working time of the portfolio.
func (r *Request) shift(q *Question, from, to time.Time) {
	c, due := r.calendar(), q.DueAt
	for i := range q.Remind {
		q.Remind[i] = c.keepLength(q.Remind[i], from, to, q.dueIn())
	}
	q.DueAt = c.keepLength(due, from, to, q.dueIn())
	q.LastDueAt = c.keepLength(q.LastDueAt, due, q.DueAt, q.LastDueIn)
}

// dueIn is what the next deadline counts in.
func (q *Question) dueIn() TimeUnit {
	if q.Escalated {
		return q.LastDueIn
	}
	return q.DueIn
}

// lastDueFrom is the deadline after an escalation that is taken now: a late one leaves as long as one on time.
func (r *Request) lastDueFrom(q *Question, now time.Time) time.Time {
	if r.Process < Process05 || now.Sub(q.DueAt) <= lateGrace {
		return q.LastDueAt
	}
	return r.calendar().keepLength(q.LastDueAt, q.DueAt, now, q.LastDueIn)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
