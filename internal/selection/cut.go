package selection

// cut is the network whose minimum cut is the best closure at a price: source → bundle (profit), bundle → each of its groups (unlimited),
// group → sink (cost at the price). It is solved by Dinic's algorithm on the three layers, and can be solved again after its capacities change.
type cut struct {
	r     *reduced
	arc   [][]int32 // of each bundle: the place of its first arc … in flow, beside r.needs
	back  [][]int32 // of each group: the arcs that end in it, beside r.needers
	flow  []int64   // of each arc
	left  []int64   // of each bundle: what the source may still send
	room  []int64   // of each group: what the sink may still take
	level []int32   // of bundles, then groups: distance from the source; 0 is unreached
	next  []int32   // of bundles, then groups: the first arc that has not been tried in this phase
	queue []int32
	steps int64 // arcs looked at
}

func newCut(r *reduced) *cut {
	n, m := len(r.profit), len(r.cost)
	c := &cut{r: r, arc: make([][]int32, n), back: make([][]int32, m), left: make([]int64, n), room: make([]int64, m),
		level: make([]int32, n+m), next: make([]int32, n+m)}
	arcs := int32(0)
	for b, groups := range r.needs {
		for _, g := range groups {
			c.arc[b] = append(c.arc[b], arcs)
			c.back[g] = append(c.back[g], arcs)
			arcs++
		}
	}
	c.flow = make([]int64, arcs)
	return c
}

// solve makes the flow maximal for the capacities in left and room, which it uses up, from no flow.
func (c *cut) solve() {
	clear(c.flow)
	c.augment()
}

// augment makes the flow maximal from the flow there is. Afterwards level > 0 marks the source's side of the minimum cut.
func (c *cut) augment() {
	for c.layers() {
		clear(c.next)
		for b := range c.left {
			if c.left[b] > 0 {
				c.left[b] -= c.push(int32(b), c.left[b])
			}
		}
	}
}

// layers computes levels by breadth-first search, and reports whether the sink can be reached.
func (c *cut) layers() bool {
	clear(c.level)
	c.steps += int64(len(c.level))
	n := int32(len(c.left))
	q := c.queue[:0]
	for b, left := range c.left {
		if left > 0 {
			c.level[b] = 1
			q = append(q, int32(b))
		}
	}
	reached := false
	for i := 0; i < len(q); i++ {
		v := q[i]
		if v < n {
			c.steps += int64(len(c.r.needs[v]))
			for _, g := range c.r.needs[v] {
				if c.level[n+g] == 0 {
					c.level[n+g] = c.level[v] + 1
					q = append(q, n+g)
					reached = reached || c.room[g] > 0
				}
			}
			continue
		}
		g := v - n
		c.steps += int64(len(c.r.needers[g]))
		for i, b := range c.r.needers[g] {
			if c.level[b] == 0 && c.flow[c.back[g][i]] > 0 {
				c.level[b] = c.level[v] + 1
				q = append(q, b)
			}
		}
	}
	c.queue = q
	return reached
}

// push sends at most amount on from a bundle along arcs that lead one level further, and returns what arrived.
func (c *cut) push(b int32, amount int64) int64 {
	n := int32(len(c.left))
	sent := int64(0)
	groups := c.r.needs[b]
	for ; int(c.next[b]) < len(groups); c.next[b]++ {
		g := groups[c.next[b]]
		if c.level[n+g] != c.level[b]+1 {
			continue
		}
		s := c.drain(g, amount-sent)
		c.flow[c.arc[b][c.next[b]]] += s
		if sent += s; sent == amount {
			break
		}
	}
	return sent
}

// drain sends at most amount on from a group: to the sink, or back to bundles one level further, which send it elsewhere.
func (c *cut) drain(g int32, amount int64) int64 {
	n := int32(len(c.left))
	sent := min(amount, c.room[g])
	c.room[g] -= sent
	if sent == amount {
		return sent
	}
	needers := c.r.needers[g]
	for ; int(c.next[n+g]) < len(needers); c.next[n+g]++ {
		i := c.next[n+g]
		b, arc := needers[i], c.back[g][i]
		if c.level[b] != c.level[n+g]+1 || c.flow[arc] == 0 {
			continue
		}
		s := c.push(b, min(amount-sent, c.flow[arc]))
		c.flow[arc] -= s
		if sent += s; sent == amount {
			break
		}
	}
	return sent
}
