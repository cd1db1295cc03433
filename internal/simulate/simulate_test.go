package simulate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/assign"
	"leanpmo/internal/priority"
)

// TestSameInputSameAnswer: in whatever order the inputs come.
func TestSameInputSameAnswer(t *testing.T) {
	in := portfolio(30, 4, 12, 3, 5)
	in.Runs = 20
	first := simulated(t, in)
	require.Equal(t, first, simulated(t, in))
	other := in
	other.Past.Requests, other.Past.Cycles = slices.Clone(in.Past.Requests), slices.Clone(in.Past.Cycles)
	other.Backlog, other.Held, other.Now.Teams = slices.Clone(in.Backlog), slices.Clone(in.Held), slices.Clone(in.Now.Teams)
	slices.Reverse(other.Past.Requests)
	slices.Reverse(other.Past.Cycles)
	slices.Reverse(other.Backlog)
	slices.Reverse(other.Held)
	slices.Reverse(other.Now.Teams)
	require.Equal(t, first, simulated(t, other))
	require.Positive(t, first.Now.Value.P50)
	require.LessOrEqual(t, first.Now.Value.P85, first.Now.Value.P50, "in 85 of 100 runs it is as much or more")
	require.GreaterOrEqual(t, first.Now.Weeks[11].Backlog.P85, first.Now.Weeks[11].Backlog.P50)
}

// TestTheSameScenarioDiffersInNothing: both sides have the same random numbers.
func TestTheSameScenarioDiffersInNothing(t *testing.T) {
	in := portfolio(30, 4, 12, 3, 6)
	in.Runs, in.Then = 20, &in.Now
	got := simulated(t, in)
	require.Equal(t, got.Now, *got.Then)
	require.Equal(t, Change{}, got.Difference.Value)
	in.Then = nil
	require.Equal(t, got.Now, simulated(t, in).Now, "what is compared does not change the baseline")
}

// TestATeamMoreDeliversNoLess on portfolios of several kinds.
func TestATeamMoreDeliversNoLess(t *testing.T) {
	for seed := range uint64(3) {
		in := portfolio(40, 3, 26, 3, seed)
		in.Runs = 20
		then := in.Now
		then.Teams = append(slices.Clone(in.Now.Teams), team("zz", in.Weeks, 8, map[string]int{"go": 3, "web": 3, "data": 3, "ops": 3, "payments": 3}))
		limit := 100
		then.Limits.Portfolio = &limit
		in.Now.Limits.Portfolio = &limit
		in.Then = &then
		got := simulated(t, in)
		require.GreaterOrEqual(t, got.Difference.Value.Mean, 0.0, "seed %d", seed)
		require.LessOrEqual(t, got.Then.Backlog.P50, got.Now.Backlog.P50)
	}
}

// TestLittlesLaw: in a stable portfolio, what is in work is the rate times the time that it takes.
func TestLittlesLaw(t *testing.T) {
	in := portfolio(0, 5, 300, 2, 9)
	for k := range in.Now.Teams {
		in.Now.Teams[k].Skills = map[string]int{"go": 2, "web": 2, "data": 2, "ops": 2, "payments": 2}
	}
	in.Runs = 10
	got := simulated(t, in)
	days, n := 0.0, 0.0
	for _, c := range got.Now.Classes {
		days, n = days+c.Work*c.Delivered, n+c.Delivered
	}
	require.InEpsilon(t, got.Now.Rate*days/n/7, got.Now.WIP, 0.03)
	require.Less(t, got.Now.Backlog.P50, 20.0, "it is stable")
}

// TestOneTeamWaitsAsKingmanSays, over so many weeks that the empty begin weighs little: one request at a time, arrivals of single requests in independent weeks, exponential times.
func TestOneTeamWaitsAsKingmanSays(t *testing.T) {
	const serve = 63.0 // days
	in := Input{At: at, Weeks: 3000, Runs: 120, Work: math.MaxInt64 / 2, Past: Past{From: at.AddDate(0, 0, -7*400), Until: at}}
	for i := range 20 { // of 400 weeks
		in.Past.Requests = append(in.Past.Requests, request(string(rune('a'+i)), priority.Standard, 1, 1, float64(-7*(1+20*i))+1))
	}
	in.Past.Requests[19].Arrived = in.Past.From // so that it is 400 weeks; it is before the first whole one
	times, cs2 := quantiles(500, serve)
	for _, d := range times {
		in.Past.Cycles = append(in.Past.Cycles, Cycle{Days: d})
	}
	one := team("one", in.Weeks, 100, nil)
	one.WIPLimit = 1
	in.Now = scenario(1000, one)
	got := simulated(t, in)
	require.Equal(t, 400, got.Basis.Weeks)
	perWeek := got.Basis.PerWeek
	require.InDelta(t, 19.0/400, perWeek, 1e-9)
	want := assign.Kingman(perWeek*serve/7, 1-perWeek, cs2, serve) // the weeks between arrivals are geometrically distributed
	require.InEpsilon(t, want, got.Now.Classes[2].MeanWait, 0.1)
}

// TestNoLimitIsBroken on any day: ceilings, WIP limits of teams, slots, skills.
func TestNoLimitIsBroken(t *testing.T) {
	in := portfolio(60, 4, 20, 4, 11)
	two := 2
	in.Now.Limits.Classes = map[priority.Class]priority.ClassLimit{priority.Intangible: {Max: &two, Reserved: 1}}
	for w := range in.Now.Teams[0].Weeks { // away in June
		if w > 8 && w < 13 {
			in.Now.Teams[0].Weeks[w] = Week{}
		}
	}
	in = in.normal()
	seed, err := in.seed()
	require.NoError(t, err)
	for n := range 5 {
		out := newTally(&in, &in.Now)
		r := in.newRun(&in.Now, in.Past.paces(), in.drawn(in.Past.arrivals(), seed, n), map[suit][]int{}, out)
		began := 0
		for ; r.day < 7*in.Weeks; r.day++ {
			before := slices.Clone(r.teams)
			require.NoError(t, r.today())
			began += limitsKept(t, r, before)
		}
		require.Greater(t, began, 20)
	}
}

func limitsKept(t *testing.T, r *run, before []assign.Team) (began int) {
	wip, load, count := priority.WIP{}, make([]float64, len(r.teams)), make([]int, len(r.teams))
	grown := make([]bool, len(r.teams))
	for i := range r.jobs[:r.next] {
		j := &r.jobs[i]
		today := j.at == inWork || j.at == delivered && int(j.end) == r.day
		if today {
			wip[j.item.Class]++
		}
		if j.parts[0].team != nobody && j.since == float64(r.day) {
			began++
		}
		for i, work := range j.work.Parts() {
			p := j.parts[i]
			if today {
				load[p.team], count[p.team] = load[p.team]+p.size, count[p.team]+1
			}
			if p.team != nobody && j.since == float64(r.day) {
				grown[p.team] = true
				require.True(t, assign.Suits(work, r.s.Teams[p.team].Team, r.s.Assign))
			}
		}
	}
	total := wip[priority.FixedDate] + wip[priority.Standard] + wip[priority.Intangible]
	require.LessOrEqual(t, total, *r.s.Limits.Portfolio)
	if began > 0 {
		require.LessOrEqual(t, wip[priority.Intangible], max(2, 4), "those held at the begin, and its own limit")
	}
	for k := range r.teams {
		if !grown[k] {
			continue
		}
		w := r.s.Teams[k].Weeks[r.week()]
		require.LessOrEqual(t, load[k], w.Capacity*r.s.Assign.LoadCeiling+1e-6, "%s on day %d, before %v", r.teams[k].ID, r.day, before[k].Load)
		require.LessOrEqual(t, count[k], r.teams[k].WIPLimit)
	}
	return began
}

func TestAThinPastIsRefused(t *testing.T) {
	for name, change := range map[string]func(*Input){
		"no request":           func(in *Input) { in.Past.Requests = nil },
		"nine requests":        func(in *Input) { in.Past.Requests = in.Past.Requests[:9] },
		"nine finished":        func(in *Input) { in.Past.Cycles = in.Past.Cycles[:9] },
		"three weeks":          func(in *Input) { in.Past.From = at.AddDate(0, 0, -21) },
		"nothing is in reach":  func(in *Input) { in.Past.From, in.Past.Until = at, at },
		"nothing at all":       func(in *Input) { in.Past = Past{} },
		"arrivals not in time": func(in *Input) { in.Past.Until = in.Past.From },
	} {
		t.Run(name, func(t *testing.T) {
			in := portfolio(5, 3, 12, 4, 3)
			change(&in)
			_, err := Simulate(context.Background(), in)
			var thin *ThinError
			require.True(t, errors.As(err, &thin), "%v", err)
			require.Contains(t, thin.Error(), "needed")
			require.Less(t, thin.Have, thin.Needed)
		})
	}
}

func TestAnEmptyBacklogAndNoTeamAreAnswered(t *testing.T) {
	in := portfolio(0, 3, 8, 4, 3)
	in.Held, in.Runs = nil, 20
	require.Positive(t, simulated(t, in).Now.Delivered.P50)
	in.Now.Teams = nil
	got := simulated(t, in)
	require.Zero(t, got.Now.Delivered.P50)
	require.Positive(t, got.Now.Backlog.P50)
}

// TestTheBetterOrderDeliversMoreValue: the same random numbers, and the order is all that differs.
func TestTheBetterOrderDeliversMoreValue(t *testing.T) {
	in := portfolio(80, 2, 26, 4, 21)
	then := in.Now
	then.Scoring.Weights = priority.Weights{RiskReduction: 1} // all have the same
	in.Runs, in.Then = 30, &then
	got := simulated(t, in)
	require.Negative(t, got.Difference.Value.Mean)
	require.Less(t, got.Difference.Value.More, 0.2)
}

// TestWhatIsAbsentWorksSlower, and so less is finished.
func TestWhatIsAbsentWorksSlower(t *testing.T) {
	in := portfolio(80, 2, 26, 4, 22)
	then := in.Now
	then.Teams = slices.Clone(then.Teams)
	for k := range then.Teams {
		then.Teams[k].Weeks = slices.Clone(then.Teams[k].Weeks)
		for w := range 8 {
			then.Teams[k].Weeks[w] = Week{}
		}
	}
	in.Runs, in.Then = 20, &then
	got := simulated(t, in)
	require.Zero(t, got.Then.Weeks[7].Value.P50, "nobody works in the first eight weeks")
	require.Positive(t, got.Now.Weeks[7].Value.P50)
	require.Equal(t, 1.0, 1-got.Difference.Value.More)
}

// TestAFasterTeamHoldsMore of what it gets from now on, and what it holds already keeps what it took.
func TestAFasterTeamHoldsMore(t *testing.T) {
	in := portfolio(80, 2, 20, 4, 23)
	then := in.Now
	then.Teams = slices.Clone(then.Teams)
	for k := range then.Teams {
		then.Teams[k].Pace, then.Teams[k].WIPLimit, in.Now.Teams[k].WIPLimit = 2, 0, 0
	}
	slots := 1000
	in.Now.Limits.Portfolio, then.Limits.Portfolio = &slots, &slots
	in.Runs, in.Then = 20, &then
	in.Held[0].Work.Size = 3
	got := simulated(t, in)
	require.Greater(t, got.Then.WIP, 1.3*got.Now.WIP)
	require.Positive(t, got.Difference.Value.Mean)
	in.Now = then
	in = in.normal()
	r := in.newRun(&in.Now, in.Past.paces(), in.drawn(in.Past.arrivals(), 1, 0), map[suit][]int{}, newTally(&in, &in.Now))
	require.InDelta(t, 3, r.teams[0].Load, 1e-9)
}

// TestNeedsHoldBack until what is needed is as far as the policy wants it.
func TestNeedsHoldBack(t *testing.T) {
	in := portfolio(0, 3, 26, 4, 4)
	in.Held = nil
	first, second := request("first", priority.Standard, 1, 1, -5, "go"), request("second", priority.Expedite, 20, 1, -5, "go")
	first.Work.Size, second.Pending = 1, []string{"first", "elsewhere"}
	in.Backlog = []Request{first, second}
	in = in.normal()
	begin := func(rule Begin) float64 {
		in.Now.Needs = rule
		r := in.newRun(&in.Now, in.Past.paces(), in.drawn(in.Past.arrivals(), 1, 0), map[suit][]int{}, newTally(&in, &in.Now))
		require.NoError(t, r.all())
		return r.byID["second"].since
	}
	require.Zero(t, begin(NeedsIgnored))
	require.Greater(t, begin(NeedsDelivered), begin(NeedsBegun))
}

// TestNothingWaitsLessThanNothing, also where a request says that it was submitted after it came into the backlog.
func TestNothingWaitsLessThanNothing(t *testing.T) {
	in := portfolio(10, 3, 8, 4, 3)
	in.Runs = 10
	for i := range in.Past.Requests {
		in.Past.Requests[i].Item.SubmittedAt = at
	}
	for _, c := range simulated(t, in).Now.Classes {
		require.GreaterOrEqual(t, c.Start.P50, 0.0)
		require.GreaterOrEqual(t, c.End.P50, 0.0)
	}
}

func TestWhatIsLeftOfWork(t *testing.T) {
	days := []float64{1, 2, 4, 8}
	require.Equal(t, 1.0, left(days, 0, 0))
	require.Equal(t, 2.0, left(days, 2, 0), "only what took longer counts")
	require.Equal(t, 6.0, left(days, 2, 0.99))
	require.Equal(t, 1.0, left(days, 9, 0), "older than all: as long again")
	rng := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		require.GreaterOrEqual(t, left(days, 10*rng.Float64(), rng.Float64()), 0.0)
	}
}

// TestWorkLimitsTheRuns: they are counted, so the same question has as many; what is too much even for a few is refused.
func TestWorkLimitsTheRuns(t *testing.T) {
	in := portfolio(30, 4, 26, 3, 3)
	in.Work = 150_000_000
	got := simulated(t, in)
	require.Greater(t, got.Runs, LeastRuns)
	require.Less(t, got.Runs, DefaultRuns)
	require.Equal(t, got.Runs, simulated(t, in).Runs)
	in.Work = 1_000_000
	_, err := Simulate(context.Background(), in)
	require.ErrorIs(t, err, ErrTooMuch)
}

func TestCanBeCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Simulate(ctx, portfolio(5, 3, 12, 4, 3))
	require.ErrorIs(t, err, context.Canceled)
}

// BenchmarkHalfAYear is 500 that wait, 20 teams and 26 weeks, both sides of a comparison.
func BenchmarkHalfAYear(b *testing.B) {
	in := portfolio(500, 20, 26, 10, 1)
	then := in.Now
	then.Scoring.Weights = priority.Weights{BusinessValue: 1}
	in.Then = &then
	var got Result
	for b.Loop() {
		got = simulated(b, in)
	}
	b.ReportMetric(float64(got.Runs), "runs")
}
