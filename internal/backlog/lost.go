package backlog

import (
	"cmp"
	"fmt"
	"slices"

	"leanpmo/internal/store"
)

// LostPlace is an offer for which its team has no room any more, and why.
type LostPlace struct{ RequestID, Team, Says string }

// LostPlaces are offers, which no lead has accepted yet, for which their teams have no room any more: in none of the weeks ahead, by what they hold
// now. The latest offers of a team are lost first, no more of them than are over its limits. What a team has accepted stays with it.
func (p *Placement) LostPlaces() []LostPlace {
	var list []LostPlace
	for i := range p.Teams {
		list = append(list, p.lostBy(&p.Teams[i])...)
	}
	return list
}

func (p *Placement) lostBy(t *store.TeamLoad) (list []LostPlace) {
	capacity := t.CapacityIn(p.Rules.Days)
	for _, w := range p.Rules.Weeks {
		capacity = max(capacity, t.CapacityIn(w.Days))
	}
	most := capacity * cmp.Or(t.LoadCeiling, p.Rules.LoadCeiling)
	limit, limited := t.LimitOr(p.Rules.WIPLimit)
	var offers []store.TeamHold
	load, wip := 0.0, 0
	for _, h := range p.Holds {
		if h.Team != t.ID {
			continue
		}
		load, wip = load+h.Size, wip+1
		if h.Offered {
			offers = append(offers, h)
		}
	}
	slices.SortFunc(offers, func(a, b store.TeamHold) int {
		return cmp.Or(cmp.Compare(b.Batch, a.Batch), cmp.Compare(b.RequestID, a.RequestID))
	})
	const rounding = 1e-6
	for _, h := range offers {
		if load <= most+rounding && (!limited || wip <= limit) {
			break
		}
		says := fmt.Sprintf("%s holds %.4g team-weeks and %d requests with it, and can hold %.4g", t.Name, load, wip, most)
		if limited {
			says += fmt.Sprintf(" and %d", limit)
		}
		list = append(list, LostPlace{RequestID: h.RequestID, Team: t.ID, Says: says})
		load, wip = load-h.Size, wip-1
	}
	return list
}
