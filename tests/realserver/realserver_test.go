package realserver

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/tests/harness"
)

func TestRealServer(t *testing.T) {
	e := start(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, *environment)
	}{
		{"straight through", straightThrough},
		{"fifty equal submissions make one request", fiftySubmissions},
		{"a key belongs to one command and one body", keysBelongToOneCommand},
		{"thirty votes at once", manyVotes},
		{"a decision by signal is checked like one by the API", decisionBySignal},
		{"an amendment closes the round", amendmentClosesTheRound},
		{"a hold gives slot and capacity back", holdGivesBack},
		{"a slot for a request that is gone comes back", slotComesBack},
		{"the database may be away", databaseAway},
		{"the database may hang", databaseHangs},
		{"a worker may be lost", workerLost},
		{"a reset adds nothing twice", resetAddsNothingTwice},
		{"a merge takes its people along", mergeTakesPeopleAlong},
		{"work is opened once though replies are lost", workOpenedOnce},
		{"work the tool refuses holds nothing up", workRefused},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, e) })
	}
}

func kindOf(err error) string { return string(problem.From(err).Kind) }

func straightThrough(t *testing.T, e *environment) {
	c := e.Submit(t, harness.Ordinary("Type lists once"))
	c.ToExecution().AwaitRow("the work item is open", func(r store.Row) bool { return r.Work != nil && r.Work.ID != "" })
	require.Equal(t, pmo.OutcomeDelivered, c.ToEnd().Outcome)
	row := c.AwaitRow("the work item is closed", func(r store.Row) bool { return r.Work.Status == pmo.WorkClosed })
	require.Nil(t, row.Slot, "a delivered request gives its slot back")

	history := e.history(t, c.ID)
	counts := map[enumspb.EventType]int{}
	for _, e := range history.Events {
		counts[e.EventType]++
	}
	require.LessOrEqual(t, len(history.Events), 115, "the straight path grew: %v", counts)
	ended := counts[enumspb.EVENT_TYPE_TIMER_CANCELED] + counts[enumspb.EVENT_TYPE_TIMER_FIRED]
	require.LessOrEqual(t, counts[enumspb.EVENT_TYPE_TIMER_STARTED]-ended, 2, "more was left running than the deadline timer and the limit of the last wait, which end with the workflow")
	item := e.historyOf(t, contract.WorkItemWorkflowID(row.Work.Key))
	require.LessOrEqual(t, len(item.Events), 40, "opening and closing one item grew")
	t.Logf("straight through: %d events, %d of the work item: %v", len(history.Events), len(item.Events), counts)
	compareStory(t, history)
}

func fiftySubmissions(t *testing.T, e *environment) {
	key, content := uuid.NewString(), harness.Ordinary("Fifty at once")
	at := time.Now().UTC()
	submit := func(c pmo.Content) (pmo.Receipt, error) {
		sent, err := e.Engine.Submit(t.Context(), pmo.Submission{Content: c, Requester: "sam", SubmittedBy: "sam", At: at}, key)
		if err != nil {
			return pmo.Receipt{}, err
		}
		if sent.Receipt == nil {
			return pmo.Receipt{}, errors.New("no answer in time")
		}
		return *sent.Receipt, nil
	}
	other := content
	other.Title = "Another body"
	var wait sync.WaitGroup
	receipts, failures := make([]pmo.Receipt, 50), make([]error, 50)
	for i := range receipts {
		wait.Go(func() { receipts[i], failures[i] = submit(content) })
	}
	wait.Wait()
	for i := range receipts {
		require.NoError(t, failures[i])
		require.Equal(t, receipts[0], receipts[i])
	}
	_, err := submit(other)
	require.Equal(t, pmo.RefusedKeyReused, kindOf(err))

	c := e.Request(t, receipts[0].ID)
	_, err = c.Send("sam", contract.UpdateWithdraw, &pmo.Stop{})
	require.NoError(t, err)
	c.AwaitRow("it is closed", func(r store.Row) bool { return r.Closed() })
	again, err := submit(content)
	require.NoError(t, err)
	require.Equal(t, receipts[0].ID, again.ID)
	require.Equal(t, receipts[0].Number, again.Number)
	_, err = submit(other)
	require.Equal(t, pmo.RefusedKeyReused, kindOf(err))
}

func keysBelongToOneCommand(t *testing.T, e *environment) {
	c := e.Submit(t, harness.Ordinary("Keys"))
	by := pmo.By{Actor: "ana", Via: "api"}
	yes := &pmo.Decide{Question: "review/1/approvers", Verdict: pmo.VerdictApprove}
	first, err := e.Engine.Update(t.Context(), c.ID, contract.UpdateDecide, yes, by, "k1")
	require.NoError(t, err)
	again, err := e.Engine.Update(t.Context(), c.ID, contract.UpdateDecide, yes, by, "k1")
	require.NoError(t, err)
	require.Equal(t, first.Tally, again.Tally)
	no := &pmo.Decide{Question: "review/1/approvers", Verdict: pmo.VerdictReject, Reason: "no"}
	_, err = e.Engine.Update(t.Context(), c.ID, contract.UpdateDecide, no, by, "k1")
	require.Equal(t, pmo.RefusedKeyReused, kindOf(err))
	_, err = e.Engine.Update(t.Context(), c.ID, contract.UpdateWithdraw, &pmo.Stop{}, by, "k1")
	require.Equal(t, pmo.RefusedKeyReused, kindOf(err), "one key, two commands")
	_, err = e.Engine.Update(t.Context(), c.ID, contract.UpdateDecide, yes, by, "k2")
	require.Equal(t, pmo.RefusedDecided, kindOf(err), "a second vote")
	state := c.AwaitOpen("review/1/approvers")
	require.Len(t, state.Question("review/1/approvers").Answers, 1)
	stopsDoNotShareKeys(t, e, c)
}

// stopsDoNotShareKeys: the payloads of hold, resume and withdraw are equal.
func stopsDoNotShareKeys(t *testing.T, e *environment, c *harness.Request) {
	stop := func(name, key string) (pmo.Receipt, error) {
		return e.Engine.Update(t.Context(), c.ID, name, &pmo.Stop{Reason: "budget"}, pmo.By{Actor: "sam", Via: "api"}, key)
	}
	held, err := stop(contract.UpdateHold, "k1")
	require.NoError(t, err)
	require.False(t, held.Replayed)
	_, err = stop(contract.UpdateResume, "k1")
	require.Equal(t, pmo.RefusedKeyReused, kindOf(err))
	resumed, err := stop(contract.UpdateResume, "k2")
	require.NoError(t, err)
	require.Equal(t, "resumed", resumed.Result)
	again, err := stop(contract.UpdateHold, "k1")
	require.NoError(t, err)
	held.Replayed = true
	require.Equal(t, held, again)
	state, err := e.Engine.Snapshot(t.Context(), c.ID)
	require.NoError(t, err)
	require.Equal(t, pmo.StatusOpen, state.Status, "the late repetition holds nothing")

	gone, err := stop(contract.UpdateWithdraw, "k3")
	require.NoError(t, err)
	c.AwaitRow("it is closed", func(r store.Row) bool { return r.Closed() })
	again, err = stop(contract.UpdateWithdraw, "k3")
	require.NoError(t, err)
	gone.Replayed = true
	require.Equal(t, gone, again)
	_, err = stop(contract.UpdateCancel, "k3")
	require.Equal(t, pmo.RefusedKeyReused, kindOf(err), "also after closing")
	_, err = stop(contract.UpdateHold, "k4")
	require.Equal(t, pmo.RefusedClosed, kindOf(err))
}

// manyVotes lets thirty answers come at the same moment, more than the server takes in flight at once. Whoever gets no reply in time
// sends the same answer again under the same key, as a client does, until the outcome is known.
func manyVotes(t *testing.T, e *environment) {
	c := e.Submit(t, harness.Ordinary("Votes at once"))
	vote := func(voter, key string) error {
		yes := &pmo.Decide{Question: "review/1/approvers", Verdict: pmo.VerdictApprove}
		for {
			_, err := e.Engine.Update(t.Context(), c.ID, contract.UpdateDecide, yes, pmo.By{Actor: voter, Via: "api"}, key)
			if err == nil || kindOf(err) != "unavailable" && kindOf(err) != "busy" || t.Context().Err() != nil {
				return err
			}
		}
	}
	var wait sync.WaitGroup
	failures := make([]error, 30)
	for i := range failures {
		wait.Go(func() { failures[i] = vote([]string{"ana", "bo"}[i%2], uuid.NewString()) })
	}
	wait.Wait()
	taken := 0
	for _, err := range failures {
		if err == nil {
			taken++
			continue
		}
		require.Equal(t, pmo.RefusedDecided, kindOf(err))
	}
	require.Equal(t, 2, taken, "one vote a person")
	c.Await("approved", func(r pmo.Request) bool { return r.Stage == pmo.StagePrioritization })
}

func decisionBySignal(t *testing.T, e *environment) {
	c := e.Submit(t, harness.Ordinary("By signal"))
	signal := func(actor string) {
		require.NoError(t, e.Client.SignalWorkflow(t.Context(), contract.RequestWorkflowID(c.ID), "", contract.SignalDecide,
			pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: actor}}, Question: "review/1/approvers", Verdict: pmo.VerdictApprove}))
	}
	require.NoError(t, e.Client.SignalWorkflow(t.Context(), contract.RequestWorkflowID(c.ID), "", contract.SignalDecide, "this is no decision"))
	signal("theo") // not asked
	signal("sam")  // their own request
	signal("ana")
	state := c.Await("ana's vote counts", func(r pmo.Request) bool { return len(r.Question("review/1/approvers").Answers) > 0 })
	answers := state.Question("review/1/approvers").Answers
	require.Len(t, answers, 1)
	require.Equal(t, "ana", answers[0].By)
	require.Equal(t, "signal", answers[0].Via)
	ledger, err := e.Store.Ledger(t.Context(), c.ID, 0, 100)
	require.NoError(t, err)
	refused := 0
	for _, e := range ledger.Items {
		if e.Event == pmo.EventRefused {
			refused++
			require.Contains(t, e.Text, "claimed by")
		}
	}
	require.Equal(t, 2, refused)
}

func amendmentClosesTheRound(t *testing.T, e *environment) {
	c := e.Submit(t, harness.Ordinary("Amended"))
	c.Decide("ana", "review/1/approvers", pmo.VerdictApprove)
	outcome := "Lists are typed never"
	_, err := c.Send("sam", contract.UpdateAmend, &pmo.Amend{Revision: 9, Patch: pmo.Patch{Outcome: &outcome}})
	require.Equal(t, pmo.RefusedStale, kindOf(err))
	_, err = c.Send("sam", contract.UpdateAmend, &pmo.Amend{Revision: 1, Patch: pmo.Patch{Outcome: &outcome}})
	require.NoError(t, err)
	state := c.AwaitOpen("review/2/approvers")
	require.Empty(t, state.Question("review/2/approvers").Answers, "votes on the old content do not count")
	_, err = c.Send("bo", contract.UpdateDecide, &pmo.Decide{Question: "review/1/approvers", Verdict: pmo.VerdictApprove})
	require.Equal(t, pmo.RefusedSuperseded, kindOf(err))
	_, err = c.Send("sam", contract.UpdateDecide, &pmo.Decide{Question: "review/2/approvers", Verdict: pmo.VerdictApprove})
	require.Equal(t, pmo.RefusedOwnRequest, kindOf(err))
}

func holdGivesBack(t *testing.T, e *environment) {
	c := e.Submit(t, harness.Ordinary("Held")).ToExecution()
	c.AwaitRow("it has a slot", func(r store.Row) bool { return r.Slot != nil })
	_, err := c.Send("petra", contract.UpdateHold, &pmo.Stop{Reason: "a law is pending"})
	require.NoError(t, err)
	c.AwaitRow("slot is back", func(r store.Row) bool { return r.Slot == nil && r.Status == pmo.StatusOnHold })
	_, err = c.Send("theo", contract.UpdateProgress, &pmo.Report{})
	require.Equal(t, pmo.RefusedOnHold, kindOf(err))
	_, err = c.Send("petra", contract.UpdateResume, &pmo.Stop{})
	require.NoError(t, err)
	c.Pull()
	state := c.Await("it goes on", func(r pmo.Request) bool { return r.Stage == pmo.StageExecution })
	require.Equal(t, "falcon", state.Assignment.Team)
	require.True(t, state.Plan.Agreed(), "what was agreed stays agreed")
}

func slotComesBack(t *testing.T, e *environment) {
	c := e.Submit(t, harness.Ordinary("Terminated in the backlog")).ToBacklog()
	c.AwaitRow("it waits", func(r store.Row) bool { return r.WaitsForPull() })
	require.NoError(t, e.Client.TerminateWorkflow(t.Context(), contract.RequestWorkflowID(c.ID), "", "by the test"))
	require.Contains(t, e.Prioritize(t).Pulled, c.ID)
	row, err := e.Store.Request(t.Context(), c.ID)
	require.NoError(t, err)
	require.Nil(t, row.Slot)
}

func databaseAway(t *testing.T, e *environment) {
	before := e.Submit(t, harness.Ordinary("Before the cut"))
	e.Network.Refuse()
	defer e.Network.Resume()
	sent, err := e.Engine.Submit(t.Context(), harness.Submission(harness.Ordinary("While the database is away")), uuid.NewString())
	require.NoError(t, err)
	require.Nil(t, sent.Receipt, "there is no number without the database; the request is durable all the same")
	for _, voter := range []string{"ana", "bo"} {
		began := time.Now()
		before.Decide(voter, "review/1/approvers", pmo.VerdictApprove)
		t.Logf("decided without the database in %s", time.Since(began))
	}
	_, err = e.Store.Request(t.Context(), before.ID)
	require.ErrorIs(t, err, store.ErrUnavailable)

	e.Network.Resume()
	during := e.Request(t, sent.ID)
	row := during.AwaitRow("the submission appears", func(r store.Row) bool { return r.Number != 0 && r.Stage == pmo.StageReview })
	require.Equal(t, "While the database is away", row.Content.Title)
	before.AwaitRow("the decisions appear", func(r store.Row) bool { return r.Stage == pmo.StagePrioritization })
}

// databaseHangs leaves connections open and passes nothing on, as a dead network does: nothing refuses, so only time-outs help.
func databaseHangs(t *testing.T, e *environment) {
	c := e.Submit(t, harness.Ordinary("Hangs"))
	c.AwaitOpen("review/1/approvers")
	e.Network.Hang()
	defer e.Network.Resume()
	for _, voter := range []string{"ana", "bo"} {
		began := time.Now()
		c.Decide(voter, "review/1/approvers", pmo.VerdictApprove)
		t.Logf("decided while the database hangs in %s", time.Since(began))
	}
	e.Network.Resume()
	c.AwaitRow("the decisions appear", func(r store.Row) bool { return r.Stage == pmo.StagePrioritization })
}

func workerLost(t *testing.T, e *environment) {
	c := e.Submit(t, harness.Ordinary("Worker lost"))
	c.Decide("ana", "review/1/approvers", pmo.VerdictApprove)
	e.Worker.Stop()
	e.StartWorker()
	c.Decide("bo", "review/1/approvers", pmo.VerdictApprove)
	c.Await("approved", func(r pmo.Request) bool { return r.Stage == pmo.StagePrioritization })
}
