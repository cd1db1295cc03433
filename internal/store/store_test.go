package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestMigrateIsIdempotent(t *testing.T) {
	dsn := testkit.Database(t, nil)
	s, err := store.Open(t.Context(), dsn, store.Options{})
	require.NoError(t, err)
	defer s.Close()
	require.ErrorContains(t, s.SchemaOK(t.Context()), "run the migrations")
	require.NoError(t, store.Migrate(t.Context(), dsn))
	require.NoError(t, store.Migrate(t.Context(), dsn))
	require.NoError(t, s.SchemaOK(t.Context()))
}

func TestDownDatabaseIsUnavailable(t *testing.T) {
	s, err := store.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none", store.Options{})
	require.NoError(t, err, "opening does not connect")
	defer s.Close()
	id, r := uuid.NewString(), request("Down")
	for name, call := range map[string]func() error{
		"Ping":        func() error { return s.Ping(t.Context()) },
		"SchemaOK":    func() error { return s.SchemaOK(t.Context()) },
		"Number":      func() error { _, err := s.Number(t.Context(), id, day); return err },
		"Project":     func() error { _, _, err := s.Project(t.Context(), "run", r, nil); return err },
		"Request":     func() error { _, err := s.Request(t.Context(), id); return err },
		"List":        func() error { _, err := s.List(t.Context(), store.Filter{}); return err },
		"Inbox":       func() error { _, err := s.Inbox(t.Context(), "ana", day, 0, ""); return err },
		"InPortfolio": func() error { return s.InPortfolio(t.Context(), "core", func(*store.PortfolioTx) error { return nil }) },
		"PutTeam":     func() error { _, err := s.PutTeam(t.Context(), pmo.Team{ID: "a"}, "p", day); return err },
	} {
		require.ErrorIs(t, call(), store.ErrUnavailable, name)
	}
	require.ErrorIs(t, store.Migrate(t.Context(), "postgres://nobody@127.0.0.1:1/none"), store.ErrUnavailable)
}

func TestCancelledCallIsNotUnavailability(t *testing.T) {
	s := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.List(ctx, store.Filter{})
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, store.ErrUnavailable)
}

func TestLockTimeoutIsUnavailability(t *testing.T) {
	s, dsn := openDSN(t)
	r := request("Locked")
	project(t, s, r)
	tx, err := testkit.Pool(t, dsn).Begin(t.Context())
	require.NoError(t, err)
	defer tx.Rollback(context.Background())
	_, err = tx.Exec(t.Context(), `SELECT FROM request FOR UPDATE`)
	require.NoError(t, err)
	r.Seq = 2
	_, _, err = s.Project(t.Context(), "run-1", r, nil)
	require.ErrorIs(t, err, store.ErrUnavailable)
}

func TestTeamIsChangedOnlyAtTheRevisionRead(t *testing.T) {
	s, dsn := openDSN(t)
	created := putTeam(t, s, "falcon")
	require.Equal(t, 1, created.Revision)
	_, err := s.PutTeam(t.Context(), pmo.Team{ID: "falcon", Leads: []string{"x"}}, "petra", day)
	require.ErrorIs(t, err, store.ErrConflict, "it exists")
	created.Capacity = 12
	created.Shares, created.CapacityPerPerson, created.OtherWork, created.WIPPerPerson, created.Pace = map[string]float64{"theo": 0.5}, 2, 0.25, 1.5, 1.25
	changed, err := s.PutTeam(t.Context(), created, "theo", hours(1))
	require.NoError(t, err)
	require.Equal(t, 2, changed.Revision)
	_, err = s.PutTeam(t.Context(), created, "lena", hours(2))
	require.ErrorIs(t, err, store.ErrConflict, "it has changed since")

	teams, err := s.Teams(t.Context())
	require.NoError(t, err)
	require.Equal(t, []store.TeamLoad{{Team: changed}}, teams)
	require.Equal(t, []string{"created by petra", "changed by theo"}, changes(t, dsn, "team", "falcon"))
}

func TestSimilarFindsClosedRequestsAndExplains(t *testing.T) {
	s := open(t)
	closed := request("Automate invoice approval", func(r *pmo.Request) {
		r.Number, r.Status, r.Outcome, r.ClosedAt = 7, pmo.StatusClosed, pmo.OutcomeDelivered, hours(3)
	})
	project(t, s, closed)
	project(t, s, request("Canteen menu on the intranet"))
	project(t, s, request("Automate invoice approvals", func(r *pmo.Request) { r.Content.Confidential = true }))
	own := request("Automated approval of invoices")
	project(t, s, own)
	found, err := s.Similar(t.Context(), own.ID, own.Content.Title, "", 5)
	require.NoError(t, err)
	require.Len(t, found, 1, "neither itself nor a confidential one")
	require.Equal(t, closed.ID, found[0].ID)
	require.True(t, found[0].Closed)
	require.Greater(t, found[0].Score, 0.3)
	require.Equal(t, "same words: approval", found[0].Words)
}

// TestSimilarFollowsWhatChanges covers what the copy in memory may miss: later requests, changed texts, and rows that become confidential.
func TestSimilarFollowsWhatChanges(t *testing.T) {
	s, dsn := openDSN(t)
	ask := func(title string) []string {
		t.Helper()
		found, err := s.Similar(t.Context(), uuid.NewString(), title, "", 5)
		require.NoError(t, err)
		list := []string{}
		for _, f := range found {
			list = append(list, f.Title)
		}
		return list
	}
	require.Empty(t, ask("Автоматизация согласования счетов"))
	r := request("Автоматическое согласование счетов")
	project(t, s, r)
	require.Equal(t, []string{r.Content.Title}, ask("Автоматизация согласования счетов"))
	r.Content.Title, r.Seq = "发票审批自动化", 2
	project(t, s, r)
	require.Empty(t, ask("Автоматизация согласования счетов"))
	require.Equal(t, []string{r.Content.Title}, ask("自动化的发票审批"))

	// A transaction that began before the last search and ends after it.
	late := request("Canteen menu on the intranet")
	tx, err := testkit.Pool(t, dsn).Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `UPDATE request SET title = $2, likeness = lower($2) WHERE id = $1`, r.ID, late.Content.Title)
	require.NoError(t, err)
	other := request("Something else")
	project(t, s, other)
	require.Empty(t, ask("The canteen menu in the intranet"))
	require.NoError(t, tx.Commit(t.Context()))
	require.Equal(t, []string{late.Content.Title}, ask("The canteen menu in the intranet"))

	r.Content.Title, r.Content.Confidential, r.Seq = late.Content.Title, true, 3
	project(t, s, r)
	require.Empty(t, ask("The canteen menu in the intranet"))
	r.Content.Confidential, r.Seq = false, 4
	project(t, s, r)
	require.Len(t, ask("The canteen menu in the intranet"), 1)
	_, err = testkit.Pool(t, dsn).Exec(t.Context(), `ALTER TABLE request DISABLE TRIGGER date_text_change; UPDATE request SET confidential = true`)
	require.NoError(t, err)
	require.Empty(t, ask("The canteen menu in the intranet"), "what is shown is read again")
}

// The end of the feed goes by the number of the transaction: 100 is after 99.
func TestFeedEndGoesByTheNumber(t *testing.T) {
	s, dsn := openDSN(t)
	r := request("R")
	for i, xid := range []string{"99", "100"} {
		_, err := testkit.Pool(t, dsn).Exec(t.Context(), `INSERT INTO ledger (xid, request_id, seq, key, at, event, body)
			VALUES ($1::text::xid8, $2, 1, $1, $3, 'submitted', '{"event": "submitted"}')`, xid, r.ID, day.Add(time.Duration(i)))
		require.NoError(t, err)
	}
	end, err := s.FeedEnd(t.Context())
	require.NoError(t, err)
	page, err := s.Events(t.Context(), store.View{SeesAll: true})
	require.NoError(t, err)
	require.Len(t, page.Items, 2)
	require.Equal(t, page.Next, end)
}

func TestFeedSkipsNoEntryAndHidesConfidentialRequests(t *testing.T) {
	s, dsn := openDSN(t)
	slow := request("Slow")
	tx, err := testkit.Pool(t, dsn).Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `INSERT INTO ledger (request_id, seq, key, at, event, body) VALUES ($1, 1, 'k', $2, 'submitted', '{"event": "submitted"}')`, slow.ID, day)
	require.NoError(t, err)
	project(t, s, request("Fast"), entry(1, pmo.EventSubmitted))
	page, err := s.Events(t.Context(), store.View{})
	require.NoError(t, err)
	require.Empty(t, page.Items, "an older transaction still runs")
	require.NoError(t, tx.Commit(t.Context()))
	project(t, s, slow)

	secret := request("Secret", func(r *pmo.Request) { r.Content.Confidential = true })
	project(t, s, secret, entry(1, pmo.EventSubmitted))
	for viewer, want := range map[string]int{"rita": 3, "sam": 2} {
		view := store.View{Viewer: viewer, Limit: 1}
		seen := 0
		for {
			page, err := s.Events(t.Context(), view)
			require.NoError(t, err)
			seen += len(page.Items)
			if page.Next == view.Cursor {
				break
			}
			view.Cursor = page.Next
		}
		require.Equal(t, want, seen, viewer)
		end, err := s.FeedEnd(t.Context())
		require.NoError(t, err)
		require.Equal(t, view.Cursor, end)
	}
}
