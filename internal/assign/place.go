package assign

import (
	"cmp"
	"slices"
)

// Pair are the teams that take a request, by id. Second is empty where one does it all.
type Pair struct{ Team, Second string }

// Place plans as Assign does and says nothing of why: the teams of each request that gets what it needs, by id. It is for those who plan many batches,
// as a simulation does. No plan takes more of the resources than is free.
func Place(resources []Resource, requests []Request, teams []Team, policy Policy) (map[string]Pair, error) {
	policy = policy.withDefaults()
	if err := cmp.Or(check(requests, teams, policy), checkResources(resources)); err != nil {
		return nil, err
	}
	b := newBoard(requests, teams, policy, resources, 0)
	places := make(map[string]Pair, len(requests))
	for i, j := range b.solve().agent {
		if j == nobody {
			continue
		}
		r := &b.requests[i]
		pair := places[r.ID]
		if r.second {
			pair.Second = b.teams[j].ID
		} else {
			pair.Team = b.teams[j].ID
		}
		places[r.ID] = pair
	}
	return places, nil
}

// Suits reports whether a team has the skills that a request needs, has not declined it and is the team named where there is one: what a free
// place alone does not change.
func Suits(r Request, t Team, policy Policy) bool {
	return (r.Only == "" || r.Only == t.ID) && len(missingSkills(r, t, policy.withDefaults())) == 0 && !slices.Contains(r.Excluded, t.ID)
}

// RoomFor is the largest size of a request that a team may take more, under its ceiling and, unless the request is urgent, beside its reserve;
// negative when it may take nothing.
func RoomFor(t Team, urgent bool, policy Policy) float64 {
	if t.Paused != "" || t.WIPLimit > 0 && t.WIP >= t.WIPLimit {
		return -1
	}
	return t.ordinary(t.roomFor(Request{Urgent: urgent}, policy.withDefaults()) + eps)
}

// SizeFor is what a request of a size takes of the capacity of a team.
func (t Team) SizeFor(size float64) float64 { return t.size(Request{Size: size}) }
