package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/history"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// What a simulation reads: what came into the backlog, what may be pulled, and what holds a slot.
func TestWhatASimulationReads(t *testing.T) {
	s := open(t)
	began := request("Begun", inExecution("falcon"), func(r *pmo.Request) { r.PulledAt, r.Pull = hours(5), &pmo.Pull{At: hours(5)} })
	project(t, s, began, stageEntry(1, pmo.StagePrioritization, 2))
	waits := request("Waits", waiting)
	project(t, s, waits, stageEntry(1, pmo.StagePrioritization, 4))
	project(t, s, request("In review", func(r *pmo.Request) { r.Stage = pmo.StageReview }))
	done := request("Done", inExecution("falcon"), func(r *pmo.Request) {
		r.PulledAt, r.AcceptedAt, r.Stage = hours(6), hours(30), pmo.StageClosure
	})
	project(t, s, done, stageEntry(1, pmo.StagePrioritization, 3))

	_, err := s.Import(t.Context(), began.Portfolio, "jira", []history.Item{{ID: "1", Created: hours(-50), Finished: hours(-10)}, {ID: "2", Created: hours(-40), Finished: hours(-20)},
		{ID: "3", Finished: hours(-15)}, {ID: "4", Created: hours(-200), Finished: hours(-150)}}, false, "petra", hours(1))
	require.NoError(t, err)
	err = s.ReadPortfolio(t.Context(), began.Portfolio, func(tx *store.PortfolioTx) error {
		arrived, err := tx.Arrived(t.Context(), hours(-10000), 10)
		require.NoError(t, err)
		require.Len(t, arrived, 3, "not what is in review")
		at := map[string]time.Time{}
		for _, p := range arrived {
			at[p.ID] = p.BacklogAt
		}
		require.Equal(t, map[string]time.Time{began.ID: hours(2), waits.ID: hours(4), done.ID: hours(3)}, at)
		arrived, err = tx.Arrived(t.Context(), hours(-10000), 2)
		require.NoError(t, err)
		require.Len(t, arrived, 2)

		rows, err := tx.BacklogRows(t.Context(), 10)
		require.NoError(t, err)
		require.Len(t, rows, 1)
		require.Equal(t, waits.ID, rows[0].ID)

		rows, err = tx.SlotRows(t.Context())
		require.NoError(t, err)
		require.Len(t, rows, 1)
		require.Equal(t, began.ID, rows[0].ID)

		cycles, err := tx.Cycles(t.Context(), hours(0))
		require.NoError(t, err)
		require.Len(t, cycles, 1)
		require.Equal(t, 24*time.Hour, cycles[0].Until.Sub(cycles[0].From))

		imported, err := tx.ImportedArrivals(t.Context(), hours(-100), 10)
		require.NoError(t, err)
		require.Len(t, imported, 2, "not what has no time of creation, and not what was finished before")
		require.True(t, imported[0].Created.Equal(hours(-50)) && imported[0].Finished.Equal(hours(-10)), "the newest first")
		imported, err = tx.ImportedArrivals(t.Context(), hours(-100), 1)
		require.NoError(t, err)
		require.Len(t, imported, 1)
		return nil
	})
	require.NoError(t, err)
}
