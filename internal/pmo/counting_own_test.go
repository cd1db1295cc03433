package pmo_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// ownSeats is a case of the enumeration for CountOwnSeats, through the door: seats as in counted, where d is the seat of somebody who is away
// and whose only delegate has a seat. Such a seat is taken away when people are looked at, before or after the answers.
type ownSeats struct {
	quorum pmo.Quorum
	seats  []rune // y, n, a, p, d
	after  bool   // people are looked at after the answers
}

// reference counts by counted, whose g is a seat that does not count.
func (c ownSeats) reference(seats []rune, escalated rune) (verdict pmo.Effect, stuck bool) {
	return counted{quorum: c.quorum, seats: seats, escalated: escalated}.verdict()
}

// begin opens the question. Every second seat is answered by a delegate without a seat.
func (c ownSeats) begin() (r *pmo.Request, people []string) {
	for i := range c.seats {
		people = append(people, fmt.Sprint("p", i))
	}
	r = submitted()
	r.Stage = pmo.StageReview
	t := terms(start, people...)
	t.Quorum, t.Counting, t.Remind = c.quorum, pmo.CountOwnSeats, nil
	r.OpenQuestion(pmo.QuestionSpec{Kind: pmo.KindReview, Group: "board", Text: "Do it?"}, t, start)
	r.ToldForTest()
	return r, people
}

// look takes the seats away that nobody can fill. It returns what is wrong with what follows, or nothing.
func (c ownSeats) look(r *pmo.Request, people []string, seats []rune) string {
	q := r.Question("review/1/board")
	var gone []pmo.Departure
	for i, s := range seats {
		if s == 'd' {
			gone = append(gone, pmo.Departure{Person: people[i], Why: "who is away"})
		}
	}
	if !q.Open() || len(gone) == 0 {
		return ""
	}
	r.PeopleChanged(q.ID, pmo.QuestionTerms{Gone: gone, DueAt: start.Add(7 * day), LastDueAt: start.Add(14 * day)}, start)
	r.ToldForTest()
	left := slices.DeleteFunc(slices.Clone(seats), func(s rune) bool { return s == 'd' })
	needed := c.needed(left)
	verdict, _ := c.reference(left, 0)
	if tooFew := verdict == "" && count(left, 'y')+count(left, 'p') < needed; tooFew != q.Escalated {
		return fmt.Sprintf("too few are left is %v, escalated %v", tooFew, q.Escalated)
	}
	return ""
}

// needed is how many yeses make the quorum of the seats.
func (c ownSeats) needed(seats []rune) int {
	of := len(seats)
	if !c.quorum.AbstainCounts {
		of -= count(seats, 'a')
	}
	for needed := 1; ; needed++ {
		switch {
		case c.quorum.Mode == pmo.QuorumAny, c.quorum.Mode == pmo.QuorumAll && needed >= of, c.quorum.Mode == pmo.QuorumCount && needed == c.quorum.N,
			c.quorum.Mode == pmo.QuorumPercent && 100*needed >= c.quorum.N*of:
			return needed
		}
	}
}

// answer gives the answers in order, each through the door, while the question is open.
func (c ownSeats) answer(r *pmo.Request, people []string) string {
	for i, s := range c.seats {
		q := r.Question("review/1/board")
		if !q.Open() {
			return ""
		}
		cmd := vote(people[i], verdictOf[s])
		switch {
		case s == 'd':
			cmd = voteFor(people[(i+1)%len(people)], people[i], pmo.VerdictApprove)
			if len(people) > 1 && r.CheckDecide(cmd, start) == nil {
				return "who has a seat filled another"
			}
			continue
		case s == 'p':
			continue
		case i%2 == 1:
			cmd = voteFor(fmt.Sprint("delegate", i), people[i], verdictOf[s])
		}
		if refusal := r.CheckDecide(cmd, start); refusal != nil {
			return "refused: " + refusal.Detail
		}
		r.ApplyDecide(cmd, start)
	}
	return ""
}

// state is the seats as they stand after the first answers: the others are pending. Seats that were taken away do not count.
func (c ownSeats) state(answered int) []rune {
	seats := slices.Clone(c.seats)
	for i := answered; i < len(seats); i++ {
		if seats[i] != 'd' {
			seats[i] = 'p'
		}
	}
	return seats
}

// expect is what the reference says of the question after the answers: it settles at the first one that fixes its outcome.
func (c ownSeats) expect() (verdict pmo.Effect, stuck bool) {
	for answered := 0; answered <= len(c.seats); answered++ {
		seats := c.state(answered)
		if c.after { // still pending for all anybody knows
			for i := range seats {
				if seats[i] == 'd' {
					seats[i] = 'p'
				}
			}
		} else {
			seats = slices.DeleteFunc(seats, func(s rune) bool { return s == 'd' })
		}
		if verdict, stuck = c.reference(seats, 0); verdict != "" {
			return verdict, false
		}
	}
	if c.after {
		return c.reference(slices.DeleteFunc(c.state(len(c.seats)), func(s rune) bool { return s == 'd' }), 0)
	}
	return verdict, stuck
}

func (c ownSeats) run() string {
	r, people := c.begin()
	wrong := ""
	if !c.after {
		wrong = c.look(r, people, c.state(0))
	}
	if wrong == "" {
		wrong = c.answer(r, people)
	}
	if wrong == "" && c.after {
		wrong = c.look(r, people, c.seats)
	}
	if wrong != "" {
		return wrong
	}
	q := r.Question("review/1/board")
	verdict, stuck := c.expect()
	if len(q.People) == 0 {
		stuck = false // nobody was asked; shown as such
	}
	given := map[string]pmo.Effect{pmo.VerdictApprove: pmo.EffectYes, pmo.VerdictReject: pmo.EffectNo}[q.Verdict]
	switch {
	case given != verdict || q.Open() != (verdict == ""):
		return fmt.Sprintf("%s %s, reference %q", q.Status, q.Verdict, verdict)
	case q.Open() && stuck && !q.Escalated && !q.DueAt.Equal(start):
		return "stuck, and not escalated at once"
	case !q.Open():
		return ""
	}
	return c.escalate(r)
}

// escalate lets the deadline pass if need be, and whoever joins answer.
func (c ownSeats) escalate(r *pmo.Request) string {
	if q := r.Question("review/1/board"); !q.Escalated {
		fire(r, q.DueAt)
	}
	for _, answer := range "ayn" {
		state := r.Copy()
		q := state.Question("review/1/board")
		if !q.Escalated || !q.Open() {
			return fmt.Sprintf("at its deadline %s, escalated %v", q.Status, q.Escalated)
		}
		state.ApplyDecide(vote("petra", verdictOf[answer]), start)
		want := map[rune]string{'y': pmo.VerdictApprove, 'n': pmo.VerdictReject}[answer]
		if q.Verdict != want {
			return fmt.Sprintf("escalated %c gives %q", answer, q.Verdict)
		}
	}
	return ""
}

// TestCountingOwnSeatsByEnumeration drives each case through the door: mode × reject rule × answers × abstentions × delegation (by people
// without a seat, and refused to those with one) × people removed × escalation, for up to five people.
func TestCountingOwnSeatsByEnumeration(t *testing.T) {
	most, cases := 5, 0
	if testing.Short() {
		most = 4
		t.Log("up to four people; five without -short")
	}
	var more func(seats []rune, from int)
	more = func(seats []rune, from int) {
		for _, quorum := range quorums() {
			for _, after := range []bool{false, true} {
				if len(seats) == 0 || after && !slices.Contains(seats, 'd') {
					continue
				}
				cases++
				if wrong := (ownSeats{quorum, seats, after}).run(); wrong != "" {
					t.Fatalf("%+v, seats %s, people looked at after the answers %v: %s", quorum, string(seats), after, wrong)
				}
			}
		}
		for k := from; k < 5 && len(seats) < most; k++ {
			more(append(slices.Clone(seats), []rune("ynapd")[k]), k)
		}
	}
	more(nil, 0)
	require.Greater(t, cases, 20_000)
}
