package pmo

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// ShareOf is the part of the week that somebody has for the team, 0 to 1: a member has all of it and a lead none, where Shares does not say otherwise.
func (t Team) ShareOf(person string) float64 {
	if share, stated := t.Shares[person]; stated {
		return share
	}
	if slices.Contains(t.Members, person) {
		return 1
	}
	return 0
}

// FullTime is how many people with the whole week the people of the team come to.
func (t Team) FullTime() float64 {
	people := slices.Concat(t.Members, t.Leads)
	slices.Sort(people)
	sum := 0.0
	for _, person := range slices.Compact(people) {
		sum += t.ShareOf(person)
	}
	return sum
}

// perPerson is what one person with the whole week adds to the capacity; 0 where the capacity is stated.
func (t Team) perPerson() float64 { return t.CapacityPerPerson * (1 - t.OtherWork) }

// WithCapacity is the team with the capacity that follows from its people: what each can hold, times their parts of the week, without the share of
// work that no request asks for; or from what it finished. A team that states its capacity stays as it is.
func (t Team) WithCapacity() Team {
	switch {
	case t.CapacityPerPerson > 0:
		t.Capacity = math.Round(t.FullTime()*t.perPerson()*1e6) / 1e6
	case t.CapacityMeasured && t.Finished != nil:
		t.Capacity = t.Finished.Capacity
	}
	return t
}

// WithPerson is the team with a person more who has the whole week for it. A capacity that does not follow from the people grows by its mean for each of
// them, or doubles where nobody is named.
func (t Team) WithPerson() Team {
	mean := t.Capacity / max(t.FullTime(), 1)
	t.Members = append(slices.Clone(t.Members), "") // nobody's id
	if t.CapacityPerPerson > 0 {
		return t.WithCapacity()
	}
	t.Capacity += mean
	return t
}

// absent is what an absence takes from the capacity: the amount it states, or what the absent person holds.
func (t Team) absent(a Absence) float64 {
	if a.Amount == 0 && a.Who != "" {
		return t.ShareOf(a.Who) * t.perPerson()
	}
	return a.Amount
}

// PeopleFaults lists what is wrong with the figures of the people and of their pace, by JSON pointer.
func (t Team) PeopleFaults() map[string]string {
	faults := map[string]string{}
	for _, person := range slices.Sorted(maps.Keys(t.Shares)) {
		switch share := t.Shares[person]; {
		case !slices.Contains(t.Members, person) && !slices.Contains(t.Leads, person):
			faults["/shares/"+person] = "is no lead or member of the team"
		case !(share >= 0 && share <= 1): // NaN too
			faults["/shares/"+person] = "is a part of the week from 0 to 1"
		}
	}
	for field, value := range map[string]float64{"/capacity_per_person": t.CapacityPerPerson, "/wip_per_person": t.WIPPerPerson} {
		if !(value >= 0 && value <= 1000) {
			faults[field] = "is a number from 0 to 1000"
		}
	}
	if !(t.OtherWork >= 0 && t.OtherWork <= 1) {
		faults["/other_work"] = "is a share from 0 to 1"
	}
	if why := t.PaceFault(); why != "" {
		faults["/pace"] = why
	}
	if t.CapacityMeasured && t.CapacityPerPerson > 0 {
		faults["/capacity_measured"] = "cannot be beside capacity_per_person: capacity follows from one of the two"
	}
	if computed := t.WithCapacity().Capacity; computed > mostCapacity {
		faults["/capacity_per_person"] = fmt.Sprintf("gives a capacity of %g, which is more than %d", computed, mostCapacity)
	}
	return faults
}

// mostCapacity is the largest capacity of a team, in team-weeks.
const mostCapacity = 1000
