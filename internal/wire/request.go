package wire

import (
	"time"

	"leanpmo/internal/approach"
	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// Submission is the form, and for whom it is filled in.
type Submission struct {
	pmo.Content
	Requester string   `json:"requester,omitempty" maxLength:"64" doc:"The true requester, when somebody else submits for them"`
	Reason    string   `json:"reason,omitempty" maxLength:"1000" doc:"Why it is submitted for somebody else; needed then"`
	Watchers  []string `json:"watchers,omitempty" maxItems:"50" doc:"Who else is notified of what happens to it"`
	Draft     string   `json:"draft,omitempty" maxLength:"36" doc:"Your draft that it was made of: what an agent drafted is marked so in the ledger"`
}

// State has the fields of pmo.Request without its methods. Request declares some of the fields itself, so that in a decoded answer
// these fields of State are empty, and the methods that read them would return nothing.
type State pmo.Request

// Request is one request. Every route that answers a whole request answers this type.
type Request struct {
	State
	Ref             string            `json:"ref,omitempty" example:"R-42" doc:"Absent until intake gave it a number"`
	Questions       []OpenQuestion    `json:"questions" doc:"The open questions, in the order they were asked"`
	ClosedQuestions []pmo.Question    `json:"closed_questions" doc:"The latest closed questions of each kind"`
	Since           time.Time         `json:"since" doc:"Since when it stands so: closed, on hold, deferred, delivered, or in its stage"`
	WaitingOn       []string          `json:"waiting_on" doc:"Who may still answer an open question; nobody while it is on hold"`
	WaitsOn         string            `json:"waits_on" doc:"In words what it waits on: people, a limit, a date or a team"`
	DueAt           *time.Time        `json:"due_at,omitempty" doc:"When the first open question is due"`
	Commands        []string          `json:"commands" doc:"The commands you may give now, besides answering: the last parts of their routes, and amend for PATCH"`
	GoesOnIn        []string          `json:"goes_on_in,omitempty" doc:"Of a merged request: the requests it goes on in that you may read"`
	Dependencies    *Dependencies     `json:"dependencies,omitempty" doc:"What it needs, and what needs it; absent when there is nothing, or it cannot be read now"`
	Objectives      []ServedObjective `json:"objectives,omitempty" doc:"The objectives that it serves, as they stand, with what was reported on their key results because of it; absent when it names none, or it cannot be read now"`
	Points          *PointsOn         `json:"points,omitempty" doc:"The points that stakeholders put on it; absent when the policy gives none in its portfolio, or they cannot be read now"`
	Similar         []pmo.Similar     `json:"similar" doc:"Requests that may ask for the same; nothing is closed by this"`
	Rank            *int              `json:"rank,omitempty"`
	Score           *float64          `json:"score,omitempty"`
	NeededInputs    []string          `json:"needed_inputs" doc:"The inputs that the scoring model needs; what is missing of them is unknown, not zero"`
	Slot            *time.Time        `json:"slot,omitempty" doc:"When it got a slot of its portfolio"`
	ProjectedAt     *time.Time        `json:"projected_at,omitempty" doc:"How fresh this is; absent when the process itself was asked"`
	Forecast        *Forecast         `json:"forecast,omitempty" doc:"If and when, computed for this answer"`
	BurnUp          *pmo.BurnUp       `json:"burn_up,omitempty" doc:"Where it is asked for: how scope and done work grew, by the latest 500 entries of the ledger"`
	Worked          *approach.Worked  `json:"worked,omitempty" doc:"Of a delivered request: what was recommended, what was chosen, and what came of it"`
	Quicker         []string          `json:"quicker,omitempty" doc:"Before it is pulled: which single fact of the form would lead to a lane with less process, or to another severity, by the policy in force"`
	Links           Links             `json:"links"`
}

// Closed reports whether the request has ended.
func (r *Request) Closed() bool { return r.Status == pmo.StatusClosed }

// Delivered reports whether the requester has accepted the result.
func (r *Request) Delivered() bool { return !r.AcceptedAt.IsZero() }

// QuestionOf is the open question of a kind, or nil.
func (r *Request) QuestionOf(kind pmo.Kind) *OpenQuestion {
	for i := range r.Questions {
		if r.Questions[i].Kind == kind {
			return &r.Questions[i]
		}
	}
	return nil
}

// Links are the routes of a request.
type Links struct {
	Self        string `json:"self"`
	Ledger      string `json:"ledger"`
	Explanation string `json:"explanation"`
	Forecast    string `json:"forecast"`
	Decisions   string `json:"decisions"`
	History     string `json:"history,omitempty" doc:"Its history in the Temporal UI, for the PMO; absent when the server was not told where the UI is"`
}

// SavedView is a list of the Temporal UI that the PMO looks at again and again.
type SavedView struct {
	Name  string `json:"name" example:"waiting on me"`
	Query string `json:"query" doc:"For the UI's own filter, and for temporal workflow list" example:"PmoStage = \"review\""`
	Link  string `json:"link,omitempty" doc:"Absent when the server was not told where the UI is"`
}

// RequestItem is a request in a list.
type RequestItem struct {
	Ref         string             `json:"ref,omitempty"`
	ID          string             `json:"id"`
	Number      int64              `json:"number,omitempty"`
	Title       string             `json:"title"`
	Kind        string             `json:"kind"`
	Portfolio   string             `json:"portfolio,omitempty"`
	Themes      []string           `json:"themes"`
	Requester   string             `json:"requester"`
	Stage       pmo.Stage          `json:"stage"`
	StageSince  time.Time          `json:"stage_since"`
	Since       time.Time          `json:"since" doc:"Since when it stands so: closed, on hold, deferred, delivered, or in its stage"`
	AcceptedAt  *time.Time         `json:"accepted_at,omitempty" doc:"Delivered since then; an open request that has it waits only for its benefit review"`
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
	WaitsOn     string             `json:"waits_on" doc:"In words what it waits on: people, a limit, a date or a team"`
	DueAt       *time.Time         `json:"due_at,omitempty"`
	Health      pmo.Health         `json:"health,omitempty" doc:"By the rule of health while work goes on, or as the latest report says instead"`
	HealthSays  string             `json:"health_says,omitempty" doc:"The first reason for it; absent where nothing speaks against green"`
	HealthKind  string             `json:"health_kind,omitempty" enum:"blocker,milestone,schedule,cost,age,report,silent,raid,override" doc:"The kind of that reason; override: health_says are the words of who sees it otherwise"`
	Revision    int                `json:"revision"`
	Link        string             `json:"link"`
	Forecast    *Forecast          `json:"forecast,omitempty" doc:"Where it is asked for"`
}

// Forecast is if and when: dates with their chances, or why there are none.
type Forecast struct {
	AsOf           time.Time       `json:"as_of"`
	Words          string          `json:"words"`
	CannotForecast bool            `json:"cannot_forecast,omitempty"`
	Why            string          `json:"why,omitempty" doc:"Why there is no forecast"`
	P50            pmo.Date        `json:"p50,omitempty" doc:"Even odds to be done by this day"`
	P85            pmo.Date        `json:"p85,omitempty" doc:"Done by this day in 85 of 100 futures"`
	P95            pmo.Date        `json:"p95,omitempty"`
	Start          *StartForecast  `json:"start,omitempty" doc:"When it is pulled; absent once it is"`
	Wanted         *WantedForecast `json:"wanted,omitempty" doc:"How likely its wanted date is kept; absent without one"`
	Ahead          int             `json:"ahead" doc:"Open requests that are expected to finish first"`
	AbovePerWeek   float64         `json:"above_per_week,omitempty" doc:"How many more are expected to come in a week and to rank above it, from those of the last half year; absent while too few are known"`
	Basis          *forecast.Basis `json:"basis,omitempty"`
	Approval       *Approval       `json:"approval,omitempty" doc:"How likely it is approved; absent once it is decided"`
}

// StartForecast is when a request that waits is pulled. Its days hold if it is approved; the chance includes the approval.
type StartForecast struct {
	P50    pmo.Date `json:"p50,omitempty" doc:"Even odds to be pulled by this day, if it is approved"`
	P85    pmo.Date `json:"p85,omitempty"`
	P95    pmo.Date `json:"p95,omitempty"`
	Within int      `json:"within_days"`
	Chance float64  `json:"chance" doc:"How likely it is approved and pulled within so many days"`
}

// WantedForecast is how likely a request is done by its wanted date.
type WantedForecast struct {
	By      pmo.Date `json:"by"`
	Chance  float64  `json:"chance" doc:"How likely it is done by then, if it is approved; at most 0.99"`
	Overall float64  `json:"overall" doc:"How likely it is approved and done by then"`
	Words   string   `json:"words"`
}

// Approval is how likely a request that is not decided yet is approved, from how those of the last year fared.
type Approval struct {
	Chance   float64 `json:"chance" doc:"(approved + 1) / (decided + 2): the rule of succession"`
	Approved int     `json:"approved"`
	Decided  int     `json:"decided"`
}

// LedgerEntry is an entry of a request's ledger with its position.
type LedgerEntry struct {
	pmo.Entry
	Position int64 `json:"position"`
}

// Explanation is why a request has its lane, route, rank, approach and team; what was not decided yet is absent.
type Explanation struct {
	ID         string            `json:"id"`
	Ref        string            `json:"ref,omitempty"`
	Policy     string            `json:"policy,omitempty" doc:"The policy it was admitted under"`
	Lane       pmo.Lane          `json:"lane,omitempty"`
	LaneReason string            `json:"lane_reason,omitempty"`
	Severity   string            `json:"severity,omitempty"`
	Missing    []pmo.Gap         `json:"missing,omitempty"`
	Similar    []pmo.Similar     `json:"similar,omitempty"`
	Route      *pmo.Route        `json:"route,omitempty"`
	Inputs     []ScoreInput      `json:"inputs,omitempty" doc:"What the scoring model needs"`
	Rank       *RankedRequest    `json:"rank,omitempty" doc:"Its rank in the newest prioritization run"`
	Pull       *pmo.Pull         `json:"pull,omitempty"`
	Approach   *pmo.Approach     `json:"approach,omitempty"`
	Assignment *pmo.Assignment   `json:"assignment,omitempty"`
	Declined   []pmo.Decline     `json:"declined,omitempty"`
	Waits      string            `json:"waits,omitempty" doc:"Why no team could be offered"`
	Objectives []ServedObjective `json:"objectives,omitempty" doc:"Those that it serves, and how they stand"`
	Worked     *approach.Worked  `json:"worked,omitempty" doc:"Of a delivered request: what was recommended, what was chosen, and what came of it"`
	Outcome    pmo.Outcome       `json:"outcome,omitempty"`
	Reason     string            `json:"reason,omitempty" doc:"Why it ended so"`
}

// ScoreInput is an input of the score, with where it comes from.
type ScoreInput struct {
	Name  string       `json:"name"`
	Value string       `json:"value,omitempty" doc:"Absent while it is unknown, which is not zero"`
	By    string       `json:"by,omitempty" doc:"Who gave it; absent when it was given before 0.8"`
	At    *time.Time   `json:"at,omitempty"`
	Sure  pmo.Sureness `json:"sure,omitempty"`
	Stale bool         `json:"stale,omitempty" doc:"Older than the policy's stale_after"`
	From  []string     `json:"from,omitempty" doc:"Of an unknown one: who gives it"`
}
