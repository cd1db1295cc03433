package client

import (
	"time"

	"leanpmo/internal/pmo"
)

// Form is a submission: the content, and for whom it is filled in.
type Form struct {
	pmo.Content
	Requester string   `json:"requester,omitempty"` // the true requester, when somebody else submits for them
	Reason    string   `json:"reason,omitempty"`    // why it is submitted for somebody else
	Watchers  []string `json:"watchers,omitempty"`
}

// Submitted answers a submission. Without a number no worker has looked at it yet.
type Submitted struct {
	ID         string         `json:"id"`
	Number     int64          `json:"number"`
	Ref        string         `json:"ref"`
	Stage      pmo.Stage      `json:"stage"`
	Status     pmo.Status     `json:"status"`
	AcceptedAt *time.Time     `json:"accepted_at"`
	Lane       pmo.Lane       `json:"lane"`
	Pending    []OpenQuestion `json:"pending_decisions"`
	Forecast   *Forecast      `json:"forecast"`
	Similar    []pmo.Similar  `json:"similar"`
}

// OpenQuestion is an open question in short.
type OpenQuestion struct {
	ID        string    `json:"id"`
	Kind      pmo.Kind  `json:"kind"`
	Text      string    `json:"text"`
	Waiting   []string  `json:"waiting"`
	DueAt     time.Time `json:"due_at"`
	OnSilence string    `json:"on_silence"`
}

// Forecast is if and when.
type Forecast struct {
	AsOf           time.Time `json:"as_of"`
	Words          string    `json:"words"`
	CannotForecast bool      `json:"cannot_forecast"`
	Why            string    `json:"why"`
	P50            pmo.Date  `json:"p50"`
	P85            pmo.Date  `json:"p85"`
	P95            pmo.Date  `json:"p95"`
	Ahead          int       `json:"ahead"`
	Basis          *Basis    `json:"basis"`
}

// Basis is what a forecast stands on.
type Basis struct {
	Samples    int `json:"samples"`
	ActiveDays int `json:"active_days"`
}

// Request is one request, whole.
type Request struct {
	pmo.Request
	Ref       string     `json:"ref"`
	WaitingOn []string   `json:"waiting_on"`
	DueAt     *time.Time `json:"due_at"`
	Rank      *int       `json:"rank"`
	Score     *float64   `json:"score"`
	Forecast  *Forecast  `json:"forecast"` // hides the first forecast in words
}

// Item is a request in a list.
type Item struct {
	ID          string             `json:"id"`
	Ref         string             `json:"ref"`
	Title       string             `json:"title"`
	Kind        string             `json:"kind"`
	Portfolio   string             `json:"portfolio"`
	Themes      []string           `json:"themes"`
	Requester   string             `json:"requester"`
	Stage       pmo.Stage          `json:"stage"`
	StageSince  time.Time          `json:"stage_since"`
	Status      pmo.Status         `json:"status"`
	Outcome     pmo.Outcome        `json:"outcome"`
	Lane        pmo.Lane           `json:"lane"`
	Class       pmo.ClassOfService `json:"class"`
	Team        string             `json:"team"`
	Approach    string             `json:"approach"`
	Rank        *int               `json:"rank"`
	Score       *float64           `json:"score"`
	SubmittedAt time.Time          `json:"submitted_at"`
	WantedBy    pmo.Date           `json:"wanted_by"`
	WaitingOn   []string           `json:"waiting_on"`
	DueAt       *time.Time         `json:"due_at"`
	Health      pmo.Health         `json:"health"`
}

// Page is one page of a list; Next is empty on the last.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// InboxItem is a pending decision with all it takes to decide in one step.
type InboxItem struct {
	Request struct {
		ID        string    `json:"id"`
		Ref       string    `json:"ref"`
		Title     string    `json:"title"`
		Requester string    `json:"requester"`
		Stage     pmo.Stage `json:"stage"`
	} `json:"request"`
	Question  pmo.Question `json:"question"`
	For       string       `json:"for"`
	OnBehalf  bool         `json:"on_behalf"`
	OnSilence string       `json:"on_silence"`
}

// RankedRequest is a line of the backlog or of a run.
type RankedRequest struct {
	ID           string   `json:"id"`
	Ref          string   `json:"ref"`
	Title        string   `json:"title"`
	Rank         int      `json:"rank"`
	PreviousRank int      `json:"prev"`
	Class        string   `json:"class"`
	Score        float64  `json:"score"`
	Scored       bool     `json:"scored"`
	CostOfDelay  float64  `json:"cost_of_delay"`
	JobSize      float64  `json:"job_size"`
	Ageing       float64  `json:"ageing"`
	Pulled       bool     `json:"pulled"`
	LimitReason  string   `json:"bound"`
	Cause        string   `json:"cause"`
	Why          string   `json:"why"`
	Sensitivity  string   `json:"flip"`
	Missing      []string `json:"missing"`
}

// Prioritization is a prioritization run; while it is not done only its id is known.
type Prioritization struct {
	ID        string          `json:"id"`
	Portfolio string          `json:"portfolio"`
	At        time.Time       `json:"at"`
	Cause     string          `json:"cause"`
	Actor     string          `json:"actor"`
	Reason    string          `json:"reason"`
	Dry       bool            `json:"dry"`
	Policy    string          `json:"policy"`
	Count     int             `json:"count"`
	Moves     int             `json:"moves"`
	Pulled    []string        `json:"pulled"`
	Words     string          `json:"words"`
	Done      bool            `json:"done"`
	Lines     []RankedRequest `json:"lines"`
	Next      string          `json:"next"`
}
