package wire

import (
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/strategy"
)

// ListFilter chooses requests in lists. What is absent chooses everything.
type ListFilter struct {
	Portfolio   string             `json:"portfolio,omitempty" maxLength:"64"`
	Stage       pmo.Stage          `json:"stage,omitempty" enum:"intake,review,prioritization,approach,assignment,execution,closure"`
	Kind        string             `json:"kind,omitempty" maxLength:"64"`
	Theme       string             `json:"theme,omitempty" maxLength:"64"`
	Team        string             `json:"team,omitempty" maxLength:"64"`
	Class       pmo.ClassOfService `json:"class,omitempty" maxLength:"64"`
	Requester   string             `json:"requester,omitempty" maxLength:"64"`
	Text        string             `json:"text,omitempty" maxLength:"200"`
	DaysInStage int                `json:"days_in_stage,omitempty" minimum:"0" maximum:"3650" doc:"In its stage for at least so many days"`
	Sort        string             `json:"sort,omitempty" enum:"rank,age,due,newest"`
	Closed      bool               `json:"closed,omitempty"`
}

// View is a filter that you keep under a name.
type View struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Filter  ListFilter `json:"filter"`
	Default bool       `json:"default" doc:"Your pages show it when nothing else is asked for"`
	At      time.Time  `json:"at" doc:"When you last changed it"`
}

// SetView is a view as it is kept.
type SetView struct {
	Name    string     `json:"name" minLength:"1" maxLength:"60"`
	Filter  ListFilter `json:"filter"`
	Default bool       `json:"default,omitempty" doc:"It takes the place of the view that was the default"`
}

// Board is the open requests by stage, with the limits of what is in progress.
type Board struct {
	Columns    []BoardColumn            `json:"columns"`
	Limits     []WIPLimit               `json:"limits" doc:"Of portfolios, classes of service and teams; all requests count, also those that the filter leaves out or you may not read"`
	Guardrails []strategy.GuardrailFlag `json:"guardrails,omitempty" doc:"Those that are not kept now, with the numbers; they hold nothing back"`
}

// BoardColumn is the requests of one stage.
type BoardColumn struct {
	Stage pmo.Stage     `json:"stage"`
	Count int           `json:"count" doc:"Requests of the stage that you may read; the oldest of them are the items"`
	Items []RequestItem `json:"items"`
}

// LimitOn is what a limit of work in progress is on.
type LimitOn string

// What limits are on.
const (
	LimitOnPortfolio LimitOn = "portfolio"
	LimitOnClass     LimitOn = "class"
	LimitOnTeam      LimitOn = "team"
)

// WIPLimit is a limit of work in progress and how much of it is taken.
type WIPLimit struct {
	On        LimitOn            `json:"on" enum:"portfolio,class,team"`
	Portfolio string             `json:"portfolio"`
	Class     pmo.ClassOfService `json:"class,omitempty"`
	Team      string             `json:"team,omitempty"`
	Name      string             `json:"name" doc:"Of the portfolio or the team; of a class its id"`
	Taken     int                `json:"taken"`
	Limit     int                `json:"limit,omitempty" doc:"Absent: it only has slots reserved"`
	Reserved  int                `json:"reserved,omitempty" doc:"Slots that the class may fill first"`
	Full      bool               `json:"full"`
}
