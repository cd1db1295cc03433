package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// findTeam finds the best team with skills and capacity, or two where two are needed, and holds their capacity. See pmo/assignment.go for the stage.
func (r *requestWorkflow) findTeam(ctx workflow.Context) {
	s := r.state
	in := contract.AssignInput{ID: s.ID, Number: s.Number, Portfolio: s.Portfolio, Content: s.Content, Approach: s.Approach.Name(), Declined: s.DeclinedTeams(), Preferred: s.Preferred, PreferredSecond: s.PreferredSecond, At: workflow.Now(ctx),
		Since: s.UnplacedSince(), Remedies: s.WantsRemedies()}
	if before := s.PreviousAssignment; before != nil {
		if in.Keep = before.Team; before.Second != nil {
			in.KeepSecond = before.Second.Team
		}
	}
	if n := s.NamedTeam; n != nil {
		in.Named, in.OverLimit = n.Team, n.OverLimit
	}
	applyIfUnchanged(r, ctx, contract.ActivityAssign, "a team is looked for", in, func(a contract.AssignResult) {
		if a.Team == "" {
			s.KeepUnplaced(a.AskAt, a.Remedies, workflow.Now(ctx))
			s.NoTeam(a.Waits, a.RetryAt, workflow.Now(ctx))
			return
		}
		s.Offer(pmo.Assignment{Team: a.Team, Leads: a.Leads, Size: a.Size, Reasons: a.Reasons, Policy: a.Policy, Pace: a.Pace, Second: a.Second}, workflow.Now(ctx))
	})
}
