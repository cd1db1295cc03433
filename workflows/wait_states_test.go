package workflows_test

import (
	"time"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

const day = 24 * time.Hour

// waitState is somewhere a request waits: what the activities answer, how it comes there, and how it goes on to delivery.
type waitState struct {
	name       string
	stage      pmo.Stage
	waits      []string // the open questions
	activities func(*activitiesFake)
	input      func(*contract.RequestInput)
	reach      func(*harness)
	finish     func(*harness)
	before     *waitState // of a request that began before the changes, where it waits elsewhere
}

// waitStates is everywhere a request may wait. What must hold wherever it waits is tested over this table.
func waitStates() []waitState {
	return []waitState{
		{name: "clarify", stage: pmo.StageIntake, waits: []string{"clarify/1"}, activities: func(w *activitiesFake) { w.hasGap = true },
			finish: func(s *harness) { s.decide("sam", "clarify/1", pmo.VerdictProvide, with(measure)); s.fromReview() }},
		{name: "sponsor", stage: pmo.StageIntake, waits: []string{"sponsor/1"}, activities: func(w *activitiesFake) { w.admitted.Rules.NeedsSponsor = true },
			input:  func(in *contract.RequestInput) { in.Submission.Content.Sponsor = "dora" },
			finish: func(s *harness) { s.decide("dora", "sponsor/1", pmo.VerdictConfirm).fromReview() }},
		{name: "review", stage: pmo.StageReview, waits: []string{"review/1/approvers"}, finish: func(s *harness) { s.fromReview() }},
		{name: "half reviewed", stage: pmo.StageReview, waits: []string{"review/1/approvers"},
			reach:  func(s *harness) { s.decide("ana", "review/1/approvers", pmo.VerdictApprove) },
			finish: func(s *harness) { s.decide("bo", "review/1/approvers", pmo.VerdictApprove).fromBacklog() }},
		{name: "need info", stage: pmo.StageReview, waits: []string{"clarify/1"},
			reach: func(s *harness) { s.decide("ana", "review/1/approvers", pmo.VerdictNeedInfo, because("who uses it?")) },
			finish: func(s *harness) {
				s.decide("sam", "clarify/1", pmo.VerdictProvide, with(users))
				s.reviewRound(2).fromBacklog()
			}},
		{name: "deferred", stage: pmo.StageReview,
			reach: func(s *harness) {
				s.decide("ana", "review/1/approvers", pmo.VerdictDefer, because("after the audit"), with(pmo.Data{Until: "2026-12-01"}))
			},
			finish: func(s *harness) { s.stop(contract.UpdateWake, "sam", ""); s.reviewRound(2).fromBacklog() }},
		{name: "backlog", stage: pmo.StagePrioritization, reach: func(s *harness) { s.toBacklog() }, finish: func(s *harness) { s.fromBacklog() }},
		{name: "score", stage: pmo.StagePrioritization, waits: []string{"score/1"}, reach: func(s *harness) { s.toBacklog() },
			input: func(in *contract.RequestInput) { in.Submission.Content.Inputs = pmo.Inputs{} },
			finish: func(s *harness) {
				s.decide("petra", "score/1", pmo.VerdictScore, with(pmo.Data{Inputs: inputs(3)})).fromBacklog()
			}},
		{name: "approach", stage: pmo.StageApproach, waits: []string{"approach/1"}, reach: func(s *harness) { s.toBacklog().pull() },
			finish: func(s *harness) { s.decide("theo", "approach/1", pmo.VerdictAccept).fromAssignment() }},
		{name: "assignment", stage: pmo.StageAssignment, waits: []string{"assignment/1/falcon"}, reach: func(s *harness) { s.toAssignment() },
			finish: func(s *harness) { s.fromAssignment() }},
		{name: "no team", stage: pmo.StageAssignment, reach: func(s *harness) { s.toAssignment() },
			activities: func(w *activitiesFake) { w.teams = []contract.AssignResult{{Waits: "no team has room"}} },
			finish: func(s *harness) {
				s.then(func() {
					s.activities.teams = newActivitiesFake().teams
					s.SignalWorkflow(contract.SignalCapacity, contract.Pulled{})
				}).fromAssignment()
			}},
		{name: "plan", stage: pmo.StageExecution, waits: []string{"plan/1"}, reach: func(s *harness) { s.toPlan() }, finish: func(s *harness) { s.fromPlan() }},
		{name: "execution", stage: pmo.StageExecution, reach: func(s *harness) { s.toExecution() }, finish: func(s *harness) { s.fromExecution() }},
		{name: "change", stage: pmo.StageExecution, waits: []string{"change/1"}, reach: func(s *harness) { s.toExecution().amend("sam", 1, grow(1.1)) },
			finish: func(s *harness) {
				s.decide("sam", "change/1", pmo.VerdictAgree).decide("theo", "change/1", pmo.VerdictRefuse, because("no room")).fromExecution()
			}},
		{name: "change under review", stage: pmo.StageExecution, waits: []string{"change_review/1/approvers"},
			reach:  func(s *harness) { s.toExecution().amend("sam", 1, grow(3)).bothAgree("change/1") },
			finish: func(s *harness) { s.changeRound(1).bothAgree("plan/2").fromExecution() },
			before: &waitState{finish: func(s *harness) { s.reviewRound(2).bothAgree("plan/2").fromExecution() }}},
		{name: "acceptance", stage: pmo.StageClosure, waits: []string{"acceptance/1"},
			reach:  func(s *harness) { s.toExecution().report(pmo.Report{Done: true}) },
			finish: func(s *harness) { s.decide("sam", "acceptance/1", pmo.VerdictAccept) }},
		{name: "delivered", stage: pmo.StageClosure, activities: benefits, reach: func(s *harness) { s.toDelivery() }},
		{name: "benefit", stage: pmo.StageClosure, waits: []string{"benefit/1"}, activities: benefits,
			reach:  func(s *harness) { s.toDelivery().pass(30 * day) },
			finish: func(s *harness) { s.decide("dora", "benefit/1", pmo.VerdictRealised) }},
	}
}

var (
	measure  = pmo.Data{Patch: &pmo.Patch{SuccessMeasure: ptr("bookings an hour")}}
	users    = pmo.Data{Patch: &pmo.Patch{Users: ptr("the drivers")}}
	benefits = func(w *activitiesFake) { w.admitted.Rules.BenefitAfter = 30 * day }
)

func ptr[T any](v T) *T { return &v }

func grow(size float64) pmo.Patch { return pmo.Patch{Size: &size} }

func inputs(v float64) *pmo.Inputs {
	return &pmo.Inputs{BusinessValue: &v, TimeCriticality: &v, RiskReduction: &v, JobSize: &v}
}

// enter sets the scene for a place.
func (p waitState) enter(s *harness) contract.RequestInput {
	if p.activities != nil {
		p.activities(s.activities)
	}
	in := input()
	if p.input != nil {
		p.input(&in)
	}
	if p.reach != nil {
		p.reach(s)
	}
	return in
}

func (s *harness) toAssignment() *harness {
	return s.toBacklog().pull().decide("theo", "approach/1", pmo.VerdictAccept)
}

func (s *harness) toPlan() *harness {
	return s.toAssignment().decide("theo", "assignment/1/falcon", pmo.VerdictAccept)
}

func (s *harness) toDelivery() *harness {
	return s.toExecution().report(pmo.Report{Done: true}).decide("sam", "acceptance/1", pmo.VerdictAccept)
}

func (s *harness) fromReview() { s.toBacklog().fromBacklog() }

func (s *harness) fromBacklog() {
	s.pull().decide("theo", "approach/1", pmo.VerdictAccept).fromAssignment()
}

func (s *harness) fromAssignment() {
	s.decide("theo", "assignment/1/falcon", pmo.VerdictAccept).fromPlan()
}

func (s *harness) fromPlan() { s.bothAgree("plan/1").fromExecution() }

func (s *harness) fromExecution() {
	s.report(pmo.Report{Done: true}).decide("sam", "acceptance/1", pmo.VerdictAccept)
}

func (s *harness) bothAgree(question string) *harness {
	return s.decide("sam", question, pmo.VerdictAgree).decide("theo", question, pmo.VerdictAgree)
}

func (s *harness) reviewRound(round int) *harness {
	id := pmo.QuestionID(pmo.KindReview, round, "approvers")
	return s.decide("ana", id, pmo.VerdictApprove).decide("bo", id, pmo.VerdictApprove)
}

func (s *harness) changeRound(round int) *harness {
	id := pmo.QuestionID(pmo.KindChangeReview, round, "approvers")
	return s.decide("ana", id, pmo.VerdictApprove).decide("bo", id, pmo.VerdictApprove)
}

// pass lets time go by.
func (s *harness) pass(d time.Duration) *harness { s.next += d; return s }

func (s *harness) amend(actor string, revision int, patch pmo.Patch) *harness {
	return s.then(func() {
		s.update(contract.UpdateAmend, pmo.Amend{Header: pmo.Header{By: pmo.By{Actor: actor, Via: "api"}}, Revision: revision, Patch: patch, Reason: "we learned more"}, "")
	})
}

func (s *harness) stop(name, actor, reason string) *harness {
	return s.stopped(name, actor, reason, "")
}

func (s *harness) stopped(name, actor, reason, refusal string) *harness {
	return s.then(func() {
		s.update(name, pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: actor, Via: "api"}}, Reason: reason}, refusal)
	})
}
