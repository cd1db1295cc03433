package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestOnlyEntriesOfThisExecutionAreLost: what an execution before a reset wrote has happened, whatever the new one knows.
func TestOnlyEntriesOfThisExecutionAreLost(t *testing.T) {
	s, r := open(t), request("Invoices")
	put := func(run string, seqs ...int64) {
		t.Helper()
		var entries []pmo.Entry
		for _, seq := range seqs {
			entries = append(entries, entry(seq, pmo.EventReported))
		}
		r.Seq++
		_, _, err := s.Project(t.Context(), run, r, entries)
		require.NoError(t, err)
	}
	put("run-1", 1, 2)
	put("run-2", 3, 4)
	one, three, four := entry(1, pmo.EventReported).Key, entry(3, pmo.EventReported).Key, entry(4, pmo.EventReported).Key
	lost, err := s.LostEntries(t.Context(), r.ID, "run-2", []string{one, three})
	require.NoError(t, err)
	require.Equal(t, []string{four}, lost)

	require.NoError(t, s.RetractLostEntries(t.Context(), r.ID, "run-2", []string{one, three}, hours(7)))
	lost, err = s.LostEntries(t.Context(), r.ID, "run-2", []string{one, three})
	require.NoError(t, err)
	require.Empty(t, lost, "retracted once")
	count, err := s.CountLedgerEntries(t.Context(), r.ID)
	require.NoError(t, err)
	require.EqualValues(t, 3, count)

	put("run-2", 4) // its command came again
	count, err = s.CountLedgerEntries(t.Context(), r.ID)
	require.NoError(t, err)
	require.EqualValues(t, 4, count, "what was retracted and happened after all has an entry of its own")
	lost, err = s.LostEntries(t.Context(), r.ID, "run-2", []string{one, three, four})
	require.NoError(t, err)
	require.Empty(t, lost)
	put("run-2", 4)
	count, err = s.CountLedgerEntries(t.Context(), r.ID)
	require.NoError(t, err)
	require.EqualValues(t, 4, count, "and only one")
}
