package selection

import (
	"container/heap"
)

// small is the number of bundles from which on branch and bound is tried before annealing is repeated.
const small = 120

// node is a part of the sets: a reduced problem, and a bound of what its sets reach.
type node struct {
	r     *reduced
	bound int64
	split int // the bundle to branch on
}

// node relaxes a reduced problem, keeps the set found, and decides what the bound decides.
func (s *search) node(r *reduced) (node, relaxation) {
	for {
		c := newCut(r)
		c.steps += 10 * int64(len(c.flow)) // for the reduction and the network
		x := relax(c)
		s.found(r, r.fill(x.within))
		n := node{r: r, bound: r.base + x.bound, split: x.split(r)}
		if n.bound <= s.profit || x.beyond == nil {
			s.work -= c.steps
			return n, x
		}
		made := c.probe(x.price, s.profit-r.base, s.work/10)
		s.work -= c.steps
		decided := 0
		for _, d := range made {
			if d != undecided {
				decided++
			}
		}
		if decided == 0 {
			return n, x
		}
		r = r.decide(made)
	}
}

// split is the bundle to branch on: of those that only one of both best closures has, the one whose needs cost most. It changes the budget most.
func (x relaxation) split(r *reduced) int {
	split, most := -1, int64(-1)
	for b := range x.beyond {
		if x.beyond[b] == x.within[b] {
			continue
		}
		var cost int64
		for _, g := range r.needs[b] {
			cost += r.cost[g]
		}
		if cost > most {
			split, most = b, cost
		}
	}
	return split
}

// open is a heap of nodes, the highest bound on top.
type open []node

func (o open) Len() int           { return len(o) }
func (o open) Less(i, j int) bool { return o[i].bound > o[j].bound }
func (o open) Swap(i, j int)      { o[i], o[j] = o[j], o[i] }

// Push is part of heap.Interface.
func (o *open) Push(x any) { *o = append(*o, x.(node)) }

// Pop is part of heap.Interface.
func (o *open) Pop() any {
	old := *o
	last := old[len(old)-1]
	old[len(old)-1] = node{}
	*o = old[:len(old)-1]
	return last
}

// branch is best-first branch and bound: the node with the highest bound is split by one bundle, which is taken or refused. It returns the
// highest bound that is left.
func (s *search) branch(root node) int64 {
	nodes := &open{root}
	for len(*nodes) > 0 {
		if top := (*nodes)[0]; top.bound <= s.profit {
			break
		} else if s.over() {
			return top.bound
		}
		parent := heap.Pop(nodes).(node)
		for _, d := range []decision{taken, refused} {
			made := make([]decision, len(parent.r.profit))
			made[parent.split] = d
			child, _ := s.node(parent.r.decide(made))
			child.bound = min(child.bound, parent.bound)
			if child.bound > s.profit {
				heap.Push(nodes, child)
			}
		}
	}
	return s.profit
}
