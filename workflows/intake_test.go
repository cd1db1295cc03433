package workflows_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

func TestIntake(t *testing.T) {
	sponsored := func(in *contract.RequestInput) { in.Submission.Content.Sponsor = "dora" }
	cases := map[string]struct {
		setup   func(*activitiesFake)
		input   func(*contract.RequestInput)
		act     func(*harness)
		outcome pmo.Outcome
		rounds  map[pmo.Kind]int
	}{
		"gaps nobody can fill": {setup: func(w *activitiesFake) { w.hasGap = true }, outcome: pmo.OutcomeDelivered, rounds: map[pmo.Kind]int{pmo.KindClarify: 1},
			act: func(s *harness) {
				s.decide("sam", "clarify/1", pmo.VerdictUnknown, because("nobody knows")).fromReview()
			}},
		"an answer that fills another gap is asked about again, twice at most": {setup: func(w *activitiesFake) { w.hasGap = true },
			outcome: pmo.OutcomeDelivered, rounds: map[pmo.Kind]int{pmo.KindClarify: 2},
			act: func(s *harness) {
				s.refused(pmo.RefusedInvalid, "sam", "clarify/1", pmo.VerdictProvide).
					decide("sam", "clarify/1", pmo.VerdictProvide, with(users)).
					decide("sam", "clarify/2", pmo.VerdictProvide, with(pmo.Data{Patch: &pmo.Patch{Problem: ptr("phone calls")}})).fromReview()
			}},
		"an amendment answers too": {setup: func(w *activitiesFake) { w.hasGap = true }, outcome: pmo.OutcomeDelivered, rounds: map[pmo.Kind]int{pmo.KindClarify: 1},
			act: func(s *harness) {
				s.amend("sam", 1, *measure.Patch).refused(pmo.RefusedSuperseded, "sam", "clarify/1", pmo.VerdictProvide, with(measure)).fromReview()
			}},
		"no answer to the form": {setup: func(w *activitiesFake) { w.hasGap = true }, act: func(*harness) {}, outcome: pmo.OutcomeExpired},
		// The sponsor's no gives the form a gap; the requester is asked for another one under a number of its own.
		"another sponsor": {setup: func(w *activitiesFake) {
			w.admitted.Rules.NeedsSponsor, w.admitted.Rules.ClarifyRounds, w.wantsSponsor = true, 1, true
		}, input: sponsored, outcome: pmo.OutcomeDelivered, rounds: map[pmo.Kind]int{pmo.KindClarify: 2, pmo.KindSponsor: 2},
			act: func(s *harness) {
				s.decide("dora", "sponsor/1", pmo.VerdictDecline, because("not my field")).
					decide("sam", "clarify/1", pmo.VerdictProvide, with(pmo.Data{Patch: &pmo.Patch{Sponsor: ptr("dora")}})).
					decide("dora", "sponsor/2", pmo.VerdictDecline, because("no")).
					decide("sam", "clarify/2", pmo.VerdictUnknown, because("there is none")).fromReview()
			}},
		"three sponsors said no": {setup: func(w *activitiesFake) { w.admitted.Rules.NeedsSponsor, w.wantsSponsor = true, true }, input: sponsored, outcome: pmo.OutcomeRejected,
			act: func(s *harness) {
				for round := 1; round <= 3; round++ {
					s.decide("dora", pmo.QuestionID(pmo.KindSponsor, round, ""), pmo.VerdictDecline, because("no"))
					if round < 3 {
						s.decide("sam", pmo.QuestionID(pmo.KindClarify, round, ""), pmo.VerdictProvide, with(pmo.Data{Patch: &pmo.Patch{Sponsor: ptr("dora")}}))
					}
				}
			}},
	}
	for name, c := range cases {
		for _, ahead := range []bool{false, true} { // what happens does not depend on it
			t.Run(fmt.Sprintf("%s, looking ahead %t", name, ahead), func(t *testing.T) {
				s := newHarness(t, newActivitiesFake())
				s.activities.looksAhead = ahead
				in := input()
				if c.setup != nil {
					c.setup(s.activities)
				}
				if c.input != nil {
					c.input(&in)
				}
				c.act(s)
				end := s.run(in)
				require.NoError(t, s.GetWorkflowError())
				require.Equal(t, c.outcome, end.Outcome)
				require.NotEmpty(t, end.Reason)
				for kind, rounds := range c.rounds {
					require.Equal(t, rounds, end.Rounds[kind], kind)
				}
				s.activities.requireUniqueKeys(t)
			})
		}
	}
}

// TestASubmissionTakesOneStep: what the steps after intake ask for came with the admission, so until the first question waits the worker has
// run Admit and the projection. Where something else happened first, or the database was away for longer than terms are good for, they ask.
func TestASubmissionTakesOneStep(t *testing.T) {
	for name, c := range map[string]struct {
		first   func(*harness)
		asks    int // before review waits
		process pmo.ProcessVersion
	}{
		"at once":                           {process: pmo.LatestProcess},
		"began with 0.7":                    {process: pmo.Process07, asks: 1},
		"the database was away for an hour": {process: pmo.LatestProcess, asks: 1, first: func(s *harness) { s.activities.unreachable = true; s.at(time.Hour, s.recover) }},
		"changed meanwhile": {process: pmo.LatestProcess, asks: 1, first: func(s *harness) {
			s.activities.unreachable = true
			s.at(time.Minute, func() {
				s.update(contract.UpdateWatch, pmo.Watch{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Add: []string{"kim"}}, "")
			})
			s.at(2*time.Minute, s.recover)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			s.activities.looksAhead = true
			s.beganWith(c.process)
			if c.first != nil {
				c.first(s)
			}
			s.at(2*time.Hour, func() {
				require.Len(t, s.activities.termsAsked, c.asks)
				r := s.snapshot()
				q := r.Question("review/1/approvers")
				require.NotNil(t, q)
				require.Equal(t, []string{"ana", "bo"}, q.People)
				require.Equal(t, 7*24*time.Hour, q.DueAt.Sub(q.OpenedAt))
				if c.asks == 0 {
					require.NotContains(t, s.activities.tries, contract.ActivityRoute)
				}
			})
			s.next = 3 * time.Hour
			s.stop(contract.UpdateWithdraw, "sam", "")
			require.Equal(t, pmo.OutcomeWithdrawn, s.run(input()).Outcome)
		})
	}
}

// TestACommandOfTheFirstTask is recorded under its own key, as any other: a task that is done again records it once. Who began it before 0.9 did
// not say so, and has keys by number for what came that early.
func TestACommandOfTheFirstTask(t *testing.T) {
	for key, begun := range map[string]func(*contract.RequestInput){
		"held@k1":        func(*contract.RequestInput) {},
		"held/intake/#1": func(in *contract.RequestInput) { in.CountEntries = false },
	} {
		s, in := newHarness(t, newActivitiesFake()), input()
		begun(&in)
		s.at(0, func() {
			s.update(contract.UpdateHold, pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra", Key: "k1"}}, Reason: "a law is pending"}, "")
		})
		s.next = time.Hour
		s.stop(contract.UpdateWithdraw, "sam", "")
		s.run(in)
		require.Equal(t, key, s.activities.entries[0].Key)
	}
}

// requireUniqueKeys: the ledger's natural keys are what keeps a reset from recording things twice.
func (w *activitiesFake) requireUniqueKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range w.entries {
		require.False(t, seen[e.Key], "%s is told twice", e.Key)
		seen[e.Key] = true
	}
}

func TestReceiptWaitsForTheNumber(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.activities.unreachable = true
	var early, late *pmo.Receipt
	s.at(0, func() { early = s.update(contract.UpdateReceipt, contract.ReceiptInput{Digest: "d1"}, "") })
	s.at(0, func() { s.update(contract.UpdateReceipt, contract.ReceiptInput{Digest: "other"}, pmo.RefusedKeyReused) })
	s.then(func() { require.Zero(t, early.Number); s.recover() })
	s.pass(day / 2).then(func() { late = s.update(contract.UpdateReceipt, contract.ReceiptInput{Digest: "d1"}, "") })
	s.fromReview()

	s.run(input())

	require.EqualValues(t, 42, early.Number)
	require.Equal(t, begin, early.AcknowledgedAt)
	require.Equal(t, early, late, "the answer is the same whenever it is asked for")
}

func TestReceiptOfARequestClosedBeforeItsNumber(t *testing.T) {
	for name, act := range map[string]func(*harness){
		"withdrawn":             func(s *harness) { s.stop(contract.UpdateWithdraw, "sam", "") },
		"cancelled in temporal": func(s *harness) { s.then(s.CancelWorkflow) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			s.activities.unreachable = true
			var receipt *pmo.Receipt
			s.at(0, func() { receipt = s.update(contract.UpdateReceipt, contract.ReceiptInput{Digest: "d1"}, "") })
			act(s)
			s.then(s.recover)
			require.Equal(t, pmo.StatusClosed, s.run(input()).Status)
			require.Equal(t, "accepted", receipt.Result)
		})
	}
}
