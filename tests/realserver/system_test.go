// Package realserver runs the process on the real Temporal server and a real Postgres: what the time-skipping environment cannot show.
// Everything starts once; every case works on requests of its own.
package realserver

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
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
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/workflows"
)

const portfolio = "digital"

// system is the product without its HTTP door, on real servers.
type system struct {
	t      *testing.T
	stack  *testkit.Stack
	proxy  *testkit.Proxy // in front of the pmo database
	store  *store.Store
	engine *engine.Engine
	client client.Client // for looking at histories
	policy *policy.Policy
	people *directory.Directory
	worker worker.Worker
	tool   *tool // the team's own
}

// faster turns the default policy's waits into test time; everything else stays as an office would start with.
var faster = strings.NewReplacer("run_at_most_every: 1m", "run_at_most_every: 1s", "wip_limit: 12", "wip_limit: 200", "wip_limit: 4", "wip_limit: 200")

func start(t *testing.T) *system {
	if testing.Short() {
		t.Skip("needs a Temporal server and Postgres; run without -short")
	}
	ctx := context.Background()
	s := &system{t: t, stack: testkit.StartStack(t, testkit.StackOptions{})}
	dsn := s.stack.DSN(localstack.DatabasePMO)
	require.NoError(t, store.Migrate(ctx, dsn))
	parsed, err := url.Parse(dsn)
	require.NoError(t, err)
	s.proxy = testkit.StartProxy(t, parsed.Host)
	parsed.Host = s.proxy.Addr()
	s.store, err = store.Open(ctx, parsed.String(), store.Options{})
	require.NoError(t, err)
	t.Cleanup(s.store.Close)
	s.people, err = directory.Parse(directory.Local())
	require.NoError(t, err)
	s.policy, err = policy.Parse([]byte(faster.Replace(string(policy.Default().Source()))))
	require.NoError(t, err)
	s.connect()
	s.teams()
	s.tool = startTool(t, s.store)
	s.startOutside()
	s.worker = s.startWorker()
	t.Cleanup(func() { s.worker.Stop() })
	return s
}

func (s *system) connect() {
	var err error
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	s.engine, err = engine.Dial(engine.Options{Address: s.stack.TemporalAddress, Namespace: "contract", Log: quiet})
	require.NoError(s.t, err)
	s.t.Cleanup(s.engine.Close)
	require.NoError(s.t, s.engine.Bootstrap(context.Background(), 24*time.Hour, []engine.Portfolio{{ID: portfolio, Every: time.Hour}}))
	s.client, err = client.Dial(client.Options{HostPort: s.stack.TemporalAddress, Namespace: "contract", DataConverter: engine.DataConverter()})
	require.NoError(s.t, err)
	s.t.Cleanup(s.client.Close)
}

func (s *system) teams() {
	for _, team := range []pmo.Team{
		{ID: "falcon", Name: "Falcon", Portfolio: portfolio, Leads: []string{"theo"}, Skills: []string{"web"}, Capacity: 10000},
		{ID: "otter", Name: "Otter", Portfolio: portfolio, Leads: []string{"lena"}, Skills: []string{"web", "gis"}, Capacity: 1000},
	} {
		_, err := s.store.PutTeam(context.Background(), team, "petra", time.Now())
		require.NoError(s.t, err)
	}
}

func (s *system) startWorker() worker.Worker {
	w := s.engine.Worker(func(error) {})
	workflows.Register(w)
	s.activities().Register(w)
	require.NoError(s.t, w.Start())
	return w
}

// startOutside runs the worker for calls to the team's tool.
func (s *system) startOutside() {
	w := s.engine.Integrations(func(error) {})
	s.activities().RegisterIntegrations(w)
	require.NoError(s.t, w.Start())
	s.t.Cleanup(w.Stop)
}

func (s *system) activities() *activities.Activities {
	return activities.New(activities.Deps{Store: s.store, Policy: s.policy, Directory: s.people, PrioritizeSoon: s.engine.PrioritizeSoon, SignalWorkItem: s.engine.SignalWorkItem, SignalDecisions: true,
		Delivery: s.tool.client, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
}

// ordinary is a complete request of standard weight: two approvals, the approach asked, one team, one plan.
func ordinary(title string) pmo.Content {
	three, five := 3.0, 5.0
	return pmo.Content{Title: title, Kind: "enhancement", Problem: "Lists are typed twice", Outcome: "Lists are typed once",
		Baseline: pmo.Baseline{VolumePerMonth: 4, MinutesEach: 300}, Size: 3, Skills: []string{"web"},
		Inputs: pmo.Inputs{BusinessValue: &five, TimeCriticality: &three, RiskReduction: &three, JobSize: &three}}
}

// case_ is one request of one test.
type case_ struct {
	*system
	t  *testing.T
	id string
}

func (s *system) submit(t *testing.T, content pmo.Content) *case_ {
	t.Helper()
	sent, err := s.engine.Submit(t.Context(), pmo.Submission{Content: content, Requester: "sam", SubmittedBy: "sam", At: time.Now().UTC()}, uuid.NewString())
	require.NoError(t, err)
	return &case_{system: s, t: t, id: sent.ID}
}

// send gives a command as somebody, under a key of its own.
func (c *case_) send(actor, name string, cmd pmo.Command) (pmo.Receipt, error) {
	return c.engine.Update(c.t.Context(), c.id, name, cmd, pmo.By{Actor: actor, Via: "api"}, uuid.NewString())
}

func (c *case_) decide(actor, question, verdict string) pmo.Receipt {
	c.t.Helper()
	receipt, err := c.send(actor, contract.UpdateDecide, &pmo.Decide{Question: question, Verdict: verdict, Reason: "because of the test"})
	require.NoError(c.t, err)
	return receipt
}

// await polls the request until it is as wanted. Polling asks the workflow itself, not the read model.
func (c *case_) await(what string, ok func(pmo.Request) bool) pmo.Request {
	c.t.Helper()
	var last pmo.Request
	eventually(c.t, what, func() error {
		state, err := c.engine.Snapshot(c.t.Context(), c.id)
		if err != nil {
			return err
		}
		last = state
		if !ok(state) {
			return fmt.Errorf("it is in %s (%s), open: %v", state.Stage, state.Status, ids(state))
		}
		return nil
	})
	return last
}

func (c *case_) awaitOpen(question string) pmo.Request {
	c.t.Helper()
	return c.await(question+" is open", func(r pmo.Request) bool { q := r.Question(question); return q != nil && q.Open() })
}

func ids(r pmo.Request) []string {
	var list []string
	for _, q := range r.OpenQuestions() {
		list = append(list, q.ID)
	}
	return list
}

// eventually repeats a look until it finds nothing wrong, for a minute at most.
func eventually(t *testing.T, what string, look func() error) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		err := look()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			require.NoError(t, err, "%s did not come about", what)
		}
		select {
		case <-t.Context().Done():
			require.NoError(t, t.Context().Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// pull runs a prioritization until the request has its slot.
func (c *case_) pull() {
	c.t.Helper()
	eventually(c.t, "the request waits in the read model", func() error {
		row, err := c.store.Request(c.t.Context(), c.id)
		if err == nil && !row.WaitsForPull() {
			err = fmt.Errorf("it is in %s", row.Stage)
		}
		return err
	})
	run, err := c.engine.PrioritizeNow(c.t.Context(), contract.PrioritizationInput{Portfolio: portfolio, Cause: "now", Actor: "petra"}, uuid.NewString())
	require.NoError(c.t, err)
	_, done, err := c.engine.PrioritizationResult(c.t.Context(), run, 20*time.Second)
	require.NoError(c.t, err)
	require.True(c.t, done)
	c.await("the request is pulled", func(r pmo.Request) bool { return !r.PulledAt.IsZero() })
}

func (c *case_) toBacklog() *case_ {
	c.t.Helper()
	c.decide("ana", "review/1/approvers", pmo.VerdictApprove)
	c.decide("bo", "review/1/approvers", pmo.VerdictApprove)
	return c
}

func (c *case_) toExecution() *case_ {
	c.t.Helper()
	c.toBacklog().pull()
	c.awaitOpen("approach/1")
	c.decide("theo", "approach/1", pmo.VerdictAccept)
	c.decide("theo", "assignment/1/falcon", pmo.VerdictAccept)
	c.decide("sam", "plan/1", pmo.VerdictAgree)
	c.decide("theo", "plan/1", pmo.VerdictAgree)
	return c
}

func (c *case_) toEnd() pmo.Request {
	c.t.Helper()
	fifty := 50
	for _, report := range []*pmo.Report{{Percent: &fifty}, {Percent: &fifty, Note: "on the way"}, {Done: true}} {
		_, err := c.send("theo", contract.UpdateProgress, report)
		require.NoError(c.t, err)
	}
	c.decide("sam", "acceptance/1", pmo.VerdictAccept)
	return c.awaitRow("it is closed", func(r store.Row) bool { return r.Closed() }).Request
}

// awaitRow polls the read model.
func (c *case_) awaitRow(what string, ok func(store.Row) bool) store.Row {
	c.t.Helper()
	var last store.Row
	eventually(c.t, what, func() error {
		row, err := c.store.Request(c.t.Context(), c.id)
		if err == nil && !ok(row) {
			err = fmt.Errorf("it is in %s (%s), seq %d", row.Stage, row.Status, row.Seq)
		}
		last = row
		return err
	})
	return last
}
