package selection

import "slices"

// unlimited is a capacity that no flow uses up.
const unlimited = 1 << 62

// probe decides bundles whose other decision cannot beat profit: at the relaxation's price the bound is computed once more with the bundle
// forced to the side where the best closure does not have it. A bound at or below profit decides the bundle. After
// about so many steps the bundles that are left are decided only where that is certain without a search.
func (c *cut) probe(p Price, profit, steps int64) []decision {
	r := c.r
	made := make([]decision, len(r.profit))
	set := c.closure(p)
	top := r.line(set).at(p)
	// A forced decision that loses more than this many units (value times the price's denominator) leaves nothing above profit.
	slack := top + p.Value*r.budget - (profit+1)*p.Cost
	flow, left, room := slices.Clone(c.flow), slices.Clone(c.left), slices.Clone(c.room)
	each, end := int64(len(flow)+len(left)+len(room)), c.steps+steps
	for b := range made {
		lost := c.certain(int32(b), set[b])
		if lost <= slack && c.steps < end {
			lost = c.force(int32(b), set[b])
			copy(c.flow, flow)
			copy(c.left, left)
			copy(c.room, room)
			c.steps += each
		}
		switch {
		case lost <= slack:
		case set[b]:
			made[b] = taken
		default:
			made[b] = refused
		}
	}
	return made
}

// certain is what the best closure loses at least when bundle b changes sides, without a search: a bundle inside loses what it has beyond the cost of
// its groups, one outside costs what its groups can still take.
func (c *cut) certain(b int32, inside bool) int64 {
	if inside {
		return c.left[b]
	}
	var lost int64
	for _, g := range c.r.needs[b] {
		lost += c.room[g]
	}
	return lost
}

// force returns what the best closure loses when bundle b changes sides.
func (c *cut) force(b int32, inside bool) int64 {
	if inside {
		return c.without(b)
	}
	return c.with(b)
}

// with returns what the best closure loses when it must have bundle b: the flow that an unlimited source adds.
func (c *cut) with(b int32) int64 {
	c.left[b] = unlimited
	c.augment()
	return unlimited - c.left[b]
}

// without returns what the best closure loses when it must not have bundle b: what the source could still send to b, and what others send once
// the groups take nothing from b.
func (c *cut) without(b int32) int64 {
	lost := c.left[b]
	c.left[b] = 0
	for i, g := range c.r.needs[b] {
		c.room[g] += c.flow[c.arc[b][i]]
		c.flow[c.arc[b][i]] = 0
	}
	var before, after int64
	for _, left := range c.left {
		before += left
	}
	c.augment()
	for _, left := range c.left {
		after += left
	}
	return lost + before - after
}
