package harness

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/activities"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/workflows"
)

// Ordinary is a complete request of standard weight: two approvals, the approach asked, one team, one plan. The HTTP API takes it too.
func Ordinary(title string) pmo.Content {
	three, five := 3.0, 5.0
	return pmo.Content{Title: title, Kind: "enhancement", Problem: "Lists are typed twice", Outcome: "Lists are typed once",
		Baseline: pmo.Baseline{VolumePerMonth: 4, MinutesEach: 300}, Size: 3, Skills: []string{"web"},
		Inputs: pmo.Inputs{BusinessValue: &five, TimeCriticality: &three, RiskReduction: &three, JobSize: &three}}
}

// StartWorker starts the in-process worker; the one that runs when the test ends is stopped.
func (e *Environment) StartWorker() {
	e.T.Helper()
	if e.Worker == nil {
		e.T.Cleanup(func() { e.Worker.Stop() })
	}
	e.Worker = e.Engine.Worker(func(error) {})
	workflows.Register(e.Worker)
	activities.New(e.Activities).Register(e.Worker)
	require.NoError(e.T, e.Worker.Start())
}

// StartIntegrations starts the in-process worker for calls to the teams' tool.
func (e *Environment) StartIntegrations() {
	e.T.Helper()
	w := e.Engine.Integrations(func(error) {})
	activities.New(e.Activities).RegisterIntegrations(w)
	require.NoError(e.T, w.Start())
	e.T.Cleanup(w.Stop)
}

// Request is one request of one test, driven through the engine.
type Request struct {
	ID string
	e  *Environment
	t  *testing.T
}

// Submission is content as Sam submits it now.
func Submission(content pmo.Content) pmo.Submission {
	return pmo.Submission{Content: content, Requester: "sam", SubmittedBy: "sam", At: time.Now().UTC()}
}

// Submit submits a request through the engine. While the engine is busy, or a new server does not know all search attributes yet, it is
// submitted again under its key, as clients do.
func (e *Environment) Submit(t *testing.T, content pmo.Content) (r *Request) {
	t.Helper()
	key, submission := uuid.NewString(), Submission(content)
	testkit.Eventually(t, "the submission is taken", func() (busy error) {
		sent, err := e.Engine.Submit(t.Context(), submission, key)
		if problem.Is(err, problem.Busy) || problem.Is(err, problem.Unavailable) {
			return err
		}
		require.NoError(t, err)
		r = e.Request(t, sent.ID)
		return nil
	})
	return r
}

// Request is a request that was submitted before.
func (e *Environment) Request(t *testing.T, id string) *Request { return &Request{ID: id, e: e, t: t} }

// Send sends a command as a person, under a key of its own.
func (r *Request) Send(actor, name string, cmd pmo.Command) (pmo.Receipt, error) {
	return r.sendUnder(uuid.NewString(), actor, name, cmd)
}

func (r *Request) sendUnder(key, actor, name string, cmd pmo.Command) (pmo.Receipt, error) {
	return r.e.Engine.Update(r.t.Context(), r.ID, name, cmd, pmo.By{Actor: actor, Via: "api"}, key)
}

// Decide answers a question as a person. As a client does, it comes back under the same key while the engine is busy.
func (r *Request) Decide(actor, question, verdict string) (receipt pmo.Receipt) {
	r.t.Helper()
	key, cmd := uuid.NewString(), &pmo.Decide{Question: question, Verdict: verdict, Reason: "because of the test"}
	testkit.Eventually(r.t, "the answer is taken", func() (busy error) {
		var err error
		if receipt, err = r.sendUnder(key, actor, contract.UpdateDecide, cmd); problem.Is(err, problem.Busy) || problem.Is(err, problem.Unavailable) {
			return err
		}
		require.NoError(r.t, err)
		return nil
	})
	return receipt
}

// Await reads the request's workflow, not the read model, until ok.
func (r *Request) Await(what string, ok func(pmo.Request) bool) pmo.Request {
	r.t.Helper()
	var last pmo.Request
	testkit.Eventually(r.t, what, func() error {
		state, err := r.e.Engine.Snapshot(r.t.Context(), r.ID)
		if err != nil {
			return err
		}
		last = state
		if !ok(state) {
			return fmt.Errorf("it is in %s (%s), open: %v", state.Stage, state.Status, state.OpenQuestions())
		}
		return nil
	})
	return last
}

// AwaitOpen waits until a question is open.
func (r *Request) AwaitOpen(question string) pmo.Request {
	r.t.Helper()
	return r.Await(question+" is open", func(s pmo.Request) bool { q := s.Question(question); return q != nil && q.Open() })
}

// AwaitRow reads the read model until ok.
func (r *Request) AwaitRow(what string, ok func(store.Row) bool) store.Row {
	r.t.Helper()
	var last store.Row
	testkit.Eventually(r.t, what, func() error {
		row, err := r.e.Store.Request(r.t.Context(), r.ID)
		if err == nil && !ok(row) {
			err = fmt.Errorf("it is in %s (%s), seq %d", row.Stage, row.Status, row.Seq)
		}
		last = row
		return err
	})
	return last
}

// Pull runs a prioritization when the read model shows that the request waits for one, and waits until it has its slot.
func (r *Request) Pull() *Request {
	r.t.Helper()
	r.AwaitRow("it waits for a pull", func(row store.Row) bool { return row.WaitsForPull() })
	r.e.Prioritize(r.t)
	r.Await("it is pulled", func(s pmo.Request) bool { return !s.PulledAt.IsZero() })
	return r
}

// Prioritize runs a prioritization now and waits for its result.
func (e *Environment) Prioritize(t *testing.T) contract.PrioritizationResult {
	t.Helper()
	id, err := e.Engine.PrioritizeNow(t.Context(), contract.PrioritizationInput{Portfolio: Portfolio, Cause: "now", Actor: "petra"}, uuid.NewString())
	require.NoError(t, err)
	result, done, err := e.Engine.PrioritizationResult(t.Context(), id, testkit.Patience)
	require.NoError(t, err)
	require.True(t, done)
	return result
}

// ToBacklog lets both approvers approve.
func (r *Request) ToBacklog() *Request {
	r.t.Helper()
	r.AwaitOpen("review/1/approvers")
	r.Decide("ana", "review/1/approvers", pmo.VerdictApprove)
	r.Decide("bo", "review/1/approvers", pmo.VerdictApprove)
	return r
}

// ToTeam brings a request from review to the question to its team: it has a slot, and the team's capacity is held.
func (r *Request) ToTeam() *Request {
	r.t.Helper()
	r.ToBacklog().Pull().AwaitOpen("approach/1")
	r.Decide("theo", "approach/1", pmo.VerdictAccept)
	r.AwaitOpen("assignment/1/falcon")
	return r
}

// ToExecution brings a request from review to an agreed plan.
func (r *Request) ToExecution() *Request {
	r.t.Helper()
	r.ToTeam().Decide("theo", "assignment/1/falcon", pmo.VerdictAccept)
	r.AwaitOpen("plan/1")
	r.Decide("sam", "plan/1", pmo.VerdictAgree)
	r.Decide("theo", "plan/1", pmo.VerdictAgree)
	return r
}

// ToEnd reports progress until done, accepts the result and waits until the read model shows that it is closed.
func (r *Request) ToEnd() pmo.Request {
	r.t.Helper()
	fifty := 50
	for _, report := range []*pmo.Report{{Percent: &fifty}, {Percent: &fifty, Note: "on the way"}, {Done: true}} {
		_, err := r.Send("theo", contract.UpdateProgress, report)
		require.NoError(r.t, err)
	}
	r.Decide("sam", "acceptance/1", pmo.VerdictAccept)
	return r.AwaitRow("it is closed", func(row store.Row) bool { return row.Closed() }).Request
}
