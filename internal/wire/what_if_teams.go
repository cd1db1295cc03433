package wire

import (
	"time"

	"leanpmo/internal/pmo"
)

// WhatIfAssignment asks what other teams would change of what waits for a team. Nothing is changed by asking.
type WhatIfAssignment struct {
	Portfolio string       `json:"portfolio,omitempty" maxLength:"64" doc:"The policy's first when absent"`
	Changes   []TeamChange `json:"changes" minItems:"1" maxItems:"10" nullable:"false" doc:"All of them at once"`
}

// TeamChange is another team to ask about; what is absent stays as it is.
type TeamChange struct {
	Team        string        `json:"team,omitempty" maxLength:"64" doc:"Its id; absent: a team more"`
	Name        string        `json:"name,omitempty" maxLength:"100" doc:"Of a team more"`
	Gone        bool          `json:"gone,omitempty" doc:"The team takes nothing that is not held by it"`
	Skills      []string      `json:"skills,omitempty" maxItems:"50" doc:"That it has more, such as payments:3"`
	Capacity    *float64      `json:"capacity,omitempty" minimum:"0" maximum:"1000" doc:"Team-weeks of work it can hold at once; a team more needs one"`
	LoadCeiling *float64      `json:"load_ceiling,omitempty" exclusiveMinimum:"0" maximum:"1"`
	WIPLimit    *int          `json:"wip_limit,omitempty" minimum:"1" maximum:"1000"`
	Absences    []pmo.Absence `json:"absences,omitempty" maxItems:"20" doc:"That it has more"`
	Pace        *float64      `json:"pace,omitempty" minimum:"0.25" maximum:"4" doc:"How much faster than an ordinary team: what it gets takes its size divided by that of its capacity. What it holds keeps what it took, and how long work takes is as measured"`
}

// AssignmentAnswer is what other teams would change.
type AssignmentAnswer struct {
	At        time.Time `json:"at"`
	Portfolio string    `json:"portfolio"`
	Policy    string    `json:"policy"`

	Weeks int `json:"weeks" doc:"How many weeks are looked at, this one included: 8, or up to 26 where an absence that is asked about ends later"`

	ServedNow int              `json:"served_now" doc:"How many that wait get a team now, with the teams as they are"`
	Served    int              `json:"served" doc:"With the others"`
	Waiting   int              `json:"waiting" doc:"How many wait for a team"`
	ValueNow  float64          `json:"value_now" doc:"Value of the plan, as in the assignments"`
	Value     float64          `json:"value"`
	Moved     int              `json:"moved" doc:"How many of those that you may read get another team or start in another week"`
	Lines     []AssignmentMove `json:"lines" doc:"Those that move and that you may read, in the order in which they are served; 200 at most"`
	MoreLines int              `json:"more_lines,omitempty" doc:"How many more move"`
	Hidden    int              `json:"hidden,omitempty" doc:"How many more wait that you may not read"`
	Teams     []TeamComparison `json:"teams" doc:"Every team, with both plans"`

	Waits     []AssignmentMove `json:"waits" doc:"Those that you may read, that wait for a team or for its room as before, with what holds them back: a team's limit, a skill, a shared resource; 200 at most"`
	MoreWaits int              `json:"more_waits,omitempty" doc:"How many more wait as before"`

	UnknownSkills []string `json:"unknown_skills,omitempty" doc:"Skills asked about that no team of the portfolio has and no waiting request that you may read needs: perhaps they are misspelt"`
}

// AssignmentMove is a request that moves.
type AssignmentMove struct {
	ID    string          `json:"id"`
	Ref   string          `json:"ref"`
	Title string          `json:"title"`
	Link  string          `json:"link"`
	Rank  int             `json:"rank,omitempty"`
	Now   AssignmentPlace `json:"now"`
	Then  AssignmentPlace `json:"then"`
	Why   string          `json:"why" doc:"Of the place with the other teams"`
}

// AssignmentPlace is which team a request gets, or which two, and when it is finished.
type AssignmentPlace struct {
	Team   string   `json:"team,omitempty" doc:"Absent: nobody within the weeks that are looked at"`
	Second string   `json:"second,omitempty" doc:"The second team of a request that needs two at once"`
	From   pmo.Date `json:"from,omitempty" doc:"The first day of the week in which it can start"`
	Now    bool     `json:"starts_now,omitempty"`
	P85    pmo.Date `json:"p85,omitempty" doc:"By when it is finished in 85 of 100 cases, if it starts then and takes what finished requests took, of two teams those of the later one; absent: unknown"`
}

// TeamComparison is a team with both plans.
type TeamComparison struct {
	Team  string           `json:"team"`
	Name  string           `json:"name"`
	New   bool             `json:"new,omitempty" doc:"It is only asked about"`
	Gone  bool             `json:"gone,omitempty"`
	Weeks []WeekComparison `json:"weeks" doc:"This week and those after it, counted from today"`
}

// WeekComparison is the load of a team in a week, in team-weeks.
type WeekComparison struct {
	From        pmo.Date `json:"from"`
	CapacityNow float64  `json:"capacity_now"`
	Capacity    float64  `json:"capacity"`
	MostNow     float64  `json:"most_now" doc:"How much of it may be taken"`
	Most        float64  `json:"most"`
	LoadNow     float64  `json:"load_now"`
	Load        float64  `json:"load"`
}
