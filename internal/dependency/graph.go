// Package dependency reads what requests need of each other: what holds a request back, what waits behind it, and cycles. It is pure: the same
// requests give the same answers, in whatever order they come.
package dependency

import (
	"cmp"
	"slices"
	"time"

	"leanpmo/internal/pmo"
)

// Node is a request as far as dependencies ask.
type Node struct {
	ID           string
	Number       int64
	Title        string
	Portfolio    string
	Stage        pmo.Stage
	Status       pmo.Status
	Outcome      pmo.Outcome
	Delivered    bool // accepted
	Begun        bool // holds a slot
	Waits        bool // may be pulled
	Confidential bool
	Readable     bool // by who asks
	Needs        []int64
	Since        map[string]time.Time // by reference
	MergedInto   []string
}

// State is how far a request is, for those that need it. Values are stable.
type State string

// The states. What is merged is as far as what it goes on in.
const (
	Open      State = "open"
	Begun     State = "begun"
	Delivered State = "delivered"
	Lost      State = "lost" // ended without being delivered
	Merged    State = "merged"
)

// State is how far the request is.
func (n *Node) State() State {
	switch {
	case n.Delivered || n.Outcome == pmo.OutcomeAnswered:
		return Delivered
	case n.Outcome == pmo.OutcomeMerged:
		return Merged
	case n.Outcome.DeliversNothing():
		return Lost
	case n.Begun:
		return Begun
	}
	return Open
}

// pending reports whether the request may still be delivered.
func (n *Node) pending() bool { return n.State() == Open || n.State() == Begun }

// Name is the request's reference, for everybody: of a confidential one nothing is told.
func (n *Node) Name() string {
	if n.Confidential {
		return "a confidential request"
	}
	return pmo.Ref(n.Number)
}

// NameFor is the request's reference for who asks.
func (n *Node) NameFor() string {
	if !n.Readable {
		return "another request"
	}
	return pmo.Ref(n.Number)
}

// edge says that a request needs another one.
type edge struct {
	from, to *Node
	since    time.Time
}

// Graph is what some requests need of each other. Edges that would close a cycle are left out: in each cycle the one that came last.
type Graph struct {
	nodes    []*Node
	byNumber map[int64]*Node
	byID     map[string]*Node
	needs    map[string][]edge // by the id of who needs; what is merged is followed
	Cycles   []Cycle
}

// Cycle is a way from a request back to itself. Its last edge, from the last node to the first, is left out.
type Cycle []*Node

// Words names the cycle: "R-3 needs R-7 needs R-3".
func (c Cycle) Words(name func(*Node) string) string {
	var text string
	for _, n := range c {
		text += name(n) + " needs "
	}
	return text + name(c[0])
}

// New reads a graph. Requests that nodes need and that are not among them do not count.
func New(nodes []Node) *Graph {
	g := &Graph{byNumber: map[int64]*Node{}, byID: map[string]*Node{}, needs: map[string][]edge{}}
	for i := range nodes {
		n := nodes[i]
		g.nodes = append(g.nodes, &n)
	}
	slices.SortFunc(g.nodes, func(a, b *Node) int { return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID)) })
	for _, n := range g.nodes {
		g.byID[n.ID] = n
		if n.Number > 0 {
			g.byNumber[n.Number] = n
		}
	}
	for _, n := range g.nodes {
		for _, number := range n.Needs {
			for _, p := range g.resolve(g.byNumber[number], nil) {
				if p != n {
					g.needs[n.ID] = append(g.needs[n.ID], edge{n, p, n.Since[pmo.Ref(number)]})
				}
			}
		}
	}
	g.breakCycles()
	return g
}

// resolve is the request, or those in which it goes on.
func (g *Graph) resolve(n *Node, seen []*Node) []*Node {
	if n == nil || slices.Contains(seen, n) {
		return nil
	}
	if n.State() != Merged {
		return []*Node{n}
	}
	var into []*Node
	for _, id := range n.MergedInto {
		for _, target := range g.resolve(g.byID[id], append(seen, n)) {
			if !slices.Contains(into, target) {
				into = append(into, target)
			}
		}
	}
	return into
}

// Node is a request of the graph by its number; nil when it is not there.
func (g *Graph) Node(number int64) *Node { return g.byNumber[number] }

// Pending are the requests that one needs and that may still be delivered.
func (g *Graph) Pending(id string) []*Node {
	return g.prerequisites(id, (*Node).pending)
}

// Lost are the requests that one needs and that ended without being delivered.
func (g *Graph) Lost(id string) []*Node {
	return g.prerequisites(id, func(n *Node) bool { return n.State() == Lost })
}

func (g *Graph) prerequisites(id string, test func(*Node) bool) []*Node {
	var list []*Node
	for _, e := range g.needs[id] {
		if test(e.to) && !slices.Contains(list, e.to) {
			list = append(list, e.to)
		}
	}
	return list
}

// Before are, for each request that passes a test, those that pass it too and must be done before it, directly or through requests that do not
// pass it and are not delivered yet. Requests without any are left out.
func (g *Graph) Before(test func(*Node) bool) map[string][]*Node {
	before := map[string][]*Node{}
	for _, n := range g.nodes {
		if !test(n) || len(g.needs[n.ID]) == 0 {
			continue
		}
		seen := map[*Node]bool{n: true}
		line := []*Node{n}
		for k := 0; k < len(line); k++ {
			for _, p := range g.Pending(line[k].ID) {
				if seen[p] {
					continue
				}
				seen[p] = true
				if test(p) {
					before[n.ID] = append(before[n.ID], p)
				} else {
					line = append(line, p)
				}
			}
		}
		slices.SortFunc(before[n.ID], func(a, b *Node) int { return cmp.Compare(a.Number, b.Number) })
	}
	return before
}

// Path is a way from a request to another one along what is needed and not delivered yet, both included; nil when there is none.
func (g *Graph) Path(from, to *Node) []*Node {
	came := map[*Node]*Node{from: nil}
	line := []*Node{from}
	for k := 0; k < len(line); k++ {
		if line[k] == to {
			var path []*Node
			for n := to; n != nil; n = came[n] {
				path = append(path, n)
			}
			slices.Reverse(path)
			return path
		}
		for _, p := range g.Pending(line[k].ID) {
			if _, seen := came[p]; !seen {
				came[p] = line[k]
				line = append(line, p)
			}
		}
	}
	return nil
}
