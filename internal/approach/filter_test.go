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
	drug := Suitability(nine(1, 1, 1, 1, 1, 1, 1, 5, 1))
	require.InDelta(t, 1.44, drug.Mean, 0.005)
	require.Equal(t, ZoneAgile, drug.Zone)
	require.Equal(t, 5.0, drug.Max)
	require.Equal(t, []string{"criticality"}, drug.Risks, "the one flag")

	military := Suitability(nine(10, 5, 10, 10, 1, 8, 10, 10, 7))
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
		require.Equal(t, c.want, Suitability(nine(c.v, c.v, c.v, c.v, c.v)).Zone)
	}
	few := Suitability(nine(1, 1, 1, 10))
	require.Equal(t, ZoneUnknown, few.Zone, "four answers are too few")
	require.Equal(t, 4, few.Known)
	require.Nil(t, few.Answers[8].Score)
	require.Equal(t, []string{"people"}, few.Risks, "an extreme is never averaged away")
	require.Zero(t, Suitability([9]*float64{}).Mean)
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
		{threeWay(Yes), 1}, {threeWay(Partly), 5}, {threeWay(No), 10},
		{stake("comfort"), 1}, {stake("discretionary"), 3}, {stake("essential"), 5}, {stake("life"), 8}, {stake("lives"), 10},
	} {
		require.Equal(t, c.want, *c.got)
	}
	require.Nil(t, crowd(nil))
	require.Nil(t, volatility(nil))
	require.Nil(t, threeWay("maybe"))
	require.Nil(t, stake("reputation"))
}

func numbers(pairs ...any) Context {
	c := Context{}
	for i := 0; i < len(pairs); i += 2 {
		switch v := pairs[i+1].(type) {
		case float64:
			c.Set(pairs[i].(string), Answer{Number: v})
		case string:
			c.Set(pairs[i].(string), Answer{Text: v})
		}
	}
	return c
}

func TestRadar(t *testing.T) {
	agile := radarOf(numbers("level_1b", 0.0, "level_2_up", 35.0, "change_per_month", 50.0, "on_chaos", 90.0, "people", 3.0, "criticality", "comfort"))
	plan := radarOf(numbers("level_1b", 40.0, "level_2_up", 15.0, "change_per_month", 1.0, "on_chaos", 10.0, "people", 300.0, "criticality", "lives"))
	middle := radarOf(numbers("level_1b", 20.0, "level_2_up", 25.0, "change_per_month", 10.0, "on_chaos", 50.0, "people", 30.0, "criticality", "essential"))
	for i := range 5 {
		require.Equal(t, 0.0, *agile.Axes[i].Value, agile.Axes[i].Text)
		require.Equal(t, 10.0, *plan.Axes[i].Value, plan.Axes[i].Text)
		require.Equal(t, 5.0, *middle.Axes[i].Value, middle.Axes[i].Text)
	}
	require.Equal(t, "agile", agile.Home)
	require.Equal(t, "plan_driven", plan.Home)
	require.Equal(t, "mixed", radarOf(numbers("change_per_month", 50.0, "people", 300.0, "on_chaos", 90.0)).Home)
	require.Empty(t, radarOf(numbers("change_per_month", 50.0, "people", 300.0)).Home, "two axes are too few")
	none := radarOf(Context{})
	require.Empty(t, none.Home)
	require.Nil(t, none.Axes[0].Value)
	require.Equal(t, "personnel is unknown", none.Axes[0].Text)
	require.Equal(t, 0.0, *radarOf(numbers("people", 0.0)).Axes[3].Value)
}

func TestDomainAndLifeCycle(t *testing.T) {
	for _, c := range []struct{ what, how, want string }{
		{Yes, Yes, "clear"}, {Yes, Partly, "complicated"}, {Partly, Yes, "complicated"}, {Yes, No, "complicated"},
		{No, Yes, "complicated"}, {Partly, Partly, "complex"}, {No, Partly, "complex"}, {No, No, "chaotic"},
		{"", Yes, ""}, {No, "", ""}, {No, DontKnow, ""},
	} {
		require.Equal(t, c.want, domainOf(numbers("clear_what", c.what, "clear_how", c.how)).Cynefin, "%s/%s", c.what, c.how)
	}
	for _, c := range []struct {
		change float64
		often  string
		want   LifeCycle
	}{{2, No, LifePredictive}, {30, No, LifeIterative}, {2, Yes, LifeIncremental}, {30, Yes, LifeAgile}, {30, "", ""}} {
		require.Equal(t, c.want, gridOf(numbers("change_per_month", c.change, "incremental", c.often)))
	}
}
