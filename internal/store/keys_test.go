package store_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func TestAKeyIsStoredWithItsChange(t *testing.T) {
	s := open(t)
	k := store.Keyed{ID: "a", Command: "put-team falcon", Digest: "d"}
	team := pmo.Team{ID: "falcon", Name: "Falcon", Portfolio: "core", Leads: []string{"theo"}, Capacity: 2}
	_, err := s.KeyedAnswer(t.Context(), k)
	require.ErrorIs(t, err, store.ErrNotFound)

	results := make([]error, 4)
	var wait sync.WaitGroup
	for i := range results {
		wait.Go(func() { _, results[i] = s.PutTeam(store.WithKey(t.Context(), k), team, "petra", day) })
	}
	wait.Wait()
	taken := 0
	for _, err := range results {
		if err != nil {
			require.ErrorIs(t, err, store.ErrKeyTaken)
			taken++
		}
	}
	require.Equal(t, 3, taken, "equal changes at once are one")
	answer, err := s.KeyedAnswer(t.Context(), k)
	require.NoError(t, err)
	require.Contains(t, string(answer), `"revision": 1`)
	for _, other := range []store.Keyed{{ID: "a", Command: "prioritize", Digest: "d"}, {ID: "a", Command: k.Command, Digest: "e"}} {
		_, err = s.KeyedAnswer(t.Context(), other)
		require.ErrorIs(t, err, store.ErrKeyReused)
	}

	refused := store.Keyed{ID: "b", Command: "put-team falcon", Digest: "d"}
	_, err = s.PutTeam(store.WithKey(t.Context(), refused), team, "petra", day)
	require.ErrorIs(t, err, store.ErrConflict)
	_, err = s.KeyedAnswer(t.Context(), refused)
	require.ErrorIs(t, err, store.ErrNotFound, "a refused change leaves its key free")

	clear := store.Keyed{ID: "c", Command: "clear-delegation", Digest: "n"}
	require.NoError(t, s.ClearDelegation(store.WithKey(t.Context(), clear), "ana", "ana", day))
	require.ErrorIs(t, s.ClearDelegation(store.WithKey(t.Context(), clear), "ana", "ana", day), store.ErrKeyTaken, "also one that found nothing to clear")

	run := store.Keyed{ID: "r", Command: "prioritize", Digest: "d"}
	require.NoError(t, s.KeepKey(store.WithKey(t.Context(), run), "core"))
	answer, err = s.KeyedAnswer(t.Context(), run)
	require.NoError(t, err)
	require.Equal(t, `"core"`, string(answer))
}
