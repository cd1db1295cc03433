package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/session"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func keep(t *testing.T, s *store.Store, hash, person, data string, at time.Time) {
	t.Helper()
	require.NoError(t, s.KeepSession(context.Background(), session.Kept{Hash: hash, Person: person, Data: []byte(data), Address: "203.0.113.7",
		UserAgent: "Firefox", At: at, Expires: at.Add(30 * time.Minute)}))
}

func held(t *testing.T, s *store.Store, hash string, at time.Time) string {
	t.Helper()
	data, found, err := s.FindSession(context.Background(), hash, at)
	require.NoError(t, err)
	require.Equal(t, found, len(data) > 0)
	return string(data)
}

func TestAnEndedSessionIsNotRevived(t *testing.T) {
	s, dsn := openDSN(t)
	ctx := context.Background()
	keep(t, s, "h1", "", "begun", day)
	require.Equal(t, "begun", held(t, s, "h1", day))
	list, err := s.Sessions(ctx, "", day, 0, "")
	require.NoError(t, err)
	require.Empty(t, list.Items, "nobody has signed in yet")

	keep(t, s, "h1", "sam", "signed in", day)
	keep(t, s, "h2", "sam", "other browser", day)
	keep(t, s, "h3", "ana", "ana", day)
	list, err = s.Sessions(ctx, "sam", day, 0, "")
	require.NoError(t, err)
	require.Len(t, list.Items, 2)
	require.Equal(t, "203.0.113.7", list.Items[0].Address)

	require.ErrorIs(t, s.EndSession(ctx, list.Items[0].ID, "ana", "ana", hours(0)), store.ErrNotFound, "another's")
	require.ErrorIs(t, s.EndSession(ctx, "x", "", "ada", hours(0)), store.ErrNotFound)
	for _, one := range list.Items {
		require.NoError(t, s.EndSession(ctx, one.ID, "", "ada", hours(0)))
	}
	for _, hash := range []string{"h1", "h2"} { // a request that was in flight keeps its session when it ends
		keep(t, s, hash, "sam", "in flight", day.Add(time.Second))
		require.Empty(t, held(t, s, hash, day.Add(time.Second)))
	}
	require.Equal(t, []string{"ended by ada"}, changes(t, dsn, "session", list.Items[0].ID))
	require.Equal(t, "ana", held(t, s, "h3", day))
	require.NoError(t, s.DropSession(ctx, "h3", day))
	require.Empty(t, held(t, s, "h3", day))
}

func TestSessionsExpireAndAreDeleted(t *testing.T) {
	s, dsn := openDSN(t)
	ctx := context.Background()
	keep(t, s, "idle", "sam", "x", day)
	keep(t, s, "used", "sam", "x", day)
	keep(t, s, "used", "sam", "x", day.Add(30*time.Second)) // not written: less than a minute
	require.Empty(t, held(t, s, "used", day.Add(30*time.Minute)))
	keep(t, s, "used", "sam", "x", day.Add(20*time.Minute))
	at := day.Add(40 * time.Minute)
	require.Empty(t, held(t, s, "idle", at))
	require.Equal(t, "x", held(t, s, "used", at))
	for i := range 1200 {
		keep(t, s, fmt.Sprint("many", i), "", "x", day)
	}
	n, err := s.DeleteExpiredSessions(ctx, at)
	require.NoError(t, err)
	require.Zero(t, n, "they stay for an hour after their expiry")
	n, err = s.DeleteExpiredSessions(ctx, day.Add(95*time.Minute))
	require.NoError(t, err)
	require.EqualValues(t, 1201, n)
	var left int
	require.NoError(t, testkit.Pool(t, dsn).QueryRow(ctx, `SELECT count(*) FROM session`).Scan(&left))
	require.Equal(t, 1, left)
}

func TestSessionsOfPeopleWhoLeftAreEnded(t *testing.T) {
	s, dsn := openDSN(t)
	ctx := context.Background()
	for i := range 450 {
		keep(t, s, fmt.Sprint("left", i), "zoe", "x", day)
	}
	keep(t, s, "stays", "sam", "x", day)
	keep(t, s, "nobody", "", "x", day)
	list, err := s.Sessions(ctx, "zoe", day, 0, "")
	require.NoError(t, err)
	ended, err := s.EndSessionsOfOthers(ctx, []string{"sam", "ana"}, 1, day)
	require.NoError(t, err)
	require.Equal(t, []string{"zoe"}, ended)
	require.Empty(t, held(t, s, "left449", day))
	require.Equal(t, "x", held(t, s, "stays", day))
	require.Equal(t, "x", held(t, s, "nobody", day))
	require.Equal(t, []string{"ended by system"}, changes(t, dsn, "session", list.Items[0].ID))
	ended, err = s.EndSessionsOfOthers(ctx, []string{"sam"}, 1, day)
	require.NoError(t, err)
	require.Empty(t, ended)
}

func TestDelegationsOfPeopleWhoLeftAreCleared(t *testing.T) {
	s, dsn := openDSN(t)
	ctx := context.Background()
	for person, delegate := range map[string]string{"sam": "ana", "ana": "zoe", "zoe": "sam"} {
		require.NoError(t, s.SetDelegation(ctx, store.Delegation{Person: person, Delegate: delegate, From: day, Until: hours(9)}, person, day))
	}
	people, err := s.ClearDelegationsOfOthers(ctx, []string{"sam", "ana"}, 1, hours(1))
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"ana", "zoe"}, people)
	left, err := s.Delegates(ctx, []string{"sam", "ana", "zoe"}, hours(1))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"sam": "ana"}, left)
	require.Equal(t, []string{"set by ana", "cleared by system"}, changes(t, dsn, "delegation", "ana"))
}
