package pmo

import (
	"fmt"
	"strings"
)

// WaitsFor says in a few words what an open request waits on: the people who may still answer, a limit, a date, a team. The people are given
// because who may answer today follows from the directory, and the limit because the prioritization that met it stored it. It reads no
// questions, so that a list needs only a part of the state.
func (r *Request) WaitsFor(people []string, limit string) string {
	switch {
	case r.Closed():
		return "nothing: " + string(r.Outcome)
	case r.Hold != nil:
		return "the end of the hold by " + r.Hold.By
	case len(people) > 0:
		return strings.Join(people, ", ")
	case r.Status == StatusDeferred && r.Deferral != nil:
		return string(r.dayOf(r.Deferral.Until)) + ", put off by " + r.Deferral.By
	}
	return r.waitsInStage(limit)
}

func (r *Request) waitsInStage(limit string) string {
	switch r.Stage {
	case StagePrioritization:
		if limit != "" {
			return "a slot: " + limit
		}
		return "a slot: the next prioritization"
	case StageAssignment:
		if r.NoTeamReason != "" {
			return "a team's capacity: " + r.NoTeamReason
		}
		return "a team"
	case StageExecution:
		return r.waitsForWork()
	case StageClosure:
		if !r.BenefitAt.IsZero() {
			return string(r.dayOf(r.BenefitAt)) + ", the benefit review"
		}
	}
	return fmt.Sprintf("the next step of %s", r.Stage)
}

// waitsForWork names the team that works, with the last date of its plan or what blocks it.
func (r *Request) waitsForWork() string {
	who := "the team's work"
	if r.Assignment != nil {
		who = r.Assignment.Team + ", the work"
	}
	if r.Progress != nil && r.Progress.Blocked != "" {
		return who + " is blocked: " + r.Progress.Blocked
	}
	var last Date
	if r.Plan != nil {
		for _, m := range r.Plan.Milestones {
			last = max(last, m.Due)
		}
	}
	if last == "" {
		return who
	}
	return fmt.Sprintf("%s until %s", who, last)
}
