package wire

import (
	"time"

	"leanpmo/internal/strategy"
)

// Points are the points of stakeholders of a portfolio in the present period.
type Points struct {
	Portfolio string                 `json:"portfolio"`
	Name      string                 `json:"name" doc:"Of the portfolio"`
	Policy    string                 `json:"policy" doc:"Version and digest"`
	Period    *strategy.PointPeriod  `json:"period,omitempty" doc:"Absent: the policy gives no points in this portfolio"`
	Weight    float64                `json:"weight" doc:"With which points count in scores; 0: they do not"`
	Budgets   []strategy.PointBudget `json:"budgets"`
	Requests  []PointsRequest        `json:"requests" doc:"Those that have points of the period and that you may read, the one with the most first"`
	More      bool                   `json:"more_requests,omitempty" doc:"There are more than are listed"`
}

// PointsRequest is a request with points of a period.
type PointsRequest struct {
	ID     string  `json:"id"`
	Ref    string  `json:"ref"`
	Title  string  `json:"title"`
	Points int     `json:"points" doc:"Of the period; 0 when they came back"`
	Stakes []Stake `json:"stakes"`
	Link   string  `json:"link"`
}

// Stake is the points that somebody put on a request.
type Stake struct {
	strategy.Holder
	Period   string    `json:"period"`
	Points   int       `json:"points"`
	By       string    `json:"by" doc:"Who put them there"`
	At       time.Time `json:"at"`
	Returned bool      `json:"returned,omitempty" doc:"They came back: the request ended without being delivered, is of another portfolio now, or is confidential and they are those of a group"`
}

// PointsOn are the points on a request.
type PointsOn struct {
	Points int     `json:"points" doc:"That count now, of all periods"`
	Stakes []Stake `json:"stakes" doc:"Those of the latest period first, 1000 at most"`
}

// RequestPoints are the points on one request, and what the reader may do about them.
type RequestPoints struct {
	PointsOn
	Period *strategy.PointPeriod  `json:"period,omitempty" doc:"In which points can be put on it now; absent: the policy gives none"`
	Mine   []strategy.PointBudget `json:"mine" doc:"The points that you may spend"`
	Weight float64                `json:"weight" doc:"With which points count in scores; 0: they do not"`
	Closed string                 `json:"closed,omitempty" doc:"Why no points can be put on it or taken back any more"`
}

// SpendPoints sets how many points are on a request.
type SpendPoints struct {
	Points int    `json:"points" minimum:"0" maximum:"10000" doc:"That you have on it in this period afterwards; 0 takes them back"`
	Group  string `json:"group,omitempty" maxLength:"64" doc:"Out of the points of this group of yours; out of your own when absent, and where you have none out of those of your only group"`
}
