package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/calendar"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/reconcile"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
	"leanpmo/workflows"
)

// environment is both sides, on real servers, with a worker that can be stopped.
type environment struct{ *harness.Environment }

func start(t *testing.T) *environment {
	t.Helper()
	e := &environment{harness.Start(t, harness.Options{Policy: func(d *policy.Document) {
		harness.Fast(d)
		d.Questions[pmo.KindClarify].Remind = policy.RemindDoc{After: []calendar.Duration{harness.Duration("8s")}}
		d.Questions[pmo.KindReview].Groups = []policy.GroupQuestionDoc{harness.ReviewGroup("finance", "3s", "200h")}
	}})}
	e.StartWorker()
	return e
}

// pass runs a reconciliation that waits little and takes visibility at its word.
func (e *environment) pass(t *testing.T, change ...func(*reconcile.Options)) reconcile.Report {
	t.Helper()
	o := reconcile.Options{RecheckAfter: 500 * time.Millisecond, Lag: time.Millisecond, Actor: "ada"}
	for _, c := range change {
		c(&o)
	}
	replayLedger := func(ctx context.Context, id, run string) ([]pmo.Entry, error) {
		return e.Engine.ReplayLedger(ctx, id, run, workflows.Register)
	}
	report, err := reconcile.Pass(t.Context(), e.Engine, e.Store, replayLedger, o)
	require.NoError(t, err)
	return report
}

func apply(o *reconcile.Options) { o.Apply = true }

func full(o *reconcile.Options) { o.Full = true }

// awaitConsistent waits until both sides agree: visibility and projections are moments behind.
func (e *environment) awaitConsistent(t *testing.T) {
	t.Helper()
	testkit.Eventually(t, "both sides agree", func() error {
		if r := e.pass(t, full); len(r.Findings) > 0 {
			return fmt.Errorf("%+v", r.Findings)
		}
		return nil
	})
}

// awaitBroken waits until visibility, moments behind, shows so many requests that do not go on.
func (e *environment) awaitBroken(t *testing.T, want reconcile.Broken) {
	t.Helper()
	testkit.Eventually(t, "requests that do not go on are counted", func() error {
		got, err := reconcile.CountBroken(t.Context(), e.Engine, e.Store)
		if err != nil || got != want {
			return fmt.Errorf("counted %+v: %v", got, err)
		}
		return nil
	})
}

// repairs requires that a dry run finds the damage and changes nothing, that applying mends it, and that doing so twice changes nothing.
func (e *environment) repairs(t *testing.T, class reconcile.Class, id string) {
	t.Helper()
	var found reconcile.Report
	testkit.Eventually(t, string(class)+" is found", func() error {
		found = e.pass(t)
		if len(found.Findings) != 1 || found.Findings[0].Class != class || found.Findings[0].ID != id {
			return fmt.Errorf("found %+v", found.Findings)
		}
		return nil
	})
	require.Zero(t, found.Changes)
	require.False(t, found.Clean())
	require.Len(t, e.pass(t).Findings, 1, "a dry run mended something")
	mended := e.pass(t, apply)
	require.Equal(t, 1, mended.Changes, "%+v", mended.Findings)
	t.Logf("%s: %s → %s", class, mended.Findings[0].Words, mended.Findings[0].Action)
	require.Zero(t, e.pass(t, apply).Changes, "twice changed something")
}

func (e *environment) sql(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := e.Pool.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

func (e *environment) number(t *testing.T, sql string, args ...any) int64 {
	t.Helper()
	var n int64
	require.NoError(t, e.Pool.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

// consistent requires that row, workflow and ledger of a request tell the same.
func (e *environment) consistent(t *testing.T, id string) {
	t.Helper()
	row, err := e.Store.Request(t.Context(), id)
	require.NoError(t, err)
	state, err := e.Engine.StateOf(t.Context(), id, "")
	require.NoError(t, err)
	require.Equal(t, state, row.Request)
	require.Equal(t, state.LedgerSeq, e.number(t, `SELECT count(*) FROM ledger WHERE request_id = $1`, id))
}

// submit submits an ordinary request and waits until the read model shows that somebody is asked.
func (e *environment) submit(t *testing.T, title string) (id string) {
	t.Helper()
	r := e.Submit(t, harness.Ordinary(title))
	r.AwaitRow("somebody is asked", func(row store.Row) bool { return len(row.OpenQuestions()) > 0 })
	return r.ID
}

var errNotFound = errors.New("not yet")

func moreThan(n, most int) error {
	if n > most {
		return fmt.Errorf("%d", n)
	}
	return nil
}
