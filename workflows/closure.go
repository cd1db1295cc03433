package workflows

import (
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/pmo"
)

// closure asks the requester for acceptance. Then the request is delivered: slot and capacity are free, clocks stop. Where the
// policy wants a benefit review, it stays open until that is answered or its silence closes it.
func (r *run) closure(ctx workflow.Context) bool {
	s, now := r.state, workflow.Now(ctx)
	switch {
	case r.asks(ctx, s.AcceptanceNeeded):
		return true
	case r.asks(ctx, func() (pmo.QuestionSpec, bool) { return s.BenefitNeeded(now) }):
		return true
	case !s.Delivered() || !s.BenefitAt.IsZero():
		return false
	}
	s.Close(pmo.OutcomeDelivered, "Accepted by the requester.", pmo.By{}, now)
	return true
}
