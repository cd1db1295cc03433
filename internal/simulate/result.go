package simulate

import "time"

// Band is what came out of the runs. P50 is the middle; P85 holds in 85 of 100 runs: as much or more of what is good, as much or less of what is not.
type Band struct {
	P50, P85 float64
}

// Result is what came out.
type Result struct {
	Runs       int
	Basis      Basis
	Now        Outcome
	Then       *Outcome
	Difference *Difference // of Then against Now
}

// Basis is what the simulation rests on.
type Basis struct {
	From             time.Time // the first arrival that counts
	Arrivals         int
	Weeks            int // whole weeks of arrivals
	ImportedWeeks    int // how many of them are those of imported work
	PerWeek          float64
	Finished         int
	OwnPace          []string // teams with enough finished requests for a pace of their own
	Backlog, ForTeam int
	Held             int
}

// Outcome is what came out for one policy and its teams.
type Outcome struct {
	Value     Band // of what is delivered
	Delivered Band
	Backlog   Band // at the end
	Classes   []ClassOutcome
	Dates     Dates
	// Unscored is the mean number that cannot be scored at the end, because inputs are missing that the policy asks for.
	Unscored float64
	Weeks    []WeekOutcome
	Teams    []TeamOutcome
	// Resources are those of the input.
	Resources []ResourceOutcome
	// WIP is the mean number that teams work on over the weeks and runs, Rate the mean number delivered in a week.
	WIP, Rate float64
}

// ClassOutcome is how long the requests of a class of service wait, in days from their submission. Those that wait still at the end are not
// in the days; Left counts them.
type ClassOutcome struct {
	Class     string
	Start     Band
	Started   float64 // mean in a run
	End       Band
	Delivered float64 // mean in a run
	Left      float64 // mean in a run that nobody has begun
	Work      float64 // mean days from the begin of the work to its end
	MeanWait  float64 // mean days from arrival in the backlog to the begin
}

// Dates are how many fixed dates are kept of those that fall in the weeks, as means of a run.
type Dates struct{ Kept, Due float64 }

// Share is that of the dates that are kept; known is false where none falls in the weeks.
func (d Dates) Share() (share float64, known bool) {
	if d.Due == 0 {
		return 0, false
	}
	return d.Kept / d.Due, true
}

// WeekOutcome is a week of the portfolio: at its first day, and what is delivered until its end.
type WeekOutcome struct {
	From               string
	Backlog, WIP       Band
	Value              Band // delivered since the begin
	backlog, wip, gone []float64
}

// TeamOutcome is a team by week.
type TeamOutcome struct {
	ID, Name string
	Weeks    []TeamWeek
}

// TeamWeek is the load of a team at the first day of a week, in team-weeks.
type TeamWeek struct {
	From     string
	Capacity float64
	Most     float64 // how much of it may be taken
	Load     Band
	loads    []float64
}

// ResourceOutcome is a resource by week.
type ResourceOutcome struct {
	ID, Name string
	Weeks    []ResourceWeek
}

// ResourceWeek is a resource at the first day of a week.
type ResourceWeek struct {
	From          string
	Amount        float64 // for work that begins in it
	Used          Band
	Waiting       Band // requests that wait because too little of it is free
	used, waiting []float64
}

// Difference compares the runs with the same arrivals with each other.
type Difference struct {
	Value, Delivered Change
}

// Change is a difference: its mean, and between which bounds it is in 70 of 100 runs. More is in which share of the runs it is above zero.
type Change struct {
	Mean, Low, High float64
	More            float64
}
