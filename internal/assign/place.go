package assign

import "slices"

// Place plans as Assign does and says nothing of why: the team of each request that gets one, by id. It is for those who plan many batches, as a
// simulation does.
func Place(requests []Request, teams []Team, policy Policy) (map[string]string, error) {
	policy = policy.withDefaults()
	if err := check(requests, teams, policy); err != nil {
		return nil, err
	}
	b := newBoard(requests, teams, policy)
	places := make(map[string]string, len(requests))
	for i, j := range b.solve().agent {
		if j != nobody {
			places[b.requests[i].ID] = b.teams[j].ID
		}
	}
	return places, nil
}

// Suits reports whether a team has the skills that a request needs and has not declined it: what a free place alone does not change.
func Suits(r Request, t Team, policy Policy) bool {
	return len(missingSkills(r, t, policy.withDefaults())) == 0 && !slices.Contains(r.Excluded, t.ID)
}

// RoomFor is the size of what a team may take more at once, under its ceiling; negative when it may take nothing.
func RoomFor(t Team, policy Policy) float64 {
	if t.Paused != "" || t.WIPLimit > 0 && t.WIP >= t.WIPLimit {
		return -1
	}
	return t.room(policy.withDefaults()) + eps
}
