// Package store is the pmo database: its migrations, the writes of projections and prioritizations, and all reads. All SQL of the product
// is here. It never imports Temporal.
package store

import (
	"time"

	"leanpmo/internal/pmo"
)

// Row is one request: the snapshot, and the values that only Postgres has.
type Row struct {
	pmo.Request
	RunID     string     `json:"-"`
	Epoch     int64      `json:"-"`
	Projected time.Time  `json:"projected_at"`
	Rank      *int       `json:"rank,omitempty"`  // in the newest run of its portfolio
	Score     *float64   `json:"score,omitempty"` // of that run
	Slot      *time.Time `json:"slot,omitempty"`  // when it got its slot
}

// Item is a request in a list.
type Item struct {
	ID          string             `json:"id"`
	Number      int64              `json:"number,omitempty"`
	Title       string             `json:"title"`
	Kind        string             `json:"kind"`
	Portfolio   string             `json:"portfolio,omitempty"`
	Themes      []string           `json:"themes"`
	Requester   string             `json:"requester"`
	Stage       pmo.Stage          `json:"stage"`
	StageSince  time.Time          `json:"stage_since"`
	Status      pmo.Status         `json:"status"`
	Outcome     pmo.Outcome        `json:"outcome,omitempty"`
	Lane        pmo.Lane           `json:"lane,omitempty"`
	Class       pmo.ClassOfService `json:"class,omitempty"`
	Team        string             `json:"team,omitempty"`
	Approach    string             `json:"approach,omitempty"`
	Rank        *int               `json:"rank,omitempty"`
	Score       *float64           `json:"score,omitempty"`
	SubmittedAt time.Time          `json:"submitted_at"`
	WantedBy    pmo.Date           `json:"wanted_by,omitempty"`
	WaitingOn   []string           `json:"waiting_on"`
	DueAt       *time.Time         `json:"due_at,omitempty"`
	Health      pmo.Health         `json:"health,omitempty"`
	Revision    int                `json:"revision"`
}

// Filter chooses requests for a list. Empty fields choose everything.
type Filter struct {
	Portfolio, Theme, Kind, Team, Requester, Text string
	Stage                                         pmo.Stage
	Status                                        pmo.Status // empty: all but closed, unless Closed
	Closed                                        bool       // closed ones too
	WaitingOn                                     string
	Viewer                                        string   // who reads: confidential requests of others are left out
	ActsFor                                       []string // people the viewer is a delegate of now: their confidential requests are included
	SeesAll                                       bool     // include all confidential requests, for the PMO and auditors
	Sort                                          string   // rank, age (oldest first), due, newest (default)
	Limit                                         int      // 1 to 200, default 50
	Cursor                                        string   // from the page before
}

// Page is one page of a list; Next is empty on the last one.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// LedgerEntry is an entry with its position in the feed.
type LedgerEntry struct {
	pmo.Entry
	Position int64 `json:"position"`
}

// InboxItem is an open question that waits on a person, with its request.
type InboxItem struct {
	RequestID   string       `json:"request_id"`
	Number      int64        `json:"number"`
	Title       string       `json:"title"`
	Requester   string       `json:"requester"`
	SubmittedBy string       `json:"submitted_by"`
	Stage       pmo.Stage    `json:"stage"`
	Question    pmo.Question `json:"question"`
	For         string       `json:"for"` // whose seat: the viewer's, or of somebody the viewer stands in for
}

// Delegation lets somebody act for an absent person.
type Delegation struct {
	Person   string    `json:"person"`   // who is away
	Delegate string    `json:"delegate"` // who acts for them
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
}

// TeamLoad is a team with the capacity it holds now.
type TeamLoad struct {
	pmo.Team
	WIP  int     `json:"wip"`  // requests held or worked on
	Load float64 `json:"load"` // team-weeks held
}

// Waiting is a request of the backlog, as a prioritization reads it.
type Waiting struct {
	ID             string
	Number         int64
	Title          string
	SubmittedAt    time.Time
	WaitingFrom    time.Time // entered prioritization
	Content        pmo.Content
	Lane           pmo.Lane
	PreviousRank   int // 0: not ranked before
	PreviousInputs pmo.Inputs
}

// Occupancy is how many slots of a portfolio are taken, by class of service.
type Occupancy struct {
	Total   int
	ByClass map[pmo.ClassOfService]int
}

// RankedRequest is one line of a prioritization.
type RankedRequest struct {
	ID           string     `json:"id"`
	Number       int64      `json:"number"`
	Title        string     `json:"title"`
	Rank         int        `json:"rank"`
	PreviousRank int        `json:"prev,omitempty"` // 0: new
	Class        string     `json:"class"`
	Score        float64    `json:"score"`
	Scored       bool       `json:"scored"` // false: inputs are missing
	CostOfDelay  float64    `json:"cost_of_delay"`
	JobSize      float64    `json:"job_size"`
	Ageing       float64    `json:"ageing"`
	Pulled       bool       `json:"pulled,omitempty"`
	LimitReason  string     `json:"bound,omitempty"` // why it was not pulled
	Cause        string     `json:"cause,omitempty"` // why it moved
	Why          string     `json:"why"`             // the rank in one sentence
	Sensitivity  string     `json:"flip,omitempty"`  // what would change it
	Missing      []string   `json:"missing,omitempty"`
	Inputs       pmo.Inputs `json:"inputs"`
}

// Prioritization is one prioritization run.
type Prioritization struct {
	ID        string    `json:"id"` // workflow id
	Portfolio string    `json:"portfolio"`
	At        time.Time `json:"at"`
	Cause     string    `json:"cause"`
	Actor     string    `json:"actor,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	Dry       bool      `json:"dry,omitempty"`
	Policy    string    `json:"policy"`
	Count     int       `json:"count"`
	Moves     int       `json:"moves"`
	Pulled    []string  `json:"pulled,omitempty"`
	Words     string    `json:"words"`
}
