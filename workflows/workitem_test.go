package workflows_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// tool is the team's own tool: the calls it got, and what it answers.
type tool struct {
	opens   []contract.OpenWorkInput
	updates []contract.UpdateWorkInput
	answer  func(attempt int32) error // nil: it takes everything
	missing bool                      // it has no item
}

func (w *activitiesFake) openWork(ctx context.Context, in contract.OpenWorkInput) (contract.OpenedWork, error) {
	w.Lock()
	defer w.Unlock()
	w.tool.opens = append(w.tool.opens, in)
	if err := w.tool.say(ctx); err != nil {
		return contract.OpenedWork{}, err
	}
	return contract.OpenedWork{ID: "item-" + in.Key, URL: "https://tool/" + in.Key}, nil
}

func (w *activitiesFake) updateWork(ctx context.Context, in contract.UpdateWorkInput) (contract.UpdatedWork, error) {
	w.Lock()
	defer w.Unlock()
	w.tool.updates = append(w.tool.updates, in)
	if err := w.tool.say(ctx); err != nil {
		return contract.UpdatedWork{}, err
	}
	return contract.UpdatedWork{ID: in.Work, Missing: w.tool.missing}, nil
}

// sendWanted replaces the workflow of the work item: one call of the tool, and a report. workitem_workflow_test.go tests the real one.
func (w *activitiesFake) sendWanted(in contract.WorkItemInput) contract.Nothing {
	state := in.Wanted.State
	report := pmo.WorkItemReport{State: state, ID: in.ID, URL: in.URL, MayExist: in.MayExist}
	opening := state.Status == pmo.WorkOpen && in.ID == ""
	if opening {
		w.tool.opens = append(w.tool.opens, contract.OpenWorkInput{Key: state.Key, ID: in.Request, Number: in.Number, Title: state.Title, Team: in.Team,
			Approach: in.Wanted.Approach, Summary: in.Wanted.Summary, Milestones: in.Wanted.Milestones})
	} else {
		w.tool.updates = append(w.tool.updates, contract.UpdateWorkInput{Key: state.Key, Work: in.ID, Title: state.Title, Summary: in.Wanted.Summary,
			Status: state.Status, Reason: state.Reason})
	}
	var err error
	if w.tool.answer != nil {
		err = w.tool.answer(1)
	}
	var app *temporal.ApplicationError
	switch {
	case errors.As(err, &app):
		report.Fault = &pmo.SyncFault{Reason: app.Message(), Refused: true, Recipients: []string{"petra"}}
	case err != nil && !in.Wanted.Final:
		return contract.Nothing{} // it goes on trying for a day
	case err != nil:
		report.Fault, report.MayExist = &pmo.SyncFault{Reason: "it did not answer in time"}, in.ID == ""
	case opening:
		report.ID, report.URL = "item-"+state.Key, "https://tool/"+state.Key
	default:
		report.Missing = w.tool.missing
	}
	w.report(report)
	return contract.Nothing{}
}

func (t *tool) say(ctx context.Context) error {
	if t.answer == nil {
		return nil
	}
	return t.answer(activity.GetInfo(ctx).Attempt)
}

var errTool = errors.New("the tool is away")

func away(int32) error { return errTool }

// refusing is a tool that says no, as the activity reports it.
func refusing(int32) error {
	return temporal.NewApplicationErrorWithOptions("no such project", "forbidden", temporal.ApplicationErrorOptions{NonRetryable: true,
		Details: []any{pmo.SyncFault{Reason: "no such project", Refused: true, Recipients: []string{"petra"}}}})
}

func (t *tool) statuses() []pmo.WorkStatus {
	var list []pmo.WorkStatus
	for _, u := range t.updates {
		list = append(list, u.Status)
	}
	return list
}

// bothWays runs a test for requests whose work items have workflows of their own, and for those that began before and call the tool.
func bothWays(t *testing.T, test func(t *testing.T, begin func(*harness))) {
	t.Run("workflow of its own", func(t *testing.T) { test(t, func(*harness) {}) })
	t.Run("began before", func(t *testing.T) { test(t, (*harness).beganBeforeChanges) })
}

func TestWorkIsOpenedOnceAndEndsWithTheRequest(t *testing.T) {
	bothWays(t, workIsOpenedOnceAndEndsWithTheRequest)
}

func workIsOpenedOnceAndEndsWithTheRequest(t *testing.T, begin func(*harness)) {
	ends := map[string]struct {
		act    func(*harness)
		status pmo.WorkStatus
	}{
		"delivered":             {func(s *harness) { s.fromExecution() }, pmo.WorkClosed},
		"withdrawn":             {func(s *harness) { s.stop(contract.UpdateWithdraw, "sam", "bought") }, pmo.WorkCancelled},
		"cancelled in Temporal": {func(s *harness) { s.then(s.CancelWorkflow) }, pmo.WorkCancelled},
	}
	for name, c := range ends {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			begin(s)
			s.toExecution().check(func(state pmo.Request) {
				require.Equal(t, "item-"+requestID+"/1", state.Work.ID)
				require.Equal(t, pmo.WorkOpen, state.Work.Status)
			})
			c.act(s)
			end := s.run(input())
			require.Len(t, s.activities.tool.opens, 1)
			require.Equal(t, contract.OpenWorkInput{Key: requestID + "/1", ID: requestID, Number: 42, Title: "Vehicle booking", Team: "falcon", Approach: "kanban",
				Summary: "bookings take a minute\n\n85 % within 10 days"}, s.activities.tool.opens[0])
			require.Equal(t, []pmo.WorkStatus{c.status}, s.activities.tool.statuses())
			require.Equal(t, c.status, end.Work.Status)
			require.NotEmpty(t, s.activities.tool.updates[0].Reason)
		})
	}
}

func TestWorkFollowsTheRequest(t *testing.T) { bothWays(t, workFollowsTheRequest) }

func workFollowsTheRequest(t *testing.T, begin func(*harness)) {
	cases := map[string]struct {
		act      func(*harness)
		statuses []pmo.WorkStatus
		opens    int
	}{
		"on hold and on again": {func(s *harness) {
			s.stop(contract.UpdateHold, "petra", "audit").stop(contract.UpdateResume, "petra", "").pull().fromExecution()
		}, []pmo.WorkStatus{pmo.WorkOnHold, pmo.WorkOpen, pmo.WorkClosed}, 1},
		"to another team": {func(s *harness) {
			s.then(func() {
				s.activities.teams = append(s.activities.teams, contract.AssignResult{Team: "otter", Leads: []string{"lena"}})
				s.update(contract.UpdateReassign, pmo.Reassign{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "otter knows it", Team: "otter"}, "")
			}).decide("lena", "assignment/2/otter", pmo.VerdictAccept).bothAgree("plan/2").fromExecution()
		}, []pmo.WorkStatus{pmo.WorkCancelled, pmo.WorkClosed}, 2},
		"sent back": {func(s *harness) {
			s.report(pmo.Report{Done: true}).decide("sam", "acceptance/1", pmo.VerdictRework, because("slow")).
				report(pmo.Report{Done: true}).decide("sam", "acceptance/2", pmo.VerdictAccept)
		}, []pmo.WorkStatus{pmo.WorkOpen, pmo.WorkClosed}, 1},
		"planned anew": {func(s *harness) {
			s.amend("sam", 1, grow(1.1)).bothAgree("change/1").bothAgree("plan/2").fromExecution()
		},
			[]pmo.WorkStatus{pmo.WorkOpen, pmo.WorkClosed}, 1},
		"closed when accepted, not when the benefit is known": {func(s *harness) {
			s.report(pmo.Report{Done: true}).decide("sam", "acceptance/1", pmo.VerdictAccept).
				check(func(state pmo.Request) { require.Equal(s.t, pmo.WorkClosed, state.Work.Status) })
		}, []pmo.WorkStatus{pmo.WorkClosed}, 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newActivitiesFake()
			benefits(w)
			s := newHarness(t, w)
			begin(s)
			s.toExecution()
			c.act(s)
			end := s.run(input())
			require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
			require.Equal(t, c.statuses, w.tool.statuses())
			require.Len(t, w.tool.opens, c.opens)
			require.Equal(t, pmo.WorkClosed, end.Work.Status)
		})
	}
}

func TestARefusedWorkItemHoldsNothingUp(t *testing.T) { bothWays(t, aRefusedWorkItemHoldsNothingUp) }

func aRefusedWorkItemHoldsNothingUp(t *testing.T, begin func(*harness)) {
	w := newActivitiesFake()
	w.tool.answer = refusing
	s := newHarness(t, w)
	begin(s)
	s.toExecution().check(func(state pmo.Request) { require.Equal(t, "no such project", state.Work.Fault) }).fromExecution()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
	require.Len(t, w.tool.opens, 1, "a refusal is not asked for again")
	require.Empty(t, w.tool.updates, "nothing was opened")
	for _, e := range w.entries {
		if e.Event == pmo.EventWorkNotOpened {
			require.Contains(t, e.Text, "no such project")
			require.Contains(t, e.Recipients, "petra")
			return
		}
	}
	require.Fail(t, "the ledger does not tell")
}

func TestADeadToolHoldsNothingUp(t *testing.T) { bothWays(t, aDeadToolHoldsNothingUp) }

func aDeadToolHoldsNothingUp(t *testing.T, begin func(*harness)) {
	w := newActivitiesFake()
	w.tool.answer = away
	s := newHarness(t, w)
	begin(s)
	s.toExecution().fromExecution()
	end := s.run(input())
	require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
	require.True(t, end.Work.MayExist, "an attempt may have reached it")
	require.Contains(t, w.events(), pmo.EventWorkNotUpdated)
	require.NotEmpty(t, w.tool.updates)
	require.Empty(t, w.tool.updates[0].Work, "looked for by its key")
	require.Less(t, w.entries[len(w.entries)-1].At.Sub(end.ClosedAt), 2*time.Minute, "a request that has ended does not wait for it")
}

func TestAToolThatComesBackIsUpdatedInTheEnd(t *testing.T) {
	bothWays(t, aToolThatComesBackIsUpdatedInTheEnd)
}

func aToolThatComesBackIsUpdatedInTheEnd(t *testing.T, begin func(*harness)) {
	w := newActivitiesFake()
	w.tool.answer = func(attempt int32) error {
		if attempt < 4 {
			return errTool
		}
		return nil
	}
	s := newHarness(t, w)
	s.beganBeforeChanges()
	s.toExecution().fromExecution()
	end := s.run(input())
	require.Equal(t, pmo.WorkClosed, end.Work.Status)
	for _, in := range w.tool.opens {
		require.Equal(t, requestID+"/1", in.Key, "every attempt under one key")
	}
}

func TestNoToolNoWork(t *testing.T) {
	w := newActivitiesFake()
	w.admitted.Rules.WorkItems = false
	s := newHarness(t, w)
	s.toExecution().fromExecution()
	end := s.run(input())
	require.Nil(t, end.Work)
	require.Empty(t, w.tool.opens)
	require.NotContains(t, w.events(), pmo.EventWorkOpened)
}

func TestConfidentialWorkShowsNothing(t *testing.T) {
	w := newActivitiesFake()
	s := newHarness(t, w)
	s.toExecution().fromExecution()
	in := input()
	in.Submission.Content.Confidential = true
	s.run(in)
	require.Equal(t, "Confidential request", w.tool.opens[0].Title)
	require.Empty(t, w.tool.opens[0].Summary)
}
