package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// putNote replaces a note.
func putNote(t *testing.T, s *store.Store, n store.AnswerNote, at time.Time) error {
	t.Helper()
	_, err := s.ChangeAnswerNote(t.Context(), n.Person, n.Request, n.Question, at, func(is *store.AnswerNote) error { *is = n; return nil })
	return err
}

// TestPartsOfANoteThatAreSetAtOnceAllStay: each change is made to what the one before left.
func TestPartsOfANoteThatAreSetAtOnceAllStay(t *testing.T) {
	s := open(t)
	r, at, later := request("Lists"), hours(1), day.Truncate(24*time.Hour)
	refused := errors.New("refused")
	for round := range 5 {
		question := fmt.Sprintf("review/%d/board", round)
		var all sync.WaitGroup
		errs := make(chan error, 4)
		for _, change := range []func(*store.AnswerNote) error{
			func(n *store.AnswerNote) error { n.Claimed = &at; return nil },
			func(n *store.AnswerNote) error { n.FollowUp = &later; return nil },
			func(n *store.AnswerNote) error {
				n.Draft, n.DraftAt = json.RawMessage(`{"verdict": "reject"}`), &at
				return nil
			},
			func(n *store.AnswerNote) error { *n = store.AnswerNote{}; return refused },
		} {
			all.Go(func() {
				_, err := s.ChangeAnswerNote(t.Context(), "ana", r.ID, question, at, change)
				if !errors.Is(err, refused) {
					errs <- err
				}
			})
		}
		all.Wait()
		close(errs)
		for err := range errs {
			require.NoError(t, err)
		}
		n, err := s.AnswerNote(t.Context(), "ana", r.ID, question)
		require.NoError(t, err)
		require.NotNil(t, n.Claimed)
		require.NotNil(t, n.FollowUp)
		require.NotNil(t, n.DraftAt)
	}
}

func TestNotesAreTheirPersons(t *testing.T) {
	s := open(t)
	r := request("Lists")
	at, day1 := hours(1), day.Truncate(24*time.Hour)
	n := store.AnswerNote{Person: "ana", Request: r.ID, Question: "review/1/board", Claimed: &at, FollowUp: &day1, DraftAt: &at, Draft: json.RawMessage(`{"verdict": "reject"}`)}
	require.NoError(t, putNote(t, s, n, at))
	require.NoError(t, putNote(t, s, store.AnswerNote{Person: "bo", Request: r.ID, Question: "review/1/board", FollowUp: &day1}, at))
	found, err := s.AnswerNote(t.Context(), "ana", r.ID, "review/1/board")
	require.NoError(t, err)
	require.JSONEq(t, `{"verdict": "reject"}`, string(found.Draft))
	require.Equal(t, day1, *found.FollowUp)
	list, err := s.AnswerNotes(t.Context(), "bo", []string{r.ID})
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Nil(t, list[0].FollowUp, "of another only who is on it")
	require.Nil(t, list[0].DraftAt)
	list, err = s.AnswerNotes(t.Context(), "ana", []string{r.ID})
	require.NoError(t, err)
	require.Len(t, list, 1, "bo is not on it")
	require.NoError(t, s.DropAnswerNote(t.Context(), "ana", r.ID, "review/1/board"))
	found, err = s.AnswerNote(t.Context(), "ana", r.ID, "review/1/board")
	require.NoError(t, err)
	require.Nil(t, found.Claimed)
	require.NoError(t, putNote(t, s, store.AnswerNote{Person: "bo", Request: r.ID, Question: "review/1/board"}, at))
	list, err = s.AnswerNotes(t.Context(), "bo", []string{r.ID})
	require.NoError(t, err)
	require.Empty(t, list, "an empty note is none")
}

func TestANoteThatIsThereCanBeChangedAmongTheMost(t *testing.T) {
	s := open(t)
	at, r := hours(1), request("Lists")
	note := func(i int) store.AnswerNote {
		return store.AnswerNote{Person: "ana", Request: r.ID, Question: fmt.Sprintf("review/%d/board", i), Claimed: &at}
	}
	for i := range store.MostNotes {
		require.NoError(t, putNote(t, s, note(i), at))
	}
	require.ErrorIs(t, putNote(t, s, note(store.MostNotes), at), store.ErrFull)
	n, later := note(3), hours(2)
	n.DraftAt, n.Draft = &later, json.RawMessage(`{"verdict": "approve"}`)
	require.NoError(t, putNote(t, s, n, later))
	found, err := s.AnswerNote(t.Context(), "ana", r.ID, n.Question)
	require.NoError(t, err)
	require.JSONEq(t, `{"verdict": "approve"}`, string(found.Draft))
}

func TestWhatSomebodyDecided(t *testing.T) {
	s := open(t)
	answered := func(seq int64, question, by, seat, text string) pmo.Entry {
		return pmo.Entry{Seq: seq, Key: question + by, Event: pmo.EventAnswered, Question: question, Actor: by, For: seat, Text: text, At: hours(int(seq))}
	}
	project(t, s, request("Print the lists"), answered(1, "review/1/board", "ana", "", "ana approves"), answered(2, "review/1/legal", "bo", "", "bo approves"),
		pmo.Entry{Seq: 3, Key: "x", Event: pmo.EventStage, Actor: "ana", At: day})
	project(t, s, request("Count the buses"), answered(1, "review/1/board", "kai", "ana", "kai rejects: too dear"))
	project(t, s, request("Hidden", func(r *pmo.Request) { r.Content.Confidential = true }), answered(1, "review/1/board", "ana", "", "ana approves"))
	view := store.View{Viewer: "ana"}
	page, err := s.Decided(t.Context(), "ana", "", view)
	require.NoError(t, err)
	require.Len(t, page.Items, 2, "hers, and those in her seat, of requests that she may read")
	require.Equal(t, "Count the buses", page.Items[0].Title)
	for text, want := range map[string]int{"bus": 1, "dear": 1, "lists approves": 1, "Lists": 1, "nothing": 0, "100%": 0} {
		page, err := s.Decided(t.Context(), "ana", text, view)
		require.NoError(t, err)
		require.Len(t, page.Items, want, text)
	}
	view.Limit = 1
	page, err = s.Decided(t.Context(), "ana", "", view)
	require.NoError(t, err)
	view.Cursor = page.Next
	page, err = s.Decided(t.Context(), "ana", "", view)
	require.NoError(t, err)
	require.Equal(t, "Print the lists", page.Items[0].Title)
	require.Empty(t, page.Next)
	view.Cursor = "junk"
	_, err = s.Decided(t.Context(), "ana", "", view)
	require.ErrorIs(t, err, store.ErrBadCursor)
}
