package pmo

import (
	"fmt"
	"math"
	"slices"
)

// Absence is capacity that a team does not have on some days: an amount of it, or all.
type Absence struct {
	From      Date    `json:"from" format:"date"`
	Until     Date    `json:"until" format:"date" doc:"The last day of it"`
	Amount    float64 `json:"amount,omitempty" minimum:"0" maximum:"1000" doc:"Of the team's capacity, in its unit; or else whole_team; absent with who, where the capacity follows from the people: all that this person holds"`
	WholeTeam bool    `json:"whole_team,omitempty" doc:"All of the team's capacity"`
	Who       string  `json:"who,omitempty" maxLength:"64" doc:"One of its leads or members"`
	Reason    string  `json:"reason,omitempty" maxLength:"200"`
}

// MostAbsences is how many absences a team can have, those that are over included.
const MostAbsences = 100

// On reports whether the absence covers a day.
func (a Absence) On(day Date) bool { return a.From <= day && day <= a.Until }

// Words say the absence in one line.
func (a Absence) Words() string {
	days := string(a.From)
	if a.Until != a.From {
		days += " to " + string(a.Until)
	}
	what := "the whole team"
	switch {
	case a.WholeTeam:
	case a.Amount == 0:
		what = "all of"
	default:
		what = fmt.Sprintf("%g", a.Amount)
	}
	if a.Who != "" {
		what += " (" + a.Who + ")"
	}
	return days + ": " + what
}

// overlaps reports whether two absences of the same person, or of the whole team, share a day. Of amounts without a person it is not known whose
// they are: they add up.
func (a Absence) overlaps(b Absence) bool {
	same := a.Who == b.Who && (a.Who != "" || a.WholeTeam && b.WholeTeam)
	return same && a.From <= b.Until && b.From <= a.Until
}

// AbsenceFault is what is wrong with an absence of a list: where in the absence, and why.
type AbsenceFault struct {
	Index      int
	Field, Why string
}

// longestAbsence is how many days an absence may last: what lasts longer is another capacity.
const longestAbsence = 366

// AbsenceFaults lists what is wrong with the absences of the team. One that was there before stays when the team or its capacity becomes smaller.
func (t Team) AbsenceFaults(before []Absence) []AbsenceFault {
	var faults []AbsenceFault
	for i, a := range t.Absences {
		say := func(field, format string, args ...any) {
			faults = append(faults, AbsenceFault{i, field, fmt.Sprintf(format, args...)})
		}
		from, until := a.From.EndUTC(), a.Until.EndUTC()
		switch {
		case from.IsZero():
			say("from", "is not a date like 2027-03-31")
		case until.IsZero():
			say("until", "is not a date like 2027-03-31")
		case until.Before(from):
			say("until", "is before the first day")
		case until.Sub(from).Hours()/24 >= longestAbsence:
			say("until", "is more than a year after the first day: change the capacity instead")
		}
		switch {
		case a.WholeTeam && a.Amount != 0:
			say("amount", "is for a part of the team, and the whole team is absent")
		case !a.WholeTeam && a.Amount == 0 && a.Who != "" && t.CapacityPerPerson > 0: // what this person holds
		case !a.WholeTeam && !(a.Amount > 0): // NaN too
			say("amount", "is more than 0, or the whole team is absent, or it says who where the capacity follows from the people")
		case a.Amount > t.Capacity && !slices.Contains(before, a):
			say("amount", "is more than the team's capacity of %g", t.Capacity)
		}
		if a.Who != "" && !slices.Contains(before, a) && !slices.Contains(t.Leads, a.Who) && !slices.Contains(t.Members, a.Who) {
			say("who", "is no lead or member of the team")
		}
		if j := slices.IndexFunc(t.Absences[:i], a.overlaps); j >= 0 {
			say("from", "overlaps with another absence of the same: %s", t.Absences[j].Words())
		} else if a.Amount <= t.Capacity && !slices.Contains(before, a) {
			if day, sum := t.mostAbsent(a, t.others(i, before)); sum > t.Capacity+1e-9 {
				say("amount", "comes to %g on %s with other absences, more than the team's capacity of %g", sum, day, t.Capacity)
			}
		}
	}
	return faults
}

// others are the absences that come before one in the list, and those that were there before.
func (t Team) others(i int, before []Absence) []Absence {
	list := slices.Clone(t.Absences[:i])
	for _, a := range t.Absences[i+1:] {
		if slices.Contains(before, a) {
			list = append(list, a)
		}
	}
	return list
}

// mostAbsent is the day of an absence on which the most is absent by it and by others, and how much. A day on which the whole team is absent has no sum.
func (t Team) mostAbsent(of Absence, others []Absence) (day Date, most float64) {
	list := append(slices.Clone(others), of)
	for _, first := range list {
		on, sum := max(first.From, of.From), 0.0 // a sum grows on a first day alone
		if !of.On(on) {
			continue
		}
		for _, a := range list {
			switch {
			case !a.On(on):
			case a.WholeTeam:
				sum = math.Inf(-1)
			default:
				sum += t.absent(a)
			}
		}
		if sum > most {
			day, most = on, sum
		}
	}
	return day, most
}

// CapacityOn is what the team can hold on a day: its capacity without what is absent, never less than nothing.
func (t Team) CapacityOn(day Date) float64 {
	left := t.Capacity
	for _, a := range t.Absences {
		switch {
		case !a.On(day):
		case a.WholeTeam:
			return 0
		default:
			left -= t.absent(a)
		}
	}
	return max(left, 0)
}

// Days are days over which a capacity counts.
type Days struct {
	Worked []Date // on which people work
	Off    int    // how many more they would work on, were these no holidays
}

// Open is the share of the days that are no holidays: 1 where there are none, and 0 where all are.
func (d Days) Open() float64 {
	if d.Off == 0 {
		return 1
	}
	return float64(len(d.Worked)) / float64(len(d.Worked)+d.Off)
}

// CapacityIn is what the team can hold over some days: the mean of them. Nothing can be held on a holiday, as on a day on which the whole team is
// absent. Without a day it is the capacity.
func (t Team) CapacityIn(days Days) float64 {
	if len(days.Worked) == 0 || len(t.Absences) == 0 {
		return t.Capacity * days.Open()
	}
	sum := 0.0
	for _, day := range days.Worked {
		sum += t.CapacityOn(day)
	}
	return sum / float64(len(days.Worked)) * days.Open()
}

// AbsentIn is the share of the capacity that is absent over some days, 0 to 1.
func (t Team) AbsentIn(days Days) float64 {
	if t.Capacity <= 0 {
		return 0
	}
	return 1 - t.CapacityIn(days)/t.Capacity
}
