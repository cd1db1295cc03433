package wire

import (
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
)

// AssignmentPlan is which team each request that waits for one would get, all of a portfolio planned together.
type AssignmentPlan struct {
	Portfolio string    `json:"portfolio"`
	Name      string    `json:"name" doc:"Of the portfolio"`
	At        time.Time `json:"at" doc:"When it was planned"`
	Batch     int64     `json:"batch,omitempty" doc:"The number of the batch that requests read their answers from; absent: nobody has read this plan yet"`
	Digest    string    `json:"digest" doc:"Stands for all that the plan follows from: the same digest, the same plan"`
	Policy    string    `json:"policy" doc:"Version and digest"`

	Value     float64         `json:"value" doc:"Sum of value times fit over those that get a team, less what load, lateness and switching cost"`
	Bound     float64         `json:"bound" doc:"No plan that serves the same requests has a greater value"`
	Gap       float64         `json:"gap" doc:"How far the value can be from the best one, as a share; 0 when it is proven best"`
	Exact     bool            `json:"exact" doc:"The plan is proven best"`
	Served    int             `json:"served" doc:"How many get a team now"`
	Plain     assign.Plain    `json:"plain" doc:"What the plain order comes to: each request in turn to the team that suits it best and has room"`
	Proposals []TeamProposal  `json:"proposals" doc:"Those that you may read, in the order in which they are served"`
	Hidden    int             `json:"hidden,omitempty" doc:"How many more wait that you may not read"`
	Teams     []TeamProposals `json:"teams" doc:"Every team of the portfolio, before and after the plan"`
	Curve     []WaitPoint     `json:"curve" doc:"How the wait grows with load, in steps of a fortieth"`
}

// TeamProposal is what the plan says of a request.
type TeamProposal struct {
	ID       string        `json:"id"`
	Ref      string        `json:"ref"`
	Title    string        `json:"title"`
	Link     string        `json:"link"`
	Rank     int           `json:"rank,omitempty"`
	Team     string        `json:"team,omitempty" doc:"Absent: nobody can take it now"`
	Fit      float64       `json:"fit,omitempty" doc:"How well the team suits, on its own: 0 to 1"`
	RunnerUp string        `json:"runner_up,omitempty" doc:"The next best team that would still have room"`
	Plain    string        `json:"plain,omitempty" doc:"The team that the plain order would give it"`
	Why      string        `json:"why" doc:"Why this team, or why none and what would free one"`
	Others   []string      `json:"others" doc:"Why not the others, the best first; 8 at most"`
	Later    *assign.Later `json:"later,omitempty" doc:"Where it could start in a later week, if work ends by its plans"`
	// Second is the second team of a request that needs two at once.
	Second *SecondProposal `json:"second,omitempty" doc:"The second team of a request that needs two at once"`
}

// SecondProposal is what the plan says of the second team of a request that needs two.
type SecondProposal struct {
	Team     string   `json:"team"`
	Fit      float64  `json:"fit,omitempty" doc:"How well the team suits, on its own: 0 to 1"`
	RunnerUp string   `json:"runner_up,omitempty" doc:"The next best team that would still have room"`
	Why      string   `json:"why" doc:"Why this team"`
	Others   []string `json:"others" doc:"Why not the others, the best first; 8 at most"`
}

// TeamProposals is a team before and after the plan.
type TeamProposals struct {
	assign.TeamLoad
	Name string `json:"name"`
	// NextWait is the wait factor after one more request of the size that the policy assumes.
	NextWait *float64         `json:"next_wait_factor,omitempty" doc:"The wait factor after one more request of the size that the policy assumes; absent: without end"`
	Weeks    []AssignmentWeek `json:"weeks" doc:"This week and the next seven, counted from today"`
	Waits    TeamWaits        `json:"waits" doc:"How long new work waits at the load of this week, after the next request, and at the ceiling"`
}

// WaitPoint is how long new work waits on average at a load, as a multiple of the time that it takes itself: Kingman's formula, with coefficients of
// variation of 1 for arrivals and for work.
type WaitPoint struct {
	Load float64  `json:"load" doc:"Share of capacity"`
	Wait *float64 `json:"wait,omitempty" doc:"As a multiple of the time that the work takes itself; absent: without end"`
}

// TeamWaits are the points of a team on the curve.
type TeamWaits struct {
	Now     WaitPoint `json:"now"`
	Next    WaitPoint `json:"next" doc:"After one more request of the size that the policy assumes"`
	Ceiling WaitPoint `json:"ceiling"`
	Pooled  *float64  `json:"pooled,omitempty" doc:"The wait now if two teams as loaded as this one took from one queue (Erlang C); absent: without end"`
}

// AssignmentWeek is the load of a team in a week.
type AssignmentWeek struct {
	From     pmo.Date `json:"from"`
	Capacity float64  `json:"capacity" doc:"Without what is absent"`
	Most     float64  `json:"most" doc:"How much of it may be taken"`
	Firm     float64  `json:"firm" doc:"Taken by what its lead has accepted"`
	Held     float64  `json:"held" doc:"Held while its lead is asked"`
	Proposed float64  `json:"proposed" doc:"Given by this plan and not held yet, from the week on in which it can start"`
	// WaitFactor is Kingman's rho/(1-rho) at this load.
	WaitFactor *float64 `json:"wait_factor,omitempty" doc:"By how much work waits longer than its own time, at this load; absent: without end"`
}
