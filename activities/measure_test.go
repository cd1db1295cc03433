package activities

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// TestARunMeasuresWhatTeamsFinished: once a week; a capacity that follows from it changes with a line in the office ledger, and a stated one does not.
func TestARunMeasuresWhatTeamsFinished(t *testing.T) {
	b := newBench(t)
	put := func(id string, measured bool, members ...string) {
		_, err := b.store.PutTeam(t.Context(), pmo.Team{ID: id, Name: id, Portfolio: portfolio, Leads: []string{"theo"}, Members: members, Skills: []string{}, Capacity: 3, CapacityMeasured: measured}, "theo", day)
		require.NoError(t, err)
	}
	put("falcon", true, "mia", "bo")
	put("otter", false, "zoe")
	finish := func(team string, from, until int) {
		for k := from; k < until; k++ {
			end := day.AddDate(0, 0, -7*k)
			r := b.waiting(fmt.Sprint(team, k), 1, 2)
			_, err := b.pool.Exec(t.Context(), `UPDATE request SET team = $2, waits_for = '', stage = 'closure', started_at = $3, accepted_at = $4 WHERE id = $1`, r.ID, team, end.AddDate(0, 0, -21), end)
			require.NoError(t, err)
		}
	}
	run := func(at time.Time) (falcon, otter pmo.Team) {
		_, err := b.Rank(t.Context(), contract.RankInput{ID: uuid.NewString(), At: at, PrioritizationInput: contract.PrioritizationInput{Portfolio: portfolio, Cause: "schedule"}})
		require.NoError(t, err)
		for id, into := range map[string]*pmo.Team{"falcon": &falcon, "otter": &otter} {
			load, err := b.store.Team(t.Context(), id)
			require.NoError(t, err)
			*into = load.Team
		}
		return falcon, otter
	}
	finish("falcon", 0, 9)
	falcon, _ := run(day)
	require.Nil(t, falcon.Finished, "nine are too few")
	require.Equal(t, 3.0, falcon.Capacity)
	finish("falcon", 9, 26)
	finish("otter", 0, 26)
	falcon, _ = run(day.AddDate(0, 0, 3))
	require.Nil(t, falcon.Finished, "it was measured three days ago")
	falcon, otter := run(day.AddDate(0, 0, 8))
	require.Equal(t, 26-1, falcon.Finished.Requests, "the one of 26 weeks before the first run is over")
	require.Equal(t, falcon.Finished.Capacity, falcon.Capacity)
	require.InDelta(t, 25*2*3/26./0.8, falcon.Capacity, 0.01)
	require.Equal(t, 2, falcon.Revision)
	require.Equal(t, 2.0, falcon.Finished.Pace.Pace, "three at once for three weeks each use a week each, and were estimated at two")
	require.Equal(t, 25, falcon.Finished.Pace.Requests)
	require.Zero(t, falcon.Pace, "it is a proposal")
	require.Nil(t, otter.Finished.Pace, "one person works in it")
	require.Equal(t, 25, otter.Finished.Requests, "it is offered")
	require.Equal(t, 3.0, otter.Capacity, "a stated capacity stays")
	require.Equal(t, 1, otter.Revision)
	var event, actor, before string
	require.NoError(t, b.pool.QueryRow(t.Context(), `SELECT event, actor, body #>> '{before,capacity}' FROM change_ledger WHERE object = 'team' AND object_id = 'falcon' ORDER BY position DESC LIMIT 1`).Scan(&event, &actor, &before))
	require.Equal(t, []string{"measured", "system", "3"}, []string{event, actor, before})
	again, _ := run(day.AddDate(0, 0, 9))
	require.Equal(t, falcon, again)
}
