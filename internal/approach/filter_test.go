package approach

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func ptr[T any](v T) *T { return &v }

func nine(vs ...float64) (a [9]*float64) {
	for i := range vs {
		a[i] = &vs[i]
	}
	return a
}

func TestSuitabilityWorkedExamples(t *testing.T) {
	drug := Suitability(nine(1, 1, 1, 1, 1, 1, 1, 5, 1), Policy{})
	require.InDelta(t, 1.44, drug.Mean, 0.005)
	require.Equal(t, ZoneAgile, drug.Zone)
	require.Equal(t, 5.0, drug.Max)
	require.Equal(t, []string{"criticality"}, drug.Risks, "the one flag")

	military := Suitability(nine(10, 5, 10, 10, 1, 8, 10, 10, 7), Policy{})
	require.InDelta(t, 7.89, military.Mean, 0.005)
	require.Equal(t, ZonePredictive, military.Zone)
	require.Equal(t, []string{"experience"}, military.Inner, "the lone inner point")
	require.Empty(t, military.Risks)
}

func TestSuitabilityCutsAndGaps(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want Zone
	}{{3.5, ZoneAgile}, {3.6, ZoneHybrid}, {6.5, ZoneHybrid}, {6.6, ZonePredictive}} {
		require.Equal(t, c.want, Suitability(nine(c.v, c.v, c.v, c.v, c.v), Policy{}).Zone)
	}
	few := Suitability(nine(1, 1, 1, 10), Policy{})
	require.Equal(t, ZoneUnknown, few.Zone, "four answers are too few")
	require.Equal(t, 4, few.Known)
	require.Nil(t, few.Answers[8].Score)
	require.Equal(t, []string{"people"}, few.Risks, "an extreme is never averaged away")
	require.Zero(t, Suitability([9]*float64{}, Policy{}).Mean)
}

func TestEncodingOfAnswers(t *testing.T) {
	for _, c := range []struct {
		got  *float64
		want float64
	}{
		{crowd(ptr(9.0)), 1}, {crowd(ptr(10.0)), 2}, {crowd(ptr(30.0)), 3}, {crowd(ptr(45.0)), 4}, {crowd(ptr(60.0)), 5},
		{crowd(ptr(80.0)), 6}, {crowd(ptr(110.0)), 7}, {crowd(ptr(150.0)), 8}, {crowd(ptr(200.0)), 9}, {crowd(ptr(201.0)), 10},
		{volatility(ptr(50.0)), 1}, {volatility(ptr(80.0)), 1}, {volatility(ptr(25.0)), 5}, {volatility(ptr(15.0)), 7.5},
		{volatility(ptr(5.0)), 10}, {volatility(ptr(0.0)), 10},
		{threeWay(Yes), 1}, {threeWay(Partial), 5}, {threeWay(No), 10},
		{stake(LossTime), 1}, {stake(LossDiscretionary), 3}, {stake(LossEssential), 5}, {stake(LossLife), 8}, {stake(LossManyLives), 10},
	} {
		require.Equal(t, c.want, *c.got)
	}
	require.Nil(t, crowd(nil))
	require.Nil(t, volatility(ptr(-1.0)))
	require.Nil(t, threeWay("maybe"))
	require.Nil(t, stake("reputation"))
}

func TestRadar(t *testing.T) {
	agile := radarOf(&Context{Level1B: ptr(0.0), Level2Up: ptr(35.0), ChangePerMonth: ptr(50.0), OnChaos: ptr(90.0), People: ptr(3.0), Criticality: LossTime})
	plan := radarOf(&Context{Level1B: ptr(40.0), Level2Up: ptr(15.0), ChangePerMonth: ptr(1.0), OnChaos: ptr(10.0), People: ptr(300.0), Criticality: LossManyLives})
	middle := radarOf(&Context{Level1B: ptr(20.0), Level2Up: ptr(25.0), ChangePerMonth: ptr(10.0), OnChaos: ptr(50.0), People: ptr(30.0), Criticality: LossEssential})
	for i := range 5 {
		require.Equal(t, 0.0, *agile.Axes[i].Value, agile.Axes[i].Text)
		require.Equal(t, 10.0, *plan.Axes[i].Value, plan.Axes[i].Text)
		require.Equal(t, 5.0, *middle.Axes[i].Value, middle.Axes[i].Text)
	}
	require.Equal(t, "agile", agile.Home)
	require.Equal(t, "plan_driven", plan.Home)
	require.Equal(t, "mixed", radarOf(&Context{ChangePerMonth: ptr(50.0), People: ptr(300.0)}).Home)
	none := radarOf(&Context{})
	require.Empty(t, none.Home)
	require.Nil(t, none.Axes[0].Value)
	require.Equal(t, "personnel is unknown", none.Axes[0].Text)
	require.Equal(t, 0.0, *radarOf(&Context{People: ptr(0.0)}).Axes[3].Value)
}

func TestDomainAndLifeCycle(t *testing.T) {
	for _, c := range []struct {
		what, how Answer
		want      string
	}{
		{Yes, Yes, "clear"}, {Yes, Partial, "complicated"}, {Partial, Yes, "complicated"}, {Yes, No, "complicated"},
		{No, Yes, "complicated"}, {Partial, Partial, "complex"}, {No, Partial, "complex"}, {No, No, "chaotic"},
		{Unknown, Yes, "confused"}, {No, Unknown, "confused"},
	} {
		require.Equal(t, c.want, domainOf(&Context{Agreement: c.what, Certainty: c.how}).Cynefin, "%s/%s", c.what, c.how)
	}
	p := Policy{}.filled()
	for _, c := range []struct {
		change float64
		often  Answer
		want   string
	}{{2, No, "predictive"}, {30, No, "iterative"}, {2, Yes, "incremental"}, {30, Yes, "agile"}, {30, Unknown, ""}} {
		require.Equal(t, c.want, lifeCycleOf(&Context{ChangePerMonth: &c.change, IncrementalDelivery: c.often}, p))
	}
}
