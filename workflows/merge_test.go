package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// TestMergeIsCheckedWhenItTakesEffect: the request it was to go on in has ended meanwhile, so that review goes on.
func TestMergeIsCheckedWhenItTakesEffect(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.activities.merge.Refused = "R-7 has ended as withdrawn"
	s.decide("ana", first, pmo.VerdictApprove).decide("bo", first, pmo.VerdictDuplicate, with(pmo.Data{Of: "other"})).
		decide("sam", "duplicate/1", pmo.VerdictSame).
		check(func(state pmo.Request) {
			require.Nil(t, state.Merge)
			require.Equal(t, "review/2/approvers", state.OpenQuestionOf(pmo.KindReview).ID)
		}).
		then(func() {
			stop := pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "the same", Into: []string{"other"}}
			receipt := s.update(contract.UpdateCancel, stop, "")
			s.then(func() { require.Equal(t, pmo.ResultNotMerged, receipt.Result) })
		})
	s.next += 60e9
	s.decide("bo", "review/2/approvers", pmo.VerdictApprove).fromBacklog()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}

// TestBegunBeforeChangesAreReviewedInExecution: such a request goes on under the rules it began with.
func TestBegunBeforeChangesAreReviewedInExecution(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.beganBeforeChanges()
	s.toExecution().amend("sam", 1, grow(3)).bothAgree("change/1").
		check(func(state pmo.Request) { require.Equal(t, pmo.StageReview, state.Stage) }).
		reviewRound(2).bothAgree("plan/2").fromExecution()
	end := s.run(input())
	require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
	require.InDelta(t, 3, end.Content.Size, 1e-9)
}

// TestOldReviewOfAChangeIsCarriedOver: one that went back to the stage review goes on there after it continues as new.
func TestOldReviewOfAChangeIsCarriedOver(t *testing.T) {
	for verdict, size := range map[string]float64{pmo.VerdictApprove: 3, pmo.VerdictReject: 1} {
		t.Run(verdict, func(t *testing.T) {
			before := newHarness(t, newActivitiesFake())
			before.beganBeforeChanges()
			var carried pmo.Request
			before.toExecution().amend("sam", 1, grow(3)).bothAgree("change/1").
				check(func(state pmo.Request) { carried = state }).
				then(func() { before.CancelWorkflow() })
			before.ExecuteWorkflow(contract.WorkflowRequest, input())
			require.Equal(t, pmo.StageReview, carried.Stage)

			s := newHarness(t, newActivitiesFake())
			in := input()
			in.State = &carried
			if verdict == pmo.VerdictApprove {
				s.reviewRound(2).bothAgree("plan/2")
			} else {
				s.decide("ana", "review/2/approvers", verdict, because("too dear"))
			}
			s.fromExecution()
			end := s.run(in)
			require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
			require.InDelta(t, size, end.Content.Size, 1e-9)
		})
	}
}
