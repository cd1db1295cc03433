package client

import (
	"time"

	"leanpmo/internal/pmo"
)

// Team is a team with what it holds now.
type Team struct {
	pmo.Team
	WIP  int     `json:"wip"`
	Load float64 `json:"load"`
}

// Entry is a line of a request's ledger with its position in the feed.
type Entry struct {
	pmo.Entry
	Position int64 `json:"position"`
}

// Explanation is why a request stands where it stands.
type Explanation struct {
	ID         string          `json:"id"`
	Ref        string          `json:"ref"`
	Policy     string          `json:"policy"`
	Lane       pmo.Lane        `json:"lane"`
	LaneReason string          `json:"lane_reason"`
	Severity   string          `json:"severity"`
	Missing    []pmo.Gap       `json:"missing"`
	Similar    []pmo.Similar   `json:"similar"`
	Route      *pmo.Route      `json:"route"`
	Rank       *RankedRequest  `json:"rank"`
	Pull       *pmo.Pull       `json:"pull"`
	Approach   *pmo.Approach   `json:"approach"`
	Assignment *pmo.Assignment `json:"assignment"`
	Declined   []pmo.Decline   `json:"declined"`
	Waits      string          `json:"waits"`
	Outcome    pmo.Outcome     `json:"outcome"`
	Reason     string          `json:"reason"`
}

// PlanView is a plan, proposed or agreed.
type PlanView struct {
	Agreed bool     `json:"agreed"`
	Plan   pmo.Plan `json:"plan"`
}

// Policy is the rules in force.
type Policy struct {
	Name    string   `json:"name"`
	Version int      `json:"version"`
	Words   []string `json:"words"`
	YAML    string   `json:"yaml"`
}

// Delegation lets somebody act for an absent person.
type Delegation struct {
	Person   string    `json:"person"`
	Delegate string    `json:"delegate"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
}

// Stats sums up durations in days.
type Stats struct {
	N    int     `json:"n"`
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"`
	P85  float64 `json:"p85"`
	P95  float64 `json:"p95"`
	Max  float64 `json:"max"`
}

// Flow is how work flows, per portfolio and never per person.
type Flow struct {
	Portfolio  string    `json:"portfolio"`
	From       time.Time `json:"from"`
	To         time.Time `json:"to"`
	CycleTime  Stats     `json:"cycle_time_days"`
	LeadTime   Stats     `json:"lead_time_days"`
	Throughput []struct {
		Start time.Time `json:"start"`
		Days  int       `json:"days"`
		Count int       `json:"count"`
	} `json:"throughput"`
	WIP struct {
		InProgress int `json:"in_progress"`
		Held       int `json:"held"`
		Blocked    int `json:"blocked"`
	} `json:"wip"`
	Stages []struct {
		Stage pmo.Stage `json:"stage"`
		Open  int       `json:"open"`
	} `json:"stages"`
}

// SplitDone answers a split.
type SplitDone struct {
	Receipt pmo.Receipt `json:"receipt"`
	Parts   []struct {
		ID  string `json:"id"`
		Ref string `json:"ref"`
	} `json:"parts"`
}
