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
)

func TestRealServer(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, *system)
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
		t.Run(c.name, func(t *testing.T) { c.run(t, s) })
	}
}

func kindOf(err error) string { return string(problem.From(err).Kind) }

func straightThrough(t *testing.T, s *system) {
	c := s.submit(t, ordinary("Type lists once"))
	c.toExecution().awaitRow("the work item is open", func(r store.Row) bool { return r.Work != nil && r.Work.ID != "" })
	require.Equal(t, pmo.OutcomeDelivered, c.toEnd().Outcome)
	row := c.awaitRow("the work item is closed", func(r store.Row) bool { return r.Work.Status == pmo.WorkClosed })
	require.Nil(t, row.Slot, "a delivered request gives its slot back")

	history := s.history(t, c.id)
	counts := map[enumspb.EventType]int{}
	for _, e := range history.Events {
		counts[e.EventType]++
	}
	require.LessOrEqual(t, len(history.Events), 110, "the straight path grew: %v", counts)
	ended := counts[enumspb.EVENT_TYPE_TIMER_CANCELED] + counts[enumspb.EVENT_TYPE_TIMER_FIRED]
	require.LessOrEqual(t, counts[enumspb.EVENT_TYPE_TIMER_STARTED]-ended, 1, "more than the one alarm, which ends with the workflow, was left running")
	t.Logf("straight through: %d events, %d workflow tasks", len(history.Events), counts[enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED])
	compareStory(t, history)
}

func fiftySubmissions(t *testing.T, s *system) {
	key, content := uuid.NewString(), ordinary("Fifty at once")
	at := time.Now().UTC()
	submit := func(c pmo.Content) (pmo.Receipt, error) {
		sent, err := s.engine.Submit(t.Context(), pmo.Submission{Content: c, Requester: "sam", SubmittedBy: "sam", At: at}, key)
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

	c := &case_{system: s, t: t, id: receipts[0].ID}
	_, err = c.send("sam", contract.UpdateWithdraw, &pmo.Stop{})
	require.NoError(t, err)
	c.awaitRow("it is closed", func(r store.Row) bool { return r.Closed() })
	again, err := submit(content)
	require.NoError(t, err)
	require.Equal(t, receipts[0].ID, again.ID)
	require.Equal(t, receipts[0].Number, again.Number)
	_, err = submit(other)
	require.Equal(t, pmo.RefusedKeyReused, kindOf(err))
}

func keysBelongToOneCommand(t *testing.T, s *system) {
	c := s.submit(t, ordinary("Keys"))
	by := pmo.By{Actor: "ana", Via: "api"}
	yes := &pmo.Decide{Question: "review/1/approvers", Verdict: pmo.VerdictApprove}
	first, err := s.engine.Update(t.Context(), c.id, contract.UpdateDecide, yes, by, "k1")
	require.NoError(t, err)
	again, err := s.engine.Update(t.Context(), c.id, contract.UpdateDecide, yes, by, "k1")
	require.NoError(t, err)
	require.Equal(t, first.Tally, again.Tally)
	no := &pmo.Decide{Question: "review/1/approvers", Verdict: pmo.VerdictReject, Reason: "no"}
	_, err = s.engine.Update(t.Context(), c.id, contract.UpdateDecide, no, by, "k1")
	require.Equal(t, pmo.RefusedKeyReused, kindOf(err))
	_, err = s.engine.Update(t.Context(), c.id, contract.UpdateWithdraw, &pmo.Stop{}, by, "k1")
	require.Equal(t, pmo.RefusedKeyReused, kindOf(err), "one key, two commands")
	_, err = s.engine.Update(t.Context(), c.id, contract.UpdateDecide, yes, by, "k2")
	require.Equal(t, pmo.RefusedDecided, kindOf(err), "a second vote")
	state := c.awaitOpen("review/1/approvers")
	require.Len(t, state.Question("review/1/approvers").Answers, 1)
}

// manyVotes lets thirty answers come at the same moment, more than the server takes in flight at once. Whoever hears nothing in time
// sends the same answer again under the same key, as a client does, until the outcome is known.
func manyVotes(t *testing.T, s *system) {
	c := s.submit(t, ordinary("Votes at once"))
	vote := func(voter, key string) error {
		yes := &pmo.Decide{Question: "review/1/approvers", Verdict: pmo.VerdictApprove}
		for {
			_, err := s.engine.Update(t.Context(), c.id, contract.UpdateDecide, yes, pmo.By{Actor: voter, Via: "api"}, key)
			if err == nil || kindOf(err) != "unavailable" || t.Context().Err() != nil {
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
	c.await("approved", func(r pmo.Request) bool { return r.Stage == pmo.StagePrioritization })
}

func decisionBySignal(t *testing.T, s *system) {
	c := s.submit(t, ordinary("By signal"))
	signal := func(actor string) {
		require.NoError(t, s.client.SignalWorkflow(t.Context(), contract.RequestWorkflowID(c.id), "", contract.SignalDecide,
			pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: actor}}, Question: "review/1/approvers", Verdict: pmo.VerdictApprove}))
	}
	require.NoError(t, s.client.SignalWorkflow(t.Context(), contract.RequestWorkflowID(c.id), "", contract.SignalDecide, "this is no decision"))
	signal("theo") // not asked
	signal("sam")  // their own request
	signal("ana")
	state := c.await("ana's vote counts", func(r pmo.Request) bool { return len(r.Question("review/1/approvers").Answers) > 0 })
	answers := state.Question("review/1/approvers").Answers
	require.Len(t, answers, 1)
	require.Equal(t, "ana", answers[0].By)
	require.Equal(t, "signal", answers[0].Via)
	ledger, err := s.store.Ledger(t.Context(), c.id, 0, 100)
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

func amendmentClosesTheRound(t *testing.T, s *system) {
	c := s.submit(t, ordinary("Amended"))
	c.decide("ana", "review/1/approvers", pmo.VerdictApprove)
	outcome := "Lists are typed never"
	_, err := c.send("sam", contract.UpdateAmend, &pmo.Amend{Revision: 9, Patch: pmo.Patch{Outcome: &outcome}})
	require.Equal(t, pmo.RefusedStale, kindOf(err))
	_, err = c.send("sam", contract.UpdateAmend, &pmo.Amend{Revision: 1, Patch: pmo.Patch{Outcome: &outcome}})
	require.NoError(t, err)
	state := c.awaitOpen("review/2/approvers")
	require.Empty(t, state.Question("review/2/approvers").Answers, "votes on the old content do not count")
	_, err = c.send("bo", contract.UpdateDecide, &pmo.Decide{Question: "review/1/approvers", Verdict: pmo.VerdictApprove})
	require.Equal(t, pmo.RefusedSuperseded, kindOf(err))
	_, err = c.send("sam", contract.UpdateDecide, &pmo.Decide{Question: "review/2/approvers", Verdict: pmo.VerdictApprove})
	require.Equal(t, pmo.RefusedOwnRequest, kindOf(err))
}

func holdGivesBack(t *testing.T, s *system) {
	c := s.submit(t, ordinary("Held")).toExecution()
	c.awaitRow("it has a slot", func(r store.Row) bool { return r.Slot != nil })
	_, err := c.send("petra", contract.UpdateHold, &pmo.Stop{Reason: "a law is pending"})
	require.NoError(t, err)
	c.awaitRow("slot is back", func(r store.Row) bool { return r.Slot == nil && r.Status == pmo.StatusOnHold })
	_, err = c.send("theo", contract.UpdateProgress, &pmo.Report{})
	require.Equal(t, pmo.RefusedOnHold, kindOf(err))
	_, err = c.send("petra", contract.UpdateResume, &pmo.Stop{})
	require.NoError(t, err)
	c.pull()
	state := c.await("it goes on", func(r pmo.Request) bool { return r.Stage == pmo.StageExecution })
	require.Equal(t, "falcon", state.Assignment.Team)
	require.True(t, state.Plan.Agreed(), "what was agreed stays agreed")
}

func slotComesBack(t *testing.T, s *system) {
	c := s.submit(t, ordinary("Terminated in the backlog")).toBacklog()
	c.awaitRow("it waits", func(r store.Row) bool { return r.WaitsForPull() })
	require.NoError(t, s.client.TerminateWorkflow(t.Context(), contract.RequestWorkflowID(c.id), "", "by the test"))
	run, err := s.engine.PrioritizeNow(t.Context(), contract.PrioritizationInput{Portfolio: portfolio, Cause: "now", Actor: "petra"}, uuid.NewString())
	require.NoError(t, err)
	ranked, done, err := s.engine.PrioritizationResult(t.Context(), run, 20*time.Second)
	require.NoError(t, err)
	require.True(t, done)
	require.Contains(t, ranked.Pulled, c.id)
	row, err := s.store.Request(t.Context(), c.id)
	require.NoError(t, err)
	require.Nil(t, row.Slot)
}

func databaseAway(t *testing.T, s *system) {
	before := s.submit(t, ordinary("Before the cut"))
	s.proxy.Refuse()
	defer s.proxy.Resume()
	sent, err := s.engine.Submit(t.Context(), pmo.Submission{Content: ordinary("While the database is away"), Requester: "sam", SubmittedBy: "sam", At: time.Now().UTC()}, uuid.NewString())
	require.NoError(t, err)
	require.Nil(t, sent.Receipt, "there is no number without the database; the request is durable all the same")
	for _, voter := range []string{"ana", "bo"} {
		began := time.Now()
		before.decide(voter, "review/1/approvers", pmo.VerdictApprove)
		t.Logf("decided without the database in %s", time.Since(began))
	}
	_, err = s.store.Request(t.Context(), before.id)
	require.ErrorIs(t, err, store.ErrUnavailable)

	s.proxy.Resume()
	during := &case_{system: s, t: t, id: sent.ID}
	row := during.awaitRow("the submission appears", func(r store.Row) bool { return r.Number != 0 && r.Stage == pmo.StageReview })
	require.Equal(t, "While the database is away", row.Content.Title)
	before.awaitRow("the decisions appear", func(r store.Row) bool { return r.Stage == pmo.StagePrioritization })
}

// databaseHangs leaves connections open and passes nothing on, as a dead network does: nothing refuses, so only time-outs help.
func databaseHangs(t *testing.T, s *system) {
	c := s.submit(t, ordinary("Hangs"))
	c.awaitOpen("review/1/approvers")
	s.proxy.Hang()
	defer s.proxy.Resume()
	for _, voter := range []string{"ana", "bo"} {
		began := time.Now()
		c.decide(voter, "review/1/approvers", pmo.VerdictApprove)
		t.Logf("decided while the database hangs in %s", time.Since(began))
	}
	s.proxy.Resume()
	c.awaitRow("the decisions appear", func(r store.Row) bool { return r.Stage == pmo.StagePrioritization })
}

func workerLost(t *testing.T, s *system) {
	c := s.submit(t, ordinary("Worker lost"))
	c.decide("ana", "review/1/approvers", pmo.VerdictApprove)
	s.worker.Stop()
	s.worker = s.startWorker()
	c.decide("bo", "review/1/approvers", pmo.VerdictApprove)
	c.await("approved", func(r pmo.Request) bool { return r.Stage == pmo.StagePrioritization })
}
