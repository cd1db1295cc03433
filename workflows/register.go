// Package workflows runs the process on Temporal: request.go performs the steps that internal/pmo decides, and the file of a stage does
// what its steps need from outside.
//
// Recorded histories replay through this code. Whatever changes its commands goes behind workflow.GetVersion and needs a replay test.
package workflows

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
)

// Register registers the workflow types under their durable names with a worker or a replayer.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Request, workflow.RegisterOptions{Name: contract.WorkflowRequest})
	r.RegisterWorkflowWithOptions(WorkItem, workflow.RegisterOptions{Name: contract.WorkflowWorkItem})
	r.RegisterWorkflowWithOptions(PrioritizationRun, workflow.RegisterOptions{Name: contract.WorkflowPrioritizationRun})
}
