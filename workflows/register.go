// Package workflows is the process: request.go gives the order of the stages, one file a stage says what happens in it.
//
// Recorded histories replay through this code. Whatever changes its commands goes behind workflow.GetVersion and needs a replay test.
package workflows

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
)

// Register tells a worker or a replayer the workflow types under their durable names.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Request, workflow.RegisterOptions{Name: contract.WorkflowRequest})
	r.RegisterWorkflowWithOptions(PrioritizationRun, workflow.RegisterOptions{Name: contract.WorkflowPrioritizationRun})
}
