package pmo

import (
	"slices"
	"time"
)

// stateField is a field of the state that a stage works out, by its JSON name.
type stateField struct {
	name  string
	reset func(*Request)
}

// The fields that belong to a stage, or that a transition drops.
var (
	fieldRoute         = stateField{"route", func(r *Request) { r.Route = nil }}
	fieldInfoWanted    = stateField{"asked_info", func(r *Request) { r.InfoWanted = "" }}
	fieldDeferral      = stateField{"deferral", func(r *Request) { r.Deferral = nil }}
	fieldPull          = stateField{"pull", func(r *Request) { r.Pull = nil }}
	fieldReconfirmBy   = stateField{"confirm_by", func(r *Request) { r.ReconfirmBy = time.Time{} }}
	fieldReconfirmMiss = stateField{"unheard", func(r *Request) { r.MissedReconfirmations = 0 }}
	fieldApproach      = stateField{"approach", func(r *Request) { r.Approach = nil }}
	fieldFirstPlan     = stateField{"first_plan", func(r *Request) { r.FirstPlan = nil }}
	fieldAssignment    = stateField{"assignment", func(r *Request) { r.Assignment = nil }}
	fieldTeamBefore    = stateField{"resting", func(r *Request) { r.PreviousAssignment = nil }}
	fieldNoTeamReason  = stateField{"waits", func(r *Request) { r.NoTeamReason = "" }}
	fieldUnplaced      = stateField{"unplaced", func(r *Request) { r.Unplaced = nil }}
	fieldRetryAt       = stateField{"retry_at", func(r *Request) { r.RetryAt = time.Time{} }}
	fieldPlanAgreed    = stateField{"plan.agreed_at", func(r *Request) { r.disagreePlan() }}
	fieldProgress      = stateField{"progress", func(r *Request) { r.Progress = nil }}
	fieldRaid          = stateField{"raid", func(r *Request) { r.Raid = nil }}
	fieldHealth        = stateField{"health", func(r *Request) { r.Health = nil }}
	fieldLastReview    = stateField{"last_review", func(r *Request) { r.LastReview = nil }}
	fieldDoneAt        = stateField{"done_at", func(r *Request) { r.DoneAt = time.Time{} }}
	fieldAcceptedAt    = stateField{"accepted_at", func(r *Request) { r.AcceptedAt = time.Time{} }}
	fieldBenefitAt     = stateField{"benefit_at", func(r *Request) { r.BenefitAt = time.Time{} }}
)

// workOfTeam is what the work of one team leaves. It must not count as the work of the next.
var workOfTeam = []stateField{fieldPlanAgreed, fieldProgress, fieldRaid, fieldHealth, fieldLastReview, fieldDoneAt}

// fieldsOf names the fields that belong to each stage. Entering the stage resets them, except those that the transition keeps, so that
// nothing of an earlier stay counts in this one.
var fieldsOf = map[Stage][]stateField{
	StageReview:         {fieldRoute, fieldInfoWanted, fieldDeferral},
	StagePrioritization: {fieldPull, fieldReconfirmBy, fieldReconfirmMiss},
	StageApproach:       {fieldApproach, fieldFirstPlan},
	StageAssignment:     {fieldAssignment, fieldNoTeamReason, fieldUnplaced, fieldRetryAt},
	StageExecution:      workOfTeam,
	StageClosure:        {fieldAcceptedAt, fieldBenefitAt},
}

// disagreePlan makes the plan be agreed again. The plan of before stays as it is: the answer that agreed on it may share it.
func (r *Request) disagreePlan() {
	r.endReplan()
	if r.Plan != nil {
		plan := *r.Plan
		plan.AgreedAt = time.Time{}
		r.Plan = &plan
	}
}

// resetFor resets what belongs to the stage that a transition enters. Requests of earlier versions of the process keep what they had.
func (r *Request) resetFor(t transition) {
	if r.Process < Process05 {
		return
	}
	reset(r, slices.DeleteFunc(slices.Clone(fieldsOf[t.to]), t.keeps))
}

// dropFor drops what a transition ends, whether or not it enters another stage. Requests of earlier versions of the process drop only
// what the command itself names.
func (r *Request) dropFor(t transition) {
	if r.Process < Process05 {
		return
	}
	reset(r, t.drop)
}

func reset(r *Request, fields []stateField) {
	for _, field := range fields {
		field.reset(r)
	}
}

func (t transition) keeps(field stateField) bool {
	return slices.ContainsFunc(t.keep, func(kept stateField) bool { return kept.name == field.name })
}
