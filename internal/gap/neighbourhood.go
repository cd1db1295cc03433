package gap

import (
	"cmp"
	"slices"
)

// neighbourhood improves an assignment by taking some jobs of a few agents out and placing them again in the best way, which a depth-first search
// finds: this fills the agents' rooms exactly, which single moves seldom do. Prices of the agents' rooms bound that search.
type neighbourhood struct {
	*search
	room   []float64 // prices
	warmth float64   // share of the heat that an assignment may be dearer
	size   int       // how many jobs are taken out; follows how hard the searches are
	nodes  int       // left of the present search

	chosen []int // agents
	left   []int64
	slots  []int
	free   []freeJob
	rest   []float64 // the least priced cost of the jobs from this depth on
	at     []int     // by depth: the place of the choice
	found  []int     // as at, of the best
	limit  float64   // priced cost that a better choice stays below
}

// freeJob is a job that is out, with the agents that may take it, the cheapest at the prices first.
type freeJob struct {
	job     int
	options []option
}

type option struct {
	agent  int // place in chosen
	priced float64
	weight int64
}

const (
	leastFree, mostFree = 6, 40
	nodesAtOnce         = 20_000
	// patience is after how many neighbourhoods for each job the search goes back to the best assignment.
	patience = 5
)

// refine searches neighbourhoods of the best assignment within some steps.
func (n *neighbourhood) refine(steps int64, done func() bool) {
	end, tries := n.steps+steps, 0
	for n.steps < end && !done() {
		if tries++; tries > patience*len(n.agent) {
			n.begin(n.best)
			tries = 0
		}
		n.choose()
		// A little dearer is taken too, so that the search leaves what single neighbourhoods cannot improve.
		n.limit += n.warmth * n.heat * n.rng.ExpFloat64()
		n.nodes = nodesAtOnce
		if n.limit > n.rest[0] && n.dive(0, 0) && n.found != nil {
			least := n.least
			n.apply()
			if n.least < least {
				tries = 0
			}
		}
		n.steps += int64(3*(nodesAtOnce-n.nodes)) + int64(20*len(n.free))
		switch {
		case n.nodes <= 0:
			n.size = max(leastFree, n.size-1)
		case n.nodes > nodesAtOnce*9/10 && n.rng.IntN(4) == 0:
			n.size = min(mostFree, n.size+1)
		}
	}
}

// choose picks agents and takes jobs of theirs out.
func (n *neighbourhood) choose() {
	agents := len(n.load)
	k := min(agents, 2+n.rng.IntN(6))
	n.chosen = append(n.chosen[:0], n.rng.IntN(agents))
	for len(n.chosen) < k {
		// A neighbour: an agent that some job of a chosen one could go to.
		list := n.jobs[n.chosen[n.rng.IntN(len(n.chosen))]]
		j := n.rng.IntN(agents)
		if len(list) > 0 {
			j = n.pick(list[n.rng.IntN(len(list))])
		}
		if slices.Contains(n.chosen, j) {
			if j = n.rng.IntN(agents); slices.Contains(n.chosen, j) {
				k--
				continue
			}
		}
		n.chosen = append(n.chosen, j)
	}
	var out []int
	for _, j := range n.chosen {
		out = append(out, n.jobs[j]...)
	}
	n.rng.Shuffle(len(out), func(a, b int) { out[a], out[b] = out[b], out[a] })
	n.takeOut(out[:min(n.size, len(out))])
}

func (n *neighbourhood) takeOut(out []int) {
	p := n.p
	n.left, n.slots = n.left[:0], n.slots[:0]
	for _, j := range n.chosen {
		n.left, n.slots = append(n.left, p.Room[j]-n.load[j]), append(n.slots, p.slots(j)-n.count[j])
	}
	n.limit = 0
	n.free = n.free[:0]
	for _, i := range out {
		at := slices.Index(n.chosen, n.agent[i])
		n.left[at] += p.Weight[i][n.agent[i]]
		n.slots[at]++
		f := freeJob{job: i}
		for k, j := range n.chosen {
			if p.able(i, j) {
				f.options = append(f.options, option{k, float64(p.Cost[i][j]) + n.room[j]*float64(p.Weight[i][j]), p.Weight[i][j]})
			}
		}
		slices.SortFunc(f.options, func(a, b option) int { return cmp.Or(cmp.Compare(a.priced, b.priced), cmp.Compare(a.agent, b.agent)) })
		n.free = append(n.free, f)
		n.limit += float64(p.Cost[i][n.agent[i]])
	}
	// A choice of a job costs its priced cost less the price of the room that it takes; all room that is left bounds that.
	for k, j := range n.chosen {
		n.limit += n.room[j] * float64(n.left[k])
	}
	regret := func(f freeJob) float64 {
		if len(f.options) < 2 {
			return 1e18
		}
		return f.options[1].priced - f.options[0].priced
	}
	slices.SortStableFunc(n.free, func(a, b freeJob) int { return cmp.Compare(regret(b), regret(a)) })
	n.rest = slices.Grow(n.rest[:0], len(n.free)+1)[:len(n.free)+1]
	n.rest[len(n.free)] = 0
	for d := len(n.free) - 1; d >= 0; d-- {
		n.rest[d] = n.rest[d+1] + n.free[d].options[0].priced
	}
	n.at, n.found = slices.Grow(n.at[:0], len(n.free))[:len(n.free)], nil
}

// dive tries the options of the job at this depth. It returns false when the nodes ran out and nothing was found.
func (n *neighbourhood) dive(depth int, priced float64) bool {
	if depth == len(n.free) {
		unused := 0.0
		for k, j := range n.chosen {
			unused += n.room[j] * float64(n.left[k])
		}
		if total := priced + unused; total < n.limit-1e-6 && !n.same() {
			n.limit, n.found = total, append(n.found[:0], n.at...)
		}
		return true
	}
	for place, o := range n.free[depth].options {
		if priced+o.priced+n.rest[depth+1] >= n.limit-1e-6 {
			break
		}
		if o.weight > n.left[o.agent] || n.slots[o.agent] == 0 {
			continue
		}
		if n.nodes--; n.nodes < 0 {
			return n.found != nil
		}
		n.left[o.agent] -= o.weight
		n.slots[o.agent]--
		n.at[depth] = place
		ok := n.dive(depth+1, priced+o.priced)
		n.left[o.agent] += o.weight
		n.slots[o.agent]++
		if !ok || n.nodes < 0 {
			return n.found != nil
		}
	}
	return true
}

// same reports whether every job goes back to where it was.
func (n *neighbourhood) same() bool {
	for d, place := range n.at {
		if n.chosen[n.free[d].options[place].agent] != n.agent[n.free[d].job] {
			return false
		}
	}
	return true
}

// apply places the jobs as the search found.
func (n *neighbourhood) apply() {
	for d, place := range n.found {
		i, from := n.free[d].job, n.agent[n.free[d].job]
		to := n.chosen[n.free[d].options[place].agent]
		if from == to {
			continue
		}
		n.add(from, -n.p.Weight[i][from], -1)
		n.add(to, n.p.Weight[i][to], 1)
		n.cost += n.p.Cost[i][to] - n.p.Cost[i][from]
		n.move(i, to)
	}
	n.keep()
}
