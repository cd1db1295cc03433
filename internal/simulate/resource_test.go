package simulate

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/priority"
)

// shared is a resource of which there is as much in every week.
func shared(id string, weeks int, amount float64) Resource {
	r := Resource{ID: id, Name: id}
	for range weeks {
		r.Weeks = append(r.Weeks, amount)
	}
	return r
}

// needing are requests, of which every third needs one of a resource.
func needing(list []Request, id string) []Request {
	for i := range list {
		if i%3 == 0 {
			list[i].Work.Resources = map[string]float64{id: 1}
		}
	}
	return list
}

// played is one run of the scenario in force.
func played(t *testing.T, in Input) *run {
	t.Helper()
	in = in.normal()
	require.NoError(t, in.check(in.Past.arrivals()))
	r := in.newRun(&in.Now, in.Past.paces(), in.drawn(in.Past.arrivals(), 1, 0), map[suit][]int{}, newTally(&in, &in.Now))
	require.NoError(t, r.all())
	return r
}

// roomy is a portfolio in which neither teams nor slots bind, so that nothing but a resource can make a request wait.
func roomy() Input {
	in := portfolio(12, 3, 20, 2, 31)
	in.Past.Requests, in.Backlog = needing(in.Past.Requests, "staging"), needing(in.Backlog, "staging")
	for k := range in.Now.Teams {
		t := &in.Now.Teams[k]
		t.WIPLimit, t.Skills = 0, map[string]int{"go": 2, "web": 2, "data": 2, "ops": 2, "payments": 2}
		for w := range t.Weeks {
			t.Capacity, t.Weeks[w].Capacity = 10_000, 10_000
		}
	}
	slots := 10_000
	in.Now.Limits.Portfolio = &slots
	return in
}

// TestAResourceThatBindsDelaysWhatNeedsIt, and nothing else; one of which there is enough delays nothing.
func TestAResourceThatBindsDelaysWhatNeedsIt(t *testing.T) {
	plenty, scarce := roomy(), roomy()
	plenty.Resources, scarce.Resources = []Resource{shared("staging", 20, 1000)}, []Resource{shared("staging", 20, 1)}
	before, after := played(t, plenty), played(t, scarce)
	delayed, need := 0, 0
	for i := range before.jobs {
		was, is := &before.jobs[i], &after.jobs[i]
		require.Equal(t, was.item.ID, is.item.ID)
		if len(was.shared) == 0 {
			require.Equal(t, was.since, is.since, "%s needs none of it", was.item.ID)
			continue
		}
		need++
		require.True(t, is.at == waiting || is.since >= was.since)
		if is.at == waiting || is.since > was.since {
			delayed++
		}
	}
	require.Greater(t, need, 10)
	require.Greater(t, delayed, 5)
}

// TestNoMoreOfAResourceIsUsedThanThereIs on any day, also where a week has less.
func TestNoMoreOfAResourceIsUsedThanThereIs(t *testing.T) {
	in := roomy()
	in.Resources = []Resource{shared("staging", 20, 2)}
	in.Resources[0].Weeks[6], in.Resources[0].Weeks[7] = 0, 0
	in = in.normal()
	r := in.newRun(&in.Now, in.Past.paces(), in.drawn(in.Past.arrivals(), 1, 0), map[suit][]int{}, newTally(&in, &in.Now))
	used := 0.0
	for ; r.day < 7*in.Weeks; r.day++ {
		before := r.used[0]
		require.NoError(t, r.today())
		require.LessOrEqual(t, r.used[0], max(2, before))
		if w := r.week(); w == 6 || w == 7 {
			require.LessOrEqual(t, r.used[0], before, "nothing that needs it begins")
		}
		used = max(used, r.used[0])
	}
	require.Equal(t, 2.0, used)

	in.Runs = 10
	got := simulated(t, in).Now.Resources[0]
	require.Equal(t, "staging", got.ID)
	require.Len(t, got.Weeks, 20)
	require.Equal(t, 2.0, got.Weeks[5].Amount)
	require.Zero(t, got.Weeks[6].Amount)
	require.LessOrEqual(t, got.Weeks[5].Used.P85, 2.0)
	require.Greater(t, got.Weeks[19].Waiting.P85, 1.0, "it binds")
	require.GreaterOrEqual(t, got.Weeks[19].Waiting.P85, got.Weeks[19].Waiting.P50)
}

// TestWithoutAResourceNothingChanges: needs of resources that there are not make no past request differ, and one that waits for such a resource waits on.
func TestWithoutAResourceNothingChanges(t *testing.T) {
	plain := portfolio(30, 3, 12, 3, 32)
	plain.Runs = 10
	with := portfolio(30, 3, 12, 3, 32)
	with.Runs, with.Past.Requests = 10, needing(with.Past.Requests, "gone")
	require.Equal(t, simulated(t, plain), simulated(t, with))

	with.Backlog[0].Work.Resources = map[string]float64{"gone": 1}
	with.ForTeam = []Request{request("asked", priority.Standard, 20, 1, -9)}
	with.ForTeam[0].Work.Resources = map[string]float64{"gone": 1}
	r := played(t, with)
	require.Equal(t, waiting, r.byID[with.Backlog[0].Item.ID].at)
	require.Equal(t, waiting, r.byID["asked"].at, "it gives its slot back")
}

// TestWhatIsHeldUsesItsResources until it is delivered.
func TestWhatIsHeldUsesItsResources(t *testing.T) {
	in := roomy()
	in.Resources = []Resource{shared("staging", 20, 1)}
	in.Held[0].Work.Resources = map[string]float64{"staging": 1}
	r := played(t, in)
	held := r.byID[in.Held[0].Item.ID]
	for i := range r.jobs {
		if j := &r.jobs[i]; j != held && len(j.shared) > 0 && j.at != waiting && j.at != coming {
			require.GreaterOrEqual(t, j.since, float64(int(held.end)), j.item.ID)
		}
	}
}

// TestAResourceNeedsAllWeeks: what is not known of a week is refused.
func TestAResourceNeedsAllWeeks(t *testing.T) {
	in := roomy()
	in.Resources = []Resource{shared("staging", 19, 1)}
	_, err := Simulate(context.Background(), in)
	require.ErrorContains(t, err, "staging")
}

// TestKindsUseTheReserve where the policy names them, and begin sooner than where it does not.
func TestKindsUseTheReserve(t *testing.T) {
	in := portfolio(60, 2, 20, 3, 33)
	for i := range in.Backlog {
		if i%4 == 0 {
			in.Backlog[i].Kind = "bug"
		}
	}
	in.Now.Assign.Reserve = 0.3
	in.Runs = 20
	then := in.Now
	then.ReserveKinds = []string{"bug"}
	in.Then = &then
	got := simulated(t, in)
	require.Greater(t, got.Then.Delivered.P50, got.Now.Delivered.P50, "the reserve is used by more")
	in.Now.ReserveKinds = []string{"bug"}
	r := played(t, in)
	for i := range r.jobs {
		require.Equal(t, r.jobs[i].sort == "bug", r.jobs[i].work.Urgent)
	}
}
