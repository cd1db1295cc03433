package priority

import (
	"math"
	"slices"
)

// cluster are jobs that are tied to each other: what each is worth, how long it takes and what it needs, by index.
type cluster struct {
	worth, time []float64
	needs       [][]int
}

// blocks splits jobs into groups that are done one after another, each closed under what it needs together with the groups before it, so that
// the first has the highest ratio of worth to time that any such group has: Sidney's decomposition (1975), for chains Horn's (1972). The jobs
// come in a fixed order, and every group keeps it.
func (c *cluster) blocks(jobs []int) [][]int {
	first := c.above(jobs, c.ratio(jobs))
	if len(first) == 0 || len(first) == len(jobs) {
		return [][]int{jobs}
	}
	in := make(map[int]bool, len(first))
	for _, j := range first {
		in[j] = true
	}
	var rest []int
	for _, j := range jobs {
		if !in[j] {
			rest = append(rest, j)
		}
	}
	return append(c.blocks(first), c.blocks(rest)...)
}

// sequence orders the jobs of a block. Parts of it that are not tied to each other are done one after the other. Of a part, what all others wait
// for comes first and what waits for all others last; where neither is there, the job of the highest ratio that needs nothing comes first. So
// the order is the best one for chains and for trees, in which every job needs one at most, or is needed by one at most.
func (c *cluster) sequence(block []int) []int {
	var out []int
	for _, part := range c.parts(block) {
		out = append(out, c.within(part)...)
	}
	return out
}

func (c *cluster) within(part []int) []int {
	if len(part) == 1 {
		return part
	}
	free, last := c.ends(part)
	first := free[0]
	for _, j := range free[1:] {
		if c.ratio([]int{j}) > c.ratio([]int{first}) {
			first = j
		}
	}
	pick, end := first, len(free) > 1 && len(last) == 1
	if end {
		pick = last[0]
	}
	var out []int
	for _, block := range c.blocks(slices.DeleteFunc(slices.Clone(part), func(j int) bool { return j == pick })) {
		out = append(out, c.sequence(block)...)
	}
	if end {
		return append(out, pick)
	}
	return append([]int{pick}, out...)
}

// ends are the jobs that need none of the others, and those that none of the others needs.
func (c *cluster) ends(jobs []int) (free, last []int) {
	needed := map[int]bool{}
	for _, j := range jobs {
		alone := true
		for _, p := range c.needs[j] {
			if slices.Contains(jobs, p) {
				alone, needed[p] = false, true
			}
		}
		if alone {
			free = append(free, j)
		}
	}
	for _, j := range jobs {
		if !needed[j] {
			last = append(last, j)
		}
	}
	return free, last
}

// parts are the groups of jobs that are tied to each other, in the order of their first ones.
func (c *cluster) parts(jobs []int) [][]int {
	part := make(map[int]int, len(jobs)) // by job; the smallest number wins
	for _, j := range jobs {
		part[j] = j
	}
	for changed := true; changed; {
		changed = false
		for _, j := range jobs {
			for _, p := range c.needs[j] {
				if other, here := part[p]; here && other != part[j] {
					least := min(other, part[j])
					part[p], part[j], changed = least, least, true
				}
			}
		}
	}
	var groups [][]int
	at := map[int]int{}
	for _, j := range jobs {
		g, known := at[part[j]]
		if !known {
			g = len(groups)
			at[part[j]], groups = g, append(groups, nil)
		}
		groups[g] = append(groups[g], j)
	}
	return groups
}

// ratio is that of jobs together; 0 when they take no time.
func (c *cluster) ratio(jobs []int) float64 {
	var worth, time float64
	for _, j := range jobs {
		worth += c.worth[j]
		time += c.time[j]
	}
	if time == 0 {
		return 0
	}
	return worth / time
}

// above is the smallest of the sets, closed under what they need, whose worth exceeds their time at a price by the most. It is the source's
// side of a minimum cut. Since the price is the ratio of all, it is empty only when no set has a higher one.
func (c *cluster) above(jobs []int, price float64) []int {
	g := flowGraph{arcs: make([][]arc, len(jobs)+2)}
	source, sink := len(jobs), len(jobs)+1
	place := make(map[int]int, len(jobs))
	for i, j := range jobs {
		place[j] = i
	}
	for i, j := range jobs {
		gain := c.worth[j] - price*c.time[j]
		g.least += math.Abs(gain) * 1e-9
		if gain > 0 {
			g.join(source, i, gain)
		} else {
			g.join(i, sink, -gain)
		}
		for _, p := range c.needs[j] {
			if at, here := place[p]; here {
				g.join(i, at, math.Inf(1))
			}
		}
	}
	reached := g.cut(source, sink)
	var set []int
	for i, j := range jobs {
		if reached[i] >= 0 {
			set = append(set, j)
		}
	}
	return set
}

// flowGraph is a graph with capacities. Less than least is nothing: what is left of it comes from rounding.
type flowGraph struct {
	arcs  [][]arc
	least float64
}

type arc struct {
	to, back int
	room     float64
}

func (g *flowGraph) join(from, to int, room float64) {
	g.arcs[from] = append(g.arcs[from], arc{to, len(g.arcs[to]), room})
	g.arcs[to] = append(g.arcs[to], arc{from, len(g.arcs[from]) - 1, 0})
}

// cut sends as much as possible from source to sink, along shortest paths, and returns which nodes the source still reaches: those that are
// not negative.
func (g *flowGraph) cut(source, sink int) []int {
	for {
		from := make([]int, len(g.arcs)) // the arc by which a node was reached, of the node it leads to
		for i := range from {
			from[i] = -1
		}
		from[source] = 0
		line := []int{source}
		for k := 0; k < len(line); k++ {
			for _, a := range g.arcs[line[k]] {
				if a.room > g.least && from[a.to] < 0 {
					from[a.to] = a.back
					line = append(line, a.to)
				}
			}
		}
		if from[sink] < 0 {
			return from
		}
		amount := math.Inf(1)
		for at := sink; at != source; at = g.arcs[at][from[at]].to {
			back := g.arcs[at][from[at]]
			amount = min(amount, g.arcs[back.to][back.back].room)
		}
		for at := sink; at != source; {
			back := &g.arcs[at][from[at]]
			g.arcs[back.to][back.back].room -= amount
			back.room += amount
			at = back.to
		}
	}
}
