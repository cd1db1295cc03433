package selection

// Price is value per unit of cost, as the fraction Value/Cost.
type Price struct{ Value, Cost int64 }

// Float is the price as a floating-point number.
func (p Price) Float() float64 { return float64(p.Value) / float64(p.Cost) }

// line is what a set reaches as a function of the price: its profit minus the price of its cost.
type line struct{ profit, cost int64 }

// at is the line's value at the price, times the price's denominator.
func (l line) at(p Price) int64 { return p.Cost*l.profit - p.Value*l.cost }

// relaxation is the optimum of the Lagrangian relaxation of the budget: the price at which the bound is lowest, and the sets on both sides.
type relaxation struct {
	price  Price
	bound  int64  // no set within the budget has more profit
	within []bool // bundles of a best closure at the price that fits the budget
	beyond []bool // of one that does not; nil if everything fits
}

// relax finds the lowest bound by Newton's method: two sets, one within the budget and one beyond it, are two lines; the price at which they
// cross is tried next, and the best closure there replaces one of them, until it is not above the crossing. All is exact in integers: the sums of
// profits and costs are below 2³¹.
func relax(c *cut) relaxation {
	r := c.r
	all := make([]bool, len(r.profit))
	for b := range all {
		all[b] = true
	}
	low, high := line{}, r.line(all)
	if high.cost <= r.budget {
		return relaxation{bound: high.profit, within: all, price: Price{0, 1}}
	}
	out := relaxation{within: make([]bool, len(r.profit)), beyond: all}
	for {
		p := Price{high.profit - low.profit, high.cost - low.cost}
		if d := gcd(p.Value, p.Cost); d > 1 {
			p.Value, p.Cost = p.Value/d, p.Cost/d
		}
		set := c.closure(p)
		found := r.line(set)
		if found.at(p) <= low.at(p) {
			out.price = p
			out.bound = (low.at(p) + p.Value*r.budget) / p.Cost
			return out
		}
		if found.cost <= r.budget {
			low, out.within = found, set
		} else {
			high, out.beyond = found, set
		}
	}
}

// closure returns the bundles of a best closure at the price: the source's side of the minimum cut.
func (c *cut) closure(p Price) []bool {
	for b, profit := range c.r.profit {
		c.left[b] = profit * p.Cost
	}
	for g, cost := range c.r.cost {
		c.room[g] = cost * p.Value
	}
	c.solve()
	set := make([]bool, len(c.left))
	for b := range set {
		set[b] = c.level[b] > 0
	}
	return set
}

// line sums the profit of a set of bundles and the cost of the groups they need.
func (r *reduced) line(set []bool) line {
	var l line
	paid := make([]bool, len(r.cost))
	for b, in := range set {
		if !in {
			continue
		}
		l.profit += r.profit[b]
		for _, g := range r.needs[b] {
			if !paid[g] {
				paid[g] = true
				l.cost += r.cost[g]
			}
		}
	}
	return l
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
