package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// toExecution brings an ordinary request to an agreed plan.
func (s *harness) toExecution() *harness {
	return s.toBacklog().pull().
		decide("theo", "approach/1", pmo.VerdictAccept).
		decide("theo", "assignment/1/falcon", pmo.VerdictAccept).
		decide("sam", "plan/1", pmo.VerdictAgree).
		decide("theo", "plan/1", pmo.VerdictAgree)
}

func (s *harness) toBacklog() *harness {
	return s.decide("ana", "review/1/approvers", pmo.VerdictApprove).decide("bo", "review/1/approvers", pmo.VerdictApprove)
}

func (s *harness) report(report pmo.Report) *harness {
	report.By = pmo.By{Actor: "theo", Via: "api"}
	return s.then(func() { s.update(contract.UpdateProgress, report, "") })
}

func TestStraightThrough(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	fifty := 50
	s.toExecution().report(pmo.Report{Percent: &fifty}).report(pmo.Report{Done: true}).decide("sam", "acceptance/1", pmo.VerdictAccept)

	end := s.run(input())

	require.NoError(t, s.GetWorkflowError())
	require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
	require.Equal(t, []string{"submitted", "admitted", "stage_entered", "asked", "answered", "answered", "settled", "stage_entered", "pulled",
		"stage_entered", "recommended", "asked", "answered", "settled", "stage_entered", "offered", "asked", "answered", "settled", "assigned", "stage_entered",
		"asked", "answered", "answered", "settled", "planned", "work_opened", "reported", "reported", "stage_entered", "asked", "answered", "settled", "accepted", "closed", "work_updated"},
		s.activities.events())
	require.False(t, end.StartedAt.IsZero())
	require.True(t, end.ClosedAt.After(end.StartedAt))
}
