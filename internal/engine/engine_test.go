package engine

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/mocks"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/types/known/timestamppb"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

var submission = pmo.Submission{
	Content:   pmo.Content{Title: "Invoices by e-mail", Kind: "enhancement"},
	Requester: "dev-sam", SubmittedBy: "dev-sam", At: time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC),
}

type startOp struct{}

func (startOp) Get(context.Context) (client.WorkflowRun, error) { return nil, nil }

type closedRows map[string]pmo.Receipt

func (c closedRows) ClosedReceipt(_ context.Context, id string) (pmo.Receipt, error) {
	if r, ok := c[id]; ok {
		return r, nil
	}
	return pmo.Receipt{}, errors.New("not closed")
}

func setup(t *testing.T) (*Engine, *mocks.Client) {
	c := mocks.NewClient(t)
	return &Engine{client: c, namespace: "test", closed: closedRows{}, now: time.Now}, c
}

func TestSubmissionRequestID(t *testing.T) {
	require.Equal(t, SubmissionRequestID("sam", "k"), SubmissionRequestID("sam", "k"))
	require.NotEqual(t, SubmissionRequestID("sam", "k"), SubmissionRequestID("rita", "k"))
	require.NotEqual(t, SubmissionRequestID("sam", "k"), SubmissionRequestID("sam", "l"))
	require.NotEqual(t, SubmissionRequestID("sam", ""), SubmissionRequestID("sam", ""))
	require.Equal(t, "b404b679-3713-530c-8775-ca307d517f8f", SubmissionRequestID("sam", "k"), "the name space must never change")
}

func TestDigestIgnoresTheTime(t *testing.T) {
	later := submission
	later.At = later.At.Add(time.Hour)
	a, err := Digest(submission)
	require.NoError(t, err)
	b, err := Digest(later)
	require.NoError(t, err)
	require.Equal(t, a, b)
	later.Content.Title = "Other"
	c, err := Digest(later)
	require.NoError(t, err)
	require.NotEqual(t, a, c)
}

func TestHashKeepsPartsApart(t *testing.T) {
	require.NotEqual(t, hash("ab", "c"), hash("a", "bc"))
}

func TestSubmitStartsOnce(t *testing.T) {
	e, c := setup(t)
	digest, _ := Digest(submission)
	id := SubmissionRequestID("dev-sam", "key-1")
	start := startOp{}
	c.On("NewWithStartWorkflowOperation", mock.MatchedBy(func(o client.StartWorkflowOptions) bool {
		requester, _ := o.TypedSearchAttributes.GetKeyword(contract.AttrRequester)
		return o.ID == "request/"+id && o.TaskQueue == "pmo" && o.StaticSummary == "Invoices by e-mail" && requester == "dev-sam" &&
			o.WorkflowIDConflictPolicy == enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING &&
			o.WorkflowIDReusePolicy == enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE && o.Memo["digest"] == digest
	}), "Request", contract.RequestInput{ID: id, Digest: digest, Submission: submission, CountEntries: true}).Return(start)
	handle := answering(t, pmo.Receipt{ID: id, Number: 42, Digest: digest}, nil)
	c.On("UpdateWithStartWorkflow", mock.Anything, mock.MatchedBy(func(o client.UpdateWithStartWorkflowOptions) bool {
		return o.UpdateOptions.UpdateID == "receipt/"+digest && o.UpdateOptions.UpdateName == "Receipt"
	})).Return(handle, nil)
	got, err := e.Submit(t.Context(), submission, "key-1")
	require.NoError(t, err)
	require.Equal(t, int64(42), got.Receipt.Number)
	require.True(t, got.Replayed, "the receipt names another time of submission")
}

func TestSubmitOutcomes(t *testing.T) {
	digest, _ := Digest(submission)
	id := SubmissionRequestID("dev-sam", "k")
	timeout := client.NewWorkflowUpdateServiceTimeoutOrCanceledError(context.DeadlineExceeded)
	for _, c := range []struct {
		name    string
		start   error
		memo    string // digest Describe finds; "none": there is no such workflow
		closed  closedRows
		kind    problem.Kind
		receipt bool
		aborted bool // the workflow was terminated
		answers bool // Temporal's health check answers
		polled  bool // a worker polls the task queue
	}{
		{name: "terminated", start: &serviceerror.WorkflowExecutionAlreadyStarted{}, memo: digest, aborted: true, kind: problem.Closed},
		{name: "terminated, other body", start: &serviceerror.WorkflowExecutionAlreadyStarted{}, memo: "other", aborted: true, kind: problem.KeyReused},
		{name: "terminated while nobody answers", start: timeout, memo: digest, aborted: true, kind: problem.Closed},
		{name: "no worker: 202", start: timeout, memo: digest},
		{name: "no worker, other body", start: timeout, memo: "other", kind: problem.KeyReused},
		{name: "Temporal down", start: timeout, memo: "none", kind: problem.Unavailable},
		{name: "no answer in time, no worker", start: timeout, memo: "none", answers: true, kind: problem.Unavailable},
		{name: "no answer in time, a worker is there", start: timeout, memo: "none", answers: true, polled: true, kind: problem.Busy},
		{name: "busy", start: serviceerror.NewResourceExhausted(enumspb.RESOURCE_EXHAUSTED_CAUSE_RPS_LIMIT, "slow"), kind: problem.Busy},
		{name: "its tasks fail", start: serviceerror.NewWorkflowNotReady("failing"), kind: problem.Unavailable},
		{name: "refused", start: temporal.NewApplicationError("other body", pmo.RefusedKeyReused), kind: problem.KeyReused},
		{name: "closed, no row yet", start: &serviceerror.WorkflowExecutionAlreadyStarted{}, memo: digest},
		{name: "closed, other body", start: &serviceerror.WorkflowExecutionAlreadyStarted{}, memo: "other", kind: problem.KeyReused},
		{name: "closed, in the read model", closed: closedRows{id: {ID: id, Digest: digest}}, receipt: true},
		{name: "closed, in the read model, other body", closed: closedRows{id: {ID: id, Digest: "other"}}, kind: problem.KeyReused},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, fake := setup(t)
			e.closed = c.closed
			if c.start != nil {
				fake.On("NewWithStartWorkflowOperation", mock.Anything, mock.Anything, mock.Anything).Return(startOp{})
				fake.On("UpdateWithStartWorkflow", mock.Anything, mock.Anything).Return(nil, c.start)
			}
			if c.memo != "" {
				describes(fake, c.memo, c.aborted)
			}
			probes(fake, e, c.answers, c.polled)
			got, err := e.Submit(t.Context(), submission, "k")
			if c.kind != "" {
				require.Equal(t, c.kind, problem.From(err).Kind, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, id, got.ID)
			require.Equal(t, c.receipt, got.Receipt != nil)
		})
	}
}

func TestUpdateIDs(t *testing.T) {
	e, c := setup(t)
	var seen []client.UpdateWorkflowOptions
	c.On("UpdateWorkflow", mock.Anything, mock.Anything).Run(func(args mock.Arguments) {
		seen = append(seen, args.Get(1).(client.UpdateWorkflowOptions))
	}).Return(answering(t, pmo.Receipt{Result: "recorded"}, nil), nil)
	send := func(actor, key string, name string, cmd pmo.Command) client.UpdateWorkflowOptions {
		receipt, err := e.Update(t.Context(), "r1", name, cmd, pmo.By{Actor: actor, Via: "api"}, key)
		require.NoError(t, err)
		require.Equal(t, "recorded", receipt.Result)
		return seen[len(seen)-1]
	}
	decide := func(verdict string) *pmo.Decide { return &pmo.Decide{Question: "review/1", Verdict: verdict} }
	first := send("ana", "k", contract.UpdateDecide, decide("approve"))
	require.Equal(t, first.UpdateID, send("ana", "k", contract.UpdateDecide, decide("approve")).UpdateID, "the same command is one update")
	require.NotEqual(t, first.UpdateID, send("ana", "k", contract.UpdateDecide, decide("reject")).UpdateID, "another payload reaches the state, which refuses it")
	require.NotEqual(t, first.UpdateID, send("bo", "k", contract.UpdateDecide, decide("approve")).UpdateID, "keys belong to a person")
	require.NotEqual(t, first.UpdateID, send("ana", "k", contract.UpdateWithdraw, &pmo.Stop{}).UpdateID)
	require.Equal(t, send("ana", "", contract.UpdateDecide, decide("approve")).UpdateID, send("ana", "", contract.UpdateDecide, decide("approve")).UpdateID)
	require.NotEqual(t, send("ana", "", contract.UpdateHold, &pmo.Stop{Reason: "budget"}).UpdateID,
		send("ana", "", contract.UpdateHold, &pmo.Stop{Reason: "budget"}).UpdateID, "a second hold is another hold")
	parts := strings.Split(first.UpdateID, "/")
	require.Len(t, parts, 3)
	sent := first.Args[0].(*pmo.Decide)
	require.Equal(t, pmo.By{Actor: "ana", Via: "api", Key: parts[1], Digest: parts[2], Call: sent.By.Call}, sent.By)
	require.NotEmpty(t, sent.By.Call)
	require.Less(t, len(first.UpdateID), 255)
}

func TestUpdateOutcomes(t *testing.T) {
	missing := serviceerror.NewNotFound("workflow execution already completed")
	lost := temporal.NewApplicationError("ended", updateLost)
	for _, c := range []struct {
		name string
		err  error
		memo string
		kind problem.Kind
	}{
		{"closed", missing, "digest", problem.Closed},
		{"accepted by an execution that ended", lost, "digest", problem.Closed},
		{"never was", missing, "none", problem.NotFound},
		{"refused", temporal.NewApplicationError("ask ana", pmo.RefusedNotAsked), "", problem.NotAsked},
		{"busy", serviceerror.NewResourceExhausted(enumspb.RESOURCE_EXHAUSTED_CAUSE_CONCURRENT_LIMIT, "x"), "", problem.Busy},
		{"away", serviceerror.NewUnavailable("x"), "", problem.Unavailable},
		{"its tasks fail", serviceerror.NewWorkflowNotReady("x"), "", problem.Unavailable},
		{"fault", errors.New("boom"), "", problem.Internal},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, fake := setup(t)
			fake.On("UpdateWorkflow", mock.Anything, mock.Anything).Return(nil, c.err)
			if c.memo != "" {
				describes(fake, c.memo, false)
			}
			if c.kind == problem.Closed {
				fake.On("QueryWorkflow", mock.Anything, mock.Anything, "", contract.QueryCachedReceipt, mock.Anything).Return(nil, errors.New("no worker"))
			}
			_, err := e.Update(t.Context(), "r1", contract.UpdateDecide, &pmo.Decide{}, pmo.By{Actor: "ana"}, "")
			require.Equal(t, c.kind, problem.From(err).Kind, err)
		})
	}
}

func TestUpdateRepeatsWhileUnknown(t *testing.T) {
	e, c := setup(t)
	timeout := client.NewWorkflowUpdateServiceTimeoutOrCanceledError(context.DeadlineExceeded)
	c.On("UpdateWorkflow", mock.Anything, mock.Anything).Return(nil, timeout).Twice()
	c.On("UpdateWorkflow", mock.Anything, mock.Anything).Return(answering(t, pmo.Receipt{Result: "recorded"}, nil), nil)
	receipt, err := e.Update(t.Context(), "r1", contract.UpdateDecide, &pmo.Decide{}, pmo.By{Actor: "ana"}, "k")
	require.NoError(t, err)
	require.Equal(t, "recorded", receipt.Result)

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	e, c = setup(t)
	c.On("UpdateWorkflow", mock.Anything, mock.Anything).Return(nil, timeout)
	probes(c, e, false, false)
	_, err = e.Update(gone, "r1", contract.UpdateDecide, &pmo.Decide{}, pmo.By{Actor: "ana"}, "k")
	require.True(t, problem.Is(err, problem.Unavailable))
	require.ErrorContains(t, err, "cannot be reached")

	e, c = setup(t)
	c.On("UpdateWorkflow", mock.Anything, mock.Anything).Return(nil, timeout)
	probes(c, e, true, true)
	_, err = e.Update(gone, "r1", contract.UpdateDecide, &pmo.Decide{}, pmo.By{Actor: "ana"}, "k")
	require.True(t, problem.Is(err, problem.Busy), "an engine that answers its health check is not away")
	require.ErrorContains(t, err, "the process engine is busy")
}

// TestEveryCommandCarriesItsSender: the sender stays the first field of the payload, as in recorded histories.
func TestEveryCommandCarriesItsSender(t *testing.T) {
	for _, cmd := range []pmo.Command{&pmo.Decide{}, &pmo.Amend{}, &pmo.Report{}, &pmo.Stop{}, &pmo.Reassign{}, &pmo.SetInputs{}, &pmo.Watch{}, &pmo.OverridePull{}} {
		cmd.SetSender(pmo.By{Actor: "ana"})
		require.Equal(t, "ana", cmd.Sender().Actor)
		payload, err := DataConverter().ToPayload(cmd)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(payload.Data), `{"by":{"actor":"ana"}`), "%T: %s", cmd, payload.Data)
	}
}

func TestPrioritizeSoonStartsOnePrioritizationPerInterval(t *testing.T) {
	now := time.Date(2027, 1, 4, 9, 0, 40, 0, time.UTC)
	e, c := setup(t)
	started := serviceerror.NewWorkflowExecutionAlreadyStarted("", "", "")
	c.On("ExecuteWorkflow", mock.Anything, mock.MatchedBy(func(o client.StartWorkflowOptions) bool {
		return o.ID == "prioritization/it/soon/20270104T090000Z" && o.WorkflowExecutionErrorWhenAlreadyStarted && o.StartDelay == 0
	}), mock.Anything, mock.Anything).Return(nil, started)
	c.On("ExecuteWorkflow", mock.Anything, mock.MatchedBy(func(o client.StartWorkflowOptions) bool {
		return o.ID == "prioritization/it/soon/20270104T090100Z" && o.StartDelay == 20*time.Second &&
			o.StaticSummary == "Prioritization of it, expedite arrived"
	}), mock.Anything, contract.PrioritizationInput{Portfolio: "it", Cause: "expedite"}).Return(nil, nil)
	require.NoError(t, e.PrioritizeSoon(t.Context(), "it", "expedite", now, time.Minute))
	c.AssertNumberOfCalls(t, "ExecuteWorkflow", 2)
}

func TestPrioritizeNowIsNamedByItsKey(t *testing.T) {
	e, c := setup(t)
	c.On("ExecuteWorkflow", mock.Anything, mock.Anything, mock.Anything, mock.Anything).Return(nil, nil)
	in := contract.PrioritizationInput{Portfolio: "it", Cause: "now", Actor: "petra"}
	a, err := e.PrioritizeNow(t.Context(), in, "k")
	require.NoError(t, err)
	b, err := e.PrioritizeNow(t.Context(), in, "k")
	require.NoError(t, err)
	require.Equal(t, a, b)
	require.True(t, strings.HasPrefix(a, "prioritization/it/now/"))
}

// TestStartStaysWithinItsBudget: what a start carries beside its input is small, whatever is submitted.
func TestStartStaysWithinItsBudget(t *testing.T) {
	for _, character := range []string{"x", "界", "<", "\x01"} {
		long := strings.Repeat(character, 4000)
		options := startOptions(SubmissionRequestID(long, long), "digest", pmo.Submission{Requester: long, Content: pmo.Content{Title: long, Kind: long}})
		sizeOf := func(v any) int {
			data, err := json.Marshal(v)
			require.NoError(t, err)
			return len(data)
		}
		require.LessOrEqual(t, sizeOf(options.StaticSummary), summaryBytes)
		require.LessOrEqual(t, sizeOf(options.Memo), 512, "of 2 KiB, above which the server warns")
		require.LessOrEqual(t, len(options.ID), 255)
		for key, value := range options.TypedSearchAttributes.GetUntypedValues() {
			require.LessOrEqual(t, sizeOf(value), 512, key.GetName())
		}
	}
}

func TestSchedule(t *testing.T) {
	want := schedule(Portfolio{ID: "it", Every: time.Hour})
	require.Equal(t, time.Hour, want.Policy.CatchupWindow)
	require.Equal(t, enumspb.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE, want.Policy.Overlap)
	action := want.Action.(*client.ScheduleWorkflowAction)
	require.Equal(t, "prioritization/it", action.ID)
	require.Equal(t, []any{contract.PrioritizationInput{Portfolio: "it", Cause: "schedule"}}, action.Args)
	require.True(t, upToDate(want, schedule(Portfolio{ID: "it", Every: time.Hour})))
	require.False(t, upToDate(want, schedule(Portfolio{ID: "it", Every: 2 * time.Hour})))
	require.Equal(t, leastCatchup, schedule(Portfolio{ID: "it", Every: time.Second}).Policy.CatchupWindow)
}

func TestSummaryOfASubmission(t *testing.T) {
	long := submissionSummary(pmo.Content{Title: strings.Repeat("<", 400)})
	data, err := json.Marshal(long)
	require.NoError(t, err)
	require.InDelta(t, summaryBytes, len(data), 8, "as much as the server takes")
	require.Equal(t, "Confidential request", submissionSummary(pmo.Content{Title: "Site closure", Confidential: true}))
}

// TestTheScheduleSaysWhatARunDid: the note of a schedule is what the last run did, unless a person paused it and wrote why.
func TestTheScheduleSaysWhatARunDid(t *testing.T) {
	have := schedule(Portfolio{ID: "it", Every: time.Hour})
	update, err := noted(have, "it", "Ranked 3 requests"+strings.Repeat(".", 9000))
	require.NoError(t, err)
	require.Contains(t, update.Schedule.State.Note, "Ranked 3 requests")
	require.LessOrEqual(t, pmo.TextBytes(update.Schedule.State.Note), noteBytes)
	require.True(t, upToDate(*update.Schedule, have), "nothing else changes")

	have.State = &client.ScheduleState{Paused: true, Note: "budget freeze"}
	_, err = noted(have, "it", "Ranked 3 requests")
	require.ErrorIs(t, err, temporal.ErrSkipScheduleUpdate)
}

func answering(t *testing.T, receipt pmo.Receipt, err error) client.WorkflowUpdateHandle {
	handle := mocks.NewWorkflowUpdateHandle(t)
	handle.On("Get", mock.Anything, mock.Anything).Run(func(args mock.Arguments) {
		*args.Get(1).(*pmo.Receipt) = receipt
	}).Return(err)
	return handle
}

func describes(c *mocks.Client, digest string, aborted bool) {
	if digest == "none" {
		c.On("DescribeWorkflow", mock.Anything, mock.Anything, "").Return(nil, serviceerror.NewNotFound("none"))
		return
	}
	payload, _ := DataConverter().ToPayload(digest)
	found := &client.WorkflowExecutionDescription{}
	found.Memo = &commonpb.Memo{Fields: map[string]*commonpb.Payload{contract.MemoDigest: payload}}
	found.Status = enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED
	if aborted {
		found.Status = enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED
	}
	c.On("DescribeWorkflow", mock.Anything, mock.Anything, "").Return(found, nil)
}

// probes lets Temporal answer its health check, and lists a worker's poll of half a minute or of half an hour ago.
func probes(c *mocks.Client, e *Engine, answers, polled bool) {
	var health error
	if !answers {
		health = context.DeadlineExceeded
	}
	last := e.now().Add(-30 * time.Minute)
	if polled {
		last = e.now().Add(-30 * time.Second)
	}
	c.On("CheckHealth", mock.Anything, mock.Anything).Return(nil, health).Maybe()
	c.On("DescribeTaskQueue", mock.Anything, contract.QueueMain, enumspb.TASK_QUEUE_TYPE_WORKFLOW).Return(
		&workflowservice.DescribeTaskQueueResponse{Pollers: []*taskqueuepb.PollerInfo{{LastAccessTime: timestamppb.New(last)}}}, nil).Maybe()
}
