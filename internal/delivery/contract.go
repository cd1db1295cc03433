// Package delivery is the thin contract between the PMO and the tool a team plans its days with: work items are opened, read and
// changed over HTTP, and the tool reports back by signed webhook. Our own server keeps the contract for teams without a tool; the
// adapters keep it for GitHub, GitLab and Jira.
package delivery

import (
	"context"
	"time"

	"leanpmo/internal/pmo"
)

// Prefix is where version 1 of the contract lives on any server that keeps it.
const Prefix = "/delivery/v1"

// New opens a work item. The Idempotency-Key it comes with names it: the same key is the same item.
type New struct {
	Request    string          `json:"request" doc:"Id of the request, a UUID"`
	Ref        string          `json:"ref" doc:"Its number as people say it, R-42"`
	Title      string          `json:"title"`
	Summary    string          `json:"summary,omitempty"`
	Team       string          `json:"team"`
	Approach   string          `json:"approach,omitempty" doc:"The agreed way of working"`
	Milestones []pmo.Milestone `json:"milestones,omitempty"`
	Link       string          `json:"link,omitempty" doc:"Where the request can be read"`
}

// Patch changes a work item; what is absent stays.
type Patch struct {
	Title   *string         `json:"title,omitempty"`
	Summary *string         `json:"summary,omitempty"`
	Status  *pmo.WorkStatus `json:"status,omitempty"`
	Reason  string          `json:"reason,omitempty" doc:"Why the status changes, for the team"`
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

// List answers a look-up by key: one item or none.
type List struct {
	Items []Item `json:"items"`
}

// Event is what a tool reports back, signed, to our server. It becomes a progress report.
type Event struct {
	WorkItem string         `json:"work_item"`
	Request  string         `json:"request"`
	Status   pmo.WorkStatus `json:"status,omitempty"`
	Percent  *int           `json:"percent,omitempty"`
	Health   pmo.Health     `json:"health,omitempty"`
	Note     string         `json:"note,omitempty"`
	Done     bool           `json:"done,omitempty" doc:"The team says it is done; the requester is asked for acceptance"`
	At       time.Time      `json:"at"`
}

// Backend keeps the contract for one tool. Its errors are problems (internal/problem).
type Backend interface {
	// Open opens the item, or answers the one that was opened under the key before; fresh tells which.
	Open(ctx context.Context, key string, n New) (item Item, fresh bool, err error)
	// Get reads one item.
	Get(ctx context.Context, id string) (Item, error)
	// Find reads the item that was opened under a key; found is false without one.
	Find(ctx context.Context, key string) (item Item, found bool, err error)
	// Change changes one item and answers what it is then. The same change twice is one.
	Change(ctx context.Context, id string, p Patch) (Item, error)
}
