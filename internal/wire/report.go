package wire

import (
	"time"

	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
)

// FlowTable is what a flow report has for a spreadsheet.
type FlowTable string

// The tables. Empty is that of the requests.
const (
	FlowRequests FlowTable = "requests"
	FlowFigures  FlowTable = "figures"
)

// FlowReport is how work flows, per portfolio and never per person.
type FlowReport struct {
	Portfolio  string           `json:"portfolio,omitempty"`
	From       time.Time        `json:"from"`
	To         time.Time        `json:"to"`
	Throughput []flow.Bucket    `json:"throughput" doc:"Delivered a week"`
	CycleTime  flow.Stats       `json:"cycle_time_days" doc:"Pulled to accepted"`
	LeadTime   flow.Stats       `json:"lead_time_days" doc:"Submitted to accepted"`
	Age        flow.Stats       `json:"age_days" doc:"Since submission, of what is open now"`
	WIP        flow.WIPCount    `json:"wip"`
	Aging      []flow.Aging     `json:"aging" doc:"What is in progress, oldest first: its age since the pull, compared with what was finished"`
	Stages     []StageCount     `json:"stages" doc:"What is open now, and how long stays took, by stage"`
	Groups     []flow.GroupTime `json:"groups" doc:"How long questions waited, by whom they asked; the slowest first"`
	CFD        flow.CFD         `json:"cfd" doc:"How many requests had come to each stage at the end of each day, and how many were in it"`
	// Efficiency and the three after it are of what was delivered in this time.
	Efficiency   flow.Efficiency    `json:"efficiency" doc:"Where the time from submission to acceptance went"`
	Distribution []flow.Share       `json:"distribution" doc:"Which part of the delivered requests each kind was"`
	Expectation  flow.Expectation   `json:"expectation" doc:"In how many days 85 % were accepted after the pull, imported work included"`
	ByTeam       []flow.Expectation `json:"by_team" doc:"The same by team"`
	ByKind       []flow.Expectation `json:"by_kind" doc:"The same by kind"`
	ByTheme      []flow.Expectation `json:"by_theme" doc:"The same by theme, without imported work; a request with several themes counts for each"`
	ByStage      []flow.Expectation `json:"by_stage" doc:"In how many days 85 % of the stays in each stage ended"`
	Reference    flow.Reference     `json:"reference" doc:"What ages are compared with"`
	Little       flow.Little        `json:"little" doc:"Whether Little's law holds: a check of the flow, and no forecast"`
	Skipped      []flow.Skipped     `json:"skipped,omitempty" doc:"Left out because their timestamps cannot be right"`
	Scatter      []flow.Cell        `json:"scatter" doc:"Delivered requests that you may read, by when they were accepted and how long they took since the pull; those close together in one cell"`
	Items        []FlowItem         `json:"items" doc:"In the order of their submission; the latest so many as were asked for"`
	// How many there are in all, where fewer were asked for.
	ItemsTotal int `json:"items_total" doc:"How many items there are in all"`
	AgingTotal int `json:"aging_total" doc:"How many requests are in progress in all"`
	// Confidential requests are counted in the figures, and their items are left out.
	Confidential int `json:"confidential,omitempty" doc:"Requests that are counted and that you may not read: they have no item"`
}

// GroupsWaiting is how long questions waited for the groups of a person.
type GroupsWaiting struct {
	Days  int              `json:"days" doc:"Over how many days it was measured"`
	AsOf  *time.Time       `json:"as_of,omitempty" doc:"When it was measured; absent until it was"`
	Items []flow.GroupTime `json:"items" doc:"Each group of the caller that was asked, the slowest first"`
}

// StageCount is how many requests are open in a stage.
type StageCount struct {
	Stage pmo.Stage  `json:"stage"`
	Open  int        `json:"open"`
	Age   flow.Stats `json:"age_days" doc:"Since submission, of what is open there now"`
	Days  flow.Stats `json:"time_days" doc:"From entering to leaving, of the stays that ended in this time"`
}

// FlowItem is when one request was submitted, pulled, accepted and closed.
type FlowItem struct {
	Ref         string             `json:"ref"`
	Kind        string             `json:"kind"`
	Class       string             `json:"class"`
	Team        string             `json:"team,omitempty"`
	Approach    string             `json:"approach,omitempty"`
	Stage       pmo.Stage          `json:"stage"`
	Outcome     string             `json:"outcome,omitempty"`
	SubmittedAt time.Time          `json:"submitted_at"`
	PulledAt    *time.Time         `json:"pulled_at,omitempty"`
	AcceptedAt  *time.Time         `json:"accepted_at,omitempty"`
	ClosedAt    *time.Time         `json:"closed_at,omitempty"`
	StageDays   map[string]float64 `json:"stage_days" doc:"Days in each stage so far, up to acceptance"`
	GroupDays   map[string]float64 `json:"group_days" doc:"Days that questions waited for each group so far"`
}
