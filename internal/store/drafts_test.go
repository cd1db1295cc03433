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
		require.NoError(t, s.PutDraft(t.Context(), of("sam", d)))
	}
	require.ErrorIs(t, s.PutDraft(t.Context(), of("sam", draft(50))), store.ErrFull)
	first.Kind, first.At = "support", hours(60)
	require.NoError(t, s.PutDraft(t.Context(), of("sam", first)), "one that is there is saved again")
	list, err := s.Drafts(t.Context(), "sam")
	require.NoError(t, err)
	require.Len(t, list, store.MostDrafts)
	require.Equal(t, of("sam", first), list[0])
	_, err = s.Draft(t.Context(), "rita", first.ID)
	require.ErrorIs(t, err, store.ErrNotFound)
	for range 2 {
		require.NoError(t, s.DropDraft(t.Context(), "sam", first.ID, hours(61)))
	}
	require.NoError(t, s.PutDraft(t.Context(), of("sam", draft(24*365))))
	list, err = s.Drafts(t.Context(), "sam")
	require.NoError(t, err)
	require.Len(t, list, 1, "what nobody has touched for half a year is deleted")
}

// TestADroppedDraftDoesNotComeBack: the form may still be being saved when it is sent, also for the first time.
func TestADroppedDraftDoesNotComeBack(t *testing.T) {
	s := open(t)
	saved := store.Draft{ID: uuid.NewString(), Kind: "enhancement", At: day, Fields: json.RawMessage(`{"title": ["Lists"]}`)}
	late := saved
	late.ID = uuid.NewString()
	require.NoError(t, s.PutDraft(t.Context(), of("sam", saved)))
	for _, d := range []store.Draft{saved, late} {
		require.NoError(t, s.DropDraft(t.Context(), "sam", d.ID, hours(1)))
		require.ErrorIs(t, s.PutDraft(t.Context(), of("sam", d)), store.ErrDropped)
		_, err := s.Draft(t.Context(), "sam", d.ID)
		require.ErrorIs(t, err, store.ErrNotFound)
		require.NoError(t, s.PutDraft(t.Context(), of("rita", d)), "the id of another is another draft")
	}
	list, err := s.Drafts(t.Context(), "sam")
	require.NoError(t, err)
	require.Empty(t, list)
	for range store.MostDrafts { // those that were dropped do not count
		d := saved
		d.ID = uuid.NewString()
		require.NoError(t, s.PutDraft(t.Context(), of("sam", d)))
	}
	for range store.MostDropped + 50 {
		require.NoError(t, s.DropDraft(t.Context(), "kim", uuid.NewString(), hours(1)), "they are bounded")
	}
	require.Equal(t, store.MostDropped, s.CountDropped(t, "kim"))
	saved.At = hours(24 * 9)
	require.NoError(t, s.PutDraft(t.Context(), of("kim", saved)))
	require.Zero(t, s.CountDropped(t, "kim"), "after a week they are forgotten")
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

// of is the draft of a person.
func of(person string, d store.Draft) store.Draft {
	d.Person = person
	return d
}

// TestAnAgentLeavesDrafts with people, within a bound of its own, and neither changes theirs nor uses up their room.
func TestAnAgentLeavesDrafts(t *testing.T) {
	s := open(t)
	left := func() store.Draft {
		return store.Draft{ID: uuid.NewString(), Kind: "comment", At: day, Fields: json.RawMessage(`{"text": ["Lists"]}`), Person: "sam", Agent: "scout", Request: uuid.NewString()}
	}
	own := store.Draft{ID: uuid.NewString(), Kind: "enhancement", At: day, Fields: json.RawMessage(`{"title": ["Mine"]}`), Person: "sam"}
	require.NoError(t, s.PutDraft(t.Context(), own))
	first := left()
	require.NoError(t, s.PutDraft(t.Context(), first))
	for range store.MostAgentDrafts - 1 {
		require.NoError(t, s.PutDraft(t.Context(), left()))
	}
	require.ErrorIs(t, s.PutDraft(t.Context(), left()), store.ErrFull)
	for range store.MostDrafts - 1 {
		mine := own
		mine.ID = uuid.NewString()
		require.NoError(t, s.PutDraft(t.Context(), mine), "the person's room is their own")
	}
	stolen := first
	stolen.ID = own.ID
	require.ErrorIs(t, s.PutDraft(t.Context(), stolen), store.ErrFull, "what the person wrote is not the agent's")
	for _, who := range []string{"sam", "scout"} {
		d, err := s.Draft(t.Context(), who, first.ID)
		require.NoError(t, err)
		require.Equal(t, first, d)
	}
	edited := of("sam", first)
	edited.Agent = ""
	require.NoError(t, s.PutDraft(t.Context(), edited), "the person changes it")
	require.NoError(t, s.DropDraft(t.Context(), "sam", first.ID, day))
	for id, agent := range map[string]string{first.ID: "scout", own.ID: "", uuid.NewString(): ""} {
		by, err := s.DraftedBy(t.Context(), "sam", id)
		require.NoError(t, err)
		require.Equal(t, agent, by, "also after it was dropped")
	}
	list, err := s.Drafts(t.Context(), "scout")
	require.NoError(t, err)
	require.Len(t, list, store.MostAgentDrafts-1)
}
