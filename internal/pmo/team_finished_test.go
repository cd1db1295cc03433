package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// steady is work of two team-weeks that takes three weeks, one finished at the end of each of the last weeks.
func steady(until time.Time, weeks int) (list []pmo.FinishedWork) {
	for k := range weeks {
		end := until.AddDate(0, 0, -7*k)
		list = append(list, pmo.FinishedWork{Size: 2, Started: end.AddDate(0, 0, -21), Ended: end})
	}
	return list
}

// TestCapacityFromWhatWasFinished: two team-weeks a week, each in work for three weeks, are six at once, which is 80 % of 7.5.
func TestCapacityFromWhatWasFinished(t *testing.T) {
	until := time.Date(2027, 3, 1, 23, 30, 0, 0, time.UTC)
	zone := time.FixedZone("east", 3600)
	f := pmo.FinishedOf(pmo.Team{}, steady(until, 26), until, zone, 0.8)
	require.Equal(t, &pmo.Finished{Until: "2027-03-02", Weeks: 26, Requests: 26, PerWeek: 2, WeeksEach: 3, AtOnce: 6, Ceiling: 0.8, Capacity: 7.5}, f)
	require.Equal(t, f, pmo.FinishedOf(pmo.Team{}, steady(until, 60), until, zone, 0.8), "what ended before is over")
	require.Contains(t, f.Words(), "26 requests, 2 team-weeks a week, each in work for 3 weeks, so 6 at once; at a ceiling of 80 % a capacity of 7.5")

	young := pmo.FinishedOf(pmo.Team{}, steady(until, 10), until, zone, 1)
	require.InDelta(t, 12, young.Weeks, 1e-9, "the first began 12 weeks ago: the time before is not counted as idle")
	require.InDelta(t, 5, young.Capacity, 1e-9, "10 of 2, each for 3 of 12 weeks")
	require.Nil(t, pmo.FinishedOf(pmo.Team{}, steady(until, 9), until, zone, 0.8), "fewer than ten are no measure")
	odd := append(steady(until, 9), pmo.FinishedWork{Size: 0, Started: until, Ended: until}, pmo.FinishedWork{Size: 1, Started: until, Ended: until.AddDate(0, 0, -1)},
		pmo.FinishedWork{Size: 1, Started: until, Ended: until.AddDate(0, 0, 1)})
	require.Nil(t, pmo.FinishedOf(pmo.Team{}, odd, until, zone, 0.8), "neither what has no size, nor what ends before it begins, nor what is not over counts")
	require.Nil(t, pmo.FinishedOf(pmo.Team{}, steady(until, 26), until, zone, 0), "nothing may be taken")
	require.Equal(t, 0.5, pmo.FinishedOf(pmo.Team{LoadCeiling: 0.5}, steady(until, 26), until, zone, 0.8).Ceiling, "its own ceiling holds")
	require.Equal(t, 26, pmo.CountFinished(append(steady(until, 60), pmo.FinishedWork{Size: 2, Started: until.AddDate(0, 0, -3)}), until), "what is in work still is not finished")
}

func TestAMeasuredTeamHasItsMeasuredCapacity(t *testing.T) {
	f := &pmo.Finished{Capacity: 7.5, Ceiling: 0.8}
	require.Equal(t, 7.5, pmo.Team{Capacity: 3, CapacityMeasured: true, Finished: f}.WithCapacity().Capacity)
	require.Equal(t, 3.0, pmo.Team{Capacity: 3, Finished: f}.WithCapacity().Capacity, "a stated capacity stays, 0 too")
	require.Zero(t, pmo.Team{Finished: f}.WithCapacity().Capacity)
	require.Equal(t, 3.0, pmo.Team{Capacity: 3, CapacityMeasured: true}.WithCapacity().Capacity, "as long as nothing is measured")
	require.Contains(t, pmo.Team{CapacityMeasured: true, CapacityPerPerson: 1}.PeopleFaults(), "/capacity_measured")
}
