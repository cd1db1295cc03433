package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

func inEveryWaitState(t *testing.T, check func(*testing.T, waitState)) {
	for _, p := range waitStates() {
		t.Run(p.name, func(t *testing.T) { check(t, p) })
	}
}

func ids(open []*pmo.Question) []string {
	var list []string
	for _, q := range open {
		list = append(list, q.ID)
	}
	return list
}

// TestEveryWaitState proves that the table is true: the request waits where it says, and gets to the end from there.
func TestEveryWaitState(t *testing.T) {
	inEveryWaitState(t, func(t *testing.T, p waitState) {
		s := newHarness(t, newActivitiesFake())
		in := p.enter(s)
		s.check(func(state pmo.Request) {
			require.Equal(t, p.stage, state.Stage)
			require.Equal(t, p.waits, ids(state.OpenQuestions()))
		})
		if p.finish != nil {
			p.finish(s)
		}
		end := s.run(in)
		require.NoError(t, s.GetWorkflowError())
		require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
	})
}

func TestWithdrawInEveryWaitState(t *testing.T) {
	inEveryWaitState(t, func(t *testing.T, p waitState) {
		s := newHarness(t, newActivitiesFake())
		in := p.enter(s)
		if p.stage == pmo.StageClosure {
			s.stopped(contract.UpdateWithdraw, "sam", "", pmo.RefusedMovedOn).then(s.CancelWorkflow)
			require.Equal(t, endedInTemporal(p), s.run(in).Outcome)
			return
		}
		end := s.stop(contract.UpdateWithdraw, "sam", "").run(in)
		require.NoError(t, s.GetWorkflowError())
		require.Equal(t, pmo.OutcomeWithdrawn, end.Outcome)
		require.Empty(t, end.OpenQuestions())
	})
}

func TestCancelInEveryWaitState(t *testing.T) {
	inEveryWaitState(t, func(t *testing.T, p waitState) {
		if p.stage == pmo.StageClosure {
			return
		}
		s := newHarness(t, newActivitiesFake())
		in := p.enter(s)
		end := s.stopped(contract.UpdateCancel, "petra", "", pmo.RefusedInvalid).stop(contract.UpdateCancel, "petra", "the law was dropped").run(in)
		require.NoError(t, s.GetWorkflowError())
		require.Equal(t, pmo.OutcomeCancelled, end.Outcome)
		require.Equal(t, "the law was dropped", end.Reason)
	})
}

// endedInTemporal is the outcome of a request whose workflow is cancelled there: what was accepted stays delivered.
func endedInTemporal(p waitState) pmo.Outcome {
	if p.name == "delivered" || p.name == "benefit" {
		return pmo.OutcomeDelivered
	}
	return pmo.OutcomeCancelled
}

// TestCancelledInTemporalInEveryWaitState cancels the workflow itself: it closes as cancelled, or as delivered once it was accepted, and that
// is projected.
func TestCancelledInTemporalInEveryWaitState(t *testing.T) {
	inEveryWaitState(t, func(t *testing.T, p waitState) {
		s := newHarness(t, newActivitiesFake())
		in := p.enter(s)
		s.then(s.CancelWorkflow)
		end := s.run(in)
		require.ErrorContains(t, s.GetWorkflowError(), "canceled")
		require.Equal(t, endedInTemporal(p), end.Outcome)
		require.Equal(t, pmo.StatusClosed, end.Status)
		require.Contains(t, s.activities.events(), pmo.EventClosed)
	})
}
