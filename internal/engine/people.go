package engine

import (
	"context"

	"leanpmo/internal/contract"
)

// PeopleChanged tells a request to see who may answer its open questions. Told twice or for nothing, it changes nothing.
func (e *Engine) PeopleChanged(ctx context.Context, id string) error {
	if err := e.client.SignalWorkflow(ctx, contract.RequestWorkflowID(id), "", contract.SignalPeople, contract.PeopleChanged{Says: "who may answer has changed: it is looked up again"}); err != nil {
		return fault(err, "tell a request that people changed")
	}
	return nil
}
