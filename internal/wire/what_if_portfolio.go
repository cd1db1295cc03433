package wire

import (
	"bytes"
	"encoding/csv"
	"math"
	"strconv"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
)

// WhatIfPortfolio asks what the next weeks of a portfolio come to. Nothing is changed by asking. Without a policy, a number of one and a changed
// team nothing is compared.
type WhatIfPortfolio struct {
	Portfolio string         `json:"portfolio,omitempty" maxLength:"64" doc:"The policy's first when absent"`
	Weeks     int            `json:"weeks,omitempty" minimum:"4" maximum:"52" doc:"26 when absent"`
	YAML      string         `json:"yaml,omitempty" maxLength:"262144" doc:"Another policy, as a whole; the numbers below are then of it"`
	Model     priority.Model `json:"model,omitempty" enum:"wsjf,cd3,rice,ice,value_effort,weighted,moscow"`
	Value     *float64       `json:"value,omitempty" minimum:"0" maximum:"1000" doc:"Weight of business value"`
	Time      *float64       `json:"time,omitempty" minimum:"0" maximum:"1000" doc:"Weight of time criticality"`
	Risk      *float64       `json:"risk,omitempty" minimum:"0" maximum:"1000" doc:"Weight of risk reduction or opportunity"`
	WIPLimit  *int           `json:"wip_limit,omitempty" minimum:"1" maximum:"100000" doc:"How many requests the portfolio works on at once"`
	Changes   []TeamChange   `json:"changes,omitempty" maxItems:"10" doc:"Other teams, all of them at once"`
}

// PortfolioSimulation is what came out of the runs.
type PortfolioSimulation struct {
	At        time.Time `json:"at"`
	Portfolio string    `json:"portfolio"`
	Policy    string    `json:"policy" doc:"The policy in force"`
	Other     string    `json:"other_policy,omitempty" doc:"The one that is asked about; absent: the same"`
	Weeks     int       `json:"weeks"`
	Runs      int       `json:"runs" doc:"How often the weeks were played; fewer for large portfolios. 0: the past says too little"`

	CannotSimulate bool            `json:"cannot_simulate,omitempty"`
	Why            string          `json:"why,omitempty" doc:"Why it cannot be simulated"`
	Lacks          string          `json:"lacks,omitempty" enum:"arrivals,weeks,finished" doc:"What the past has too little of: requests that came into the backlog, whole weeks since the first of them (those of imported work included), finished requests"`
	Have           int             `json:"have,omitempty" doc:"How many of them there are"`
	Needed         int             `json:"needed,omitempty" doc:"How many are needed"`
	Basis          SimulationBasis `json:"basis"`

	Now        *SimulationOutcome    `json:"now,omitempty" doc:"With the policy in force and the teams as they are"`
	Then       *SimulationOutcome    `json:"then,omitempty" doc:"With the other policy and the other teams; absent when nothing is compared"`
	Difference *SimulationDifference `json:"difference,omitempty" doc:"Of runs with the same arrivals and the same draws"`
}

// SimulationBasis is what a simulation rests on.
type SimulationBasis struct {
	From          time.Time `json:"from,omitzero" doc:"When the first of the arrivals came"`
	Arrivals      int       `json:"arrivals" doc:"Requests that came into the backlog and were not closed before they were begun: arrivals are drawn from them"`
	Weeks         int       `json:"weeks" doc:"Whole weeks in which they came, or imported work before them"`
	ImportedWeeks int       `json:"imported_weeks,omitempty" doc:"How many of the weeks are those of imported work: how many come in a week is drawn from them too, what comes is not"`
	PerWeek       float64   `json:"per_week" doc:"How many came in a week on average, imported work included"`
	Finished      int       `json:"finished" doc:"Finished requests: how long work takes is drawn from them"`
	OwnPace       []string  `json:"own_pace" doc:"Teams with ten finished requests or more, which have a pace of their own; the others have that of the portfolio"`
	Backlog       int       `json:"backlog" doc:"How many wait to be pulled now"`
	ForTeam       int       `json:"for_team" doc:"How many wait for a team now"`
	Held          int       `json:"held" doc:"How many a team has now"`
	LeftOut       int       `json:"left_out,omitempty" doc:"How many more wait, ranked after the five hundred that are simulated"`
}

// Confident is what is so in half of the runs, and what is so in 85 of 100: at least so much of what is good, at most so much of what is not.
type Confident struct {
	P50 float64 `json:"p50"`
	P85 float64 `json:"p85"`
}

// SimulationOutcome is what came out for one policy and its teams.
type SimulationOutcome struct {
	Value     Confident         `json:"value" doc:"Of what is delivered: the sum of business value, time criticality and risk reduction, and one for each request"`
	Delivered Confident         `json:"delivered" doc:"How many requests"`
	Backlog   Confident         `json:"backlog" doc:"How many wait to be pulled at the end"`
	WIP       float64           `json:"wip" doc:"How many teams work on at once, on average"`
	Unscored  float64           `json:"unscored" doc:"How many cannot be scored at the end, because they lack an input that the policy asks for; on average"`
	Dates     SimulationDates   `json:"dates"`
	Classes   []SimulationClass `json:"classes" doc:"By class of service"`
	Weeks     []SimulationWeek  `json:"weeks"`
	Teams     []SimulationTeam  `json:"teams"`

	Resources []SimulationResource `json:"resources" doc:"The shared resources that requests of now or of the past year need"`
}

// SimulationDates are the requests of a fixed date that falls in the weeks, on average.
type SimulationDates struct {
	Due  float64 `json:"due"`
	Kept float64 `json:"kept" doc:"Delivered by their date"`
}

// SimulationClass is how long the requests of a class of service wait, in days from their submission. Only those that are begun, or delivered,
// within the weeks are in the days.
type SimulationClass struct {
	Class     pmo.ClassOfService `json:"class"`
	Start     Confident          `json:"start" doc:"Days until the work begins"`
	Started   float64            `json:"started" doc:"How many are begun, on average"`
	End       Confident          `json:"end" doc:"Days until they are delivered"`
	Delivered float64            `json:"delivered" doc:"How many are delivered, on average"`
	Waiting   float64            `json:"waiting" doc:"How many still wait to be begun at the end, on average"`
}

// SimulationWeek is a week of the portfolio.
type SimulationWeek struct {
	From    pmo.Date  `json:"from"`
	Backlog Confident `json:"backlog" doc:"On the first day"`
	WIP     Confident `json:"wip" doc:"On the first day"`
	Value   Confident `json:"value" doc:"Delivered from the begin until the end of the week"`
}

// SimulationTeam is a team by week.
type SimulationTeam struct {
	Team  string               `json:"team"`
	Name  string               `json:"name"`
	New   bool                 `json:"new,omitempty" doc:"It is only asked about"`
	Weeks []SimulationTeamWeek `json:"weeks"`
}

// SimulationTeamWeek is the load of a team on the first day of a week, in team-weeks.
type SimulationTeamWeek struct {
	From     pmo.Date  `json:"from"`
	Capacity float64   `json:"capacity"`
	Most     float64   `json:"most" doc:"How much of it may be taken"`
	Load     Confident `json:"load"`
}

// SimulationResource is a shared resource by week.
type SimulationResource struct {
	Resource string                   `json:"resource" doc:"Its id"`
	Name     string                   `json:"name"`
	Weeks    []SimulationResourceWeek `json:"weeks"`
}

// SimulationResourceWeek is a shared resource on the first day of a week.
type SimulationResourceWeek struct {
	From    pmo.Date  `json:"from"`
	Amount  float64   `json:"amount" doc:"How much there is for work that begins in the week: the least of it and the seven weeks after it"`
	Used    Confident `json:"used" doc:"By requests that a team works on"`
	Waiting Confident `json:"waiting" doc:"How many requests wait to be pulled that need more than is free"`
}

// SimulationDifference is what the other policy and the other teams change.
type SimulationDifference struct {
	Value     SimulationChange `json:"value"`
	Delivered SimulationChange `json:"delivered"`
}

// SimulationChange is a difference between runs.
type SimulationChange struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low" doc:"In 85 of 100 runs it is as much or more"`
	High float64 `json:"high" doc:"In 85 of 100 runs it is as much or less"`
	More float64 `json:"more" doc:"In which share of the runs it is above zero"`
}

// CSV is what came out by week, for a spreadsheet: a line for the portfolio, one for each team and one for each shared resource, of both that are compared.
func (s *PortfolioSimulation) CSV() []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	lines := [][]string{{"scenario", "week", "team", "capacity", "load_p50", "load_p85", "backlog_p50", "backlog_p85", "wip_p50", "wip_p85", "value_p50", "value_p85", "resource", "amount", "used_p50", "used_p85", "waiting_p50", "waiting_p85"}}
	number := func(x float64) string { return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64) }
	for _, side := range []struct {
		name string
		of   *SimulationOutcome
	}{{"now", s.Now}, {"then", s.Then}} {
		if side.of == nil {
			continue
		}
		for _, week := range side.of.Weeks {
			lines = append(lines, []string{side.name, string(week.From), "", "", "", "", number(week.Backlog.P50), number(week.Backlog.P85), number(week.WIP.P50), number(week.WIP.P85),
				number(week.Value.P50), number(week.Value.P85), "", "", "", "", "", ""})
		}
		for _, team := range side.of.Teams {
			for _, week := range team.Weeks {
				lines = append(lines, []string{side.name, string(week.From), team.Team, number(week.Capacity), number(week.Load.P50), number(week.Load.P85), "", "", "", "", "", "", "", "", "", "", "", ""})
			}
		}
		for _, r := range side.of.Resources {
			for _, week := range r.Weeks {
				lines = append(lines, []string{side.name, string(week.From), "", "", "", "", "", "", "", "", "", "", r.Resource, number(week.Amount), number(week.Used.P50), number(week.Used.P85),
					number(week.Waiting.P50), number(week.Waiting.P85)})
			}
		}
	}
	_ = w.WriteAll(lines) // a buffer takes everything
	return out.Bytes()
}
