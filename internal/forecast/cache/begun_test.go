package cache

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestBegunCountsFromTheDayOfTheStart: cycles are 2, 4, … 20 days, so nine in ten end within 18.
func TestBegunCountsFromTheDayOfTheStart(t *testing.T) {
	at := time.Date(2027, 3, 20, 12, 0, 0, 0, time.UTC)
	c := New(steady{}, utc{})
	days := func(in int, teams ...pmo.Team) int {
		found, err := c.Begun(t.Context(), "core", teams, in, at)
		require.NoError(t, err)
		require.False(t, found.CannotForecast, found.Why)
		return found.P85.Days
	}
	falcon := pmo.Team{ID: "falcon"}
	require.Equal(t, 18, days(0, falcon))
	require.Equal(t, 18+14, days(14, falcon))
	require.Equal(t, 18, days(0, pmo.Team{ID: "+1"}), "of a team that there is not, what the portfolio's requests took")
	falcon.Absences = []pmo.Absence{{From: "2027-03-22", Until: "2027-03-26", WholeTeam: true}}
	require.Equal(t, 18+5, days(0, falcon), "five days on which nobody is there")
	otter := pmo.Team{ID: "otter"}
	require.Equal(t, 18+5, days(0, falcon, otter), "of two teams the later one")
	require.Equal(t, 18+5, days(0, otter, falcon))
}
