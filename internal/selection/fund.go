package selection

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Request is one that may be funded.
type Request struct {
	ID    string
	Ref   string   // what sentences call it
	Rank  int      // its place in the plain list, from 1
	Value float64  // what the ranking's model says it is worth, ≥ 0
	Size  float64  // in team-weeks, ≥ 0; counted in hundredths, rounded up
	Must  bool     // is funded before everything else, whatever it is worth, while it fits
	Begun bool     // has been begun: costs nothing more, and what needs it may be funded
	Needs []string // ids of the requests that must be begun, or funded too
}

// Funding is the set of most value within a capacity, beside the plain list down to its cut line.
type Funding struct {
	Capacity float64
	Lines    []Line // every request that has not been begun, by rank
	Set      Sum
	List     Sum
	CutLine  int     // the rank of the last request that the plain list funds; 0: none
	Gain     float64 // what the set is worth more than the list, ≥ 0
	Bound    float64 // no set within the capacity is worth more
	Proven   bool    // no set is worth more
	Price    float64 // what a team-week is worth on average at this capacity, by the relaxation that the bound comes from
	OneMore  OneMore
}

// Sum is what some requests are together.
type Sum struct {
	Count       int
	Value, Size float64
}

// Line is one request in a funding.
type Line struct {
	Request
	InSet, InList bool
	Reason        Reason   // why the set differs from the list here; empty where it does not
	NeededBy      []string // with ReasonNeeded: the refs of those in the set that need it
	Rate          float64  // value for each team-week, prerequisites that it alone brings included
	Others        float64  // the rate of what leaves, or of what takes its place
}

// OneMore is what the search finds with one team-week more, starting from the set.
type OneMore struct {
	Gain    float64
	In, Out []string // refs of what joins the set and of what leaves it
	Proven  bool     // both sets are proven, so that exactly this is what a team-week brings
}

// Gap is the distance from the set's value to the bound, as a share of the bound.
func (f Funding) Gap() float64 {
	if f.Proven || f.Bound <= 0 {
		return 0
	}
	return max(0, (f.Bound-f.Set.Value)/f.Bound)
}

// parts is the number of parts in which a team-week is counted.
const parts = 100

// largestScale is the finest unit of value: a millionth.
const largestScale = 1e6

// fund is one question: its requests by rank, in whole units.
type fund struct {
	requests []Request
	byID     map[string]int
	needs    [][]int // indexes, without what has been begun
	size     []int64 // in hundredths of a team-week
	value    []int64 // in units of 1/scale
	scale    float64
	missed   float64 // by how much the true values exceed their whole units, in total
	capacity int64
}

// Fund returns the funding of a capacity. The order of the requests changes nothing. The error is a *Fault; a cycle of prerequisites is named.
func Fund(requests []Request, capacity float64, o Options) (Funding, error) {
	f, err := newFund(requests, capacity)
	if err != nil {
		return Funding{}, err
	}
	list := f.list()
	taken, left := f.musts()
	problem := f.problem(taken, left)
	o.Start = list.indexes()
	best, err := Solve(problem, o)
	if err != nil {
		return Funding{}, f.named(err)
	}
	problem.Budget += parts
	o.Start = best.Customers
	more, err := Solve(problem, o)
	if err != nil {
		return Funding{}, f.named(err)
	}
	return f.funding(list, best, more), nil
}

func newFund(requests []Request, capacity float64) (*fund, error) {
	f := &fund{byID: make(map[string]int, len(requests)), scale: largestScale}
	if !usable(capacity) {
		return nil, &Fault{"capacity", "must be a number of team-weeks from 0 to 1000000"}
	}
	f.capacity = int64(math.Floor(capacity*parts + 1e-6))
	f.requests = slices.Clone(requests)
	slices.SortStableFunc(f.requests, func(a, b Request) int { return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.ID, b.ID)) })
	var sum float64
	for i, r := range f.requests {
		if _, twice := f.byID[r.ID]; twice {
			return nil, &Fault{"request " + r.Ref, "is there twice"}
		}
		f.byID[r.ID] = i
		if !usable(r.Size) || !(r.Value >= 0) || r.Value > 1e15 {
			return nil, &Fault{"request " + r.Ref, "has a value or a size that is no usable number"}
		}
		sum += r.Value
	}
	for sum*f.scale+float64(len(requests)) > Total {
		f.scale /= 10
	}
	return f, f.count()
}

// usable reports whether a number of team-weeks can be counted.
func usable(x float64) bool { return x >= 0 && x <= 1e6 }

// count fills in the whole units and the prerequisites.
func (f *fund) count() error {
	var total int64
	for _, r := range f.requests {
		units := math.Round(r.Value * f.scale)
		f.missed += max(0, r.Value-units/f.scale)
		f.value = append(f.value, int64(units))
		f.size = append(f.size, int64(math.Ceil(r.Size*parts-1e-6)))
		if total += f.size[len(f.size)-1]; total > Total {
			return &Fault{"request " + r.Ref, fmt.Sprintf("brings the sizes above %d team-weeks in total", Total/parts)}
		}
		var needs []int
		for _, id := range r.Needs {
			n, ok := f.byID[id]
			if !ok {
				return &Fault{"request " + r.Ref, fmt.Sprintf("needs %q, which is not among the requests", id)}
			}
			if !f.requests[n].Begun {
				needs = append(needs, n)
			}
		}
		f.needs = append(f.needs, needs)
	}
	return nil
}

// picked is a set of requests that is closed under prerequisites.
type picked struct {
	f    *fund
	in   []bool
	size int64
}

// take adds request i and the prerequisites that are not in yet, if all fit, and reports whether they do.
func (p *picked) take(i int, capacity int64) bool {
	if p.in[i] || p.f.requests[i].Begun {
		return true
	}
	added := []int{i}
	seen := map[int]bool{i: true}
	size := p.size
	for k := 0; k < len(added); k++ {
		size += p.f.size[added[k]]
		for _, n := range p.f.needs[added[k]] {
			if !p.in[n] && !seen[n] {
				seen[n] = true
				added = append(added, n)
			}
		}
	}
	if size > capacity {
		return false
	}
	for _, a := range added {
		p.in[a] = true
	}
	p.size = size
	return true
}

func (p *picked) indexes() []int {
	var out []int
	for i, in := range p.in {
		if in {
			out = append(out, i)
		}
	}
	return out
}

// musts takes what must be funded, by rank, as far as it fits, and says what capacity is left.
func (f *fund) musts() (*picked, int64) {
	p := &picked{f: f, in: make([]bool, len(f.requests))}
	for i, r := range f.requests {
		if r.Must {
			p.take(i, f.capacity)
		}
	}
	return p, f.capacity - p.size
}

// list is the plain list down to its cut line: what must be funded, then by rank until the first request that does not fit with its prerequisites.
func (f *fund) list() *picked {
	p, _ := f.musts()
	for i, r := range f.requests {
		if !r.Must && !p.take(i, f.capacity) {
			break
		}
	}
	return p
}

// problem is the choice that is left once what must be funded is paid for: each request is a customer who wants itself.
func (f *fund) problem(taken *picked, left int64) Problem {
	p := Problem{Budget: left}
	for i, r := range f.requests {
		cost, profit := f.size[i], f.value[i]
		if taken.in[i] || r.Begun {
			cost = 0
		}
		if r.Begun {
			profit = 0
		}
		p.Requirements = append(p.Requirements, Requirement{cost, f.needs[i]})
		p.Customers = append(p.Customers, Customer{profit, []int{i}})
	}
	return p
}

// named words an error of Solve with the names of the requests.
func (f *fund) named(err error) error {
	c, ok := err.(*Cycle)
	if !ok {
		return err
	}
	var names []string
	for _, r := range append(slices.Clone(c.Requirements), c.Requirements[0]) {
		names = append(names, f.requests[r].Ref)
	}
	return &Fault{"the prerequisites", "form a cycle: " + strings.Join(names, " needs ")}
}
