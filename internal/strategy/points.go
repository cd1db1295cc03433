package strategy

import (
	"fmt"
	"slices"
	"time"
)

// PeriodKind is for how long the points of stakeholders are given out.
type PeriodKind string

// The kinds of period. Each begins with a calendar month, in the portfolio's time zone.
const (
	Month    PeriodKind = "month"
	Quarter  PeriodKind = "quarter"
	HalfYear PeriodKind = "half_year"
	Year     PeriodKind = "year"
)

// PeriodKinds lists them, the shortest first.
func PeriodKinds() []PeriodKind { return []PeriodKind{Month, Quarter, HalfYear, Year} }

// PointPeriod is one of them: from its first moment until before the first of the next one.
type PointPeriod struct {
	ID    string    `json:"id" doc:"Such as 2026-11, 2026-Q4, 2026-H2 or 2026"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until" doc:"The first moment of the next one"`
}

// PeriodAt is the period of a moment.
func PeriodAt(kind PeriodKind, at time.Time, zone *time.Location) PointPeriod {
	at = at.In(zone)
	months := map[PeriodKind]int{Month: 1, Quarter: 3, HalfYear: 6}[kind]
	if months == 0 {
		months = 12
	}
	part := (int(at.Month()) - 1) / months
	from := time.Date(at.Year(), time.Month(part*months+1), 1, 0, 0, 0, 0, zone)
	p := PointPeriod{ID: fmt.Sprint(at.Year()), From: from.UTC(), Until: from.AddDate(0, months, 0).UTC()}
	switch kind {
	case Month:
		p.ID = at.Format("2006-01")
	case Quarter:
		p.ID += fmt.Sprintf("-Q%d", part+1)
	case HalfYear:
		p.ID += fmt.Sprintf("-H%d", part+1)
	}
	return p
}

// Holder is who has points in each period: a person, or a group whose members spend them together.
type Holder struct {
	Person string `json:"person,omitempty"`
	Group  string `json:"group,omitempty"`
}

// ID names a holder in the store and in commands.
func (h Holder) ID() string {
	if h.Group != "" {
		return groupHolder + h.Group
	}
	return personHolder + h.Person
}

const personHolder, groupHolder = "person:", "group:"

// HolderOf is the holder of an id.
func HolderOf(id string) Holder {
	if len(id) > len(groupHolder) && id[:len(groupHolder)] == groupHolder {
		return Holder{Group: id[len(groupHolder):]}
	}
	return Holder{Person: id[min(len(personHolder), len(id)):]}
}

// Name is the id of the person or group.
func (h Holder) Name() string { return h.Person + h.Group }

// Spender reports whether somebody may spend the points of a holder: their own ones, and those of their groups.
func (h Holder) Spender(person string, groups []string) bool {
	return h.Person != "" && h.Person == person || h.Group != "" && slices.Contains(groups, h.Group)
}

// Allowance is how many points a holder has in each period.
type Allowance struct {
	Holder
	Points int `json:"points"`
}

// PointRules are those of a portfolio. Without holders there are no points.
type PointRules struct {
	Kind    PeriodKind
	Holders []Allowance
}

// All is how many points there are in a period.
func (r PointRules) All() int {
	sum := 0
	for _, h := range r.Holders {
		sum += h.Points
	}
	return sum
}

// Of are the points that somebody may spend: their own first, then those of their groups.
func (r PointRules) Of(person string, groups []string) []Allowance {
	var own, shared []Allowance
	for _, h := range r.Holders {
		switch {
		case !h.Spender(person, groups):
		case h.Group == "":
			own = append(own, h)
		default:
			shared = append(shared, h)
		}
	}
	return append(own, shared...)
}

// PointBudget is what a holder has spent of a period.
type PointBudget struct {
	Allowance
	Spent int `json:"spent" doc:"On requests, as far as you may read them"`
	// Left is told to who may spend it, and to who reads all requests: it would tell others of requests that they may not read.
	Left *int `json:"left,omitempty" doc:"Of your own points, with those that came back in this period from requests of earlier ones; absent for those of others"`
}
