package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"leanpmo/activities"
	"leanpmo/internal/contract"
	"leanpmo/internal/directory"
	"leanpmo/internal/engine"
	"leanpmo/internal/localstack"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/reconcile"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/workflows"
)

const portfolio = "digital"

// system is Temporal and Postgres on real servers, with a worker that can be stopped.
type system struct {
	t      *testing.T
	store  *store.Store
	pool   *pgxpool.Pool
	engine *engine.Engine
	client client.Client
	policy *policy.Policy
	people *directory.Directory
	worker worker.Worker
}

// quick changes the default policy: reminders after three seconds, and limits high enough for everything that the tests pull.
var quick = strings.NewReplacer("run_at_most_every: 1m", "run_at_most_every: 1s", "wip_limit: 12", "wip_limit: 200", "wip_limit: 4", "wip_limit: 200",
	"remind: {after: [1wd], before: [4wh]}\n    escalate: {to: pmo, due: 2wd}", "remind: {after: [3s]}\n    escalate: {to: pmo, due: 2wd}")

func start(t *testing.T) *system {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: needs a Temporal server and Postgres")
	}
	ctx := context.Background()
	stack := testkit.StartStack(t, testkit.StackOptions{})
	dsn := stack.DSN(localstack.DatabasePMO)
	require.NoError(t, store.Migrate(ctx, dsn))
	s := &system{t: t, pool: testkit.Pool(t, dsn)}
	var err error
	s.store, err = store.Open(ctx, dsn, store.Options{})
	require.NoError(t, err)
	t.Cleanup(s.store.Close)
	s.people, err = directory.Parse(directory.Local())
	require.NoError(t, err)
	text := quick.Replace(string(policy.Default().Source()))
	require.Contains(t, text, "after: [3s]", "the default policy changed; adapt the replacement")
	s.policy, err = policy.Parse([]byte(text))
	require.NoError(t, err)
	s.engine, err = engine.Dial(engine.Options{Address: stack.TemporalAddress, Namespace: stack.Namespace, Log: discardLog()})
	require.NoError(t, err)
	t.Cleanup(s.engine.Close)
	require.NoError(t, s.engine.Bootstrap(ctx, 24*time.Hour, []engine.Portfolio{{ID: portfolio, Every: time.Hour}}))
	s.client, err = client.Dial(client.Options{HostPort: stack.TemporalAddress, Namespace: stack.Namespace, Logger: nil})
	require.NoError(t, err)
	t.Cleanup(s.client.Close)
	_, err = s.store.PutTeam(ctx, pmo.Team{ID: "falcon", Name: "Falcon", Portfolio: portfolio, Leads: []string{"theo"}, Skills: []string{"web"}, Capacity: 1000}, "petra", time.Now())
	require.NoError(t, err)
	s.work()
	t.Cleanup(func() { s.worker.Stop() })
	return s
}

func discardLog() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func (s *system) work() {
	s.t.Helper()
	s.worker = s.engine.Worker(func(error) {})
	workflows.Register(s.worker)
	activities.New(activities.Deps{Store: s.store, Policy: s.policy, Directory: s.people, PrioritizeSoon: s.engine.PrioritizeSoon, Log: discardLog()}).Register(s.worker)
	require.NoError(s.t, s.worker.Start())
}

// pass runs a reconciliation with short waits.
func (s *system) pass(t *testing.T, change ...func(*reconcile.Options)) reconcile.Report {
	t.Helper()
	o := reconcile.Options{RecheckAfter: 500 * time.Millisecond, Lag: time.Millisecond, Actor: "ada"}
	for _, c := range change {
		c(&o)
	}
	replay := func(ctx context.Context, id, runID string) ([]pmo.Entry, error) {
		return s.engine.ReplayLedger(ctx, id, runID, workflows.Register)
	}
	report, err := reconcile.Pass(t.Context(), s.engine, s.store, replay, o)
	require.NoError(t, err)
	return report
}

func apply(o *reconcile.Options) { o.Apply = true }

func full(o *reconcile.Options) { o.Full = true }

// awaitConsistent waits until a full pass finds nothing: the visibility store and the projections are eventually consistent.
func (s *system) awaitConsistent(t *testing.T) {
	t.Helper()
	eventually(t, "rows and workflows agree", func() error {
		if r := s.pass(t, full); len(r.Findings) > 0 {
			return fmt.Errorf("%+v", r.Findings)
		}
		return nil
	})
}

// repairs requires that a dry run finds the damage and changes nothing, that applying repairs it, and that applying again changes nothing.
func (s *system) repairs(t *testing.T, class reconcile.Class, id string) {
	t.Helper()
	var found reconcile.Report
	eventually(t, string(class)+" is found", func() error {
		found = s.pass(t)
		if len(found.Findings) != 1 || found.Findings[0].Class != class || found.Findings[0].ID != id {
			return fmt.Errorf("found %+v", found.Findings)
		}
		return nil
	})
	require.Zero(t, found.Changes)
	require.False(t, found.Clean())
	require.Len(t, s.pass(t).Findings, 1, "a dry run repaired something")
	repaired := s.pass(t, apply)
	require.Equal(t, 1, repaired.Changes, "%+v", repaired.Findings)
	t.Logf("%s: %s → %s", class, repaired.Findings[0].Words, repaired.Findings[0].Action)
	require.Zero(t, s.pass(t, apply).Changes, "applying again changed something")
}

func (s *system) sql(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := s.pool.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

func (s *system) number(t *testing.T, sql string, args ...any) int64 {
	t.Helper()
	var n int64
	require.NoError(t, s.pool.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

// consistent requires that the row and the ledger of a request agree with its workflow.
func (s *system) consistent(t *testing.T, id string) {
	t.Helper()
	row, err := s.store.Request(t.Context(), id)
	require.NoError(t, err)
	state, err := s.engine.StateOf(t.Context(), id, "")
	require.NoError(t, err)
	require.Equal(t, state, row.Request)
	require.Equal(t, state.LedgerSeq, s.number(t, `SELECT count(*) FROM ledger WHERE request_id = $1`, id))
}

func (s *system) submit(t *testing.T, title string) string {
	t.Helper()
	three, five := 3.0, 5.0
	content := pmo.Content{Title: title, Kind: "enhancement", Problem: "Lists are typed twice", Outcome: "Lists are typed once",
		Baseline: pmo.Baseline{VolumePerMonth: 4, MinutesEach: 300}, Size: 3, Skills: []string{"web"},
		Inputs: pmo.Inputs{BusinessValue: &five, TimeCriticality: &three, RiskReduction: &three, JobSize: &three}}
	sent, err := s.engine.Submit(t.Context(), pmo.Submission{Content: content, Requester: "sam", SubmittedBy: "sam", At: time.Now().UTC()}, uuid.NewString())
	require.NoError(t, err)
	s.await(t, sent.ID, "a question is open", func(r store.Row) bool { return len(r.OpenQuestions()) > 0 })
	return sent.ID
}

func (s *system) decide(t *testing.T, id, actor, question, verdict string) {
	t.Helper()
	_, err := s.engine.Update(t.Context(), id, contract.UpdateDecide, &pmo.Decide{Question: question, Verdict: verdict, Reason: "because of the test"},
		pmo.By{Actor: actor, Via: "api"}, uuid.NewString())
	require.NoError(t, err)
}

// toTeam brings a request to the stage in which it has a slot and a team's capacity is held.
func (s *system) toTeam(t *testing.T, id string) {
	t.Helper()
	s.decide(t, id, "ana", "review/1/approvers", pmo.VerdictApprove)
	s.decide(t, id, "bo", "review/1/approvers", pmo.VerdictApprove)
	s.await(t, id, "it waits", func(r store.Row) bool { return r.WaitsForPull() })
	run, err := s.engine.PrioritizeNow(t.Context(), contract.PrioritizationInput{Portfolio: portfolio, Cause: "now", Actor: "petra"}, uuid.NewString())
	require.NoError(t, err)
	_, done, err := s.engine.PrioritizationResult(t.Context(), run, 20*time.Second)
	require.NoError(t, err)
	require.True(t, done)
	s.await(t, id, "the approach question is open", func(r store.Row) bool { return r.OpenQuestionOf(pmo.KindApproach) != nil })
	s.decide(t, id, "theo", "approach/1", pmo.VerdictAccept)
	s.await(t, id, "the assignment question is open", func(r store.Row) bool { return r.OpenQuestionOf(pmo.KindAssignment) != nil })
}

func (s *system) await(t *testing.T, id, what string, ok func(store.Row) bool) {
	t.Helper()
	eventually(t, what, func() error {
		row, err := s.store.Request(t.Context(), id)
		if err == nil && !ok(row) {
			err = fmt.Errorf("it is in %s, seq %d", row.Stage, row.Seq)
		}
		return err
	})
}

func eventually(t *testing.T, what string, check func() error) {
	t.Helper()
	deadline := time.Now().Add(40 * time.Second)
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			require.NoError(t, err, "%s: not reached in time", what)
		}
		select {
		case <-t.Context().Done():
			require.NoError(t, t.Context().Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

var errNotFound = errors.New("not yet")

func moreThan(n, most int) error {
	if n > most {
		return fmt.Errorf("%d", n)
	}
	return nil
}
