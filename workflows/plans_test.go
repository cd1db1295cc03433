package workflows_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// TestEveryApproachIsWorkedInAndLeftInMidExecution takes a request through the whole process once for each approach: its plan is agreed, work is
// reported, another approach is proposed and agreed while work goes on, and the request is delivered with its history and times in one piece.
func TestEveryApproachIsWorkedInAndLeftInMidExecution(t *testing.T) {
	all := pmo.Approaches()
	for i, name := range all {
		t.Run(name, func(t *testing.T) {
			next := all[(i+1)%len(all)]
			size := 6.0
			w := newActivitiesFake()
			w.recommend.Plan = approach.Skeleton(approach.Work{Approach: approach.Approach(name), Size: &size, Start: begin, Goal: "bookings take a minute"})
			w.recommend.Approach.Recommended = name
			other := approach.Skeleton(approach.Work{Approach: approach.Approach(next), Size: &size, Start: begin, Goal: "bookings take a minute"})
			half := 50
			var before pmo.Request
			s := newHarness(t, w)
			s.toBacklog().pull().
				decide("theo", "approach/1", pmo.VerdictAccept).
				decide("theo", "assignment/1/falcon", pmo.VerdictAccept).
				bothAgree("plan/1").
				then(func() {
					s.update(contract.UpdateProgress, pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Percent: &half}, "")
				}).
				then(func() {
					before = s.snapshot()
					require.Equal(t, name, before.Plan.Approach)
					c := pmo.ProposePlan{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Version: before.PlanVersion(), Approach: next, Plan: other, Reason: "half of the work comes unplanned"}
					stale := c
					stale.Version++
					s.update(contract.UpdateProposePlan, stale, pmo.RefusedStale)
					s.update(contract.UpdateProposePlan, c, "")
				}).
				then(func() {
					s.update(contract.UpdateProgress, pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Note: "goes on by the agreed plan"}, "")
				}).
				decide("sam", "plan/2", pmo.VerdictAgree). // theo proposed it
				fromExecution()
			end := s.run(input())
			require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
			require.Equal(t, name, end.Approach.Recommended, "what was recommended stays on the request")
			require.Equal(t, next, end.Approach.Chosen)
			require.Equal(t, next, end.Plan.Approach)
			require.Nil(t, end.Replan)
			require.Equal(t, before.StartedAt, end.StartedAt)
			require.Equal(t, before.PulledAt, end.PulledAt)
			var baselines []string
			for _, e := range w.entries {
				if e.Plan != nil {
					baselines = append(baselines, e.Plan.Approach)
				}
			}
			require.Equal(t, []string{name, next}, baselines, "the ledger keeps both plans")
			burnUp := pmo.BurnUpOf(w.entries, end.Completion())
			require.Equal(t, pmo.UnitTeamWeeks, burnUp.Unit, "one measure, whatever the approach")
			require.True(t, strings.Contains(strings.Join(w.events(), " "), pmo.EventReported))
			done := 0.0
			for _, p := range burnUp.Points {
				require.GreaterOrEqual(t, p.Done, done, "what is done is not lost with the approach")
				done = p.Done
			}
		})
	}
}

func TestTheAgreedPlanIsKept(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.toBacklog().pull().
		decide("theo", "approach/1", pmo.VerdictAccept).
		decide("theo", "assignment/1/falcon", pmo.VerdictAccept).
		bothAgree("plan/1").
		then(func() {
			now := s.snapshot()
			s.update(contract.UpdateProposePlan, pmo.ProposePlan{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Version: now.PlanVersion(), Plan: pmo.Plan{Summary: "in one step"}, Reason: "sooner"}, "")
		}).
		decide("theo", "plan/2", pmo.VerdictKeepPlan, because("it cannot be done in one step")).
		fromExecution()
	end := s.run(input())
	require.Equal(t, "85 % within 10 days", end.Plan.Summary)
}

// TestAChangedAnswerRenewsARecommendationThatNobodyConfirmed; once it is confirmed, the choice stands.
func TestAChangedAnswerRenewsARecommendationThatNobodyConfirmed(t *testing.T) {
	amend := func(s *harness, people int) {
		work := pmo.WorkContext{People: people}
		c := pmo.Amend{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Revision: s.snapshot().Revision, Patch: pmo.Patch{Context: &work}}
		s.update(contract.UpdateAmend, c, "")
	}
	w := newActivitiesFake()
	s := newHarness(t, w)
	s.toBacklog().pull().
		then(func() {
			w.Lock()
			w.recommend.Approach.Recommended, w.recommend.Plan = "program", pmo.Plan{Approach: "program", Summary: "in intervals"}
			w.Unlock()
			amend(s, 90)
		}).
		check(func(state pmo.Request) {
			require.Equal(t, "program", state.Approach.Recommended)
			require.Equal(t, "in intervals", state.Plan.Summary)
			require.Equal(t, []string{"approach/2"}, ids(state.OpenQuestions()))
		}).
		decide("theo", "approach/2", pmo.VerdictAccept).
		then(func() { amend(s, 6) }).
		check(func(state pmo.Request) {
			require.Equal(t, "program", state.Approach.Chosen)
			require.Equal(t, []string{"assignment/1/falcon"}, ids(state.OpenQuestions()))
		}).
		decide("theo", "assignment/1/falcon", pmo.VerdictAccept).bothAgree("plan/1").fromExecution()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)

	before := newHarness(t, newActivitiesFake())
	before.beganWith(pmo.Process08)
	before.toBacklog().pull().then(func() { amend(before, 90) }).
		check(func(state pmo.Request) { require.Equal(t, []string{"approach/1"}, ids(state.OpenQuestions())) }).
		decide("theo", "approach/1", pmo.VerdictAccept).fromAssignment()
	before.run(input())
}

// TestThePlanIsReviewedAtItsCadence: both sides answer the three questions, what they learned is kept, one wish for another plan is enough, and the
// next review is a cadence after the one before.
func TestThePlanIsReviewedAtItsCadence(t *testing.T) {
	w := newActivitiesFake()
	w.recommend.Plan = pmo.Plan{Approach: "kanban", Summary: "flow", WIPLimit: 3, ReviewDays: 10}
	review := func(learned string) func(*pmo.Decide) {
		return with(pmo.Data{Review: &pmo.ReviewAnswers{Changed: "the vendor left", Learned: learned, Differently: "ask weekly"}})
	}
	s := newHarness(t, w)
	s.toBacklog().pull().
		decide("theo", "approach/1", pmo.VerdictAccept).
		decide("theo", "assignment/1/falcon", pmo.VerdictAccept).
		bothAgree("plan/1").
		pass(9*day).check(func(state pmo.Request) { require.Nil(t, state.OpenQuestionOf(pmo.KindPlanReview)) }).
		pass(day).
		refused(pmo.RefusedInvalid, "sam", "plan_review/1", pmo.VerdictKeepOn, with(pmo.Data{Review: &pmo.ReviewAnswers{Changed: "x", Differently: "y"}})).
		decide("sam", "plan_review/1", pmo.VerdictKeepOn, review("vendors leave")).
		decide("theo", "plan_review/1", pmo.VerdictReplan, review("we need a second one")).
		check(func(state pmo.Request) {
			require.Equal(t, pmo.VerdictReplan, state.LastReview.Verdict)
			require.True(t, state.WantsReplan())
			require.Len(t, state.Lessons, 2)
			require.Equal(t, pmo.Lesson{By: "theo", Observation: "we need a second one", Cause: "the vendor left", Recommendation: "ask weekly"}, state.Lessons[1])
		}).
		report(pmo.Report{Note: "goes on"}).
		then(func() {
			now := s.snapshot()
			s.update(contract.UpdateProposePlan, pmo.ProposePlan{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Version: now.PlanVersion(), Plan: pmo.Plan{Summary: "two vendors", WIPLimit: 2, ReviewDays: 10}, Reason: "the review"}, "")
		}).
		check(func(state pmo.Request) { require.False(t, state.WantsReplan(), "it is proposed") }).
		refused(pmo.RefusedDecided, "theo", "plan/2", pmo.VerdictAgree).
		decide("sam", "plan/2", pmo.VerdictAgree).
		pass(11 * day).check(func(state pmo.Request) { require.NotNil(t, state.OpenQuestionOf(pmo.KindPlanReview)) }).
		fromExecution()
	end := s.run(input())
	require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
	said := ""
	for _, e := range w.entries {
		said += e.Event + " " + e.Text + "\n"
	}
	require.Contains(t, said, "answered sam: keep_on Changed: the vendor left. Learned: vendors leave. Differently: ask weekly.")
	require.Contains(t, said, "plan_reviewed The review asks for another plan")
}

// TestASilentReviewIsAskedAgainACadenceLater: nobody answers; work goes on.
func TestASilentReviewIsAskedAgainACadenceLater(t *testing.T) {
	w := newActivitiesFake()
	w.recommend.Plan = pmo.Plan{Approach: "kanban", Summary: "flow", WIPLimit: 3, ReviewDays: 10}
	s := newHarness(t, w)
	s.toBacklog().pull().
		decide("theo", "approach/1", pmo.VerdictAccept).
		decide("theo", "assignment/1/falcon", pmo.VerdictAccept).
		bothAgree("plan/1").
		pass(10 * day).report(pmo.Report{Note: "on"}).
		pass(10 * day).report(pmo.Report{Note: "on"}).
		pass(5 * day).check(func(state pmo.Request) {
		require.Equal(t, pmo.VerdictSilent, state.LastReview.Verdict)
		require.Equal(t, 2, state.Rounds[pmo.KindPlanReview])
	}).fromExecution()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}
