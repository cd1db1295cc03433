package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// TestTheFeedForManyIsTheFeedOfEach: whom an event is restricted to is the same rule as the one by which each reads the feed alone.
func TestTheFeedForManyIsTheFeedOfEach(t *testing.T) {
	s := open(t)
	at := time.Now().UTC().Truncate(time.Second)
	_, err := s.PutTeam(t.Context(), pmo.Team{ID: "falcon", Name: "Falcon", Portfolio: "core", Leads: []string{"theo"}, Members: []string{"lena"}}, "petra", at)
	require.NoError(t, err)
	require.NoError(t, s.SetDelegation(t.Context(), store.Delegation{Person: "theo", Delegate: "kai", From: at.Add(-time.Hour), Until: at.Add(time.Hour)}, "theo", at))
	require.NoError(t, s.SetDelegation(t.Context(), store.Delegation{Person: "lena", Delegate: "bo", From: at.Add(time.Hour), Until: at.Add(2 * time.Hour)}, "lena", at))
	hidden := func(r *pmo.Request) { r.Content.Confidential = true }
	withTeam := func(r *pmo.Request) {
		r.Content.Confidential = true
		r.Assignment = &pmo.Assignment{Team: "falcon", Leads: []string{"theo"}}
	}
	for i, r := range []pmo.Request{request("Open"), request("Hidden", hidden), request("With a team", withTeam)} {
		project(t, s, r, pmo.Entry{Seq: 1, Key: fmt.Sprint(i), Event: pmo.EventStage, Text: r.Content.Title, At: at})
	}
	events, err := s.Feed(t.Context(), store.FeedPosition{}, 10, at)
	require.NoError(t, err)
	require.Len(t, events, 3)
	for _, person := range []string{"rita", "sam", "theo", "lena", "kai", "bo", "petra"} {
		standing, err := s.Standing(t.Context(), person, nil, at)
		require.NoError(t, err)
		alone, err := s.Events(t.Context(), store.View{Viewer: person, ActsFor: standing.ActsFor})
		require.NoError(t, err)
		var mine, shared []string
		for _, e := range alone.Items {
			mine = append(mine, e.Text)
		}
		for _, e := range events {
			if !e.Restricted || slices.Contains(e.Readers, person) {
				shared = append(shared, e.Text)
			}
		}
		require.Equal(t, mine, shared, person)
	}
	now, err := s.FeedNow(t.Context())
	require.NoError(t, err)
	require.Equal(t, events[2].Place, now)
	require.Equal(t, events[2].Cursor, now.String())
	rest, err := s.Feed(t.Context(), events[0].Place, 1, at)
	require.NoError(t, err)
	require.Equal(t, "Hidden", rest[0].Text)
	rest, err = s.Feed(t.Context(), now, 1, at)
	require.NoError(t, err)
	require.Empty(t, rest)
}

// TestATransactionElsewhereInTheClusterHoldsTheFeed: transaction ids belong to the cluster, so one that writes to another database holds the
// feed as well. Since when is measured, and nothing is lost once it ends.
func TestATransactionElsewhereInTheClusterHoldsTheFeed(t *testing.T) {
	s := open(t)
	other, err := testkit.Pool(t, testkit.Database(t, store.Migrate)).Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = other.Rollback(context.Background()) }()
	var xid string
	require.NoError(t, other.QueryRow(t.Context(), `SELECT pg_current_xact_id()::text`).Scan(&xid))
	at := time.Now().UTC().Truncate(time.Second)
	for i := range 2 {
		project(t, s, request("Held"), pmo.Entry{Seq: 1, Key: fmt.Sprint(i), Event: pmo.EventStage, At: at.Add(time.Duration(i) * time.Second)})
	}
	events, err := s.Feed(t.Context(), store.FeedPosition{}, 10, at)
	require.NoError(t, err)
	require.Empty(t, events)
	held, err := s.FeedHeld(t.Context())
	require.NoError(t, err)
	require.NotNil(t, held)
	require.True(t, at.Equal(*held), "the oldest that is held")
	status, err := s.NotifyStatus(t.Context())
	require.NoError(t, err)
	require.Equal(t, held, status.Held)

	require.NoError(t, other.Commit(t.Context()))
	testkit.Eventually(t, "the events are read", func() error { // other tests of the cluster have transactions of their own
		if events, err = s.Feed(t.Context(), store.FeedPosition{}, 10, at); err == nil && len(events) < 2 {
			err = fmt.Errorf("%d of 2 events are read", len(events))
		}
		return err
	})
	testkit.Eventually(t, "nothing is held", func() error {
		if held, err = s.FeedHeld(t.Context()); err == nil && held != nil {
			err = fmt.Errorf("events since %s are held", held)
		}
		return err
	})
}
