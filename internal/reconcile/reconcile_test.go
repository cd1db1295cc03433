package reconcile_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/workflowservice/v1"

	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/reconcile"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// TestReconcile damages the rows and the workflows in several ways. Damage that a case does not repair makes the next one fail.
func TestReconcile(t *testing.T) {
	e := start(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, *environment)
	}{
		{"a clean pass moves the checkpoints", cleanPassMovesCheckpoints},
		{"a row is missing", rowMissing},
		{"a row is behind, and so is the ledger", rowBehind},
		{"a row of the same version differs", rowDiffers},
		{"only ledger entries are missing", ledgerShort},
		{"a row is ahead", rowAhead},
		{"a workflow was terminated", workflowTerminated},
		{"a workflow does not exist", workflowGone},
		{"a request is stuck after a deadline", stuck},
		{"a request is stuck before a reminder", stuckBeforeReminder},
		{"the tasks of a workflow fail", tasksFail},
		{"a request was not told of its slot", notTold},
		{"a slot was given to a workflow that ended", notToldAndEnded},
		{"a worker ended before what it wrote took effect", entriesLost},
		{"the tables are rebuilt", rebuilt},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.run(t, e)
			e.awaitConsistent(t)
		})
	}
}

func cleanPassMovesCheckpoints(t *testing.T, e *environment) {
	for _, title := range []string{"One", "Two", "Three"} {
		e.submit(t, title)
	}
	e.awaitConsistent(t)
	first := e.pass(t)
	require.True(t, first.Clean())
	require.GreaterOrEqual(t, first.Workflows, 3)
	require.Equal(t, first.Workflows, first.Rows)
	testkit.Eventually(t, "nothing is left to query", func() error { return moreThan(e.pass(t).InDepth, 0) })
	part := e.pass(t, full, func(o *reconcile.Options) { o.Depth = 2 })
	require.Equal(t, part.Rows, part.InDepth, "a full pass queries every request")
	e.sql(t, `UPDATE reconcile_mark SET at = '2000-01-01'`)
	part = e.pass(t, func(o *reconcile.Options) { o.Depth = 2 })
	require.Equal(t, 2, part.InDepth, "a pass is bounded")
	require.True(t, part.Left)
}

func rowMissing(t *testing.T, e *environment) {
	id := e.submit(t, "Lost row")
	e.Request(t, id).ToTeam()
	e.awaitConsistent(t)
	e.sql(t, `DELETE FROM request WHERE id = $1`, id)
	e.sql(t, `DELETE FROM slot WHERE request_id = $1`, id)
	e.sql(t, `DELETE FROM capacity_hold WHERE request_id = $1`, id)
	e.repairs(t, reconcile.Missing, id)
	e.consistent(t, id)
	require.EqualValues(t, 1, e.number(t, `SELECT count(*) FROM slot WHERE request_id = $1 AND confirmed`, id))
	require.EqualValues(t, 1, e.number(t, `SELECT count(*) FROM capacity_hold WHERE request_id = $1 AND confirmed`, id))
}

// truncateLedger deletes the last ledger entries, as a restore from an older backup does.
func (e *environment) truncateLedger(t *testing.T, id string, after int64) {
	t.Helper()
	e.sql(t, `ALTER TABLE ledger DISABLE TRIGGER append_only`)
	e.sql(t, `DELETE FROM ledger WHERE request_id = $1 AND seq > $2`, id, after)
	e.sql(t, `ALTER TABLE ledger ENABLE TRIGGER append_only`)
}

func rowBehind(t *testing.T, e *environment) {
	id := e.submit(t, "Older row")
	e.sql(t, `CREATE TABLE old AS SELECT * FROM request WHERE id = $1`, id)
	var columns string // without generated ones, which cannot be inserted
	require.NoError(t, e.Pool.QueryRow(t.Context(), `SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
		WHERE table_schema = current_schema AND table_name = 'request' AND is_generated = 'NEVER'`).Scan(&columns))
	before := e.number(t, `SELECT max(seq) FROM ledger WHERE request_id = $1`, id)
	e.Request(t, id).ToBacklog()
	e.awaitConsistent(t)
	e.sql(t, `DELETE FROM request WHERE id = $1`, id)
	e.sql(t, `INSERT INTO request (`+columns+`) SELECT `+columns+` FROM old`)
	e.sql(t, `DROP TABLE old`)
	e.truncateLedger(t, id, before)
	e.repairs(t, reconcile.Behind, id)
	e.consistent(t, id)
}

func rowDiffers(t *testing.T, e *environment) {
	id := e.submit(t, "Differing row")
	e.awaitConsistent(t)
	e.sql(t, `UPDATE request SET title = 'Other', snapshot = jsonb_set(snapshot, '{content,title}', '"Other"'), projected_at = now() WHERE id = $1`, id)
	e.repairs(t, reconcile.Behind, id)
	e.consistent(t, id)
}

func ledgerShort(t *testing.T, e *environment) {
	id := e.submit(t, "Short ledger")
	e.awaitConsistent(t)
	e.truncateLedger(t, id, 1)
	e.sql(t, `UPDATE request SET projected_at = now() WHERE id = $1`, id)
	e.repairs(t, reconcile.Behind, id)
	e.consistent(t, id)
}

func rowAhead(t *testing.T, e *environment) {
	id := e.submit(t, "Newer row")
	e.awaitConsistent(t)
	e.sql(t, `UPDATE request SET seq = seq + 100, snapshot = jsonb_set(snapshot, '{seq}', to_jsonb(seq + 100)), projected_at = now() WHERE id = $1`, id)
	e.repairs(t, reconcile.Ahead, id)
	require.EqualValues(t, 1, e.number(t, `SELECT count(*) FROM finding WHERE request_id = $1 AND class = 'ahead'`, id), "the finding is stored")
	done, err := reconcile.Rebuild(t.Context(), e.Engine, e.Store, true)
	require.NoError(t, err)
	require.Empty(t, done.Unanswered)
	e.consistent(t, id)
	require.Zero(t, len(e.pass(t, apply).Findings))
	require.Zero(t, e.number(t, `SELECT count(*) FROM finding`), "a finding that no longer exists is deleted")
}

func workflowTerminated(t *testing.T, e *environment) {
	id := e.submit(t, "Terminated")
	e.Request(t, id).ToTeam()
	e.awaitConsistent(t)
	require.NoError(t, e.Client.TerminateWorkflow(t.Context(), contract.RequestWorkflowID(id), "", "by the test"))
	e.awaitBroken(t, reconcile.Broken{Ended: 1})
	e.repairs(t, reconcile.Ended, id)
	row, err := e.Store.Request(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, pmo.OutcomeCancelled, row.Outcome)
	require.Contains(t, row.Reason, "Ended in Temporal")
	e.awaitBroken(t, reconcile.Broken{})
	require.Zero(t, e.number(t, `SELECT count(*) FROM slot WHERE request_id = $1`, id)+e.number(t, `SELECT count(*) FROM capacity_hold WHERE request_id = $1`, id))
	ledger, err := e.Store.Ledger(t.Context(), id, 0, 200)
	require.NoError(t, err)
	last := ledger.Items[len(ledger.Items)-1]
	require.Equal(t, pmo.EventClosed, last.Event)
	require.Equal(t, "ada", last.Actor)
	require.EqualValues(t, len(ledger.Items), last.Seq, "the ledger continues without a gap")
}

func (e *environment) delete(t *testing.T, id string) {
	t.Helper()
	_, err := e.Client.WorkflowService().DeleteWorkflowExecution(t.Context(), &workflowservice.DeleteWorkflowExecutionRequest{
		Namespace: e.Stack.Namespace, WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: contract.RequestWorkflowID(id)}})
	require.NoError(t, err)
}

func workflowGone(t *testing.T, e *environment) {
	id := e.submit(t, "Gone")
	e.awaitConsistent(t)
	e.delete(t, id)
	e.repairs(t, reconcile.Ended, id)
	require.EqualValues(t, 1, e.number(t, `SELECT count(*) FROM finding WHERE request_id = $1 AND class = 'ended'`, id), "the finding is stored")
	require.EqualValues(t, 1, e.number(t, `SELECT count(*) FROM request WHERE id = $1 AND status = 'open'`, id), "the decision is left to a person")
	e.sql(t, `DELETE FROM request WHERE id = $1`, id)
}

func stuck(t *testing.T, e *environment) {
	bought := harness.Ordinary("Stuck")
	bought.Kind, bought.Baseline = "procurement", pmo.Baseline{MoneyPerYear: 20000} // finance is asked, for some seconds
	id := e.Submit(t, bought).ID
	e.Worker.Stop()
	late := func(o *reconcile.Options) { o.StuckAfter = 500 * time.Millisecond }
	testkit.Eventually(t, "it is found", func() error {
		for _, f := range e.pass(t, late).Findings {
			if f.ID == id && f.Class == reconcile.Stuck {
				return nil
			}
		}
		return errNotFound
	})
	first := e.pass(t, late, apply)
	require.Positive(t, first.Changes, "it is woken")
	require.Zero(t, e.pass(t, late, apply).Changes, "it is woken once")
	e.StartWorker()
	e.awaitConsistent(t)
	e.pass(t, apply)
	require.Zero(t, e.number(t, `SELECT count(*) FROM finding`))
}

// stuckBeforeReminder: PmoDueAt is when the question is due, days later; that the reminder did not come is known from the row.
func stuckBeforeReminder(t *testing.T, e *environment) {
	unclear := harness.Ordinary("Stuck before a reminder")
	unclear.Outcome = ""
	id := e.Submit(t, unclear).ID
	e.Request(t, id).AwaitOpen("clarify/1")
	testkit.Eventually(t, "nothing is left to query", func() error { return moreThan(e.pass(t).InDepth, 0) }) // it is no suspect for another reason
	e.Worker.Stop()
	late := func(o *reconcile.Options) { o.StuckAfter = 500 * time.Millisecond }
	testkit.Eventually(t, "it is found", func() error {
		for _, f := range e.pass(t, late).Findings {
			if f.ID == id && f.Class == reconcile.Stuck {
				return nil
			}
		}
		return errNotFound
	})
	require.Positive(t, e.pass(t, late, apply).Changes, "it is woken")
	e.StartWorker()
	testkit.Eventually(t, "it is reminded", func() error {
		if e.number(t, `SELECT count(*) FROM ledger WHERE request_id = $1 AND event = 'reminded'`, id) == 0 {
			return errNotFound
		}
		return nil
	})
	e.awaitConsistent(t)
	e.pass(t, apply)
	require.Zero(t, e.number(t, `SELECT count(*) FROM finding`))
}

// tasksFail runs a worker whose code fails at once, as code does that does not fit a history.
func tasksFail(t *testing.T, e *environment) {
	id := e.submit(t, "Failing")
	e.awaitConsistent(t)
	e.Worker.Stop()
	bad := e.Engine.Worker(func(error) {})
	bad.RegisterWorkflowWithOptions(func(workflow.Context, contract.RequestInput) error { panic("the code does not fit the history") },
		workflow.RegisterOptions{Name: contract.WorkflowRequest})
	require.NoError(t, bad.Start())
	require.NoError(t, e.Engine.Wake(t.Context(), id))
	testkit.Eventually(t, "it is found", func() error {
		for _, f := range e.pass(t, full).Findings {
			if f.ID == id && f.Class == reconcile.Failing {
				require.Contains(t, f.Action, "pmo replay")
				return nil
			}
		}
		return errNotFound
	})
	require.Positive(t, e.pass(t, full, apply).Changes, "it is recorded")
	e.awaitBroken(t, reconcile.Broken{Failing: 1})
	bad.Stop()
	e.StartWorker()
	e.awaitConsistent(t)
	e.pass(t, apply)
	e.awaitBroken(t, reconcile.Broken{})
}

// giveSlot is what a prioritization run leaves that was terminated after its transaction committed.
func (e *environment) giveSlot(t *testing.T, id string) {
	t.Helper()
	e.sql(t, `INSERT INTO slot (request_id, portfolio, class, run, at, confirmed) SELECT id, portfolio, class, 'prioritization/lost', now() - interval '1 hour', false
		FROM request WHERE id = $1`, id)
}

func notTold(t *testing.T, e *environment) {
	id := e.submit(t, "Pulled without knowing")
	e.Request(t, id).ToBacklog()
	e.awaitConsistent(t)
	e.giveSlot(t, id)
	e.repairs(t, reconcile.Untold, id)
	e.Request(t, id).AwaitRow("it took its slot", func(row store.Row) bool { return row.Pull != nil && row.Pull.Run == "prioritization/lost" })
	require.EqualValues(t, 1, e.number(t, `SELECT count(*) FROM slot WHERE request_id = $1 AND confirmed`, id))
}

func notToldAndEnded(t *testing.T, e *environment) {
	id := e.submit(t, "Pulled and terminated")
	e.Request(t, id).ToBacklog()
	e.awaitConsistent(t)
	e.giveSlot(t, id)
	require.NoError(t, e.Client.TerminateWorkflow(t.Context(), contract.RequestWorkflowID(id), "", "by the test"))
	e.repairs(t, reconcile.Ended, id)
	require.Zero(t, e.number(t, `SELECT count(*) FROM slot WHERE request_id = $1`, id))
}

func rebuilt(t *testing.T, e *environment) {
	working, closed := e.submit(t, "Rebuilt at work"), e.submit(t, "Rebuilt beyond retention")
	e.Request(t, working).ToTeam()
	_, err := e.Request(t, closed).Send("sam", contract.UpdateWithdraw, &pmo.Stop{})
	require.NoError(t, err)
	e.awaitConsistent(t)
	e.delete(t, closed)
	testkit.Eventually(t, "Temporal forgot it", func() error {
		if in, err := e.Engine.Inspect(t.Context(), closed); err != nil || in.Found {
			return errNotFound
		}
		return nil
	})
	const picture = `SELECT md5(string_agg(t, ';' ORDER BY t)) FROM (SELECT r.snapshot::text || r.epoch || r.seq || r.people::text AS t FROM request r
		UNION ALL SELECT 's' || request_id || confirmed || at FROM slot UNION ALL SELECT 'h' || request_id || team || confirmed FROM capacity_hold
		UNION ALL SELECT 'q' || request_id || id || waiting::text FROM question) x`
	var before, after string
	require.NoError(t, e.Pool.QueryRow(t.Context(), picture).Scan(&before))
	lines := e.number(t, `SELECT count(*) FROM ledger`)
	e.sql(t, `TRUNCATE request, question, slot, capacity_hold`)
	dry, err := reconcile.Rebuild(t.Context(), e.Engine, e.Store, false)
	require.NoError(t, err)
	require.Zero(t, e.number(t, `SELECT count(*) FROM request`), "a dry run wrote")
	done, err := reconcile.Rebuild(t.Context(), e.Engine, e.Store, true)
	require.NoError(t, err)
	require.Positive(t, dry.Asked)
	require.Equal(t, done.Asked+done.Kept, done.Written) // not the dry run's counts: visibility is moments behind, and may have shown it less
	require.NoError(t, e.Pool.QueryRow(t.Context(), picture).Scan(&after))
	require.Equal(t, before, after)
	require.Equal(t, lines, e.number(t, `SELECT count(*) FROM ledger`), "the ledger is kept as it is")
	require.Zero(t, e.pass(t, apply).Changes)
}

// entriesLost: the ledger has an entry that the workflow does not know. It stays, and another one says that it did not happen, to the same people.
func entriesLost(t *testing.T, e *environment) {
	id := e.submit(t, "Written and lost")
	e.awaitConsistent(t)
	e.sql(t, `INSERT INTO ledger (request_id, seq, key, at, event, body) SELECT $1, max(seq) + 1, 'held@lost', now(), 'held',
		jsonb_build_object('seq', max(seq) + 1, 'key', 'held@lost', 'at', now(), 'event', 'held', 'actor', 'petra', 'text', 'on hold', 'tell', jsonb_build_array('sam')) FROM ledger WHERE request_id = $1`, id)
	e.sql(t, `UPDATE request SET projected_at = now() WHERE id = $1`, id) // as the task did that was done again
	e.repairs(t, reconcile.Lost, id)
	entries, err := e.Store.Ledger(t.Context(), id, 0, 100)
	require.NoError(t, err)
	last := entries.Items[len(entries.Items)-1].Entry
	require.Equal(t, pmo.EventRetracted, last.Event)
	require.Equal(t, "retracted/held@lost", last.Key)
	require.Equal(t, []string{"sam"}, last.Recipients)
	require.Empty(t, last.Actor)
	require.Contains(t, last.Text, "did not happen")
	require.Contains(t, last.Text, "on hold")
}
