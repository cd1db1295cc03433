package cache

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestHistoryIsWholeDays(t *testing.T) {
	chicago, err := time.LoadLocation("America/Chicago")
	require.NoError(t, err)
	now := time.Date(2027, 3, 20, 23, 0, 0, 0, chicago) // the 21st in UTC, and summer time has begun since
	since := now.AddDate(0, 0, -9)
	h := history(map[pmo.Date]int{"2027-03-09": 5, "2027-03-11": 1, "2027-03-14": 2, "2027-03-19": 3, "2027-03-20": 4}, nil, since, now)
	require.Equal(t, []int{1, 0, 0, 2, 0, 0, 0, 0, 3}, h.Counts, "from the first day to yesterday; today is not over")
}

// TestHistoryLeavesOutDaysOff on which nothing was finished: they are no slow days.
func TestHistoryLeavesOutDaysOff(t *testing.T) {
	now := time.Date(2027, 3, 20, 12, 0, 0, 0, time.UTC)
	h := history(map[pmo.Date]int{"2027-03-15": 1, "2027-03-17": 2, "2027-03-19": 3}, []pmo.Date{"2027-03-16", "2027-03-17", "2027-03-25"}, now.AddDate(0, 0, -5), now)
	require.Equal(t, []int{1, 2, 0, 3}, h.Counts)
}

func TestBlackoutLeavesOutWhatIsNoDay(t *testing.T) {
	require.Equal(t, []time.Time{time.Date(2027, 12, 25, 0, 0, 0, 0, time.UTC)}, blackout([]pmo.Date{"2027-12-25", "soon"}))
}
