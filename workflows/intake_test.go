package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

func TestIntake(t *testing.T) {
	sponsored := func(in *contract.RequestInput) { in.Submission.Content.Sponsor = "dora" }
	cases := map[string]struct {
		world   func(*world)
		input   func(*contract.RequestInput)
		act     func(*scene)
		outcome pmo.Outcome
		rounds  map[pmo.Kind]int
	}{
		"gaps nobody can fill": {world: func(w *world) { w.lacks = true }, outcome: pmo.OutcomeDelivered, rounds: map[pmo.Kind]int{pmo.KindClarify: 1},
			act: func(s *scene) { s.decide("sam", "clarify/1", pmo.VerdictUnknown, because("nobody knows")).fromReview() }},
		"an answer that fills another gap is asked about again, twice at most": {world: func(w *world) { w.lacks = true },
			outcome: pmo.OutcomeDelivered, rounds: map[pmo.Kind]int{pmo.KindClarify: 2},
			act: func(s *scene) {
				s.refuse(pmo.RefusedInvalid, "sam", "clarify/1", pmo.VerdictProvide).
					decide("sam", "clarify/1", pmo.VerdictProvide, with(users)).
					decide("sam", "clarify/2", pmo.VerdictProvide, with(pmo.Data{Patch: &pmo.Patch{Problem: ptr("phone calls")}})).fromReview()
			}},
		"an amendment answers too": {world: func(w *world) { w.lacks = true }, outcome: pmo.OutcomeDelivered, rounds: map[pmo.Kind]int{pmo.KindClarify: 1},
			act: func(s *scene) {
				s.amend("sam", 1, *measure.Patch).refuse(pmo.RefusedSuperseded, "sam", "clarify/1", pmo.VerdictProvide, with(measure)).fromReview()
			}},
		"no answer to the form": {world: func(w *world) { w.lacks = true }, act: func(*scene) {}, outcome: pmo.OutcomeExpired},
		// The sponsor's no gives the form a gap; the requester is asked for another one under a number of its own.
		"another sponsor": {world: func(w *world) {
			w.admitted.Rules.NeedsSponsor, w.admitted.Rules.ClarifyRounds, w.wantsSponsor = true, 1, true
		}, input: sponsored, outcome: pmo.OutcomeDelivered, rounds: map[pmo.Kind]int{pmo.KindClarify: 2, pmo.KindSponsor: 2},
			act: func(s *scene) {
				s.decide("dora", "sponsor/1", pmo.VerdictDecline, because("not my field")).
					decide("sam", "clarify/1", pmo.VerdictProvide, with(pmo.Data{Patch: &pmo.Patch{Sponsor: ptr("dora")}})).
					decide("dora", "sponsor/2", pmo.VerdictDecline, because("no")).
					decide("sam", "clarify/2", pmo.VerdictUnknown, because("there is none")).fromReview()
			}},
		"three sponsors said no": {world: func(w *world) { w.admitted.Rules.NeedsSponsor, w.wantsSponsor = true, true }, input: sponsored, outcome: pmo.OutcomeRejected,
			act: func(s *scene) {
				for round := 1; round <= 3; round++ {
					s.decide("dora", pmo.QuestionID(pmo.KindSponsor, round, ""), pmo.VerdictDecline, because("no"))
					if round < 3 {
						s.decide("sam", pmo.QuestionID(pmo.KindClarify, round, ""), pmo.VerdictProvide, with(pmo.Data{Patch: &pmo.Patch{Sponsor: ptr("dora")}}))
					}
				}
			}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, newWorld())
			in := input()
			if c.world != nil {
				c.world(s.world)
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
			s.world.requireUniqueKeys(t)
		})
	}
}

// requireUniqueKeys: the ledger's natural keys are what keeps a reset from telling things twice.
func (w *world) requireUniqueKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range w.entries {
		require.False(t, seen[e.Key], "%s is told twice", e.Key)
		seen[e.Key] = true
	}
}

func TestReceiptWaitsForTheNumber(t *testing.T) {
	s := newScene(t, newWorld())
	s.world.down = true
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
	for name, act := range map[string]func(*scene){
		"withdrawn":             func(s *scene) { s.stop(contract.UpdateWithdraw, "sam", "") },
		"cancelled in temporal": func(s *scene) { s.then(s.CancelWorkflow) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, newWorld())
			s.world.down = true
			var receipt *pmo.Receipt
			s.at(0, func() { receipt = s.update(contract.UpdateReceipt, contract.ReceiptInput{Digest: "d1"}, "") })
			act(s)
			s.then(s.recover)
			require.Equal(t, pmo.StatusClosed, s.run(input()).Status)
			require.Equal(t, "accepted", receipt.Result)
		})
	}
}
