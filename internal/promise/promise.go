// Package promise keeps what people were told about when a request is done: which days with which chance, why they changed, and whether they
// were kept. A forecast is computed on read and never stored; a promise is one that was told, once a day for a request at most.
package promise

import (
	"math"
	"slices"
	"time"

	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
)

// Occasion is when a promise was told.
type Occasion string

// The occasions.
const (
	Submitted Occasion = "submission" // with the receipt
	Moved     Occasion = "change"     // the request stands somewhere else
	Daily     Occasion = "digest"     // what the day's digest says is new
)

// Days are those by which something is done with a chance of 50, 85 and 95 in 100; empty where a day lies beyond ten years.
type Days struct {
	P50 pmo.Date `json:"p50,omitempty"`
	P85 pmo.Date `json:"p85,omitempty"`
	P95 pmo.Date `json:"p95,omitempty"`
}

// Promise is what was told about one request on one day.
type Promise struct {
	RequestID string
	Portfolio string
	Day       pmo.Date // in the portfolio's time zone
	ToldAt    time.Time
	Occasion  Occasion
	To        []string // principal ids
	Finish    Days
	Start     Days   // empty once it is pulled
	Cannot    string // why there was no forecast; then there are no days
	WantedBy  pmo.Date
	Wanted    float64 // the chance that it is done by then, if it is approved
	Facts     Facts
	Reasons   []Difference
}

// Facts are what a forecast depends on.
type Facts struct {
	Undecided  bool    `json:"undecided,omitempty"`
	Approval   float64 `json:"approval"`
	Pulled     bool    `json:"pulled,omitempty"`
	Ahead      int     `json:"ahead"`
	InProgress int     `json:"in_progress"`
	WIPLimit   int     `json:"wip_limit,omitempty"`
	Rank       int     `json:"rank,omitempty"`
	Team       string  `json:"team,omitempty"`
	PerWeek    float64 `json:"per_week"`
	Above      float64 `json:"above_per_week,omitempty"` // expected to come in a week and to rank above it
	Needs      int     `json:"needs,omitempty"`          // requests that must come first
}

// New is the promise that an answer makes about a request.
func New(r *pmo.Request, place cache.Place, answer *cache.Answer, at time.Time, occasion Occasion) Promise {
	p := Promise{RequestID: r.ID, Portfolio: r.Portfolio, Day: pmo.Date(at.Format(time.DateOnly)), ToldAt: at.UTC(), Occasion: occasion, To: r.Followers(),
		Facts: factsOf(r, place, answer)}
	finish, start := &answer.Finish, &answer.Start
	if finish.CannotForecast {
		p.Cannot = finish.Why
		return p
	}
	p.Finish = Days{finish.P50.Day(), finish.P85.Day(), finish.P95.Day()}
	if !answer.Queue.Pulled {
		p.Start = Days{start.P50.Day(), start.P85.Day(), start.P95.Day()}
	}
	if by, err := r.Content.WantedBy.Time(at.Location()); err == nil {
		if odds := answer.Wanted(by); odds.When.Known {
			p.WantedBy, p.Wanted = r.Content.WantedBy, odds.When.P
		}
	}
	return p
}

func factsOf(r *pmo.Request, place cache.Place, answer *cache.Answer) Facts {
	f := Facts{Undecided: answer.Undecided, Approval: round(answer.Approval(), 100), Pulled: answer.Queue.Pulled, Ahead: answer.Queue.First(),
		InProgress: answer.Queue.InProgress, WIPLimit: answer.Queue.WIPLimit, Rank: place.Rank, PerWeek: round(answer.PerWeek, 10), Above: answer.AbovePerWeek(),
		Needs: answer.Needs}
	if r.Assignment != nil {
		f.Team = r.Assignment.Team
	}
	return f
}

func round(x, parts float64) float64 { return math.Round(x*parts) / parts }

// A promise has changed when one of its days moved by more than so much: a day, or a part of the time that was left.
const (
	leastMove  = 1
	moveShare  = 0.05
	chanceMove = 0.05
)

// Changed reports whether now says something else than before, beyond rounding.
func Changed(before, now *Promise) bool {
	switch {
	case (before.Cannot == "") != (now.Cannot == ""), before.WantedBy != now.WantedBy:
		return true
	case now.Cannot != "":
		return false
	}
	return moved(before.Finish, now.Finish, now.Day) || math.Abs(before.Wanted-now.Wanted) >= chanceMove
}

func moved(before, now Days, today pmo.Date) bool {
	pairs := [][2]pmo.Date{{before.P50, now.P50}, {before.P85, now.P85}, {before.P95, now.P95}}
	return slices.ContainsFunc(pairs, func(p [2]pmo.Date) bool {
		by, known := daysBetween(p[0], p[1])
		left, _ := daysBetween(today, p[0])
		if !known {
			return p[0] != p[1]
		}
		return math.Abs(float64(by)) > max(leastMove, moveShare*float64(left))
	})
}

// daysBetween counts the days from one date to another; false where one of them is none.
func daysBetween(from, to pmo.Date) (days int, known bool) {
	a, errA := from.Time(time.UTC)
	b, errB := to.Time(time.UTC)
	if errA != nil || errB != nil {
		return 0, false
	}
	return int(math.Round(b.Sub(a).Hours() / 24)), true
}
