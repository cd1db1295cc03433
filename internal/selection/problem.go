package selection

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Requirement is something that may be built.
type Requirement struct {
	Cost  int64 // ≥ 0
	Needs []int // indexes of the requirements it cannot be built without
}

// Customer is somebody whose profit counts when all they want is built.
type Customer struct {
	Profit int64 // ≥ 0
	Wants  []int // indexes of requirements
}

// Problem asks for the customers of most profit whose requirements, prerequisites included, cost no more than the budget.
type Problem struct {
	Requirements []Requirement
	Customers    []Customer
	Budget       int64
}

// Total is the highest sum of costs and the highest sum of profits. Their product fits 64 bits, which the exact bound needs.
const Total = 1<<31 - 1

// maxNeeds is the highest number of pairs of customer and requirement, prerequisites included, in one problem: what fits some 400 MB.
const maxNeeds = 20_000_000

// Fault says which part of a problem cannot be used and why.
type Fault struct {
	Part   string // "requirement 3", "customer 2", "budget"
	Reason string
}

// Error names the part and the reason.
func (f *Fault) Error() string { return f.Part + " " + f.Reason }

// Cycle is a circle of prerequisites: each requirement needs the next, and the last needs the first. No set can contain any of them.
type Cycle struct{ Requirements []int }

// Error names the requirements of the circle, counted from 1.
func (c *Cycle) Error() string {
	names := make([]string, 0, len(c.Requirements)+1)
	for _, r := range append(slices.Clone(c.Requirements), c.Requirements[0]) {
		names = append(names, strconv.Itoa(r+1))
	}
	return "the prerequisites form a cycle: " + strings.Join(names, " needs ")
}

// validate returns the first fault that keeps the problem from being solved; acyclic finds cycles.
func (p Problem) validate() error {
	if p.Budget < 0 {
		return &Fault{"budget", "must not be below 0"}
	}
	var cost, profit int64
	for i, r := range p.Requirements {
		part := fmt.Sprintf("requirement %d", i+1)
		if r.Cost < 0 || r.Cost > Total-cost {
			return &Fault{part, fmt.Sprintf("has cost %d: costs must not be below 0, nor exceed %d in total", r.Cost, Total)}
		}
		cost += r.Cost
		if err := p.known(part, r.Needs); err != nil {
			return err
		}
	}
	for i, c := range p.Customers {
		part := fmt.Sprintf("customer %d", i+1)
		if c.Profit < 0 || c.Profit > Total-profit {
			return &Fault{part, fmt.Sprintf("has profit %d: profits must not be below 0, nor exceed %d in total", c.Profit, Total)}
		}
		profit += c.Profit
		if err := p.known(part, c.Wants); err != nil {
			return err
		}
	}
	return nil
}

func (p Problem) known(part string, requirements []int) error {
	for _, r := range requirements {
		if r < 0 || r >= len(p.Requirements) {
			return &Fault{part, fmt.Sprintf("names requirement %d of %d", r+1, len(p.Requirements))}
		}
	}
	return nil
}

// acyclic returns a *Cycle if prerequisites form one.
func (p Problem) acyclic() error {
	const open, done = 1, 2
	state := make([]byte, len(p.Requirements))
	next := make([]int, len(p.Requirements)) // how many prerequisites have been entered
	var path []int
	for start := range p.Requirements {
		if state[start] == 0 {
			path = append(path[:0], start)
			state[start] = open
		}
		for len(path) > 0 {
			r := path[len(path)-1]
			needs := p.Requirements[r].Needs
			if next[r] == len(needs) {
				state[r] = done
				path = path[:len(path)-1]
				continue
			}
			n := needs[next[r]]
			next[r]++
			switch state[n] {
			case 0:
				state[n] = open
				path = append(path, n)
			case open:
				return &Cycle{slices.Clone(path[slices.Index(path, n):])}
			}
		}
	}
	return nil
}
