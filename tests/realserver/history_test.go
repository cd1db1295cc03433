package realserver

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/tests/harness"
)

// history reads the newest run of a request.
func (e *environment) history(t *testing.T, id string) *historypb.History {
	t.Helper()
	return e.historyOf(t, contract.RequestWorkflowID(id))
}

func (e *environment) historyOf(t *testing.T, workflow string) *historypb.History {
	t.Helper()
	history := &historypb.History{}
	for events := e.Client.GetWorkflowHistory(t.Context(), workflow, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		event, err := events.Next()
		require.NoError(t, err)
		history.Events = append(history.Events, event)
	}
	return history
}

// resetAddsNothingTwice resets a request to its first task: the server delivers the votes again, the handlers run again, and the
// newer run wins in Postgres although its counters start lower.
func resetAddsNothingTwice(t *testing.T, e *environment) {
	c := e.Submit(t, harness.Ordinary("Reset")).ToBacklog()
	c.AwaitRow("approved", func(r store.Row) bool { return r.Stage == pmo.StagePrioritization })
	before := e.ledger(t, c.ID)
	point := int64(0)
	for _, event := range e.history(t, c.ID).Events {
		if event.EventType == enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
			point = event.EventId
			break
		}
	}
	_, err := e.Client.ResetWorkflowExecution(t.Context(), &workflowservice.ResetWorkflowExecutionRequest{
		Namespace: e.Stack.Namespace, WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: contract.RequestWorkflowID(c.ID)},
		Reason: "by the test", WorkflowTaskFinishEventId: point, RequestId: uuid.NewString(),
	})
	require.NoError(t, err)
	c.Await("approved again", func(r pmo.Request) bool { return r.Stage == pmo.StagePrioritization })
	row := c.AwaitRow("the new run is on file", func(r store.Row) bool { return r.Epoch > 1 && r.Stage == pmo.StagePrioritization })
	require.NotEmpty(t, row.RunID)
	answered := func(entries []store.LedgerEntry) (n int) {
		for _, e := range entries {
			if e.Event == pmo.EventAnswered {
				n++
			}
		}
		return n
	}
	require.Equal(t, 2, answered(before))
	require.Equal(t, 2, answered(e.ledger(t, c.ID)), "a vote delivered again is one vote")
}

func (e *environment) ledger(t *testing.T, id string) []store.LedgerEntry {
	t.Helper()
	page, err := e.Store.Ledger(t.Context(), id, 0, 200)
	require.NoError(t, err)
	return page.Items
}

func mergeTakesPeopleAlong(t *testing.T, e *environment) {
	target := e.Submit(t, harness.Ordinary("The one that stays"))
	double := e.Submit(t, harness.Ordinary("The double"))
	_, err := double.Send("dora-watches", contract.UpdateWatch, &pmo.Watch{Add: []string{"rita"}})
	require.NoError(t, err)
	_, err = double.Send("ana", contract.UpdateDecide, &pmo.Decide{Question: "review/1/approvers", Verdict: pmo.VerdictDuplicate, Data: pmo.Data{Of: target.ID}})
	require.NoError(t, err)
	receipt, err := double.Send("sam", contract.UpdateDecide, &pmo.Decide{Question: "duplicate/1", Verdict: pmo.VerdictSame})
	require.NoError(t, err)
	require.Equal(t, pmo.OutcomeMerged, receipt.Outcome)
	state := target.Await("rita watches on", func(r pmo.Request) bool { return len(r.Watchers) > 0 })
	require.Contains(t, state.Watchers, "rita")
	require.Equal(t, []string{target.ID}, double.AwaitRow("closed", func(r store.Row) bool { return r.Closed() }).MergedInto)
}

// story renders the event groups a PMO sees in the Temporal UI, one line a group.
func story(history *historypb.History) []string {
	var lines []string
	for _, e := range history.Events {
		switch e.EventType {
		case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED:
			lines = append(lines, "✎ "+said(e.GetWorkflowExecutionUpdateCompletedEventAttributes().GetOutcome().GetSuccess()))
		case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
			lines = append(lines, "✉ "+e.GetWorkflowExecutionSignaledEventAttributes().GetSignalName())
		case enumspb.EVENT_TYPE_MARKER_RECORDED, enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
			if summary := summaryOf(e); summary != "" && isProjection(e) {
				lines = append(lines, projectionMark+summary)
			} else if summary != "" {
				lines = append(lines, "⚙ "+summary)
			}
		case enumspb.EVENT_TYPE_TIMER_STARTED:
			lines = append(lines, "⏰ "+summaryOf(e))
		}
	}
	return lines
}

// said is the sentence that the result of an update begins with.
func said(result *commonpb.Payloads) string {
	var receipt pmo.Receipt
	if payloads := result.GetPayloads(); len(payloads) > 0 {
		_ = json.Unmarshal(payloads[0].GetData(), &receipt)
	}
	return receipt.Says
}

// projectionMark begins a line of the read model's writer.
const projectionMark = "≡ "

// isProjection reports whether the event is a write to the read model. The marker of a local activity names it in its data.
func isProjection(e *historypb.HistoryEvent) bool {
	data := e.GetMarkerRecordedEventAttributes().GetDetails()["data"].GetPayloads()
	return len(data) > 0 && strings.Contains(string(data[0].GetData()), `"`+contract.ActivityProject+`"`) ||
		e.GetActivityTaskScheduledEventAttributes().GetActivityType().GetName() == contract.ActivityProject
}

func summaryOf(e *historypb.HistoryEvent) string {
	payload := e.GetUserMetadata().GetSummary()
	if payload == nil {
		return ""
	}
	var text string
	if err := json.Unmarshal(payload.GetData(), &text); err != nil {
		return string(payload.GetData())
	}
	return text
}
