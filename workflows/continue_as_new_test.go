package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// continued is what the next run starts from; it fails if the request did not continue as new.
func (s *harness) continued() contract.RequestInput {
	var again *workflow.ContinueAsNewError
	require.ErrorAs(s.t, s.GetWorkflowError(), &again)
	var next contract.RequestInput
	require.NoError(s.t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &next))
	require.NotNil(s.t, next.State)
	return next
}

func watchedBy(person, key, digest string) pmo.Watch {
	return pmo.Watch{Header: pmo.Header{By: pmo.By{Actor: person, Via: "api", Key: key, Digest: digest}}, Add: []string{person}}
}

// continueAsNew runs the request to a place, lets the server suggest a new run there, and returns what that starts from.
func continueAsNew(t *testing.T, p waitState) (next contract.RequestInput, before pmo.Request, at time.Time) {
	s := newHarness(t, newActivitiesFake())
	in := p.enter(s)
	s.then(func() { s.update(contract.UpdateWatch, watchedBy("mia", "k1", "d1"), "") })
	s.then(func() {
		before, at = s.snapshot(), s.Now()
		s.SetContinueAsNewSuggested(true)
		s.SignalWorkflow(contract.SignalWatch, pmo.Watch{Add: []string{"mia"}}) // changes nothing, but wakes it
	})
	last := s.run(in)
	next = s.continued()
	require.Equal(t, last.Seq, next.State.Seq, "everything is written before the run ends")
	require.Empty(t, next.State.Ledger)
	return next, before, at
}

func TestContinueAsNewInEveryWaitState(t *testing.T) {
	inEveryWaitState(t, func(t *testing.T, p waitState) {
		next, before, at := continueAsNew(t, p)

		w := newActivitiesFake()
		if p.activities != nil {
			p.activities(w)
		}
		s := newHarness(t, w)
		s.SetStartTime(at)
		pending := s.countTimers()
		s.then(func() {
			state := s.snapshot()
			due, what := state.NextDue(at)
			wanted, name := before.NextDue(at)
			require.Equal(t, wanted, due)
			require.Equal(t, name, what)
			require.Equal(t, ids(before.OpenQuestions()), ids(state.OpenQuestions()))
			require.Equal(t, before.Stage, state.Stage)
			require.Equal(t, !due.IsZero(), len(pending) == 1)
			require.Empty(t, w.termsAsked, "nobody is asked twice")
		})
		var replayed *pmo.Receipt
		s.then(func() { replayed = s.update(contract.UpdateWatch, watchedBy("mia", "k1", "d1"), "") })
		s.then(func() { s.update(contract.UpdateWatch, watchedBy("kim", "k1", "d2"), pmo.RefusedKeyReused) })
		s.then(func() {
			hold := pmo.Stop{Header: pmo.Header{By: watchedBy("mia", "k1", "d1").By}, Reason: "budget"}
			s.update(contract.UpdateHold, hold, pmo.RefusedKeyReused)
		})
		if p.finish != nil {
			p.finish(s)
		}
		end := s.run(next)
		require.NoError(t, s.GetWorkflowError())
		require.True(t, replayed.Replayed)
		require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
		require.Greater(t, end.Seq, before.Seq)
		require.Equal(t, before.LedgerSeq+1, w.entries[0].Seq, "the ledger goes on where it was")
		require.Equal(t, begin, end.SubmittedAt)
	})
}

// TestNoContinueAsNewWhileSomethingIsPending: continue-as-new is suggested from the start; the run goes on until the last thing is written.
func TestNoContinueAsNewWhileSomethingIsPending(t *testing.T) {
	t.Run("a write", func(t *testing.T) {
		s := newHarness(t, newActivitiesFake())
		s.then(func() { s.activities.unreachable = true }).decide("ana", first, pmo.VerdictApprove).
			then(func() { s.SetContinueAsNewSuggested(true) }).
			decide("bo", first, pmo.VerdictApprove).
			then(func() { require.False(t, s.IsWorkflowCompleted()); s.recover() })
		s.run(input())
		require.Equal(t, pmo.StagePrioritization, s.continued().State.Stage)
	})
	t.Run("a signal whose sender is checked", func(t *testing.T) {
		s := newHarness(t, newActivitiesFake())
		s.then(func() {
			s.SignalWorkflowSkippingWorkflowTask(contract.SignalDecide, pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "ana"}}, Question: first, Verdict: pmo.VerdictApprove})
		})
		s.then(func() { s.SetContinueAsNewSuggested(true) }) // the same workflow task brings both
		s.run(input())
		q := s.continued().State.Question(first)
		require.True(t, q.Voted("ana"), "the decision was taken along")
	})
}
