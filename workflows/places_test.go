package workflows_test

import (
	"time"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

const day = 24 * time.Hour

// place is somewhere a request waits: how the world has to be, how it comes there, and how it goes on to delivery.
type place struct {
	name   string
	stage  pmo.Stage
	waits  []string // the open questions
	world  func(*world)
	input  func(*contract.RequestInput)
	reach  func(*scene)
	finish func(*scene)
}

// places is everywhere a request may wait. What must hold wherever it waits is tested over this table.
func places() []place {
	return []place{
		{name: "clarify", stage: pmo.StageIntake, waits: []string{"clarify/1"}, world: func(w *world) { w.lacks = true },
			finish: func(s *scene) { s.decide("sam", "clarify/1", pmo.VerdictProvide, with(measure)); s.fromReview() }},
		{name: "sponsor", stage: pmo.StageIntake, waits: []string{"sponsor/1"}, world: func(w *world) { w.admitted.Rules.NeedsSponsor = true },
			input:  func(in *contract.RequestInput) { in.Submission.Content.Sponsor = "dora" },
			finish: func(s *scene) { s.decide("dora", "sponsor/1", pmo.VerdictConfirm).fromReview() }},
		{name: "review", stage: pmo.StageReview, waits: []string{"review/1/approvers"}, finish: func(s *scene) { s.fromReview() }},
		{name: "half reviewed", stage: pmo.StageReview, waits: []string{"review/1/approvers"},
			reach:  func(s *scene) { s.decide("ana", "review/1/approvers", pmo.VerdictApprove) },
			finish: func(s *scene) { s.decide("bo", "review/1/approvers", pmo.VerdictApprove).fromBacklog() }},
		{name: "need info", stage: pmo.StageReview, waits: []string{"clarify/1"},
			reach: func(s *scene) { s.decide("ana", "review/1/approvers", pmo.VerdictNeedInfo, because("who uses it?")) },
			finish: func(s *scene) {
				s.decide("sam", "clarify/1", pmo.VerdictProvide, with(users))
				s.reviewRound(2).fromBacklog()
			}},
		{name: "deferred", stage: pmo.StageReview,
			reach: func(s *scene) {
				s.decide("ana", "review/1/approvers", pmo.VerdictDefer, because("after the audit"), with(pmo.Data{Until: "2026-12-01"}))
			},
			finish: func(s *scene) { s.stop(contract.UpdateWake, "sam", ""); s.reviewRound(2).fromBacklog() }},
		{name: "backlog", stage: pmo.StagePrioritization, reach: func(s *scene) { s.toBacklog() }, finish: func(s *scene) { s.fromBacklog() }},
		{name: "score", stage: pmo.StagePrioritization, waits: []string{"score/1"}, reach: func(s *scene) { s.toBacklog() },
			input: func(in *contract.RequestInput) { in.Submission.Content.Inputs = pmo.Inputs{} },
			finish: func(s *scene) {
				s.decide("petra", "score/1", pmo.VerdictScore, with(pmo.Data{Inputs: inputs(3)})).fromBacklog()
			}},
		{name: "approach", stage: pmo.StageApproach, waits: []string{"approach/1"}, reach: func(s *scene) { s.toBacklog().pull() },
			finish: func(s *scene) { s.decide("theo", "approach/1", pmo.VerdictAccept).fromAssignment() }},
		{name: "assignment", stage: pmo.StageAssignment, waits: []string{"assignment/1/falcon"}, reach: func(s *scene) { s.toAssignment() },
			finish: func(s *scene) { s.fromAssignment() }},
		{name: "no team", stage: pmo.StageAssignment, reach: func(s *scene) { s.toAssignment() },
			world: func(w *world) { w.teams = []contract.AssignResult{{Waits: "no team has room"}} },
			finish: func(s *scene) {
				s.then(func() { s.world.teams = newWorld().teams; s.SignalWorkflow(contract.SignalCapacity, contract.Pulled{}) }).fromAssignment()
			}},
		{name: "plan", stage: pmo.StageExecution, waits: []string{"plan/1"}, reach: func(s *scene) { s.toPlan() }, finish: func(s *scene) { s.fromPlan() }},
		{name: "execution", stage: pmo.StageExecution, reach: func(s *scene) { s.toExecution() }, finish: func(s *scene) { s.fromExecution() }},
		{name: "change", stage: pmo.StageExecution, waits: []string{"change/1"}, reach: func(s *scene) { s.toExecution().amend("sam", 1, grow(1.1)) },
			finish: func(s *scene) {
				s.decide("sam", "change/1", pmo.VerdictAgree).decide("theo", "change/1", pmo.VerdictRefuse, because("no room")).fromExecution()
			}},
		{name: "change under review", stage: pmo.StageReview, waits: []string{"review/2/approvers"},
			reach:  func(s *scene) { s.toExecution().amend("sam", 1, grow(3)).bothAgree("change/1") },
			finish: func(s *scene) { s.reviewRound(2).bothAgree("plan/2").fromExecution() }},
		{name: "acceptance", stage: pmo.StageClosure, waits: []string{"acceptance/1"},
			reach:  func(s *scene) { s.toExecution().report(pmo.Report{Done: true}) },
			finish: func(s *scene) { s.decide("sam", "acceptance/1", pmo.VerdictAccept) }},
		{name: "delivered", stage: pmo.StageClosure, world: benefits, reach: func(s *scene) { s.toDelivery() }},
		{name: "benefit", stage: pmo.StageClosure, waits: []string{"benefit/1"}, world: benefits,
			reach:  func(s *scene) { s.toDelivery().pass(30 * day) },
			finish: func(s *scene) { s.decide("dora", "benefit/1", pmo.VerdictRealised) }},
	}
}

var (
	measure  = pmo.Data{Patch: &pmo.Patch{SuccessMeasure: ptr("bookings an hour")}}
	users    = pmo.Data{Patch: &pmo.Patch{Users: ptr("the drivers")}}
	benefits = func(w *world) { w.admitted.Rules.BenefitAfter = 30 * day }
)

func ptr[T any](v T) *T { return &v }

func grow(size float64) pmo.Patch { return pmo.Patch{Size: &size} }

func inputs(v float64) *pmo.Inputs {
	return &pmo.Inputs{BusinessValue: &v, TimeCriticality: &v, RiskReduction: &v, JobSize: &v}
}

// stay sets the scene for a place.
func (p place) stay(s *scene) contract.RequestInput {
	if p.world != nil {
		p.world(s.world)
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

func (s *scene) toAssignment() *scene {
	return s.toBacklog().pull().decide("theo", "approach/1", pmo.VerdictAccept)
}

func (s *scene) toPlan() *scene {
	return s.toAssignment().decide("theo", "assignment/1/falcon", pmo.VerdictAccept)
}

func (s *scene) toDelivery() *scene {
	return s.toExecution().report(pmo.Report{Done: true}).decide("sam", "acceptance/1", pmo.VerdictAccept)
}

func (s *scene) fromReview() { s.toBacklog().fromBacklog() }

func (s *scene) fromBacklog() {
	s.pull().decide("theo", "approach/1", pmo.VerdictAccept).fromAssignment()
}

func (s *scene) fromAssignment() {
	s.decide("theo", "assignment/1/falcon", pmo.VerdictAccept).fromPlan()
}

func (s *scene) fromPlan() { s.bothAgree("plan/1").fromExecution() }

func (s *scene) fromExecution() {
	s.report(pmo.Report{Done: true}).decide("sam", "acceptance/1", pmo.VerdictAccept)
}

func (s *scene) bothAgree(question string) *scene {
	return s.decide("sam", question, pmo.VerdictAgree).decide("theo", question, pmo.VerdictAgree)
}

func (s *scene) reviewRound(round int) *scene {
	id := pmo.QuestionID(pmo.KindReview, round, "approvers")
	return s.decide("ana", id, pmo.VerdictApprove).decide("bo", id, pmo.VerdictApprove)
}

// pass lets time go by.
func (s *scene) pass(d time.Duration) *scene { s.step += d; return s }

func (s *scene) amend(actor string, revision int, patch pmo.Patch) *scene {
	return s.then(func() {
		s.update(contract.UpdateAmend, pmo.Amend{Header: pmo.Header{By: pmo.By{Actor: actor, Via: "api"}}, Revision: revision, Patch: patch, Reason: "we learned more"}, "")
	})
}

func (s *scene) stop(name, actor, reason string) *scene { return s.stopped(name, actor, reason, "") }

func (s *scene) stopped(name, actor, reason, refusal string) *scene {
	return s.then(func() {
		s.update(name, pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: actor, Via: "api"}}, Reason: reason}, refusal)
	})
}
