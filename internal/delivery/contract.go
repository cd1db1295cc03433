// Package delivery is the delivery API, the contract between the PMO and a team's own work tracking tool: work items are opened, read
// and changed over HTTP, and the tool reports progress by signed webhook. Our own server implements it for teams without a tool;
// adapters implement it for Azure DevOps, GitHub, GitLab, Jira and Linear.
package delivery

import (
	"context"
	"time"

	"leanpmo/internal/pmo"
)

// Prefix is the path of version 1 on every server of the delivery API.
const Prefix = "/delivery/v1"

// New is the body that opens a work item. The Idempotency-Key header identifies the item: the same key is the same item.
type New struct {
	Request    string          `json:"request" doc:"Id of the request, a UUID"`
	Ref        string          `json:"ref" doc:"Number of the request, such as R-42"`
	Title      string          `json:"title"`
	Summary    string          `json:"summary,omitempty"`
	Team       string          `json:"team"`
	Approach   string          `json:"approach,omitempty" doc:"The agreed approach"`
	Milestones []pmo.Milestone `json:"milestones,omitempty"`
	Link       string          `json:"link,omitempty" doc:"Where the request can be read"`
}

// Patch changes a work item; absent fields stay unchanged.
type Patch struct {
	Title   *string         `json:"title,omitempty"`
	Summary *string         `json:"summary,omitempty"`
	Status  *pmo.WorkStatus `json:"status,omitempty"`
	Reason  string          `json:"reason,omitempty" doc:"Reason of the change of status, for the team"`
}

// Item is a work item as the tool has it.
type Item struct {
	ID        string         `json:"id"`
	Key       string         `json:"key"`
	Request   string         `json:"request"`
	URL       string         `json:"url,omitempty" doc:"Where the team finds it"`
	Title     string         `json:"title"`
	Status    pmo.WorkStatus `json:"status"`
	Percent   *int           `json:"percent,omitempty"`
	Health    pmo.Health     `json:"health,omitempty"`
	Assignee  string         `json:"assignee,omitempty"`
	Labels    []string       `json:"labels,omitempty"`
	UpdatedAt time.Time      `json:"updated_at,omitzero"`
}

// List is the result of a look-up by key: one item or none.
type List struct {
	Items []Item `json:"items"`
}

// Event is the body of a tool's signed webhook to our server. It becomes a progress report.
type Event struct {
	WorkItem string         `json:"work_item"`
	Request  string         `json:"request"`
	Status   pmo.WorkStatus `json:"status,omitempty"`
	Percent  *int           `json:"percent,omitempty"`
	// NoPercent says that how much is done is not known any more, such as when an item was opened again.
	NoPercent bool       `json:"no_percent,omitempty" doc:"How much is done is not known any more"`
	Health    pmo.Health `json:"health,omitempty"`
	Note      string     `json:"note,omitempty"`
	Done      bool       `json:"done,omitempty" doc:"The work is done; the requester is asked for acceptance"`
	At        time.Time  `json:"at"`
}

// Report is the progress report that the event becomes.
func (e Event) Report() pmo.Report {
	return pmo.Report{Percent: e.Percent, NoPercent: e.NoPercent && e.Percent == nil, Health: e.Health, Note: e.Note, Done: e.Done, HappenedAt: e.At.UTC()}
}

// Backend implements the delivery API for one tool. Its errors are problems (internal/problem).
type Backend interface {
	// Open opens the item, or returns the one already opened under the key; created says which.
	Open(ctx context.Context, key string, n New) (item Item, created bool, err error)
	// Get reads one item.
	Get(ctx context.Context, id string) (Item, error)
	// Find reads the item that was opened under a key; found is false without one.
	Find(ctx context.Context, key string) (item Item, found bool, err error)
	// Change changes one item and returns the result. It is idempotent.
	Change(ctx context.Context, id string, p Patch) (Item, error)
}
