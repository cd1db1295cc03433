package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/reconcile"
	"leanpmo/internal/testkit"
	"leanpmo/workflows"
)

// convergeWithin is how long healing may take, retries' pauses included.
const convergeWithin = testkit.Patience

// converge waits until every invariant holds. The one thing that the operator's reconciliation mends is what a killed worker has written and its
// workflow then did otherwise.
func (e *environment) converge(l *load) {
	e.T.Helper()
	deadline := time.Now().Add(convergeWithin)
	for {
		wrong := e.violations(l)
		if len(wrong) == 0 {
			return
		}
		if len(wrong) == 1 && strings.Contains(wrong[0], lostEntries) {
			e.retract(wrong[0])
		}
		if time.Now().After(deadline) {
			require.Empty(e.T, wrong, "after %s these do not hold:\n%s", convergeWithin, strings.Join(wrong, "\n"))
		}
		l.during(200 * time.Millisecond)
	}
}

// retract lets reconciliation find the entries that did not happen, and nothing else.
func (e *environment) retract(wrong string) {
	e.T.Helper()
	e.T.Log(wrong)
	replayLedger := func(ctx context.Context, id, run string) ([]pmo.Entry, error) {
		return e.Engine.ReplayLedger(ctx, id, run, workflows.Register)
	}
	report, err := reconcile.Pass(e.T.Context(), e.Engine, e.Store, replayLedger, reconcile.Options{Full: true, Apply: true, RecheckAfter: time.Second, Actor: "operator"})
	require.NoError(e.T, err)
	for _, f := range report.Findings {
		require.Equal(e.T, reconcile.Lost, f.Class, "%+v", f)
	}
}

// reconciled lets the product's own comparison confirm it: nothing to mend, and nothing on its way.
func (e *environment) reconciled() {
	e.T.Helper()
	replayLedger := func(context.Context, string, string) ([]pmo.Entry, error) { return nil, nil } // a dry run writes no ledger
	report, err := reconcile.Pass(e.T.Context(), e.Engine, e.Store, replayLedger, reconcile.Options{Full: true, RecheckAfter: time.Second})
	require.NoError(e.T, err)
	require.Empty(e.T, report.Findings)
}

// check collects what does not hold.
type check struct {
	e     *environment
	ctx   context.Context
	wrong []string
}

func (c *check) must(ok bool, format string, args ...any) {
	if !ok {
		c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
	}
}

func (c *check) no(err error, doing string) bool {
	c.must(err == nil, "%s: %v", doing, err)
	return err == nil
}

func (e *environment) violations(l *load) []string {
	ctx, cancel := context.WithTimeout(e.T.Context(), testkit.Patience)
	defer cancel()
	c := &check{e: e, ctx: ctx}
	c.everything()
	for _, sent := range l.calls {
		c.acknowledged(sent)
	}
	for _, id := range l.acknowledged() {
		c.request(id)
	}
	return c.wrong
}

func (c *check) number(sql string, args ...any) int64 {
	rows, err := c.e.Pool.Query(c.ctx, sql, args...)
	if !c.no(err, "count") {
		return -1
	}
	n, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[int64])
	c.no(err, "count")
	return n
}

func (c *check) texts(sql string) []string {
	rows, err := c.e.Pool.Query(c.ctx, sql)
	if !c.no(err, "select") {
		return nil
	}
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	c.no(err, "select")
	return texts
}

func (c *check) count(query string) int64 {
	answer, err := c.e.Client.CountWorkflow(c.ctx, &workflowservice.CountWorkflowExecutionsRequest{Query: query})
	c.no(err, "count workflows")
	return answer.GetCount()
}

// slotsWanted and holdsWanted say from the snapshots who ought to hold what.
const (
	works       = `status NOT IN ('closed', 'on_hold') AND accepted_at IS NULL`
	slotsWanted = `SELECT id FROM request WHERE ` + works + ` AND snapshot ? 'pull'`
	holdsWanted = `SELECT id FROM request WHERE ` + works + ` AND snapshot ? 'assignment'`
)

// everything is what must hold over all requests, whoever submitted them: as many rows as workflows, nothing leaked, nothing twice.
func (c *check) everything() {
	rows := c.number(`SELECT count(*) FROM request`)
	flows := c.count("WorkflowType = 'Request'")
	c.must(rows == flows, "%d rows and %d workflows", rows, flows)
	open, running := c.number(`SELECT count(*) FROM request WHERE status <> 'closed'`), c.count("WorkflowType = 'Request' AND ExecutionStatus = 'Running'")
	c.must(open == running, "%d rows are open and %d workflows run", open, running)
	runs := c.count("WorkflowType = 'PrioritizationRun' AND ExecutionStatus = 'Running'")
	c.must(runs == 0, "%d prioritization runs have not ended", runs)
	for what, sql := range broken {
		found := c.texts(sql)
		c.must(len(found) == 0, "%d %s: %s", len(found), what, strings.Join(found[:min(5, len(found))], "; "))
	}
}

// lostEntries is the name of what a killed worker leaves.
const lostEntries = "ledgers with entries that did not happen"

// ofItself selects the lines l that the request's own process wrote, without those that were retracted. A line of number 0 is not from the
// request itself: what it needs has ended, and the projection of that one wrote it.
const (
	ofItself     = `FROM ledger l WHERE l.request_id = r.id AND l.seq > 0 AND ` + notRetracted
	notRetracted = `NOT EXISTS (SELECT FROM ledger x WHERE x.request_id = l.request_id AND x.key = 'retracted/' || l.key)`
)

// broken selects what must not be there, as a text that says where. A request in intake has not taken up the number that its admission may have given it: the
// result is discarded when the request was held or withdrawn meanwhile.
var broken = map[string]string{
	"requests with a number of another": `SELECT concat_ws(' ', r.id, r.stage, r.status, r.number, n.number) FROM request r JOIN request_number n USING (id)
		WHERE r.number <> n.number OR r.number IS NULL AND r.stage <> 'intake'`,
	"titles found twice":             `SELECT title FROM request GROUP BY title HAVING count(*) > 1`,
	"slots leaked":                   `SELECT request_id::text FROM slot WHERE request_id NOT IN (` + slotsWanted + `)`,
	"slots missing":                  `SELECT id::text FROM (` + slotsWanted + `) w WHERE id NOT IN (SELECT request_id FROM slot WHERE confirmed)`,
	"holds leaked":                   `SELECT request_id::text FROM capacity_hold WHERE request_id NOT IN (` + holdsWanted + `)`,
	"holds missing":                  `SELECT id::text FROM (` + holdsWanted + `) w WHERE id NOT IN (SELECT request_id FROM capacity_hold WHERE confirmed)`,
	"requests without slot or place": `SELECT id::text FROM request WHERE waits_for = 'team' AND snapshot ? 'assignment'`,
	"ledgers that lost an entry":     `SELECT id::text FROM request r WHERE (snapshot ->> 'ledger_seq')::bigint > (SELECT count(*) ` + ofItself + `)`,
	lostEntries: `SELECT concat_ws(' ', r.id, snapshot ->> 'ledger_seq', (SELECT string_agg(l.seq || ' ' || l.key || ' ' || (l.body ->> 'text'), ', ' ORDER BY l.position) ` + ofItself + `))
		FROM request r WHERE (snapshot ->> 'ledger_seq')::bigint < (SELECT count(*) ` + ofItself + `)`,
	"ledgers without a beginning": `SELECT request_id::text FROM ledger WHERE seq > 0 GROUP BY request_id HAVING min(seq) <> 1`,
	"people who answered twice": `SELECT concat_ws(' ', request_id, body ->> 'question', body ->> 'actor') FROM ledger l WHERE event = 'answered' AND ` + notRetracted + `
		GROUP BY request_id, body ->> 'question', body ->> 'actor' HAVING count(*) > 1`,
}

// acknowledged holds a call against what became of it.
func (c *check) acknowledged(sent *call) {
	if sent.sure {
		c.must(sent.outcome == taken, "%s was not taken at last: %d %s", sent.path, sent.status, sent.problem)
	}
	if sent.title != "" {
		n := c.number(`SELECT count(*) FROM request WHERE title = $1 AND id::text = $2`, sent.title, sent.request)
		c.must(n == 1, "%q was acknowledged as %s and is found %d times", sent.title, sent.request, n)
	}
	if sent.mark != "" {
		want := map[outcome]int64{taken: 1, refused: 0}[sent.outcome]
		n := c.number(`SELECT count(*) FROM ledger l WHERE request_id::text = $1 AND event <> 'retracted' AND body ->> 'text' LIKE '%' || $2 || '%' AND `+notRetracted, sent.request, sent.mark)
		c.must(n == want, "the report %s was %s and is in the ledger %d times", sent.mark, sent.outcome, n)
	}
	if decision := sent.decision; decision != "" {
		n := c.number(`SELECT count(*) FROM ledger l WHERE request_id::text = $1 AND event = 'answered' AND body ->> 'question' = $2 AND body ->> 'actor' = $3 AND `+notRetracted,
			sent.request, decision, sent.as)
		c.must(sent.outcome != taken || n == 1, "%s by %s on %s was acknowledged and counts %d times", decision, sent.as, sent.request, n)
		c.must(sent.as != "sam" || !strings.HasPrefix(decision, "review/") || n == 0, "sam judged their own request %s", sent.request)
	}
}

// request holds one request's row against its workflow.
func (c *check) request(id string) {
	n := c.count(fmt.Sprintf("WorkflowId = '%s'", contract.RequestWorkflowID(id)))
	c.must(n == 1, "%s has %d workflows", id, n)
	row, err := c.e.Store.Request(c.ctx, id)
	if !c.no(err, "row of "+id) {
		return
	}
	state, err := c.e.Engine.Snapshot(c.ctx, id)
	if !c.no(err, "snapshot of "+id) {
		return
	}
	differ := differing(row.Request, state)
	c.must(len(differ) == 0, "%s: the row is at seq %d, the workflow at %d; they differ in %v", id, row.Seq, state.Seq, differ)
	for i := range state.Questions {
		c.votes(id, &state.Questions[i])
	}
	found, err := c.e.Client.DescribeWorkflowExecution(c.ctx, contract.RequestWorkflowID(id), "")
	if c.no(err, "describe "+id) {
		c.must(len(found.GetPendingActivities()) == 0, "%s still repeats %v", id, found.GetPendingActivities())
		c.must(found.GetPendingWorkflowTask() == nil, "%s has work left: %v", id, found.GetPendingWorkflowTask())
	}
}

func (c *check) votes(id string, q *pmo.Question) {
	var seats []string
	for _, a := range q.Answers {
		c.must(!slices.Contains(seats, a.For), "%s: %s counts %s twice", id, q.ID, a.For)
		c.must(!q.Kind.Judges() || a.For != "sam" && a.By != "sam", "%s: %s counts the requester", id, q.ID)
		seats = append(seats, a.For)
	}
}

// differing names the parts in which two states of a request differ.
func differing(a, b pmo.Request) []string {
	parts := func(r pmo.Request) map[string]json.RawMessage {
		text, _ := json.Marshal(r)
		var m map[string]json.RawMessage
		_ = json.Unmarshal(text, &m)
		return m
	}
	left, right := parts(a), parts(b)
	var names []string
	for name := range left {
		if string(left[name]) != string(right[name]) {
			names = append(names, name)
		}
	}
	for name := range right {
		if _, both := left[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
