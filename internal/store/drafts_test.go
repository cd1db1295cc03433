package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
)

func TestDraftsOfSubmissions(t *testing.T) {
	s := open(t)
	draft := func(i int) store.Draft {
		return store.Draft{ID: uuid.NewString(), Kind: "enhancement", At: hours(i), Fields: json.RawMessage(`{"title": ["Lists"]}`)}
	}
	var first store.Draft
	for i := range store.MostDrafts {
		d := draft(i)
		if i == 0 {
			first = d
		}
		require.NoError(t, s.PutDraft(t.Context(), "sam", d))
	}
	require.ErrorIs(t, s.PutDraft(t.Context(), "sam", draft(50)), store.ErrFull)
	first.Kind, first.At = "support", hours(60)
	require.NoError(t, s.PutDraft(t.Context(), "sam", first), "one that is there is saved again")
	list, err := s.Drafts(t.Context(), "sam")
	require.NoError(t, err)
	require.Len(t, list, store.MostDrafts)
	require.Equal(t, first, list[0])
	_, err = s.Draft(t.Context(), "rita", first.ID)
	require.ErrorIs(t, err, store.ErrNotFound)
	for range 2 {
		require.NoError(t, s.DropDraft(t.Context(), "sam", first.ID))
	}
	require.NoError(t, s.PutDraft(t.Context(), "sam", draft(24*365)))
	list, err = s.Drafts(t.Context(), "sam")
	require.NoError(t, err)
	require.Len(t, list, 1, "what nobody has touched for half a year is deleted")
}

func TestVisits(t *testing.T) {
	s := open(t)
	visit := func(at time.Time) time.Time {
		since, err := s.Visit(t.Context(), "sam", at)
		require.NoError(t, err)
		read, err := s.VisitedSince(t.Context(), "sam")
		require.NoError(t, err)
		require.Equal(t, since, read)
		return since
	}
	require.Zero(t, visit(day), "the first one")
	require.Equal(t, day, visit(day.Add(10*time.Minute)), "the same visit")
	require.Equal(t, day.Add(10*time.Minute), visit(hours(5)))
	require.Equal(t, day.Add(10*time.Minute), visit(hours(5).Add(20*time.Minute)))
	require.Equal(t, hours(5).Add(20*time.Minute), visit(hours(30)))
}
