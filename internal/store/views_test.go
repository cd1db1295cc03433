package store_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
)

func TestViewsOfAPerson(t *testing.T) {
	s := open(t)
	view := func(name string) store.SavedView {
		return store.SavedView{ID: uuid.NewString(), Name: name, Filter: json.RawMessage(`{"team": "falcon"}`), At: hours(1)}
	}
	first, second := view("b first"), view("A second")
	first.Default = true
	require.NoError(t, s.PutView(t.Context(), "sam", first))
	require.NoError(t, s.PutView(t.Context(), "sam", second))
	second.Default = true
	require.NoError(t, s.PutView(t.Context(), "sam", second))
	list, err := s.SavedViews(t.Context(), "sam")
	require.NoError(t, err)
	require.Equal(t, []string{"A second", "b first"}, []string{list[0].Name, list[1].Name}, "by name")
	require.Equal(t, []bool{true, false}, []bool{list[0].Default, list[1].Default}, "one alone is the default")
	require.ErrorIs(t, s.PutView(t.Context(), "sam", view("b first")), store.ErrConflict)
	require.NoError(t, s.PutView(t.Context(), "rita", view("b first")), "another person's names are no matter")
	for i := range store.MostViews - 2 {
		require.NoError(t, s.PutView(t.Context(), "sam", view(fmt.Sprint(i))))
	}
	full := view("one too many")
	full.Default = true
	require.ErrorIs(t, s.PutView(t.Context(), "sam", full), store.ErrFull)
	list, err = s.SavedViews(t.Context(), "sam")
	require.NoError(t, err)
	require.Len(t, list, store.MostViews)
	require.Equal(t, 1, count(list, func(v store.SavedView) bool { return v.Default }), "what is refused changes nothing")
	require.NoError(t, s.DropView(t.Context(), "rita", first.ID), "of others nothing is deleted")
	for range 2 {
		require.NoError(t, s.DropView(t.Context(), "sam", first.ID))
	}
	list, err = s.SavedViews(t.Context(), "sam")
	require.NoError(t, err)
	require.Len(t, list, store.MostViews-1)
}

func count[T any](list []T, is func(T) bool) int {
	n := 0
	for _, v := range list {
		if is(v) {
			n++
		}
	}
	return n
}

// TestTwoDefaultsAtOnce: whichever is last, one is the default.
func TestTwoDefaultsAtOnce(t *testing.T) {
	s := open(t)
	var wait sync.WaitGroup
	faults := make([]error, 8)
	for i := range faults {
		wait.Go(func() {
			faults[i] = s.PutView(t.Context(), "sam", store.SavedView{ID: uuid.NewString(), Name: fmt.Sprint(i), Filter: json.RawMessage(`{}`), Default: true, At: hours(1)})
		})
	}
	wait.Wait()
	for _, err := range faults {
		require.NoError(t, err)
	}
	list, err := s.SavedViews(t.Context(), "sam")
	require.NoError(t, err)
	require.Len(t, list, len(faults))
	require.Equal(t, 1, count(list, func(v store.SavedView) bool { return v.Default }))
}
