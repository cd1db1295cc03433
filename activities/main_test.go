package activities

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const portfolio = "digital"

var day = time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)

// bench is activities on a real, empty database with the default policy and the local people.
type bench struct {
	*Activities
	t      *testing.T
	store  *store.Store
	pool   *pgxpool.Pool
	causes []string // of the prioritizations requested
	fails  error    // returned by PrioritizeSoon
}

func newBench(t *testing.T) *bench {
	t.Helper()
	if testing.Short() {
		t.Skip("needs Postgres; run without -short")
	}
	dsn := testkit.Database(t, store.Migrate)
	s, err := store.Open(context.Background(), dsn, store.Options{})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	people, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	b := &bench{t: t, store: s, pool: testkit.Pool(t, dsn)}
	b.Activities = New(Deps{Store: s, Policy: policy.Holding(policy.Default()), Directory: people, SignalDecisions: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		PrioritizeSoon: func(_ context.Context, _, cause string, _ time.Time, _ time.Duration) error {
			b.causes = append(b.causes, cause)
			return b.fails
		}})
	return b
}

// waiting puts a scored request into the backlog.
func (b *bench) waiting(title string, value, size float64) pmo.Request {
	b.t.Helper()
	return b.waitingAs(uuid.NewString(), title, value, size)
}

// waitingAs makes a request with an id: the worlds of priority.Ranges follow from ids.
func (b *bench) waitingAs(id, title string, value, size float64) pmo.Request {
	b.t.Helper()
	one := 1.0
	r := pmo.New(id, "digest", pmo.Submission{Requester: "sam", SubmittedBy: "sam", At: day,
		Content: pmo.Content{Title: title, Kind: "enhancement", Size: size, Skills: []string{"web"},
			Inputs: pmo.Inputs{BusinessValue: &value, TimeCriticality: &one, RiskReduction: &one, JobSize: &size}}})
	number, err := b.store.Number(b.t.Context(), r.ID, day)
	require.NoError(b.t, err)
	r.Number, r.Portfolio, r.Stage, r.StageSince, r.Seq = number, portfolio, pmo.StagePrioritization, day, 1
	b.project(*r)
	return *r
}

func (b *bench) project(r pmo.Request) {
	b.t.Helper()
	_, _, err := b.store.Project(b.t.Context(), "run-of-"+r.ID, r, nil)
	require.NoError(b.t, err)
}

func (b *bench) team(id string, capacity float64, wip int, skills ...string) {
	b.t.Helper()
	_, err := b.store.PutTeam(b.t.Context(), pmo.Team{ID: id, Name: id, Portfolio: portfolio, Leads: []string{"theo"}, Skills: skills, Capacity: capacity, WIPLimit: wip}, "petra", day)
	require.NoError(b.t, err)
}

var errDown = errors.New("down")
