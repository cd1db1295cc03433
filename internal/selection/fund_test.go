package selection

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// backlog is a list in which the second request blocks the cut line and two smaller ones share a prerequisite.
func backlog() []Request {
	return []Request{
		{ID: "a", Ref: "R-1", Rank: 1, Value: 20, Size: 4},
		{ID: "b", Ref: "R-2", Rank: 2, Value: 24, Size: 6},
		{ID: "c", Ref: "R-3", Rank: 3, Value: 3, Size: 3},
		{ID: "d", Ref: "R-4", Rank: 4, Value: 16, Size: 1.5, Needs: []string{"c"}},
		{ID: "e", Ref: "R-5", Rank: 5, Value: 16, Size: 1.5, Needs: []string{"c"}},
	}
}

func TestFundingBesideThePlainList(t *testing.T) {
	f, err := Fund(backlog(), 10, Options{})
	require.NoError(t, err)
	require.Equal(t, Sum{2, 44, 10}, f.List)
	require.Equal(t, 2, f.CutLine)
	require.Equal(t, Sum{4, 55, 10}, f.Set, "the shared prerequisite is paid for once")
	require.Equal(t, 11.0, f.Gain)
	require.True(t, f.Proven)
	require.Equal(t, f.Set.Value, f.Bound)
	require.Zero(t, f.Gap())
	require.Equal(t, []string{
		"The set: 4 requests worth 55 for 10 of 10 team-weeks. The plain list down to its cut line: 2 requests worth 44 for 10.",
		"The set gains 11: R-3, R-4 and R-5 instead of R-2.",
		"No set is worth more.",
		"One more team-week alone would bring nothing.",
	}, f.Words())
	var why []string
	for _, l := range f.Lines {
		why = append(why, strings.TrimSpace(l.Ref+" "+l.Why()))
	}
	require.Equal(t, []string{
		"R-1",
		"R-2 It brings 4 for each team-week; what takes its place brings 5.83.",
		"R-3 R-4 and R-5 need it.",
		"R-4 It brings 10.67 for each team-week; what leaves brings 4.",
		"R-5 It brings 10.67 for each team-week; what leaves brings 4.",
	}, why)
}

func TestOneMoreTeamWeek(t *testing.T) {
	f, err := Fund(backlog(), 9.5, Options{})
	require.NoError(t, err)
	require.Equal(t, 20.0+3+16, f.Set.Value) // and one of
	require.Equal(t, 16.0, f.OneMore.Gain)
	require.Len(t, f.OneMore.In, 1)
	require.Empty(t, f.OneMore.Out)
	require.Contains(t, f.Words()[3], "One more team-week would bring 16: R-")
	all, err := Fund(backlog(), 100, Options{})
	require.NoError(t, err)
	require.Zero(t, all.OneMore.Gain)
	require.Zero(t, all.Price)
	require.Equal(t, all.List, all.Set)
	require.Equal(t, "Set and list are the same.", all.Words()[1])
}

func TestWhatMustBeFundedComesFirstAndWhatHasBegunIsFree(t *testing.T) {
	requests := append(backlog(), Request{ID: "m", Ref: "R-6", Rank: 6, Size: 8, Must: true}, Request{ID: "n", Ref: "R-7", Rank: 7, Size: 5, Must: true})
	f, err := Fund(requests, 12, Options{})
	require.NoError(t, err)
	require.Equal(t, Sum{2, 20, 12}, f.Set) // R-7 does not fit beside R-6
	for i := range requests {
		requests[i].Begun = requests[i].ID == "c"
	}
	f, err = Fund(requests, 12, Options{})
	require.NoError(t, err)
	require.Equal(t, Sum{3, 32, 11}, f.Set) // which no longer pay for R-3
	require.Len(t, f.Lines, 6)
}

func TestReasonsForRoomAndForWhatFits(t *testing.T) {
	f, err := Fund([]Request{{ID: "a", Ref: "R-1", Rank: 1, Value: 21, Size: 6}, {ID: "b", Ref: "R-2", Rank: 2, Value: 17, Size: 5}, {ID: "c", Ref: "R-3", Rank: 3, Value: 16, Size: 5}}, 10, Options{})
	require.NoError(t, err)
	require.Equal(t, ReasonRoom, f.Lines[0].Reason)
	require.Equal(t, "It brings 3.5 for each team-week, but its 6 team-weeks leave too little room for others that bring more together.", f.Lines[0].Why())
	require.Equal(t, ReasonFits, f.Lines[1].Reason)
	require.Equal(t, "It fits in beside the others and adds 17.", f.Lines[1].Why())
}

func TestUnusableRequestsAreRefused(t *testing.T) {
	for want, c := range map[string]struct {
		requests []Request
		capacity float64
	}{
		"the prerequisites form a cycle: R-1 needs R-2 needs R-1":          {[]Request{{ID: "a", Ref: "R-1", Needs: []string{"b"}}, {ID: "b", Ref: "R-2", Needs: []string{"a"}}}, 1},
		`request R-1 needs "z", which is not among the requests`:           {[]Request{{ID: "a", Ref: "R-1", Needs: []string{"z"}}}, 1},
		"request R-1 is there twice":                                       {[]Request{{ID: "a", Ref: "R-1"}, {ID: "a", Ref: "R-1"}}, 1},
		"capacity must be a number of team-weeks from 0 to 1000000":        {nil, math.NaN()},
		"request R-1 has a value or a size that is no usable number":       {[]Request{{ID: "a", Ref: "R-1", Value: math.NaN()}}, 1},
		"request R-22 brings the sizes above 21474836 team-weeks in total": {many(30, 1e6), 1},
	} {
		_, err := Fund(c.requests, c.capacity, Options{})
		require.EqualError(t, err, want)
	}
}

func many(n int, size float64) []Request {
	var out []Request
	for i := range n {
		out = append(out, Request{ID: fmt.Sprint(i), Ref: fmt.Sprintf("R-%d", i+1), Rank: i + 1, Value: 1, Size: size})
	}
	return out
}

// backlogs draws backlogs small enough to enumerate; values are no round numbers.
func backlogs() *rapid.Generator[[]Request] {
	return rapid.Custom(func(t *rapid.T) []Request {
		requests := many(rapid.IntRange(0, 8).Draw(t, "requests"), 0)
		for i := range requests {
			r := &requests[i]
			r.Value = rapid.Float64Range(0, 1e6).Draw(t, "value")
			r.Size = float64(rapid.IntRange(0, 800).Draw(t, "size")) / 100
			r.Must = rapid.IntRange(0, 9).Draw(t, "must") == 0
			r.Begun = rapid.IntRange(0, 9).Draw(t, "begun") == 0
			if i > 0 {
				for _, n := range rapid.SliceOfN(rapid.IntRange(0, i-1), 0, 2).Draw(t, "needs") {
					r.Needs = append(r.Needs, fmt.Sprint(n))
				}
			}
		}
		return requests
	})
}

// mostValue is the value of the best set, by trying every set that has what musts takes.
func mostValue(requests []Request, capacity float64) float64 {
	f, err := newFund(requests, capacity)
	if err != nil {
		panic(err)
	}
	taken, _ := f.musts()
	best := 0.0
	for set := range 1 << len(requests) {
		value, size, ok := 0.0, int64(0), true
		for i, r := range f.requests {
			in := set>>i&1 == 1
			ok = ok && (in || !taken.in[i]) && !(in && r.Begun)
			if !in {
				continue
			}
			value, size = value+r.Value, size+f.size[i]
			for _, n := range f.needs[i] {
				ok = ok && set>>n&1 == 1
			}
		}
		if ok && size <= f.capacity {
			best = max(best, value)
		}
	}
	return best
}

func TestFundingIsTheBestSetAndTheBoundHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		requests := backlogs().Draw(t, "requests")
		capacity := float64(rapid.IntRange(0, 4000).Draw(t, "capacity")) / 100
		f, err := Fund(requests, capacity, Options{Work: little})
		require.NoError(t, err)
		best := mostValue(requests, capacity)
		require.InDelta(t, best, f.Set.Value, 0.001*float64(1+len(requests)))
		require.GreaterOrEqual(t, f.Bound, best)
		require.GreaterOrEqual(t, f.Gain, 0.0)
		require.LessOrEqual(t, f.Set.Size, capacity+1e-9)
		require.LessOrEqual(t, f.List.Size, capacity+1e-9)
		more, err := Fund(requests, capacity+1, Options{Work: little})
		require.NoError(t, err)
		if f.OneMore.Proven && !musts(requests) { // with more capacity another of what must be funded may fit
			require.InDelta(t, more.Set.Value-f.Set.Value, f.OneMore.Gain, 0.001*float64(2+len(requests)))
			require.GreaterOrEqual(t, f.OneMore.Gain, 0.0)
		}
		for _, l := range f.Lines {
			require.Equal(t, l.InSet == l.InList, l.Reason == "")
			require.Equal(t, l.Reason == "", l.Why() == "")
		}
	})
}

func musts(requests []Request) bool {
	for _, r := range requests {
		if r.Must {
			return true
		}
	}
	return false
}

func TestOrderOfTheRequestsChangesNoFunding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		requests := backlogs().Draw(t, "requests")
		a, err := Fund(requests, 12, Options{Work: little})
		require.NoError(t, err)
		b, err := Fund(rapid.Permutation(requests).Draw(t, "permuted"), 12, Options{Work: little})
		require.NoError(t, err)
		require.Equal(t, a, b)
	})
}

func TestMoneyOfAnySizeIsCounted(t *testing.T) {
	requests := many(20, 1)
	for i := range requests {
		requests[i].Value = 1e12 * float64(1+i%7)
	}
	f, err := Fund(requests, 5, Options{Work: little})
	require.NoError(t, err)
	require.InEpsilon(t, 32e12, f.Set.Value, 1e-9) // two of 7 and three of 6
	require.GreaterOrEqual(t, f.Bound, f.Set.Value)
}
