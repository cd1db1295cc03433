package pmo

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Counter is the plan that a counter-proposal makes of the present one, which may be nil: what it does not mention stays, and what it clears
// is empty. Nobody has agreed on it yet.
func (p *Plan) Counter(proposal Plan) Plan {
	var plan Plan
	if p != nil {
		plan = *p
	}
	plan.AgreedAt = time.Time{}
	plan.clear(proposal.Clear)
	plan.take(proposal)
	plan.Conditions = withConditions(plan.Conditions, proposal.Conditions)
	return plan
}

// take changes what a proposal mentions.
func (p *Plan) take(proposal Plan) {
	mentioned(&p.Summary, proposal.Summary)
	mentioned(&p.Iterations, proposal.Iterations)
	mentioned(&p.WeeksEach, proposal.WeeksEach)
	mentioned(&p.SLE, proposal.SLE)
	mentioned(&p.Start, proposal.Start)
	mentioned(&p.Due, proposal.Due)
	mentioned(&p.Owner, proposal.Owner)
	mentioned(&p.Goal, proposal.Goal)
	mentioned(&p.IterationRange, proposal.IterationRange)
	mentioned(&p.Expectation, proposal.Expectation)
	mentioned(&p.WIPLimit, proposal.WIPLimit)
	mentioned(&p.ReplenishDays, proposal.ReplenishDays)
	mentioned(&p.ReviewDays, proposal.ReviewDays)
	mentioned(&p.Budget, proposal.Budget)
	mentioned(&p.Seam, proposal.Seam)
	mentionedList(&p.Milestones, proposal.Milestones)
	mentionedList(&p.DoneWhen, proposal.DoneWhen)
	mentionedList(&p.Classes, proposal.Classes)
	mentionedList(&p.WorkPackages, proposal.WorkPackages)
	mentionedList(&p.Risks, proposal.Risks)
}

func mentioned[T comparable](field *T, proposed T) {
	var absent T
	if proposed != absent {
		*field = proposed
	}
}

func mentionedList[T any](field *[]T, proposed []T) {
	if proposed != nil {
		*field = proposed
	}
}

// clear empties fields of the plan.
//
//workflowcheck:ignore reflect visits the fields of a struct in their order.
func (p *Plan) clear(names []string) {
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		switch name := jsonName(v.Type().Field(i)); name {
		case "approach", "conditions", "version", "agreed_at", "clear":
		default:
			if contains(names, name) {
				v.Field(i).SetZero()
			}
		}
	}
}

// CheckCounter returns why a counter-proposal makes no plan, or nil. The API asks it; the process takes what was recorded before it was asked.
func (r *Request) CheckCounter(proposal Plan, approach string) *Refusal {
	base := r.LatestPlan()
	if approach != "" && approach != r.Approach.Name() && r.Replan == nil {
		base = nil // another approach needs another plan
	}
	plan := base.Counter(proposal)
	return r.checkPlan("/data/plan", plan, proposal.Conditions)
}

// checkPlan returns why a plan is none, or nil: what every plan needs, whatever its approach. Replay repeats it, so it never changes; what else
// does not add up, the doors find with internal/approach. answers are those to conditions that the proposal gives.
func (r *Request) checkPlan(at string, plan Plan, answers []PlanCondition) *Refusal {
	switch {
	case strings.TrimSpace(plan.Summary) == "":
		return invalid(at+"/summary", "says how the work is done")
	case plan.Iterations < 0 || plan.Iterations == 0 && plan.WeeksEach > 0:
		return invalid(at+"/iterations", "is more than 0: how many iterations of %d weeks", plan.WeeksEach)
	case plan.WeeksEach < 0 || plan.WeeksEach == 0 && plan.Iterations > 0:
		return invalid(at+"/weeks_each", "is more than 0: how long is each of the %d iterations", plan.Iterations)
	}
	for i, milestone := range plan.Milestones {
		if strings.TrimSpace(milestone.Name) == "" {
			return invalid(fmt.Sprintf("%s/milestones/%d/name", at, i), "says what is reached")
		}
		if !milestone.Due.Valid() {
			return invalid(fmt.Sprintf("%s/milestones/%d/due", at, i), "is a date like 2027-03-31")
		}
	}
	return r.checkPlanConditions(at+"/conditions", plan, answers)
}
