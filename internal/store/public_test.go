package store_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/publicform"
	"leanpmo/internal/store"
)

func asked(at time.Time) publicform.Request {
	return publicform.Request{Name: "Ida Larsen", Contact: "ida@example.net", At: at}
}

func TestPublicRequests(t *testing.T) {
	s, dsn := openDSN(t)
	ctx, link, id := t.Context(), sha256.Sum256([]byte("a link")), uuid.NewString()
	require.NoError(t, s.BeginPublic(ctx, link, asked(day), 1))
	require.NoError(t, s.BeginPublic(ctx, link, asked(day), 1), "the same again counts once")
	require.ErrorIs(t, s.BeginPublic(ctx, sha256.Sum256([]byte("another")), asked(day), 1), publicform.ErrLimit)
	require.NoError(t, s.SubmittedPublic(ctx, link, id))
	require.NoError(t, s.SubmittedPublic(ctx, link, id), "again")
	require.ErrorIs(t, s.SubmittedPublic(ctx, link, uuid.NewString()), store.ErrNotFound, "a link has one request")
	require.NoError(t, s.DropPublic(ctx, link), "what is submitted stays")
	p, found, err := s.PublicByLink(ctx, link)
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, publicform.Request{RequestID: id, Name: "Ida Larsen", Contact: "ida@example.net", At: day}, p)
	_, found, err = s.PublicByLink(ctx, sha256.Sum256([]byte("another")))
	require.NoError(t, err)
	require.False(t, found)

	require.NoError(t, s.BeginPublic(ctx, sha256.Sum256([]byte("later")), asked(day.Add(time.Hour)), 1), "an hour has passed")
	require.NoError(t, s.DropPublic(ctx, sha256.Sum256([]byte("later"))))
	_, found, err = s.PublicByLink(ctx, sha256.Sum256([]byte("later")))
	require.NoError(t, err)
	require.False(t, found)

	require.ErrorIs(t, s.RevokeLink(ctx, uuid.NewString(), "petra", day), store.ErrNotFound)
	require.NoError(t, s.RevokeLink(ctx, id, "petra", day))
	require.NoError(t, s.RevokeLink(ctx, id, "ada", day), "again")
	p, err = s.PublicOf(ctx, id)
	require.NoError(t, err)
	require.Equal(t, "petra", p.RevokedBy)
	require.Equal(t, []string{"revoked by petra"}, changes(t, dsn, "token", id))
}

// A row whose request was never submitted is private data of nobody's use.
func TestWhoNeverSubmittedIsForgotten(t *testing.T) {
	s, ctx := open(t), t.Context()
	link := sha256.Sum256([]byte("begun"))
	require.NoError(t, s.BeginPublic(ctx, link, asked(day), 9))
	require.NoError(t, s.BeginPublic(ctx, sha256.Sum256([]byte("next")), asked(day.Add(25*time.Hour)), 9))
	_, found, err := s.PublicByLink(ctx, link)
	require.NoError(t, err)
	require.False(t, found)
}

func TestWhoAskedIsErasedAfterClosure(t *testing.T) {
	s, ctx := open(t), t.Context()
	for i, closed := range []time.Time{day, day.Add(48 * time.Hour), {}} {
		r := request("Printer", func(r *pmo.Request) {
			r.ID = uuid.NewString()
			if !closed.IsZero() {
				r.Stage, r.Status, r.Outcome, r.ClosedAt = pmo.StageClosure, pmo.StatusClosed, pmo.OutcomeAnswered, closed
			}
		})
		project(t, s, r)
		link := sha256.Sum256(fmt.Append(nil, i))
		require.NoError(t, s.BeginPublic(ctx, link, asked(day), 9))
		require.NoError(t, s.SubmittedPublic(ctx, link, r.ID))
	}
	n, err := s.ErasePublic(ctx, day.Add(24*time.Hour))
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	p, _, err := s.PublicByLink(ctx, sha256.Sum256(fmt.Append(nil, 0)))
	require.NoError(t, err)
	require.Empty(t, p.Name+p.Contact)
	n, err = s.ErasePublic(ctx, day.Add(24*time.Hour))
	require.NoError(t, err)
	require.Zero(t, n, "once")
}

func TestAllServersHaveTheSameFormSecret(t *testing.T) {
	s, dsn := openDSN(t)
	one, err := s.FormSecret(t.Context())
	require.NoError(t, err)
	require.Len(t, one, 32)
	other, err := store.Open(t.Context(), dsn, store.Options{})
	require.NoError(t, err)
	t.Cleanup(other.Close)
	two, err := other.FormSecret(t.Context())
	require.NoError(t, err)
	require.Equal(t, one, two)
}

// The members of a desk act for its service as delegates do: inbox and standing have its seats.
func TestDesks(t *testing.T) {
	s, dsn := openDSN(t)
	ctx := t.Context()
	changed, err := s.SetDesks(ctx, map[string][]string{"public-form": {"rita", "bo"}}, day)
	require.NoError(t, err)
	require.Equal(t, []string{"public-form"}, changed)
	changed, err = s.SetDesks(ctx, map[string][]string{"public-form": {"bo", "rita"}}, day)
	require.NoError(t, err)
	require.Empty(t, changed)
	standing, err := s.Standing(ctx, "rita", nil, day)
	require.NoError(t, err)
	require.Equal(t, []string{"public-form"}, standing.ActsFor)
	away, err := s.Delegates(ctx, []string{"public-form"}, day)
	require.NoError(t, err)
	require.Empty(t, away, "a service is not away")

	r := request("Printer", func(r *pmo.Request) {
		r.Requester, r.SubmittedBy = "public-form", "public-form"
		r.Questions = []pmo.Question{{ID: "clarify/1", Kind: pmo.KindClarify, Status: pmo.QuestionOpen, People: []string{"public-form"}, OpenedAt: day, DueAt: day.Add(time.Hour)}}
	})
	project(t, s, r)
	page, err := s.Inbox(ctx, "rita", day, 0, "")
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, "public-form", page.Items[0].For)

	changed, err = s.SetDesks(ctx, nil, day)
	require.NoError(t, err)
	require.Equal(t, []string{"public-form"}, changed)
	page, err = s.Inbox(ctx, "rita", day, 0, "")
	require.NoError(t, err)
	require.Empty(t, page.Items)
	require.Equal(t, []string{"set by system", "set by system"}, changes(t, dsn, "delegation", "public-form"))
}
