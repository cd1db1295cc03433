package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// day is where the tests' time begins; the tests do not read the clock.
var day = time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)

func hours(n int) time.Time { return day.Add(time.Duration(n) * time.Hour) }

func open(t testing.TB) *store.Store {
	t.Helper()
	s, _ := openDSN(t)
	return s
}

func openDSN(t testing.TB) (*store.Store, string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs Postgres; run without -short")
	}
	dsn := testkit.Database(t, store.Migrate)
	s, err := store.Open(context.Background(), dsn, store.Options{})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s, dsn
}

// request is a request as it is right after submission.
func request(title string, change ...func(*pmo.Request)) pmo.Request {
	r := *pmo.New(uuid.NewString(), "digest", pmo.Submission{
		Content: pmo.Content{Title: title, Kind: "enhancement"}, Requester: "rita", SubmittedBy: "rita", At: day,
	})
	r.Portfolio, r.Seq, r.Rounds = "core", 1, nil
	for _, c := range change {
		c(&r)
	}
	return r
}

func waiting(r *pmo.Request) { r.Stage, r.StageSince = pmo.StagePrioritization, hours(1) }

func class(c pmo.ClassOfService) func(*pmo.Request) {
	return func(r *pmo.Request) { r.Content.Class = c }
}

func inExecution(team string) func(*pmo.Request) {
	return func(r *pmo.Request) {
		r.Stage, r.PulledAt, r.Pull = pmo.StageExecution, hours(2), &pmo.Pull{Run: "run/1", At: hours(2)}
		r.Assignment = &pmo.Assignment{Team: team, Leads: []string{"theo"}, Size: 3, OfferedAt: hours(3), ConfirmedAt: hours(4)}
	}
}

func inAssignment(r *pmo.Request) {
	r.Stage, r.PulledAt, r.Pull = pmo.StageAssignment, hours(2), &pmo.Pull{Run: "run/1", At: hours(2)}
}

func openQuestion(kind pmo.Kind, due time.Time, people ...string) func(*pmo.Request) {
	return func(r *pmo.Request) {
		r.Questions = append(r.Questions, pmo.Question{ID: fmt.Sprintf("%s/%d", kind, len(r.Questions)+1), Kind: kind, Round: 1, People: people,
			OpenedAt: hours(1), DueAt: due, Status: pmo.QuestionOpen})
	}
}

// entry is a ledger entry of an event.
func entry(seq int64, event string) pmo.Entry {
	return pmo.Entry{Seq: seq, Key: fmt.Sprintf("%s/%d", event, seq), At: hours(int(seq)), Event: event, Stage: pmo.StageIntake, Text: event}
}

// project writes a snapshot as the first execution of its workflow does, and returns the cause of the prioritization to request.
func project(t testing.TB, s *store.Store, r pmo.Request, entries ...pmo.Entry) string {
	t.Helper()
	_, cause, err := s.Project(context.Background(), "run-1", r, entries)
	require.NoError(t, err)
	return cause
}

// changes reads the change ledger of one object as "event by actor".
func changes(t testing.TB, dsn, object, id string) []string {
	t.Helper()
	rows, err := testkit.Pool(t, dsn).Query(context.Background(),
		`SELECT event || ' by ' || actor FROM change_ledger WHERE object = $1 AND object_id = $2 ORDER BY position`, object, id)
	require.NoError(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return list
}

func inPortfolio(t testing.TB, s *store.Store, f func(tx *store.PortfolioTx)) {
	t.Helper()
	require.NoError(t, s.InPortfolio(context.Background(), "core", func(tx *store.PortfolioTx) error {
		f(tx)
		return nil
	}))
}

func slots(t testing.TB, s *store.Store) store.Occupancy {
	t.Helper()
	var o store.Occupancy
	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		var err error
		o, err = tx.Occupancy(context.Background())
		require.NoError(t, err)
	})
	return o
}

func team(t testing.TB, s *store.Store, id string) store.TeamLoad {
	t.Helper()
	load, err := s.Team(context.Background(), id)
	require.NoError(t, err)
	return load
}

func putTeam(t testing.TB, s *store.Store, id string) pmo.Team {
	t.Helper()
	put, err := s.PutTeam(context.Background(), pmo.Team{ID: id, Name: id, Portfolio: "core", Leads: []string{"theo"}, Members: []string{"mia"},
		Skills: []string{"go"}, Capacity: 10}, "petra", day)
	require.NoError(t, err)
	return put
}
