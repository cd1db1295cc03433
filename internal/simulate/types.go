package simulate

import (
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/priority"
)

// Limits of a simulation.
const (
	DefaultWeeks = 26
	MostWeeks    = 52
	DefaultRuns  = 200
	// LeastRuns are made if they take up to twice the work: with fewer a percentile says little.
	LeastRuns = 10
	// DefaultWork is up to how much work runs are begun; a unit is one to two nanoseconds of one core.
	DefaultWork = 1_500_000_000
	// LeastPast is how many requests must have arrived, and how many must have been finished.
	LeastPast = 10
	// LeastWeeks is over how many whole weeks they must have arrived, or imported work before them.
	LeastWeeks = 4
)

// Request is a request of the portfolio, or one of the past that arrivals are drawn from.
type Request struct {
	// Item is how it is ranked. Its fixed date is the date it is wanted by, in every class of service.
	Item priority.Item
	// Work is how a team is found for it. A size of 0 is unknown; the date is that of Item.
	Work assign.Request
	// Share is the share of an unknown size that the second team does, where Work needs one.
	Share float64 `json:",omitempty"`
	// Kind is its kind of work. Under a policy that names it for the reserve, it may use that as Work.Urgent says of every policy.
	Kind string `json:",omitempty"`
	// Arrived is when it came into the backlog.
	Arrived time.Time
	// Pending are the ids of the requests that it needs and that are not delivered yet.
	Pending []string
}

// Held is a request that a team works on, or two do. Its sizes are what it takes of the capacity of each, whatever the pace the team has by now.
type Held struct {
	Request
	Team   string
	Second string    `json:",omitempty"` // the team of Work.Second
	Since  time.Time // when it was pulled
}

// Cycle is how long a finished request took.
type Cycle struct {
	Team string  // empty where none is known
	Days float64 // of the calendar, from its pull until it was accepted
}

// Past is what arrivals and durations are drawn from.
type Past struct {
	From, Until time.Time
	Requests    []Request
	Cycles      []Cycle
	// Imported adds the weeks before the first of the requests to those that numbers of arrivals are drawn from; what arrives is drawn from the requests alone.
	Imported []Imported `json:",omitempty"`
}

// Team is a team with its weeks.
type Team struct {
	// Team is without load: what it works on is in Input.
	assign.Team
	Weeks []Week // as many as are simulated
}

// Week is a team in a week.
type Week struct {
	From     string  // its first day
	Capacity float64 // what it can hold, in team-weeks
	Speed    float64 // how fast it works, as a share of an ordinary week: holidays and absences take off
}

// Begin is how far what a request needs must be before it is pulled.
type Begin string

// What is needed must be delivered, or a team must work on it, or it does not matter.
const (
	NeedsDelivered Begin = "delivered"
	NeedsBegun     Begin = "begun"
	NeedsIgnored   Begin = "ignored"
)

// Scenario is a policy with the teams that follow it.
type Scenario struct {
	Scoring priority.Policy
	Limits  priority.Limits
	Assign  assign.Policy
	// AssumeSize is for requests of unknown size, in team-weeks.
	AssumeSize float64
	Needs      Begin
	// ReserveKinds are the kinds of work that may use the reserve of the teams beside expedite requests.
	ReserveKinds []string `json:",omitempty"`
	Teams        []Team
}

// Resource is something that the requests share, whatever their teams.
type Resource struct {
	ID   string
	Name string
	// Weeks are how much of it there is for work that begins in each of the simulated weeks, together with what was begun before.
	Weeks []float64
}

// Input is what a simulation follows from.
type Input struct {
	At      time.Time
	Weeks   int   // 0: DefaultWeeks
	Runs    int   // at most; 0: DefaultRuns
	Work    int64 // 0: DefaultWork
	Past    Past
	Backlog []Request
	ForTeam []Request // pulled, and without a team
	Held    []Held
	// Resources are what there is; what a past or held request needs of another one does not count, and a waiting one that needs another one waits on.
	Resources []Resource `json:",omitempty"`
	Now       Scenario
	Then      *Scenario // nil: nothing is compared
}
