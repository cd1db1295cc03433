package reconcile_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/workflowservice/v1"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/reconcile"
)

// TestReconcile damages the rows and the workflows in several ways. Damage that a case does not repair makes the next one fail.
func TestReconcile(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, *system)
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
		{"the tables are rebuilt", rebuilt},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.run(t, s)
			s.awaitConsistent(t)
		})
	}
}

func cleanPassMovesCheckpoints(t *testing.T, s *system) {
	for _, title := range []string{"One", "Two", "Three"} {
		s.submit(t, title)
	}
	s.awaitConsistent(t)
	first := s.pass(t)
	require.True(t, first.Clean())
	require.GreaterOrEqual(t, first.Workflows, 3)
	require.Equal(t, first.Workflows, first.Rows)
	eventually(t, "nothing is left to query", func() error { return moreThan(s.pass(t).InDepth, 0) })
	part := s.pass(t, full, func(o *reconcile.Options) { o.Depth = 2 })
	require.Equal(t, part.Rows, part.InDepth, "a full pass queries every request")
	s.sql(t, `UPDATE reconcile_mark SET at = '2000-01-01'`)
	part = s.pass(t, func(o *reconcile.Options) { o.Depth = 2 })
	require.Equal(t, 2, part.InDepth, "a pass is bounded")
	require.True(t, part.Left)
}

func rowMissing(t *testing.T, s *system) {
	id := s.submit(t, "Lost row")
	s.toTeam(t, id)
	s.awaitConsistent(t)
	s.sql(t, `DELETE FROM request WHERE id = $1`, id)
	s.sql(t, `DELETE FROM slot WHERE request_id = $1`, id)
	s.sql(t, `DELETE FROM capacity_hold WHERE request_id = $1`, id)
	s.repairs(t, reconcile.Missing, id)
	s.consistent(t, id)
	require.EqualValues(t, 1, s.number(t, `SELECT count(*) FROM slot WHERE request_id = $1 AND confirmed`, id))
	require.EqualValues(t, 1, s.number(t, `SELECT count(*) FROM capacity_hold WHERE request_id = $1 AND confirmed`, id))
}

// truncateLedger deletes the last ledger entries, as a restore from an older backup does.
func (s *system) truncateLedger(t *testing.T, id string, after int64) {
	t.Helper()
	s.sql(t, `ALTER TABLE ledger DISABLE TRIGGER append_only`)
	s.sql(t, `DELETE FROM ledger WHERE request_id = $1 AND seq > $2`, id, after)
	s.sql(t, `ALTER TABLE ledger ENABLE TRIGGER append_only`)
}

func rowBehind(t *testing.T, s *system) {
	id := s.submit(t, "Older row")
	s.sql(t, `CREATE TABLE old AS SELECT * FROM request WHERE id = $1`, id)
	s.sql(t, `ALTER TABLE old DROP COLUMN wanted_by, DROP COLUMN health, DROP COLUMN revision`) // generated columns, which cannot be inserted
	before := s.number(t, `SELECT max(seq) FROM ledger WHERE request_id = $1`, id)
	s.decide(t, id, "ana", "review/1/approvers", pmo.VerdictApprove)
	s.decide(t, id, "bo", "review/1/approvers", pmo.VerdictApprove)
	s.awaitConsistent(t)
	s.sql(t, `DELETE FROM request WHERE id = $1`, id)
	s.sql(t, `INSERT INTO request SELECT * FROM old`)
	s.sql(t, `DROP TABLE old`)
	s.truncateLedger(t, id, before)
	s.repairs(t, reconcile.Behind, id)
	s.consistent(t, id)
}

func rowDiffers(t *testing.T, s *system) {
	id := s.submit(t, "Differs")
	s.awaitConsistent(t)
	s.sql(t, `UPDATE request SET title = 'Other', snapshot = jsonb_set(snapshot, '{content,title}', '"Other"'), projected_at = now() WHERE id = $1`, id)
	s.repairs(t, reconcile.Behind, id)
	s.consistent(t, id)
}

func ledgerShort(t *testing.T, s *system) {
	id := s.submit(t, "Short ledger")
	s.awaitConsistent(t)
	s.truncateLedger(t, id, 1)
	s.sql(t, `UPDATE request SET projected_at = now() WHERE id = $1`, id)
	s.repairs(t, reconcile.Behind, id)
	s.consistent(t, id)
}

func rowAhead(t *testing.T, s *system) {
	id := s.submit(t, "Newer row")
	s.awaitConsistent(t)
	s.sql(t, `UPDATE request SET seq = seq + 100, snapshot = jsonb_set(snapshot, '{seq}', to_jsonb(seq + 100)), projected_at = now() WHERE id = $1`, id)
	s.repairs(t, reconcile.Ahead, id)
	require.EqualValues(t, 1, s.number(t, `SELECT count(*) FROM finding WHERE request_id = $1 AND class = 'ahead'`, id), "the finding is stored")
	done, err := reconcile.Rebuild(t.Context(), s.engine, s.store, true)
	require.NoError(t, err)
	require.Empty(t, done.Unanswered)
	s.consistent(t, id)
	require.Zero(t, len(s.pass(t, apply).Findings))
	require.Zero(t, s.number(t, `SELECT count(*) FROM finding`), "a finding that no longer exists is deleted")
}

func workflowTerminated(t *testing.T, s *system) {
	id := s.submit(t, "Terminated")
	s.toTeam(t, id)
	s.awaitConsistent(t)
	require.NoError(t, s.client.TerminateWorkflow(t.Context(), contract.RequestWorkflowID(id), "", "by the test"))
	s.repairs(t, reconcile.Ended, id)
	row, err := s.store.Request(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, pmo.OutcomeCancelled, row.Outcome)
	require.Contains(t, row.Reason, "Ended in Temporal")
	require.Zero(t, s.number(t, `SELECT count(*) FROM slot WHERE request_id = $1`, id)+s.number(t, `SELECT count(*) FROM capacity_hold WHERE request_id = $1`, id))
	ledger, err := s.store.Ledger(t.Context(), id, 0, 200)
	require.NoError(t, err)
	last := ledger.Items[len(ledger.Items)-1]
	require.Equal(t, pmo.EventClosed, last.Event)
	require.Equal(t, "ada", last.Actor)
	require.EqualValues(t, len(ledger.Items), last.Seq, "the ledger continues without a gap")
}

func (s *system) delete(t *testing.T, id string) {
	t.Helper()
	_, err := s.client.WorkflowService().DeleteWorkflowExecution(t.Context(), &workflowservice.DeleteWorkflowExecutionRequest{
		Namespace: "pmo", WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: contract.RequestWorkflowID(id)}})
	require.NoError(t, err)
}

func workflowGone(t *testing.T, s *system) {
	id := s.submit(t, "Gone")
	s.awaitConsistent(t)
	s.delete(t, id)
	s.repairs(t, reconcile.Ended, id)
	require.EqualValues(t, 1, s.number(t, `SELECT count(*) FROM finding WHERE request_id = $1 AND class = 'ended'`, id), "the finding is stored")
	require.EqualValues(t, 1, s.number(t, `SELECT count(*) FROM request WHERE id = $1 AND status = 'open'`, id), "the decision is left to a person")
	s.sql(t, `DELETE FROM request WHERE id = $1`, id)
}

func stuck(t *testing.T, s *system) {
	id := s.submit(t, "Stuck")
	s.awaitConsistent(t)
	s.worker.Stop()
	shortLimit := func(o *reconcile.Options) { o.StuckAfter = 500 * time.Millisecond }
	eventually(t, "it is found", func() error {
		for _, f := range s.pass(t, shortLimit).Findings {
			if f.ID == id && f.Class == reconcile.Stuck {
				return nil
			}
		}
		return errNotFound
	})
	first := s.pass(t, shortLimit, apply)
	require.Positive(t, first.Changes, "it is woken")
	require.Zero(t, s.pass(t, shortLimit, apply).Changes, "it is woken once")
	s.work()
	s.awaitConsistent(t)
	s.pass(t, apply)
	require.Zero(t, s.number(t, `SELECT count(*) FROM finding`))
}

func rebuilt(t *testing.T, s *system) {
	working, closed := s.submit(t, "Rebuilt while running"), s.submit(t, "Rebuilt beyond retention")
	s.toTeam(t, working)
	_, err := s.engine.Update(t.Context(), closed, contract.UpdateWithdraw, &pmo.Stop{}, pmo.By{Actor: "sam", Via: "api"}, uuid.NewString())
	require.NoError(t, err)
	s.awaitConsistent(t)
	s.delete(t, closed)
	eventually(t, "Temporal has deleted it", func() error {
		if in, err := s.engine.Inspect(t.Context(), closed); err != nil || in.Found {
			return errNotFound
		}
		return nil
	})
	const picture = `SELECT md5(string_agg(t, ';' ORDER BY t)) FROM (SELECT r.snapshot::text || r.epoch || r.seq || r.people::text AS t FROM request r
		UNION ALL SELECT 's' || request_id || confirmed || at FROM slot UNION ALL SELECT 'h' || request_id || team || confirmed FROM capacity_hold
		UNION ALL SELECT 'q' || request_id || id || waiting::text FROM question) x`
	var before, after string
	require.NoError(t, s.pool.QueryRow(t.Context(), picture).Scan(&before))
	lines := s.number(t, `SELECT count(*) FROM ledger`)
	s.sql(t, `TRUNCATE request, question, slot, capacity_hold`)
	dry, err := reconcile.Rebuild(t.Context(), s.engine, s.store, false)
	require.NoError(t, err)
	require.Zero(t, s.number(t, `SELECT count(*) FROM request`), "a dry run wrote")
	done, err := reconcile.Rebuild(t.Context(), s.engine, s.store, true)
	require.NoError(t, err)
	require.Equal(t, dry.Asked+dry.Kept, done.Written)
	require.NoError(t, s.pool.QueryRow(t.Context(), picture).Scan(&after))
	require.Equal(t, before, after)
	require.Equal(t, lines, s.number(t, `SELECT count(*) FROM ledger`), "the ledger is kept as it is")
	require.Zero(t, s.pass(t, apply).Changes)
}
