package pmo

import "time"

// Action is what the workflow has to do next for a request.
type Action int

// The actions. Those between ActionContinue and ActionOpenQuestion run the activity of the same name.
const (
	ActionWait         Action = iota // nothing, until somebody acts or something is due
	ActionContinue                   // the request moved: ask for the next step
	ActionAdmit                      // any stage: check the form, derive the facts; at intake, give the number
	ActionRoute                      // review: find the groups to ask
	ActionRecommend                  // approach: recommend a way of working
	ActionFindTeam                   // assignment: find a team and hold its capacity
	ActionDraftPlan                  // execution: draft a plan for the approach in force
	ActionCheckMerge                 // any stage: see that the requests it goes on in have not ended
	ActionOpenQuestion               // any stage: resolve the terms of Step.Question and open it
)

// Step is the next thing to do, and the question it is about.
type Step struct {
	Action   Action
	Question QuestionSpec // for ActionOpenQuestion
}

// NextStep does what the stage can do from the state alone and returns what it needs from outside. Called again and again, it is the
// whole process: each stage has its function in the file of its name, and every move is in transitions.go.
func (r *Request) NextStep(now time.Time) Step {
	if r.Closed() {
		return Step{Action: ActionWait}
	}
	if step, due := r.mergeStep(); due {
		return step
	}
	if r.Status == StatusOnHold {
		return Step{Action: ActionWait}
	}
	step := r.stageStep(now)
	if step.Action == ActionWait {
		return r.exceptionStep(now)
	}
	return step
}

func (r *Request) stageStep(now time.Time) Step {
	if r.factsOutdated() {
		return Step{Action: ActionAdmit}
	}
	if step, open := r.formAfterIntake(); open && r.Stage != StageReview {
		return step
	}
	switch r.Stage {
	case StageIntake:
		return r.intakeStep(now)
	case StageReview:
		return r.reviewStep(now)
	case StagePrioritization:
		return r.prioritizationStep(now)
	case StageApproach:
		return r.approachStep(now)
	case StageAssignment:
		return r.assignmentStep(now)
	case StageExecution:
		return r.executionStep(now)
	default:
		return r.closureStep(now)
	}
}

// moved is the step after a transition.
func (r *Request) moved(on Trigger, now time.Time) Step {
	r.move(on, now)
	return Step{Action: ActionContinue}
}

// toOpen is the first of the questions that is needed and of whose kind none is open.
func (r *Request) toOpen(needed ...*QuestionSpec) (Step, bool) {
	for _, spec := range needed {
		if spec != nil && r.OpenQuestionOf(spec.Kind) == nil {
			return Step{Action: ActionOpenQuestion, Question: *spec}, true
		}
	}
	return Step{Action: ActionWait}, false
}
