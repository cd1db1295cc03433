// Package store is the pmo database: its migrations, the writes of projections and prioritizations, and all reads. All SQL of the product
// is here. It never imports Temporal.
package store

import (
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/strategy"
)

// Row is one request: the snapshot, and the values that only Postgres has.
type Row struct {
	pmo.Request
	RunID     string
	Epoch     int64
	Projected time.Time
	Rank      *int       // in the newest run of its portfolio
	Score     *float64   // of that run
	Slot      *time.Time // when it got its slot

	LimitReason string // why that run did not pull it

	Stakes []Stake // points of stakeholders, those of the latest period first; without title and number
}

// Item is a request in a list.
type Item struct {
	ID          string
	Number      int64
	Title       string
	Kind        string
	Portfolio   string
	Themes      []string
	Requester   string
	Stage       pmo.Stage
	StageSince  time.Time
	Since       time.Time  // pmo.Request.Since
	AcceptedAt  *time.Time // delivered since
	Status      pmo.Status
	Outcome     pmo.Outcome
	Lane        pmo.Lane
	Class       pmo.ClassOfService
	Team        string
	Approach    string
	Rank        *int
	Score       *float64
	SubmittedAt time.Time
	WantedBy    pmo.Date
	WaitingOn   []string
	DueAt       *time.Time
	Health      pmo.Health
	HealthSays  string // the first reason for it; empty where nothing speaks against green
	HealthKind  string // its kind (pmo.Assessment.Kind)
	Revision    int
	PulledAt    *time.Time // of one that is pulled
	WaitsOn     string     `db:"-"` // pmo.Request.WaitsFor
}

// Overdue is since when the wanted date is over, by the days of a zone, of what is not delivered; late is false where that is not so.
func (i Item) Overdue(now time.Time, zone *time.Location) (since time.Time, late bool) {
	day, err := i.WantedBy.Time(zone)
	since = day.AddDate(0, 0, 1)
	return since, err == nil && i.AcceptedAt == nil && since.Before(now)
}

// Filter chooses requests for a list. Empty fields choose everything.
type Filter struct {
	Portfolio, Theme, Kind, Team, Requester, Text string
	Class                                         pmo.ClassOfService
	Stage                                         pmo.Stage
	StageBefore                                   time.Time  // in their stage since then or longer
	Only                                          []string   // of these, by id or number
	Status                                        pmo.Status // empty: all but closed, unless Closed
	Closed                                        bool       // closed ones too
	WaitingOn                                     string
	ForTeam                                       string   // what waits for this team: an answer of its people, or a team, which it could be
	Viewer                                        string   // who reads: confidential requests of others are left out
	ActsFor                                       []string // people the viewer is a delegate of now: their confidential requests are included
	SeesAll                                       bool     // include all confidential requests, for the PMO and auditors
	Sort                                          string   // rank, age (oldest first), due, newest (default)
	Limit                                         int      // 1 to 200, default 50
	Cursor                                        string   // from the page before
}

// Page is one page of a list; Next is empty on the last one.
type Page[T any] struct {
	Items []T
	Next  string
}

// ByStage is the requests of one stage: how many there are, and some of them.
type ByStage struct {
	Stage pmo.Stage
	Count int
	Items []Item
}

// SlotsTaken is how many slots of a portfolio requests of a class of service hold.
type SlotsTaken struct {
	Portfolio string
	Class     pmo.ClassOfService
	Count     int
}

// LedgerEntry is an entry with its position in the feed.
type LedgerEntry struct {
	pmo.Entry
	Position int64
}

// InboxItem is an open question that waits on somebody, with the request it belongs to.
type InboxItem struct {
	RequestID   string
	Number      int64
	Title       string
	Requester   string
	SubmittedBy string
	Stage       pmo.Stage
	Question    pmo.Question
	For         string      // whose seat: the viewer's, or of somebody whose delegate the viewer is
	Facts       pmo.Request // of the request, what the rule of who may answer depends on, and its conditions
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
	WIP  int     // requests held or worked on
	Load float64 // team-weeks held
	Held []HeldWork
}

// HeldWork is one request's part of what a team holds.
type HeldWork struct {
	Size  float64            `json:"size"`
	Class pmo.ClassOfService `json:"class"`
	Kind  string             `json:"kind"`
}

// Waiting is a request of the backlog, as a prioritization reads it.
type Waiting struct {
	ID             string
	Number         int64
	SubmittedAt    time.Time
	Class          pmo.ClassOfService // standard when none is set
	WantedBy       pmo.Date
	Inputs         pmo.Inputs
	PreviousRank   int // 0: not ranked before
	PreviousClass  pmo.ClassOfService
	PreviousInputs pmo.Inputs
	PreviousDate   *time.Time // its fixed date then; nil: none, or not recorded
	PreviousNeeds  []int64    // the numbers of those of the backlog that it needed then
	Points         float64    // that stakeholders put on it
	PreviousPoints float64    // and that counted then
}

// Occupancy is how many slots of a portfolio are taken, by class of service.
type Occupancy struct {
	Total   int
	ByClass map[pmo.ClassOfService]int
}

// RankedRequest is one line of a prioritization.
type RankedRequest struct {
	ID            string
	Number        int64
	Title         string
	Rank          int
	PreviousRank  int // 0: new
	Class         string
	Score         float64
	Scored        bool // false: inputs are missing
	CostOfDelay   float64
	JobSize       float64
	Ageing        float64
	Pulled        bool
	LimitReason   string // why it was not pulled
	Cause         string // why it moved
	Why           string // the rank in one sentence
	Sensitivity   string // what would change it
	Missing       []string
	Inputs        pmo.Inputs
	FixedDate     *time.Time            // of class fixed date
	Points        float64               // that stakeholders had put on it
	Prerequisites []int64               // numbers of those of the backlog that it needs; nil before 0.9
	Detail        *priority.Explanation // of lines that keep their text, since 0.8
}

// Prioritization is one prioritization run.
type Prioritization struct {
	ID        string // workflow id
	Portfolio string
	At        time.Time
	Cause     string
	Actor     string
	Reason    string
	Dry       bool
	Policy    string
	Count     int
	Moves     int
	Pulled    []string
	Words     string
	Model     string        // the scoring model; empty before 0.8
	Lead      time.Duration // in which 85 % of the finished requests were done; 0: it could not be forecast
	LeadOf    int           // how many finished requests it rests on
	// Guardrails are those of the portfolio when the run had pulled; nil before 0.9.
	Guardrails []strategy.GuardrailFlag
}
