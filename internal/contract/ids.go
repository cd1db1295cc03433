package contract

import (
	"fmt"
	"strings"
	"time"
)

// RequestWorkflowID is the workflow id of a request.
func RequestWorkflowID(id string) string { return "request/" + id }

// ParseRequestWorkflowID is the inverse of RequestWorkflowID; ok is false for another kind of workflow.
func ParseRequestWorkflowID(workflowID string) (id string, ok bool) {
	return strings.CutPrefix(workflowID, "request/")
}

// WorkItemWorkflowID is the workflow id of a work item, by the key under which it is opened: request and assignment round.
func WorkItemWorkflowID(key string) string { return "work-item/" + key }

// ScheduleID is the id of a portfolio's prioritization schedule and the prefix of the runs it starts.
func ScheduleID(portfolio string) string { return "prioritization/" + portfolio }

// PrioritizeNowID is the workflow id of a run somebody asked for.
func PrioritizeNowID(portfolio, uuid string) string {
	return fmt.Sprintf("prioritization/%s/now/%s", portfolio, uuid)
}

// PrioritizeSoonID is the workflow id of the run that freed capacity asks for: one a slot of time, so that many causes start one run.
func PrioritizeSoonID(portfolio string, slot time.Time) string {
	return fmt.Sprintf("prioritization/%s/soon/%s", portfolio, slot.UTC().Format("20060102T150405Z"))
}
