package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

func asking(texts ...string) func(*pmo.Decide) {
	var d pmo.Data
	for _, text := range texts {
		d.Conditions = append(d.Conditions, pmo.ConditionData{Text: text})
	}
	return with(d)
}

// TestConditionsTravelFromTheApprovalToTheAcceptance, over an outage of the database and another process's request that is merged into this one.
// A request that began under the rules of 0.5 takes conditions too.
func TestConditionsTravelFromTheApprovalToTheAcceptance(t *testing.T) {
	for name, process := range map[string]pmo.ProcessVersion{"now": pmo.LatestProcess, "began with 0.5": pmo.Process05} {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			s.beganWith(process)
			yes := true
			answers := func(ids ...string) func(*pmo.Decide) {
				plan := &pmo.Plan{}
				for _, id := range ids {
					plan.Conditions = append(plan.Conditions, pmo.PlanCondition{ID: id, Note: "as in the pilot"})
				}
				return func(c *pmo.Decide) { c.Reason, c.Data.Plan = "it answers the conditions", plan }
			}
			s.decide("ana", first, pmo.VerdictApproveConditions, asking("A pilot first")).
				decide("bo", first, pmo.VerdictApprove).
				then(func() {
					s.SignalWorkflow(contract.SignalWatch, pmo.Watch{Header: pmo.Header{By: pmo.By{Actor: pmo.MergeActor("other")}}, Add: []string{"mia"},
						Conditions: []pmo.Condition{{Text: "No second login", By: "cy", From: "R-7/c1"}}})
				}).pull().
				decide("theo", "approach/1", pmo.VerdictAccept).
				decide("theo", "assignment/1/falcon", pmo.VerdictAccept).
				refused(pmo.RefusedInvalid, "sam", "plan/1", pmo.VerdictAgree).
				decide("theo", "plan/1", pmo.VerdictCounter, answers("c1", "c2")).
				decide("sam", "plan/2", pmo.VerdictAgree).
				then(func() {
					if process < pmo.Process10 { // since then theo agrees by proposing it
						s.decideNow("theo", "plan/2", pmo.VerdictAgree, "")
					}
				}).
				report(pmo.Report{Done: true}).
				refused(pmo.RefusedInvalid, "sam", "acceptance/1", pmo.VerdictAccept).
				decide("sam", "acceptance/1", pmo.VerdictAccept, with(pmo.Data{Conditions: []pmo.ConditionData{{ID: "c1", Met: &yes}, {ID: "c2", Reason: "the vendor has none"}}}))
			end := s.run(input())
			require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
			require.Equal(t, "Accepted by the requester. 1 of 2 conditions met; not met: c2.", end.Reason)
			require.Equal(t, []string{"R-7/c1", "cy"}, []string{end.Conditions[1].From, end.Conditions[1].By})
			require.Contains(t, s.activities.events(), pmo.EventCondition, "the read model has them")
			s.activities.requireUniqueKeys(t)
		})
	}
}

// TestASplitOrMergedRequestHandsItsConditionsOver to the requests it goes on in.
func TestASplitOrMergedRequestHandsItsConditionsOver(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	handsOver := mock.MatchedBy(func(watch pmo.Watch) bool {
		return len(watch.Conditions) == 1 && watch.Conditions[0].Text == "A pilot first" && watch.Conditions[0].From == "R-42/c1"
	})
	for _, target := range []string{"p1", "p2"} {
		s.OnSignalExternalWorkflow("default-test-namespace", contract.RequestWorkflowID(target), "", contract.SignalWatch, handsOver).Return(nil).Once()
	}
	s.decide("ana", first, pmo.VerdictApproveConditions, asking("A pilot first")).
		then(func() {
			s.update(contract.UpdateCancel, pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "in parts", Into: []string{"p1", "p2"}}, "")
		})
	require.Equal(t, pmo.OutcomeMerged, s.run(input()).Outcome)
	s.AssertExpectations(t)
}
