package wire

import (
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/strategy"
)

// StartPrioritization starts a prioritization run.
type StartPrioritization struct {
	Portfolio string `json:"portfolio,omitempty" maxLength:"64" doc:"The first one of the policy when absent"`
	Reason    string `json:"reason" minLength:"1" maxLength:"1000"`
	Dry       bool   `json:"dry,omitempty" doc:"Compute only: nothing is ranked or pulled, and nobody is notified"`
}

// Prioritization is one prioritization run. Of a run that is not done only the id, the link and what started it are known.
type Prioritization struct {
	ID         string                   `json:"id"`
	Portfolio  string                   `json:"portfolio"`
	At         time.Time                `json:"at"`
	Cause      string                   `json:"cause"`
	Actor      string                   `json:"actor,omitempty"`
	Reason     string                   `json:"reason,omitempty"`
	Dry        bool                     `json:"dry,omitempty"`
	Policy     string                   `json:"policy"`
	Count      int                      `json:"count"`
	Moves      int                      `json:"moves"`
	Pulled     []string                 `json:"pulled,omitempty"`
	Words      string                   `json:"words"`
	Model      string                   `json:"model,omitempty" doc:"The scoring model with the version of its formula; absent in runs before 0.8"`
	LeadDays   int                      `json:"lead_days,omitempty" doc:"Days from pull to acceptance in which 85 % of the finished requests were done: a fixed date is started so long before. Absent when too little is known; the policy's number is used then"`
	LeadOf     int                      `json:"lead_of,omitempty" doc:"How many finished requests lead_days rests on"`
	Guardrails []strategy.GuardrailFlag `json:"guardrails,omitempty" doc:"The guardrails of the portfolio with their shares when the run had pulled; absent in runs before 0.9"`
	Done       bool                     `json:"done"`
	Lines      []RankedRequest          `json:"lines"`
	Next       string                   `json:"next,omitempty" doc:"Cursor of the next lines"`
	Link       string                   `json:"link"`
}

// Backlog is a page of the ranked backlog.
type Backlog struct {
	Page[RankedRequest]
	Unranked   int                      `json:"unranked,omitempty" doc:"On the first page: requests that came after the current run; the next run ranks them"`
	Guardrails []strategy.GuardrailFlag `json:"guardrails,omitempty" doc:"On the first page: those that are not kept now, with the numbers; they hold nothing back"`
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
	Points       float64    `json:"points,omitempty" doc:"That stakeholders had put on it"`
	Ref          string     `json:"ref,omitempty"`
	Link         string     `json:"link"`

	FixedDate     *time.Time                 `json:"fixed_date,omitempty" doc:"Of class fixed date: when it must be done"`
	Parts         []priority.ScorePart       `json:"parts,omitempty" doc:"The score taken apart: the amounts add up to it"`
	Above         *priority.Neighbour        `json:"above,omitempty" doc:"What is one place higher, and what separates the two"`
	Below         *priority.Neighbour        `json:"below,omitempty" doc:"What is one place lower, and what separates the two"`
	Up            []priority.InputChange     `json:"up,omitempty" doc:"The changes of single inputs that would take it up one place, the smallest first"`
	Top           []priority.InputChange     `json:"top,omitempty" doc:"The changes that would take it among as many places as the portfolio works on at once"`
	TopText       string                     `json:"top_text,omitempty"`
	NearTie       string                     `json:"near_tie,omitempty" doc:"Its order and that of a neighbour is not that of their scores, because the difference is small"`
	Range         *priority.RankRange        `json:"range,omitempty" doc:"How sure the rank is: the places it takes when every input is off by up to one step of its scale"`
	Needs         []priority.Ref             `json:"needs,omitempty" doc:"Requests of the backlog that must be done before it"`
	Unblocks      []priority.Ref             `json:"unblocks,omitempty" doc:"Requests of the backlog that wait behind it, directly or through others, 20 at most"`
	MoreUnblocked int                        `json:"more_unblocked,omitempty" doc:"How many more wait behind it"`
	Inherited     float64                    `json:"inherited,omitempty" doc:"The score that counts instead of its own, because of what it needs and what waits behind it"`
	Guardrails    []string                   `json:"guardrails,omitempty" doc:"Of a pulled request: the guardrails that its pull leads away from or towards, with the numbers"`
	IfPulled      []strategy.GuardrailEffect `json:"if_pulled,omitempty" doc:"Of a waiting request, in the backlog and its explanation: the guardrails from which its pull would lead away, or towards which, as they stand now, and of those on what was delivered the ones that its delivery would change; they hold nothing back"`
	Problem       string                     `json:"problem,omitempty" doc:"What somebody has to put right: a prerequisite that will not come, or a cycle"`
	Causes        []priority.Cause           `json:"causes,omitempty" doc:"What moved it in that run, in places; positive is up, and they add up to the move"`
}
