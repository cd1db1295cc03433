package pmo_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// counted is one case of the enumeration: what became of each seat, and what the person who joined by escalation said.
type counted struct {
	quorum    pmo.Quorum
	seats     []rune // y, n, a: answered; p: pending; g: its person answered for another seat
	escalated rune   // y, n, a, p; 0 before the escalation
	removed   int    // answers of people who are no longer asked
}

// verdict is the slow reference: it tries every way in which the pending seats may still be answered.
func (c counted) verdict() (verdict pmo.Effect, stuck bool) {
	switch c.escalated {
	case 'y':
		return pmo.EffectYes, false
	case 'n':
		return pmo.EffectNo, false
	}
	noes, pending := count(c.seats, 'n'), count(c.seats, 'p')
	switch {
	case c.passes(c.seats):
		return pmo.EffectYes, false
	case noes > 0 && c.quorum.Reject == pmo.RejectAny,
		noes > 0 && c.quorum.Reject == pmo.RejectCount && noes >= c.quorum.RejectN,
		noes > 0 && !c.mayPass(c.seats):
		return pmo.EffectNo, false
	}
	return "", pending == 0
}

func (c counted) mayPass(seats []rune) bool {
	for i, s := range seats {
		if s != 'p' {
			continue
		}
		for _, answer := range "ynag" {
			next := append(append(append([]rune{}, seats[:i]...), answer), seats[i+1:]...)
			if c.mayPass(next) {
				return true
			}
		}
		return false
	}
	return c.passes(seats)
}

// passes counts up the yeses that are needed, one at a time.
func (c counted) passes(seats []rune) bool {
	yes, of := count(seats, 'y'), len(seats)-count(seats, 'g')
	if !c.quorum.AbstainCounts {
		of -= count(seats, 'a')
	}
	for needed := 1; needed <= yes; needed++ {
		switch c.quorum.Mode {
		case pmo.QuorumAny:
			return true
		case pmo.QuorumAll:
			if needed == of {
				return true
			}
		case pmo.QuorumCount:
			if needed == c.quorum.N {
				return true
			}
		case pmo.QuorumPercent:
			if 100*needed >= c.quorum.N*of {
				return true
			}
		}
	}
	return false
}

func count(seats []rune, which rune) (n int) {
	for _, s := range seats {
		if s == which {
			n++
		}
	}
	return n
}

var verdictOf = map[rune]string{'y': pmo.VerdictApprove, 'n': pmo.VerdictReject, 'a': pmo.VerdictAbstain}

// question builds the case. The people who gave their seats up are the delegates who fill answered seats; every other answered seat is
// filled by its person or, in turn, by a delegate who is not asked. It is nil when no answered seat is left for somebody who gave theirs up.
func (c counted) question() *pmo.Question {
	q := &pmo.Question{Kind: pmo.KindReview, Options: pmo.Options(pmo.KindReview), Quorum: c.quorum, Counting: pmo.CountSeats,
		Status: pmo.QuestionOpen, Escalation: []string{"petra"}, Escalated: c.escalated != 0}
	var gave []string
	for i, s := range c.seats {
		person := fmt.Sprint("p", i)
		q.People = append(q.People, person)
		if s == 'g' {
			gave = append(gave, person)
		}
	}
	for i, s := range c.seats {
		if verdictOf[s] == "" {
			continue
		}
		by := q.People[i]
		if len(gave) > 0 {
			by, gave = gave[0], gave[1:]
		} else if i%2 == 1 {
			by = fmt.Sprint("delegate", i)
		}
		q.Answers = append(q.Answers, pmo.Answer{By: by, For: q.People[i], Verdict: verdictOf[s]})
	}
	for i := range c.removed {
		q.Answers = append(q.Answers, pmo.Answer{By: fmt.Sprint("left", i), For: fmt.Sprint("left", i), Verdict: verdictOf[[]rune("yna")[i%3]]})
	}
	if v := verdictOf[c.escalated]; v != "" {
		q.Answers = append(q.Answers, pmo.Answer{By: "petra", For: "petra", Verdict: v})
	}
	if len(gave) > 0 {
		return nil
	}
	return q
}

// eachSeats calls f with every multiset of up to five seats: the order of seats does not matter (TestTallyProperties).
func eachSeats(f func([]rune)) {
	kinds := []rune("ynapg")
	var more func(seats []rune, from int)
	more = func(seats []rune, from int) {
		f(seats)
		if len(seats) == 5 {
			return
		}
		for k := from; k < len(kinds); k++ {
			more(append(append([]rune{}, seats...), kinds[k]), k)
		}
	}
	more(nil, 0)
}

func quorums() (list []pmo.Quorum) {
	modes := []pmo.Quorum{{Mode: pmo.QuorumAny}, {Mode: pmo.QuorumAll}}
	for n := 1; n <= 5; n++ {
		modes = append(modes, pmo.Quorum{Mode: pmo.QuorumCount, N: n})
	}
	for _, percent := range []int{1, 33, 50, 60, 67, 100} {
		modes = append(modes, pmo.Quorum{Mode: pmo.QuorumPercent, N: percent})
	}
	for _, q := range modes {
		for _, q.AbstainCounts = range []bool{false, true} {
			for _, q.Reject = range []pmo.RejectRule{"", pmo.RejectOutOfReach, pmo.RejectAny} {
				list = append(list, q)
			}
			for q.RejectN = range 4 {
				q.Reject = pmo.RejectCount
				list = append(list, q)
			}
			q.RejectN = 0
		}
	}
	return list
}

// TestCountingByEnumeration compares the count with a slow reference: mode × reject rule × answers × abstentions × delegation ×
// escalation × people removed, for up to five people.
func TestCountingByEnumeration(t *testing.T) {
	cases := 0
	eachSeats(func(seats []rune) {
		for _, quorum := range quorums() {
			for _, escalated := range []rune{0, 'p', 'y', 'n', 'a'} {
				for _, removed := range []int{0, 1, 3} {
					c := counted{quorum, seats, escalated, removed}
					q := c.question()
					if q == nil {
						continue
					}
					cases++
					verdict, stuck := c.verdict()
					tally := q.Tally()
					if tally.Verdict != verdict || tally.Stuck != stuck {
						t.Fatalf("%+v, seats %s, escalated %q: %+v, reference %q stuck %v", quorum, string(seats), escalated, tally, verdict, stuck)
					}
				}
			}
		}
	})
	require.Greater(t, cases, 200_000)
}

// TestASettledCountStaysSettled: whatever the pending seats answer, a verdict of the count does not turn.
func TestASettledCountStaysSettled(t *testing.T) {
	eachSeats(func(seats []rune) {
		at := -1
		for i, s := range seats {
			if s == 'p' {
				at = i
			}
		}
		for _, quorum := range quorums() {
			q := counted{quorum: quorum, seats: seats}.question()
			if q == nil || at < 0 || quorum.Reject == pmo.RejectAny || quorum.Reject == pmo.RejectCount {
				continue // with a reject rule the first of two fixed outcomes wins, as the question then closes
			}
			was := q.Tally().Verdict
			for _, answer := range "yna" {
				next := append([]rune{}, seats...)
				next[at] = answer
				if is := (counted{quorum: quorum, seats: next}).question().Tally().Verdict; was != "" && was != is {
					t.Fatalf("%+v: %s says %q, then %s says %q", quorum, string(seats), was, string(next), is)
				}
			}
		}
	})
}

// TestQuestionsOfBeforeCountAsTheyDid: a recorded history is replayed with the verdicts it had.
func TestQuestionsOfBeforeCountAsTheyDid(t *testing.T) {
	q := question(pmo.Quorum{Mode: pmo.QuorumAll}, 2, "yA")
	q.Counting = pmo.CountAnswers
	require.Equal(t, pmo.EffectYes, q.Tally().Verdict)

	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	q.Counting = pmo.CountAnswers
	r.ApplyDecide(voteFor("bo", "ana", pmo.VerdictApprove), start)
	require.Equal(t, start, q.DueAt, "it was escalated at once")
}

func voteFor(actor, seat, verdict string) pmo.Decide {
	c := vote(actor, verdict)
	c.By.For = seat
	return c
}

func TestAnAbstentionAfterTheEscalationIsNoSeat(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	r.ApplyDecide(vote("ana", pmo.VerdictApprove), start)
	passTo(r, q.DueAt)
	require.True(t, q.Escalated)
	receipt := r.ApplyDecide(vote("petra", pmo.VerdictAbstain), start.Add(8*day))
	require.Equal(t, "recorded", receipt.Result)
	require.Equal(t, 2, receipt.Tally.Needed)
	require.Equal(t, []string{"bo"}, q.Waiting())
	require.Equal(t, pmo.StageReview, r.Stage)
}

func TestADelegateWhoIsAskedTooHasOneAnswer(t *testing.T) {
	t.Run("all: the empty seat is not counted", func(t *testing.T) {
		r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo", "cy")
		id := q.ID
		r.ApplyDecide(voteFor("bo", "ana", pmo.VerdictApprove), start)
		require.Contains(t, r.Ledger[len(r.Ledger)-1].Text, "the seat of bo is no longer counted")
		require.Equal(t, []string{"cy"}, q.Waiting())
		require.Equal(t, start.Add(7*day), q.DueAt, "nothing is brought forward")
		require.Equal(t, "settled", r.ApplyDecide(vote("cy", pmo.VerdictApprove), start).Result)
		require.Equal(t, pmo.VerdictApprove, r.Question(id).Verdict)
	})
	t.Run("two must agree: escalated at once", func(t *testing.T) {
		r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumCount, N: 2}, "ana", "bo")
		r.ApplyDecide(voteFor("bo", "ana", pmo.VerdictApprove), start)
		require.True(t, q.Open())
		fire(r, start)
		require.True(t, q.Escalated)
		require.Equal(t, []string{"petra"}, q.Waiting())
	})
	t.Run("two must agree, no escalation: the seat can be moved until the deadline", func(t *testing.T) {
		r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumCount, N: 2}, "ana", "bo")
		q.Escalation = nil
		r.ApplyDecide(voteFor("bo", "ana", pmo.VerdictApprove), start)
		require.Equal(t, start.Add(7*day), q.DueAt, "not timed out at once")
		due, _ := r.NextDue(start.Add(time.Hour))
		require.Equal(t, q.DueAt, due, "there is nobody to remind")
		c := pmo.Reassign{Reason: "two people", Question: q.ID, From: "bo", To: "cy"}
		require.Nil(t, r.CheckReassign(c))
		r.ApplyReassign(c, start)
		require.Equal(t, []string{"cy"}, q.Waiting())
		require.Equal(t, "settled", r.ApplyDecide(vote("cy", pmo.VerdictApprove), start).Result)
	})
}

// TestVotesAreKeptOverARoundThatDidNotReachTheGroup: the second round ended before the board was asked in it.
func TestVotesAreKeptOverARoundThatDidNotReachTheGroup(t *testing.T) {
	for counting, kept := range map[pmo.Counting]bool{pmo.CountSeats: true, pmo.CountAnswers: false} {
		r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
		r.ApplyDecide(vote("ana", pmo.VerdictApprove), start)
		q.Status = pmo.QuestionSuspended
		open := func(group string) *pmo.Question {
			to := terms(start, "ana", "bo")
			to.Counting = counting
			return openAt(r, pmo.QuestionSpec{Kind: pmo.KindReview, Group: group}, to)
		}
		for range 3 { // in the rounds 1, 2 and 3
			open("approvers").Status = pmo.QuestionSuspended
		}
		board := open("board")
		require.Equal(t, "review/3/board", board.ID)
		require.Equal(t, kept, board.Voted("ana"))
		require.Len(t, r.Questions, map[bool]int{true: 4, false: 3}[kept])
	}
}

// TestWhoHasASeatFillsNoOther: all of two are two people.
func TestWhoHasASeatFillsNoOther(t *testing.T) {
	for counting, refused := range map[pmo.Counting]string{pmo.CountSeats: "", pmo.CountOwnSeats: pmo.RefusedNotAsked} {
		r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
		q.Counting = counting
		c := vote("ana", pmo.VerdictApprove)
		c.By.For = "bo"
		require.Equal(t, refused, kind(r.CheckDecide(c, start)))
		c.By.Actor = "kim"
		require.Nil(t, r.CheckDecide(c, start), "a delegate without a seat fills it")
	}
}
