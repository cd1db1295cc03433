package wire

import (
	"time"

	"leanpmo/internal/pmo"
)

// StartPrioritization starts a prioritization run.
type StartPrioritization struct {
	Portfolio string `json:"portfolio,omitempty" maxLength:"64" doc:"The first one of the policy when absent"`
	Reason    string `json:"reason" minLength:"1" maxLength:"1000"`
	Dry       bool   `json:"dry,omitempty" doc:"Compute only: nothing is ranked or pulled, and nobody is notified"`
}

// Prioritization is one prioritization run. Of a run that is not done only the id, the link and what started it are known.
type Prioritization struct {
	ID        string          `json:"id"`
	Portfolio string          `json:"portfolio"`
	At        time.Time       `json:"at"`
	Cause     string          `json:"cause"`
	Actor     string          `json:"actor,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	Dry       bool            `json:"dry,omitempty"`
	Policy    string          `json:"policy"`
	Count     int             `json:"count"`
	Moves     int             `json:"moves"`
	Pulled    []string        `json:"pulled,omitempty"`
	Words     string          `json:"words"`
	Done      bool            `json:"done"`
	Lines     []RankedRequest `json:"lines"`
	Next      string          `json:"next,omitempty" doc:"Cursor of the next lines"`
	Link      string          `json:"link"`
}

// Backlog is a page of the ranked backlog.
type Backlog struct {
	Page[RankedRequest]
	Unranked int `json:"unranked,omitempty" doc:"On the first page: requests that came after the current run; the next run ranks them"`
}

// RankedRequest is one line of a prioritization run or of the backlog.
type RankedRequest struct {
	ID           string     `json:"id"`
	Number       int64      `json:"number"`
	Title        string     `json:"title"`
	Rank         int        `json:"rank"`
	PreviousRank int        `json:"prev,omitempty" doc:"Absent when it was not ranked before"`
	Class        string     `json:"class"`
	Score        float64    `json:"score"`
	Scored       bool       `json:"scored" doc:"False when inputs are missing"`
	CostOfDelay  float64    `json:"cost_of_delay"`
	JobSize      float64    `json:"job_size"`
	Ageing       float64    `json:"ageing"`
	Pulled       bool       `json:"pulled,omitempty"`
	LimitReason  string     `json:"bound,omitempty" doc:"Why it was not pulled"`
	Cause        string     `json:"cause,omitempty" doc:"Why its rank changed"`
	Why          string     `json:"why" doc:"The rank in one sentence"`
	Sensitivity  string     `json:"flip,omitempty" doc:"What would change the rank"`
	Missing      []string   `json:"missing,omitempty"`
	Inputs       pmo.Inputs `json:"inputs"`
	Ref          string     `json:"ref,omitempty"`
	Link         string     `json:"link"`
}
