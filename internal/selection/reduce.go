package selection

import (
	"encoding/binary"
	"slices"
)

// reduced is a problem without what does not matter to the choice. Bundles are customers who need the same groups, and groups are requirements
// that the same bundles need. What is decided already is part of base; no bundle is free, worthless or too large for the budget.
type reduced struct {
	profit  []int64   // of each bundle, > 0
	needs   [][]int32 // of each bundle: its groups, sorted
	members [][]int32 // of each bundle: its customers
	cost    []int64   // of each group, > 0
	needers [][]int32 // of each group: its bundles, sorted
	budget  int64     // what is left of it
	base    int64     // profit of what is chosen already
	chosen  []int32   // the customers chosen already
}

// reduce returns the reduced problem, or the *Fault or *Cycle that makes the problem unusable.
func reduce(p Problem) (*reduced, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	if err := p.acyclic(); err != nil {
		return nil, err
	}
	needs, err := p.closures()
	if err != nil {
		return nil, err
	}
	whole := &reduced{needs: needs, budget: p.Budget}
	for c, customer := range p.Customers {
		whole.profit = append(whole.profit, customer.Profit)
		whole.members = append(whole.members, []int32{int32(c)})
	}
	for _, r := range p.Requirements {
		whole.cost = append(whole.cost, r.Cost)
	}
	return whole.decide(make([]decision, len(p.Customers))).canonical(), nil
}

// closures are the requirements of each customer, prerequisites included, sorted.
func (p Problem) closures() ([][]int32, error) {
	seen := make([]int, len(p.Requirements))
	needs := make([][]int32, len(p.Customers))
	total := 0
	for c, customer := range p.Customers {
		var found []int32
		visit := func(r int) {
			if seen[r] != c+1 {
				seen[r] = c + 1
				found = append(found, int32(r))
			}
		}
		for _, r := range customer.Wants {
			visit(r)
		}
		for i := 0; i < len(found); i++ {
			for _, r := range p.Requirements[found[i]].Needs {
				visit(r)
			}
			if total+len(found) > maxNeeds {
				return nil, &Fault{"the problem", "is too large: customers need too many requirements in total"}
			}
		}
		total += len(found)
		slices.Sort(found)
		needs[c] = found
	}
	return needs, nil
}

// decision says what is decided about a bundle.
type decision byte

const (
	undecided decision = iota
	taken
	refused
)

// decide returns the problem that is left when these decisions are made. It repeats until nothing more follows from them: groups of taken
// bundles are paid for, and then bundles may be free, or too large for the budget that is left.
func (r *reduced) decide(made []decision) *reduced {
	out := &reduced{budget: r.budget, base: r.base, chosen: slices.Clone(r.chosen)}
	paid := make([]bool, len(r.cost))
	take := func(b int) {
		made[b] = taken
		out.base += r.profit[b]
		out.chosen = append(out.chosen, r.members[b]...)
		for _, g := range r.needs[b] {
			if !paid[g] {
				paid[g] = true
				out.budget -= r.cost[g]
			}
		}
	}
	for b, d := range made {
		if d == taken {
			take(b)
		}
	}
	for again := true; again; {
		again = false
		for b, d := range made {
			if d != undecided {
				continue
			}
			switch cost := r.unpaid(b, paid); {
			case cost == 0:
				take(b) // its groups of cost 0 change nothing for others
			case cost > out.budget || r.profit[b] == 0:
				made[b], again = refused, true
			}
		}
	}
	out.merge(r, made, paid)
	return out
}

func (r *reduced) unpaid(b int, paid []bool) int64 {
	var sum int64
	for _, g := range r.needs[b] {
		if !paid[g] {
			sum += r.cost[g]
		}
	}
	return sum
}

// merge fills in the undecided bundles of r and the groups that are not paid for: groups with the same bundles become one, then bundles with the
// same groups.
func (out *reduced) merge(r *reduced, made []decision, paid []bool) {
	needers := make([][]int32, len(r.cost))
	for b, d := range made {
		for _, g := range r.needs[b] {
			if d == undecided && !paid[g] && r.cost[g] > 0 {
				needers[g] = append(needers[g], int32(b))
			}
		}
	}
	groupOf := make([]int32, len(r.cost))
	byNeeders := map[string]int32{}
	for g, own := range needers {
		if groupOf[g] = -1; len(own) == 0 {
			continue
		}
		k := key(own)
		merged, ok := byNeeders[k]
		if !ok {
			merged = int32(len(out.cost))
			byNeeders[k] = merged
			out.cost = append(out.cost, 0)
		}
		out.cost[merged] += r.cost[g]
		groupOf[g] = merged
	}
	byGroups := map[string]int{}
	for b, d := range made {
		if d != undecided {
			continue
		}
		groups := groupsOf(r.needs[b], groupOf)
		k := key(groups)
		merged, ok := byGroups[k]
		if !ok {
			merged = len(out.profit)
			byGroups[k] = merged
			out.profit, out.needs, out.members = append(out.profit, 0), append(out.needs, groups), append(out.members, nil)
		}
		out.profit[merged] += r.profit[b]
		out.members[merged] = append(out.members[merged], r.members[b]...)
	}
	out.link()
}

func groupsOf(requirements, groupOf []int32) []int32 {
	groups := make([]int32, 0, len(requirements))
	for _, q := range requirements {
		if g := groupOf[q]; g >= 0 {
			groups = append(groups, g)
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// link lists the bundles of each group.
func (out *reduced) link() {
	out.needers = make([][]int32, len(out.cost))
	for b, groups := range out.needs {
		for _, g := range groups {
			out.needers[g] = append(out.needers[g], int32(b))
		}
	}
}

// key is a list of indexes as a key of a map.
func key(indexes []int32) string {
	k := make([]byte, 0, 4*len(indexes))
	for _, i := range indexes {
		k = binary.LittleEndian.AppendUint32(k, uint32(i))
	}
	return string(k)
}
