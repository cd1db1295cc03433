package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// assignment finds the best team with skills and room, holds its capacity, and asks its lead. A decline goes to the next best.
func (r *run) assignment(ctx workflow.Context) bool {
	s := r.state
	switch {
	case s.TeamNeeded(workflow.Now(ctx)):
		return r.findTeam(ctx)
	case r.asks(ctx, s.TeamAskNeeded):
		return true
	case s.Assignment == nil || s.Assignment.ConfirmedAt.IsZero():
		return false
	}
	return r.enter(ctx, pmo.StageExecution)
}

func (r *run) findTeam(ctx workflow.Context) bool {
	s := r.state
	in := contract.AssignInput{ID: s.ID, Number: s.Number, Portfolio: s.Portfolio, Content: s.Content, Declined: s.DeclinedTeams(), Preferred: s.Preferred, At: workflow.Now(ctx)}
	if s.PreviousAssignment != nil {
		in.Keep = s.PreviousAssignment.Team
	}
	return look(r, ctx, contract.ActivityAssign, "find a team", in, func(a contract.AssignResult) {
		if a.Team == "" {
			s.NoTeam(a.Waits, a.RetryAt, workflow.Now(ctx))
			return
		}
		s.Offer(pmo.Assignment{Team: a.Team, Leads: a.Leads, Size: a.Size, Reasons: a.Reasons, Policy: a.Policy}, workflow.Now(ctx))
	})
}
