package assign

import "math"

// loadCost is what the load of a team takes off the gain of a plan. It is convex: each unit of load costs more than the one before, so work is
// spread over the teams in proportion to what they can hold.
type loadCost struct {
	load      float64 // before the plan
	full      float64 // load at the ceiling
	price     float64 // of a unit of load where the team is full
	count     int     // requests before the plan
	parallel  int     // requests at once without switching; 0: unknown
	switching float64 // of each request beyond
}

// of is the cost of what a plan adds.
func (c *loadCost) of(added float64, count int) float64 {
	cost := 0.0
	if c.full > 0 {
		cost = c.price * added * (c.load + added/2) / c.full
	}
	if c.parallel > 0 {
		cost += c.switching * float64(max(c.count+count-c.parallel, 0)-max(c.count-c.parallel, 0))
	}
	return cost
}

// slopes are what one more unit of load and one more request cost; a tangent with them is nowhere above the cost.
func (c *loadCost) slopes(added float64, count int) (unit, request float64) {
	if c.full > 0 {
		unit = c.price * (c.load + added) / c.full
	}
	if c.parallel > 0 && c.count+count > c.parallel {
		request = c.switching
	}
	return unit, request
}

// costsOf prices load so that it weighs as much as the balance in the fit of a mean request. Where a request may be left for a better gain, the
// price is low enough that load alone leaves none.
func costsOf(requests []Request, teams []Team, p Policy) []loadCost {
	value, size, least := 0.0, 0.0, math.Inf(1)
	slowest := Team{Pace: slowestPace(teams)}
	for _, r := range requests {
		value += r.weight()
		if r.Size > 0 {
			size += r.Size
			least = min(least, r.weight()/slowest.size(r))
		}
	}
	if size == 0 {
		return nil
	}
	share := p.Weights.Balance / p.Weights.sum()
	price, switching := share*value/size, p.Switching*value/float64(len(requests))
	if p.Priority != Strict {
		price, switching = share*least/2, 0
	}
	costs := make([]loadCost, len(teams))
	for j, t := range teams {
		costs[j] = loadCost{load: t.Load, full: t.capacity() * t.ceiling(p), price: price, count: t.WIP, parallel: t.Parallel, switching: switching}
	}
	return costs
}

// worth is fit with all of its balance: what the load takes off it is counted once, over the whole plan.
func (b *board) worth(parts Parts) float64 {
	parts.Balance = 1
	return b.policy.Weights.mean(parts)
}

// Horizon is how many weeks of delay count as entirely late.
const Horizon = 8.0

// lateness is how late a team would finish a request, from 0 (in time) to 1.
func lateness(r Request, t Team) float64 {
	if r.Due <= 0 {
		return 0
	}
	return min(max(finish(t, t.size(r))-r.Due, 0)/Horizon, 1)
}

// finish is after how many weeks a team has done what it holds and one request more: a team-week is a week of the team, less what is absent.
func finish(t Team, size float64) float64 {
	left, weeks, share := t.Load+size, 0.0, 1-t.Absent
	for k := 0; ; k++ {
		if share > 0 && left <= share {
			return weeks + left/share
		}
		left, weeks = left-share, weeks+1
		if k >= len(t.Weeks) {
			return weeks + max(left, 0) // later absences are not known
		}
		share = 0
		if t.Capacity > 0 {
			share = min(t.Weeks[k].Capacity/t.Capacity, 1)
		}
	}
}
