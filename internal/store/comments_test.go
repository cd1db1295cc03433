package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func note(r pmo.Request, event, key string, at time.Time, concerned ...string) pmo.Entry {
	return r.Note(at, pmo.By{Actor: "rita", Via: "api"}, pmo.Entry{Event: event, Key: key, Text: event}, concerned...)
}

// TestCommentsAreKept with what they said before, and with their entry in the ledger, which is no entry of the process.
func TestCommentsAreKept(t *testing.T) {
	s := open(t)
	r := request("Lists")
	project(t, s, r, pmo.Entry{Seq: 1, Key: "submitted", Event: pmo.EventSubmitted, At: day})
	ids := []string{}
	for i := range 3 {
		c := store.Comment{ID: uuid.Must(uuid.NewV7()).String(), Request: r.ID, Author: "rita", At: hours(i), Text: fmt.Sprint("comment ", i), Mentions: []string{"bo"}, Version: 1}
		ids = append(ids, c.ID)
		require.NoError(t, s.AddComment(t.Context(), c, note(r, pmo.EventCommented, "comment/"+c.ID, c.At, "bo")))
	}
	page, err := s.Comments(t.Context(), r.ID, 2, "")
	require.NoError(t, err)
	require.Equal(t, "comment 2", page.Items[0].Text)
	require.Equal(t, []string{"bo"}, page.Items[0].Mentions)
	page, err = s.Comments(t.Context(), r.ID, 2, page.Next)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Empty(t, page.Next)

	c, versions, err := s.Comment(t.Context(), r.ID, ids[0])
	require.NoError(t, err)
	require.Empty(t, versions)
	edited := hours(5)
	c.Text, c.Version, c.EditedAt = "clearer", 2, &edited
	require.NoError(t, s.EditComment(t.Context(), c, note(r, pmo.EventCommentChanged, "comment/"+c.ID+"/2", edited)))
	require.ErrorIs(t, s.EditComment(t.Context(), c, note(r, pmo.EventCommentChanged, "other", edited)), store.ErrConflict)
	c.WithdrawnAt = &edited
	for range 2 {
		require.NoError(t, s.WithdrawComment(t.Context(), c, note(r, pmo.EventCommentChanged, "comment/"+c.ID+"/withdrawn", edited)))
	}
	c.Version = 3
	require.ErrorIs(t, s.EditComment(t.Context(), c, note(r, pmo.EventCommentChanged, "later", edited)), store.ErrConflict, "it was withdrawn")
	c, versions, err = s.Comment(t.Context(), r.ID, ids[0])
	require.NoError(t, err)
	require.Equal(t, "clearer", c.Text, "it is kept")
	require.NotNil(t, c.WithdrawnAt)
	require.Len(t, versions, 1)
	require.Equal(t, "comment 0", versions[0].Text)
	_, _, err = s.Comment(t.Context(), uuid.NewString(), ids[0])
	require.ErrorIs(t, err, store.ErrNotFound)

	ledger, err := s.Ledger(t.Context(), r.ID, 0, 50)
	require.NoError(t, err)
	require.Len(t, ledger.Items, 6, "one entry for each change that happened")
	n, err := s.CountLedgerEntries(t.Context(), r.ID)
	require.NoError(t, err)
	require.EqualValues(t, 1, n, "what the process has written, by which a gap is found")
	events, _, err := s.Changes(t.Context(), store.View{Viewer: "bo"}, day)
	require.NoError(t, err)
	require.Len(t, events, 3, "bo hears of what mentions him, also of a request that nothing else happened to")
}

func TestADiscussionHasAnEnd(t *testing.T) {
	s, dsn := openDSN(t)
	r := request("Lists")
	project(t, s, r)
	_, err := testkit.Pool(t, dsn).Exec(t.Context(), `INSERT INTO comment (id, request_id, question, author, at, body, mentions)
		SELECT gen_random_uuid(), $1, '', 'rita', now(), 'x', '{}' FROM generate_series(1, $2)`, r.ID, store.MostComments-1)
	require.NoError(t, err)
	add := func() error {
		c := store.Comment{ID: uuid.NewString(), Request: r.ID, Author: "rita", At: day, Text: "x", Version: 1}
		return s.AddComment(t.Context(), c, note(r, pmo.EventCommented, c.ID, day))
	}
	require.NoError(t, add())
	require.ErrorIs(t, add(), store.ErrFull)
	ledger, err := s.Ledger(t.Context(), r.ID, 0, 50)
	require.NoError(t, err)
	require.Len(t, ledger.Items, 1, "what is refused has no entry")
}

func TestAttachmentsAreKept(t *testing.T) {
	s := open(t)
	r := request("Lists")
	project(t, s, r)
	a := store.Attachment{ID: uuid.NewString(), Request: r.ID, URL: "https://wiki.example", Title: "Plan", By: "rita", At: day}
	require.NoError(t, s.AddAttachment(t.Context(), a, note(r, pmo.EventAttached, "a", day)))
	list, err := s.Attachments(t.Context(), r.ID)
	require.NoError(t, err)
	require.Equal(t, []store.Attachment{a}, list)
	found, err := s.Attachment(t.Context(), r.ID, a.ID)
	require.NoError(t, err)
	require.Equal(t, a, found)
	require.NoError(t, s.RemoveAttachment(t.Context(), a, "rita", hours(1), note(r, pmo.EventDetached, "b", hours(1))))
	require.ErrorIs(t, s.RemoveAttachment(t.Context(), a, "bo", hours(1), note(r, pmo.EventDetached, "c", hours(1))), store.ErrNotFound)
	list, err = s.Attachments(t.Context(), r.ID)
	require.NoError(t, err)
	require.Empty(t, list)
}
