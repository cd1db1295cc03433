package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
)

func newToken(principal, name string) store.Token {
	return store.Token{Principal: principal, Name: name, Scopes: []string{"read"}, Made: day, MadeBy: principal, Expires: day.AddDate(0, 1, 0)}
}

func TestTokens(t *testing.T) {
	s, dsn := openDSN(t)
	ctx := context.Background()
	hash := sha256.Sum256([]byte("pmo_secret"))
	made, err := s.MakeToken(ctx, hash, newToken("sam", "laptop"))
	require.NoError(t, err)
	require.True(t, made.Works(day) && !made.Works(made.Expires))
	_, err = s.MakeToken(ctx, sha256.Sum256([]byte("other")), newToken("sam", "laptop"))
	require.ErrorIs(t, err, store.ErrConflict, "a working one has this name")
	_, err = s.MakeToken(ctx, sha256.Sum256([]byte("another")), newToken("ana", "laptop"))
	require.NoError(t, err)

	_, err = s.TokenOf(ctx, sha256.Sum256([]byte("unknown")), day)
	require.ErrorIs(t, err, store.ErrNotFound)
	for _, at := range []time.Time{day, day.Add(30 * time.Second), day.Add(61 * time.Second)} {
		found, err := s.TokenOf(ctx, hash, at)
		require.NoError(t, err)
		require.Equal(t, "sam", found.Principal)
	}
	list, err := s.Tokens(ctx, "sam", day, 0, "")
	require.NoError(t, err)
	require.Len(t, list.Items, 1)
	require.Equal(t, day.Add(61*time.Second), *list.Items[0].Used)

	require.ErrorIs(t, s.RevokeToken(ctx, made.ID, "ana", "ana", day), store.ErrNotFound, "another's")
	require.NoError(t, s.RevokeToken(ctx, made.ID, "sam", "sam", day))
	require.NoError(t, s.RevokeToken(ctx, made.ID, "", "ada", day), "again")
	found, err := s.TokenOf(ctx, hash, hours(9))
	require.NoError(t, err)
	require.False(t, found.Works(hours(9)))
	require.Equal(t, "sam", found.RevokedBy)
	require.Equal(t, day.Add(61*time.Second), *found.Used, "no use is noted of one that does not work")
	require.Equal(t, []string{"made by sam", "revoked by sam"}, changes(t, dsn, "token", made.ID))
	_, err = s.MakeToken(ctx, sha256.Sum256([]byte("third")), newToken("sam", "laptop"))
	require.NoError(t, err, "the name is free again")
}

func TestTokensOfAPrincipalAreBounded(t *testing.T) {
	s := open(t)
	ctx := context.Background()
	var all sync.WaitGroup
	errs := make(chan error, 70)
	for i := range 70 {
		all.Go(func() {
			_, err := s.MakeToken(ctx, sha256.Sum256([]byte(fmt.Sprint(i))), newToken("sam", fmt.Sprint("token ", i)))
			errs <- err
		})
	}
	all.Wait()
	close(errs)
	made := 0
	for err := range errs {
		if err == nil {
			made++
			continue
		}
		require.ErrorIs(t, err, store.ErrTooManyTokens)
	}
	require.Equal(t, 50, made)
	seen := map[string]bool{}
	for after := ""; ; {
		page, err := s.Tokens(ctx, "", day, 7, after)
		require.NoError(t, err)
		for _, one := range page.Items {
			seen[one.ID] = true
		}
		if after = page.Next; after == "" {
			break
		}
	}
	require.Len(t, seen, 50)
	_, err := s.Tokens(ctx, "", day, 7, "x")
	require.ErrorIs(t, err, store.ErrBadCursor)
}

// TestTokensOfPeopleWhoLeftNeverWorkAgain: not when the id is in the directory again either, which may then be somebody else's.
func TestTokensOfPeopleWhoLeftNeverWorkAgain(t *testing.T) {
	s, dsn := openDSN(t)
	ctx := t.Context()
	hash := func(name string) [sha256.Size]byte { return sha256.Sum256([]byte(name)) }
	left, err := s.MakeToken(ctx, hash("zoe"), newToken("zoe", "script"))
	require.NoError(t, err)
	_, err = s.MakeToken(ctx, hash("sam"), newToken("sam", "script"))
	require.NoError(t, err)
	_, err = s.RevokeTokensOfOthers(ctx, []string{"sam"}, 99, day)
	require.ErrorIs(t, err, store.ErrPeopleChanged)
	for _, want := range [][]string{{"zoe"}, nil} { // the second time there is nothing to do
		whose, err := s.RevokeTokensOfOthers(ctx, []string{"sam"}, 1, day)
		require.NoError(t, err)
		require.Equal(t, want, whose)
	}
	for name, works := range map[string]bool{"zoe": false, "sam": true} {
		found, err := s.TokenOf(ctx, hash(name), day)
		require.NoError(t, err)
		require.Equal(t, works, found.Works(day), name)
	}
	require.Equal(t, []string{"made by zoe", "revoked by system"}, changes(t, dsn, "token", left.ID))
	require.ErrorIs(t, s.RevokeToken(ctx, "no uuid", "", "ada", day), store.ErrNotFound)
	require.ErrorIs(t, s.EndSession(ctx, "no uuid", "", "ada", day), store.ErrNotFound)
}

// Those that work come first, the newest of each first, and the pages of a list are of one time.
func TestTheNewestTokensThatWorkComeFirst(t *testing.T) {
	s, ctx := open(t), t.Context()
	for i, name := range []string{"old", "revoked", "expired", "new"} {
		token := newToken("sam", name)
		token.Made = day.Add(time.Duration(i) * time.Minute)
		if name == "expired" {
			token.Expires = token.Made.Add(time.Hour)
		}
		made, err := s.MakeToken(ctx, sha256.Sum256([]byte(name)), token)
		require.NoError(t, err)
		if name == "revoked" {
			require.NoError(t, s.RevokeToken(ctx, made.ID, "sam", "sam", hours(1)))
		}
	}
	var names []string
	at := hours(2)
	for after := ""; ; {
		page, err := s.Tokens(ctx, "sam", at, 1, after)
		require.NoError(t, err)
		for _, one := range page.Items {
			names = append(names, one.Name)
		}
		if after = page.Next; after == "" {
			break
		}
		at = day.AddDate(2, 0, 0) // all have expired meanwhile: the list is as it was
	}
	require.Equal(t, []string{"new", "old", "expired", "revoked"}, names)
}
