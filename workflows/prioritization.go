package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/pmo"
)

// prioritization waits in the ranked backlog, as long as it must. The scheduled run ranks and pulls; it tells by signal.
func (r *run) prioritization(ctx workflow.Context) bool {
	s, now := r.state, workflow.Now(ctx)
	s.BacklogEntered(now)
	if s.Pulled() {
		return r.enter(ctx, pmo.StageApproach)
	}
	return r.asks(ctx, s.ScoreNeeded) ||
		r.asks(ctx, func() (pmo.QuestionSpec, bool) { return s.ReconfirmNeeded(now) })
}
