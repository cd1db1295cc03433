package pmo

import "slices"

// Tally is the count of a question's answers.
type Tally struct {
	Yes     int    `json:"yes"`
	No      int    `json:"no"`
	Abstain int    `json:"abstain"`
	Pending int    `json:"pending"`
	Needed  int    `json:"needed"`
	Verdict Effect `json:"verdict,omitempty"` // yes or no once it is settled, empty before
	Stuck   bool   `json:"stuck,omitempty"`   // everybody has answered and nothing is settled
}

// Tally counts the answers by the rules at Quorum. It decides as soon as the outcome is fixed; the order of votes does not matter.
func (q *Question) Tally() Tally {
	t, counted := q.count()
	if !q.Quorum.AbstainCounts {
		counted -= t.Abstain
	}
	t.Needed = q.Quorum.Needed(counted)
	switch {
	case q.decidedByEscalation(&t):
	case t.Yes >= t.Needed:
		t.Verdict = EffectYes
	case q.Quorum.Reject == RejectAny && t.No > 0,
		q.Quorum.Reject == RejectCount && t.No >= max(q.Quorum.RejectN, 1),
		t.No > 0 && t.Yes+t.Pending < t.Needed:
		t.Verdict = EffectNo
	case t.Pending == 0:
		t.Stuck = true
	}
	return t
}

// count counts the seats, abstentions included.
func (q *Question) count() (t Tally, counted int) {
	if q.Counting < CountSeats {
		return q.countAnswers(), len(q.People)
	}
	for _, person := range q.People {
		switch a := q.answerFor(person); {
		case a != nil:
			t.add(q, a)
		case q.gaveUp(person):
			continue
		default:
			t.Pending++
		}
		counted++
	}
	return t, counted
}

func (t *Tally) add(q *Question, a *Answer) {
	o, _ := q.option(a.Verdict)
	switch o.Effect {
	case EffectYes:
		t.Yes++
	case EffectNo:
		t.No++
	case EffectAbstain:
		t.Abstain++
	}
}

// answerFor is the answer that fills a seat, or nil.
func (q *Question) answerFor(seat string) *Answer {
	for i := range q.Answers {
		if q.Answers[i].For == seat {
			return &q.Answers[i]
		}
	}
	return nil
}

// gaveUp reports whether the person used their one answer for another seat, so that their own stays empty.
func (q *Question) gaveUp(person string) bool { return q.Voted(person) && q.answerFor(person) == nil }

// someGaveUp reports whether a seat is empty that the PMO may move to somebody who can still answer.
func (q *Question) someGaveUp() bool {
	return q.Counting >= CountSeats && slices.ContainsFunc(q.People, q.gaveUp)
}

// countAnswers counts as CountAnswers does: every answer, also of those who joined by escalation.
func (q *Question) countAnswers() Tally {
	var t Tally
	for _, person := range q.People {
		if !q.Voted(person) {
			t.Pending++
		}
	}
	for i := range q.Answers {
		t.add(q, &q.Answers[i])
	}
	return t
}

// decidedByEscalation lets those decide alone to whom the question was escalated: they were called because the others did not.
func (q *Question) decidedByEscalation(t *Tally) bool {
	if !q.Escalated {
		return false
	}
	for _, a := range q.Answers {
		if !contains(q.Escalation, a.For) || contains(q.People, a.For) {
			continue
		}
		if o, _ := q.option(a.Verdict); o.Effect == EffectYes || o.Effect == EffectNo {
			t.Verdict = o.Effect
			return true
		}
	}
	return false
}
