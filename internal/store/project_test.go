package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestNumberIsIdempotent(t *testing.T) {
	s, id := open(t), uuid.NewString()
	first, err := s.Number(t.Context(), id, day)
	require.NoError(t, err)
	again, err := s.Number(t.Context(), id, hours(9))
	require.NoError(t, err)
	require.Equal(t, first, again)
	next, err := s.Number(t.Context(), uuid.NewString(), day)
	require.NoError(t, err)
	require.Equal(t, first+1, next, "a repeated call uses no number up")
}

func TestNumberIsGivenOnceToConcurrentCalls(t *testing.T) {
	s, id := open(t), uuid.NewString()
	got := make([]int64, 20)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i], _ = s.Number(context.Background(), id, day) })
	}
	all.Wait()
	for _, n := range got {
		require.Equal(t, got[0], n)
		require.Positive(t, n)
	}
}

func TestProjectRoundTrip(t *testing.T) {
	s := open(t)
	r := request("Invoices by mail", openQuestion(pmo.KindClarify, hours(5), "rita"))
	r.Number = 42
	seq, cause, err := s.Project(t.Context(), "run-1", r, []pmo.Entry{entry(1, pmo.EventSubmitted), entry(2, pmo.EventAsked)})
	require.NoError(t, err)
	require.EqualValues(t, 2, seq)
	require.Empty(t, cause)
	for _, ref := range []string{r.ID, "R-42", "r-42", "42"} {
		row, err := s.Request(t.Context(), ref)
		require.NoError(t, err, ref)
		require.Equal(t, r, row.Request)
		require.Equal(t, "run-1", row.RunID)
		require.EqualValues(t, 1, row.Epoch)
	}
	for _, ref := range []string{uuid.NewString(), "R-43", "042", "R--1", "nonsense", ""} {
		_, err := s.Request(t.Context(), ref)
		require.ErrorIs(t, err, store.ErrNotFound, ref)
	}
}

func TestStaleSnapshotIsIgnoredButItsEntriesAreKept(t *testing.T) {
	s := open(t)
	r := request("New title", waiting, openQuestion(pmo.KindScore, hours(5), "petra"))
	r.Seq = 7
	project(t, s, r, entry(2, pmo.EventStage))
	old := request("Old title", inExecution("falcon"))
	old.ID, old.Seq = r.ID, 6
	project(t, s, old, entry(1, pmo.EventSubmitted))

	row, err := s.Request(t.Context(), r.ID)
	require.NoError(t, err)
	require.Equal(t, "New title", row.Content.Title)
	require.Zero(t, slots(t, s).Total, "a stale snapshot takes no slot")
	inbox, err := s.Inbox(t.Context(), "petra", day, 0, "")
	require.NoError(t, err)
	require.Len(t, inbox.Items, 1, "a stale snapshot removes no question")
	ledger, err := s.Ledger(t.Context(), r.ID, 0, 10)
	require.NoError(t, err)
	require.Len(t, ledger.Items, 2)
}

func TestResetWinsOverLateWritesOfTheExecutionBefore(t *testing.T) {
	s := open(t)
	r := request("Before the reset")
	r.Seq, r.LedgerSeq = 50, 50
	_, _, err := s.Project(t.Context(), "run-a", r, []pmo.Entry{entry(50, pmo.EventStage)})
	require.NoError(t, err)

	r.Content.Title, r.Seq, r.LedgerSeq = "After the reset", 20, 20
	seq, _, err := s.Project(t.Context(), "run-b", r, []pmo.Entry{entry(20, pmo.EventAmended)})
	require.NoError(t, err)
	require.EqualValues(t, 20, seq, "numbers of the execution before are not confirmed to this one")

	r.Content.Title, r.Seq = "A late write of the execution before", 51
	_, _, err = s.Project(t.Context(), "run-a", r, nil)
	require.NoError(t, err)

	row, err := s.Request(t.Context(), r.ID)
	require.NoError(t, err)
	require.Equal(t, "After the reset", row.Content.Title)
	require.EqualValues(t, 2, row.Epoch)
	require.EqualValues(t, 20, row.Seq)
}

// A worker may be killed after its projection has committed and before its workflow task is in the history. The task is then retried, with other
// times and results under the same seq, or never: the projection of the later task is the valid one, whatever seq the lost one had.
func TestRetriedTaskWinsOverTheLostOne(t *testing.T) {
	s := open(t)
	write := func(title string, events int, at time.Time, seq int64) {
		r := request(title)
		r.ID, r.ProjectionVersion, r.Seq = "7f3c2a10-0000-4000-8000-00000000000a", pmo.ProjectionVersion{Events: events, At: at}, seq
		_, _, err := s.Project(t.Context(), "run-a", r, nil)
		require.NoError(t, err)
	}
	title := func() string {
		row, err := s.Request(t.Context(), "7f3c2a10-0000-4000-8000-00000000000a")
		require.NoError(t, err)
		return row.Content.Title
	}
	write("Lost with its worker", 20, hours(1), 6)
	write("Retried", 20, hours(2), 6)
	require.Equal(t, "Retried", title())
	write("The lost one's late write", 20, hours(1), 6)
	require.Equal(t, "Retried", title())
	write("Lost, and never retried", 26, hours(3), 9)
	write("The task instead of it", 26, hours(4), 7)
	require.Equal(t, "The task instead of it", title())
	write("A later write of the same task", 26, hours(4), 8)
	require.Equal(t, "A later write of the same task", title())
}

func TestLedgerStoresEachKeyOnceAndIsAppendOnly(t *testing.T) {
	s, dsn := openDSN(t)
	r := request("Once")
	project(t, s, r, entry(1, pmo.EventSubmitted))
	project(t, s, r, entry(1, pmo.EventSubmitted), entry(2, pmo.EventAdmitted))
	page, err := s.Ledger(t.Context(), r.ID, 0, 1)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.NotEmpty(t, page.Next)
	rest, err := s.Ledger(t.Context(), r.ID, page.Items[0].Position, 1)
	require.NoError(t, err)
	require.Equal(t, entry(2, pmo.EventAdmitted), rest.Items[0].Entry)
	require.Empty(t, rest.Next)

	pool := testkit.Pool(t, dsn)
	for _, sql := range []string{`UPDATE ledger SET event = 'x'`, `DELETE FROM ledger`, `TRUNCATE ledger`, `DELETE FROM change_ledger`, `DELETE FROM request_number`} {
		_, err := pool.Exec(t.Context(), sql)
		require.ErrorContains(t, err, "append-only", sql)
	}
}

func TestProjectReplacesCharactersPostgresRefuses(t *testing.T) {
	s := open(t)
	r := request("a\x00b \\u0000", func(r *pmo.Request) { r.Requester, r.Content.Problem = "ri\x00ta", "\xff \\\x00" })
	project(t, s, r, pmo.Entry{Seq: 1, Key: "k", At: day, Event: pmo.EventSubmitted, Text: "\x00\\u0000"})
	row, err := s.Request(t.Context(), r.ID)
	require.NoError(t, err)
	require.Equal(t, "a\uFFFDb \\u0000", row.Content.Title)
	require.Equal(t, "\uFFFD \\\uFFFD", row.Content.Problem)
}

func TestConcurrentProjections(t *testing.T) {
	s := open(t)
	r := request("Busy", waiting)
	var all sync.WaitGroup
	for i := range 20 {
		at := r
		at.Seq = int64(i + 1)
		all.Go(func() {
			_, _, err := s.Project(context.Background(), []string{"run-a", "run-b"}[i%2], at, []pmo.Entry{entry(int64(i), pmo.EventAmended)})
			require.NoError(t, err)
		})
	}
	all.Wait()
	page, err := s.Ledger(t.Context(), r.ID, 0, 50)
	require.NoError(t, err)
	require.Len(t, page.Items, 20)
	row, err := s.Request(t.Context(), r.ID)
	require.NoError(t, err)
	require.EqualValues(t, 2, row.Epoch)
}
