package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

func everywhere(t *testing.T, check func(*testing.T, place)) {
	for _, p := range places() {
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

// TestEverywhere proves that the table is true: the request waits where it says, and gets to the end from there.
func TestEverywhere(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := newScene(t, newWorld())
		in := p.stay(s)
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

func TestWithdrawEverywhere(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := newScene(t, newWorld())
		in := p.stay(s)
		if p.stage == pmo.StageClosure {
			s.stopped(contract.UpdateWithdraw, "sam", "", pmo.RefusedMovedOn).then(s.CancelWorkflow)
			require.Equal(t, pmo.OutcomeCancelled, s.run(in).Outcome)
			return
		}
		end := s.stop(contract.UpdateWithdraw, "sam", "").run(in)
		require.NoError(t, s.GetWorkflowError())
		require.Equal(t, pmo.OutcomeWithdrawn, end.Outcome)
		require.Empty(t, end.OpenQuestions())
	})
}

func TestCancelEverywhere(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		if p.stage == pmo.StageClosure {
			return
		}
		s := newScene(t, newWorld())
		in := p.stay(s)
		end := s.stopped(contract.UpdateCancel, "petra", "", pmo.RefusedInvalid).stop(contract.UpdateCancel, "petra", "the law was dropped").run(in)
		require.NoError(t, s.GetWorkflowError())
		require.Equal(t, pmo.OutcomeCancelled, end.Outcome)
		require.Equal(t, "the law was dropped", end.Reason)
	})
}

// TestCancelledInTemporalEverywhere cancels the workflow itself: it closes as cancelled, and Postgres hears of it.
func TestCancelledInTemporalEverywhere(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := newScene(t, newWorld())
		in := p.stay(s)
		s.then(s.CancelWorkflow)
		end := s.run(in)
		require.ErrorContains(t, s.GetWorkflowError(), "canceled")
		require.Equal(t, pmo.OutcomeCancelled, end.Outcome)
		require.Equal(t, pmo.StatusClosed, end.Status)
		require.Contains(t, s.world.story(), pmo.EventClosed)
	})
}
