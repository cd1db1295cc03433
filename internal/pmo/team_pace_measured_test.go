package pmo_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

var pair = pmo.Team{Members: []string{"mia", "bo"}}

// TestPaceFromWhatWasFinished: two at once for four weeks use two team-weeks each; estimated at three, the team is half as fast again.
func TestPaceFromWhatWasFinished(t *testing.T) {
	until := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	var list []pmo.FinishedWork
	for k := range 6 {
		end := until.AddDate(0, 0, -28*k)
		for range 2 {
			list = append(list, pmo.FinishedWork{Size: 1, Estimated: 3, Started: end.AddDate(0, 0, -28), Ended: end})
		}
	}
	measured := func(team pmo.Team, list []pmo.FinishedWork) *pmo.MeasuredPace {
		return pmo.FinishedOf(team, list, until, time.UTC, 0.8).Pace
	}
	require.Equal(t, &pmo.MeasuredPace{Pace: 1.5, Requests: 12, Estimated: 36, Used: 24}, measured(pair, list))
	require.Contains(t, measured(pair, list).Words(), "1.5, the median of 12 finished requests with an estimated size: 36 team-weeks were estimated and 24 used")

	require.Nil(t, measured(pmo.Team{Members: []string{"mia"}, Leads: []string{"theo"}}, list), "one person has time for it: it would be a measure of that person")
	require.NotNil(t, measured(pmo.Team{Leads: []string{"theo"}}, list), "its people are not recorded")
	unknown := slices.Clone(list)
	for i := range 3 {
		unknown[i].Estimated = 0
	}
	require.Nil(t, measured(pair, unknown), "nine have an estimated size")

	open := append(slices.Clone(list), pmo.FinishedWork{Size: 1, Started: until.AddDate(0, 0, -28*6)})
	require.Equal(t, &pmo.MeasuredPace{Pace: 2.25, Requests: 12, Estimated: 36, Used: 16}, measured(pair, open), "a third one that is in work all the time takes a third of it")
	before := append(slices.Clone(list), pmo.FinishedWork{Size: 1, Estimated: 90, Started: until.AddDate(0, 0, -7*60), Ended: until.AddDate(0, 0, -7)})
	require.Equal(t, 12, measured(pair, before).Requests, "what began before the work that is read is not measured")

	odd := slices.Clone(list)
	odd[0].Estimated = 1000
	require.Equal(t, 1.5, measured(pair, odd).Pace, "one that was estimated wrongly changes no median")
}

// TestAPaceIsProposedWhereItDiffers from the stated one, and could be stated.
func TestAPaceIsProposedWhereItDiffers(t *testing.T) {
	for _, c := range []struct {
		measured, stated float64
		proposed         bool
	}{{1.5, 0, true}, {1, 0, false}, {1, 1.5, true}, {1.5, 1.5, false}, {4.5, 0, false}, {0.2, 0, false}, {0, 0, false}} {
		_, ok := pmo.MeasuredPace{Pace: c.measured}.Proposed(c.stated)
		require.Equal(t, c.proposed, ok, "%+v", c)
	}
}
