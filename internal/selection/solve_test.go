package selection

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// problems draws problems small enough to enumerate. A requirement needs only earlier ones, so there is no cycle.
func problems(most int) *rapid.Generator[Problem] {
	return rapid.Custom(func(t *rapid.T) Problem {
		p := Problem{Requirements: make([]Requirement, rapid.IntRange(0, most).Draw(t, "requirements"))}
		total := int64(0)
		for i := range p.Requirements {
			p.Requirements[i].Cost = rapid.Int64Range(0, 9).Draw(t, "cost")
			total += p.Requirements[i].Cost
			if i > 0 {
				p.Requirements[i].Needs = rapid.SliceOfN(rapid.IntRange(0, i-1), 0, 2).Draw(t, "needs")
			}
		}
		p.Customers = make([]Customer, rapid.IntRange(0, most).Draw(t, "customers"))
		for i := range p.Customers {
			p.Customers[i].Profit = rapid.Int64Range(0, 20).Draw(t, "profit")
			if len(p.Requirements) > 0 {
				p.Customers[i].Wants = rapid.SliceOfN(rapid.IntRange(0, len(p.Requirements)-1), 0, 3).Draw(t, "wants")
			}
		}
		p.Budget = rapid.Int64Range(0, total+2).Draw(t, "budget")
		return p
	})
}

// enumerate returns the highest profit, by trying every set of customers.
func enumerate(p Problem) int64 {
	best := int64(0)
	in := make([]bool, len(p.Customers))
	for set := range 1 << len(p.Customers) {
		for c := range in {
			in[c] = set>>c&1 == 1
		}
		if s := p.solution(in); s.Cost <= p.Budget {
			best = max(best, s.Profit)
		}
	}
	return best
}

// valid requires that the set is what it says: closed under prerequisites, within the budget, its sums right.
func valid(t require.TestingT, p Problem, s Solution) {
	var cost, profit int64
	for _, r := range s.Requirements {
		cost += p.Requirements[r].Cost
		for _, n := range p.Requirements[r].Needs {
			require.Contains(t, s.Requirements, n)
		}
	}
	for _, c := range s.Customers {
		profit += p.Customers[c].Profit
		for _, r := range p.Customers[c].Wants {
			require.Contains(t, s.Requirements, r)
		}
	}
	require.Equal(t, cost, s.Cost)
	require.Equal(t, profit, s.Profit)
	require.LessOrEqual(t, s.Cost, p.Budget)
	require.GreaterOrEqual(t, s.Bound, s.Profit)
}

const little = 200_000 // steps that suffice to prove a problem of this size

func TestSmallProblemsAreSolvedToTheOptimum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := problems(9).Draw(t, "problem")
		s, err := Solve(p, Options{Work: little})
		require.NoError(t, err)
		valid(t, p, s)
		require.Equal(t, enumerate(p), s.Profit)
		require.True(t, s.Proven())
	})
}

func TestBoundHoldsWhenTheSearchIsCutShort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := problems(9).Draw(t, "problem")
		left := rapid.IntRange(0, 3).Draw(t, "stopped after")
		s, err := Solve(p, Options{Work: 1 + rapid.Int64Range(0, 3000).Draw(t, "work"), Stop: func() bool { left--; return left < 0 }})
		require.NoError(t, err)
		valid(t, p, s)
		require.GreaterOrEqual(t, s.Bound, enumerate(p))
	})
}

func TestMoreBudgetNeverLowersTheProfit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := problems(9).Draw(t, "problem")
		less, err := Solve(p, Options{Work: little})
		require.NoError(t, err)
		p.Budget += rapid.Int64Range(0, 10).Draw(t, "more")
		more, err := Solve(p, Options{Work: little})
		require.NoError(t, err)
		require.GreaterOrEqual(t, more.Profit, less.Profit)
	})
}

// TestOrderOfTheInputChangesNothing uses a work limit that leaves most of these problems unproven, so that the search itself is compared.
func TestOrderOfTheInputChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := large(rapid.Uint64().Draw(t, "seed"))
		a, err := Solve(p, Options{Work: little})
		require.NoError(t, err)
		b, err := Solve(permuted(p, rapid.Uint64().Draw(t, "order")), Options{Work: little})
		require.NoError(t, err)
		require.Equal(t, a.Profit, b.Profit)
		require.Equal(t, a.Bound, b.Bound)
	})
}

// large is a problem of 120 customers with shared prerequisites.
func large(seed uint64) Problem {
	x := random(seed)
	p := Problem{Requirements: make([]Requirement, 150), Customers: make([]Customer, 120), Budget: 200}
	for i := range p.Requirements {
		p.Requirements[i].Cost = 1 + int64(x.below(9))
		if i >= 30 {
			p.Requirements[i].Needs = []int{int(x.below(30)), int(x.below(30))}
		}
	}
	for i := range p.Customers {
		p.Customers[i].Profit = 10 + int64(x.below(40))
		for range 1 + x.below(4) {
			p.Customers[i].Wants = append(p.Customers[i].Wants, int(x.below(150)))
		}
	}
	return p
}

func permuted(p Problem, seed uint64) Problem {
	x := random(seed)
	shuffle := func(n int) []int {
		order := make([]int, n)
		for i := range order {
			order[i] = i
			j := x.below(i + 1)
			order[i], order[j] = order[j], order[i]
		}
		return order
	}
	to, customers := shuffle(len(p.Requirements)), shuffle(len(p.Customers))
	renamed := func(rs []int) []int {
		out := make([]int, 0, len(rs))
		for _, r := range slices.Backward(rs) {
			out = append(out, to[r])
		}
		return out
	}
	out := Problem{Requirements: make([]Requirement, len(to)), Customers: make([]Customer, len(customers)), Budget: p.Budget}
	for i, r := range p.Requirements {
		out.Requirements[to[i]] = Requirement{r.Cost, renamed(r.Needs)}
	}
	for i, c := range p.Customers {
		out.Customers[customers[i]] = Customer{c.Profit, renamed(c.Wants)}
	}
	return out
}

func TestSameProblemSameAnswer(t *testing.T) {
	p := large(1)
	a, err := Solve(p, Options{Work: 10 * little})
	require.NoError(t, err)
	valid(t, p, a)
	b, err := Solve(p, Options{Work: 10 * little})
	require.NoError(t, err)
	require.Equal(t, a, b)
}

func TestSharedPrerequisiteIsPaidForOnce(t *testing.T) {
	p := Problem{
		Requirements: []Requirement{{Cost: 6}, {Cost: 1, Needs: []int{0}}, {Cost: 1, Needs: []int{0}}, {Cost: 3}},
		Customers:    []Customer{{5, []int{1}}, {5, []int{2}}, {8, []int{3}}},
		Budget:       8,
	}
	s, err := Solve(p, Options{})
	require.NoError(t, err)
	require.Equal(t, []int{0, 1}, s.Customers) // 6 + 1 + 1; counted twice the prerequisite would leave only customer 2
	require.Equal(t, []int{0, 1, 2}, s.Requirements)
	require.Equal(t, int64(8), s.Cost)
	require.True(t, s.Proven())
}

func TestAnswerNeverFallsBelowTheStart(t *testing.T) {
	p := large(2)
	full, err := Solve(p, Options{Work: 50 * little})
	require.NoError(t, err)
	s, err := Solve(p, Options{Work: 1, Start: full.Customers})
	require.NoError(t, err)
	require.GreaterOrEqual(t, s.Profit, full.Profit)
	s, err = Solve(p, Options{Work: 1, Start: []int{-1, 500}})
	require.NoError(t, err)
	valid(t, p, s)
	p.Budget = 0
	s, err = Solve(p, Options{Work: 1, Start: full.Customers})
	require.NoError(t, err)
	require.Zero(t, s.Profit)
}

func TestUnusableProblemsAreRefused(t *testing.T) {
	one := []Requirement{{Cost: 1}}
	for want, p := range map[string]Problem{
		"budget must not be below 0":                                                            {Budget: -1},
		"requirement 1 names requirement 2 of 1":                                                {Requirements: []Requirement{{Needs: []int{1}}}},
		"customer 1 names requirement 0 of 1":                                                   {Requirements: one, Customers: []Customer{{1, []int{-1}}}},
		"the prerequisites form a cycle: 2 needs 3 needs 2":                                     {Requirements: []Requirement{{1, []int{1}}, {1, []int{2}}, {1, []int{1}}}},
		"the prerequisites form a cycle: 1 needs 1":                                             {Requirements: []Requirement{{1, []int{0}}}},
		"requirement 2 has cost 1: costs must not be below 0, nor exceed 2147483647 in total":   {Requirements: []Requirement{{Cost: Total}, {Cost: 1}}},
		"customer 1 has profit -1: profits must not be below 0, nor exceed 2147483647 in total": {Customers: []Customer{{-1, nil}}},
	} {
		_, err := Solve(p, Options{})
		require.EqualError(t, err, want)
	}
}

// TestExactAtTheHighestNumbers holds that nothing overflows where sums of costs and profits are as high as they may be.
func TestExactAtTheHighestNumbers(t *testing.T) {
	p := Problem{Budget: Total / 2}
	for i := range 10 {
		p.Requirements = append(p.Requirements, Requirement{Cost: Total/10 - int64(i)})
		p.Customers = append(p.Customers, Customer{Total/10 - int64(i*i), []int{i}})
	}
	s, err := Solve(p, Options{Work: little})
	require.NoError(t, err)
	valid(t, p, s)
	require.Equal(t, enumerate(p), s.Profit)
	require.True(t, s.Proven())
}

func TestDeepPrerequisitesAreRefusedBeforeTheyFillTheMemory(t *testing.T) {
	p := Problem{Requirements: make([]Requirement, 10_000), Customers: make([]Customer, 10_000), Budget: 5}
	for i := range p.Requirements {
		p.Requirements[i].Cost = 1
		if i > 0 {
			p.Requirements[i].Needs = []int{i - 1}
		}
		p.Customers[i] = Customer{1, []int{i}}
	}
	_, err := Solve(p, Options{})
	require.ErrorContains(t, err, "too large")
}
