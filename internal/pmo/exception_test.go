package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func exceptionTerms(silence string) pmo.QuestionTerms {
	return pmo.QuestionTerms{People: []string{"petra"}, Counting: pmo.CountSeats, DueAt: start.Add(7 * day), OnSilence: silence}
}

// asksPMO performs the next step, which has to ask the PMO for this cause, and opens the question.
func asksPMO(t *testing.T, r *pmo.Request, cause pmo.Cause, at time.Time) *pmo.Question {
	t.Helper()
	step := r.NextStep(at)
	require.Equal(t, pmo.ActionOpenQuestion, step.Action)
	require.Equal(t, pmo.KindException, step.Question.Kind)
	require.Equal(t, string(cause), step.Question.Group)
	terms := exceptionTerms(pmo.VerdictBacklog)
	terms.DueAt = at.Add(7 * day)
	q := r.OpenQuestion(step.Question, terms, at)
	require.Equal(t, pmo.ActionWait, r.NextStep(at).Action, "it is asked once")
	require.Equal(t, []string{"petra"}, r.Ledger[len(r.Ledger)-1].Recipients)
	return q
}

func answerPMO(r *pmo.Request, q *pmo.Question, verdict string, data pmo.Data, at time.Time) *pmo.Refusal {
	c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Question: q.ID, Verdict: verdict, Reason: "because", Data: data}
	if refusal := r.CheckDecide(c, at); refusal != nil {
		return refusal
	}
	r.ApplyDecide(c, at)
	return nil
}

func verdictsOf(q *pmo.Question) []string {
	var list []string
	for _, o := range q.Options {
		list = append(list, o.Verdict)
	}
	return list
}

// noTeam is a request in assignment, with a slot, that no team fits.
func noTeam() *pmo.Request {
	r := submitted()
	r.Pull, r.PulledAt, r.Approach, r.Plan = &pmo.Pull{Run: "run"}, start, &pmo.Approach{Recommended: "kanban"}, &pmo.Plan{Approach: "kanban"}
	r.EnterForTest(pmo.StageAssignment, start)
	r.Ledger = nil
	r.NoTeam("no team covers cobol", start.Add(day), start)
	return r
}

func TestNoTeamIsAskedOfThePMO(t *testing.T) {
	r := noTeam()
	r.Declined = []pmo.Decline{{Team: "falcon", Reason: "full"}}
	q := asksPMO(t, r, pmo.CauseNoTeam, start)
	require.Equal(t, "exception/1/no_team", q.ID)
	require.Equal(t, []string{"wait", "name_team", "raise_limit", "backlog", "cancel"}, verdictsOf(q))
	require.Contains(t, q.Text, "no team covers cobol")
	require.Contains(t, q.Text, "falcon declined: full")
	require.Equal(t, "/data/team", answerPMO(r, q, pmo.VerdictNameTeam, pmo.Data{}, start).Field)
}

func TestVerdictsForNoTeam(t *testing.T) {
	t.Run("a team is named", func(t *testing.T) {
		r := noTeam()
		r.Declined = []pmo.Decline{{Team: "falcon", Reason: "full"}}
		require.Nil(t, answerPMO(r, asksPMO(t, r, pmo.CauseNoTeam, start), pmo.VerdictNameTeam, pmo.Data{Team: "falcon"}, start))
		require.Equal(t, pmo.NamedTeam{Team: "falcon", By: "petra", Reason: "because"}, *r.NamedTeam)
		require.Empty(t, r.Declined)
		require.Equal(t, pmo.ActionFindTeam, r.NextStep(start).Action)
		r.NoTeam("falcon is full", start.Add(day), start)
		require.Equal(t, "exception/2/no_team", asksPMO(t, r, pmo.CauseNoTeam, start).ID, "it has no room: the PMO is asked again")
	})
	t.Run("a limit is raised", func(t *testing.T) {
		r := noTeam()
		require.Nil(t, answerPMO(r, asksPMO(t, r, pmo.CauseNoTeam, start), pmo.VerdictRaiseLimit, pmo.Data{Team: "falcon"}, start))
		require.True(t, r.NamedTeam.OverLimit)
		r.Offer(pmo.Assignment{Team: "falcon", Leads: []string{"theo"}, Size: 1}, start)
		require.Nil(t, r.NamedTeam, "for one offer")
		require.Equal(t, pmo.KindAssignment, r.NextStep(start).Question.Kind, "its leads are asked as ever")
	})
	t.Run("back to the backlog", func(t *testing.T) {
		r := noTeam()
		require.Nil(t, answerPMO(r, asksPMO(t, r, pmo.CauseNoTeam, start), pmo.VerdictBacklog, pmo.Data{}, start))
		returned(t, r)
	})
	t.Run("cancel", func(t *testing.T) {
		r := noTeam()
		require.Nil(t, answerPMO(r, asksPMO(t, r, pmo.CauseNoTeam, start), pmo.VerdictCancel, pmo.Data{}, start))
		require.Equal(t, pmo.OutcomeCancelled, r.Outcome)
	})
	t.Run("wait", func(t *testing.T) {
		r := noTeam()
		require.Nil(t, answerPMO(r, asksPMO(t, r, pmo.CauseNoTeam, start), pmo.VerdictWait, pmo.Data{}, start))
		require.Equal(t, pmo.ActionWait, r.NextStep(start.Add(time.Hour)).Action)
		r.RetryAt = start.Add(30 * day)
		due, what := r.NextDue(start)
		require.Equal(t, start.Add(7*day), due, "as long as the question would have been open")
		require.Equal(t, "ask the PMO again", what)
		fire(r, due)
		asksPMO(t, r, pmo.CauseNoTeam, due)
	})
	t.Run("silence", func(t *testing.T) {
		r := noTeam()
		q := asksPMO(t, r, pmo.CauseNoTeam, start)
		passTo(r, q.DueAt)
		returned(t, r)
	})
	t.Run("a team is found meanwhile", func(t *testing.T) {
		r := noTeam()
		q := asksPMO(t, r, pmo.CauseNoTeam, start)
		r.Offer(pmo.Assignment{Team: "falcon", Leads: []string{"theo"}, Size: 1}, start)
		openAt(r, r.NextStep(start).Question, terms(start, "theo"))
		require.Equal(t, pmo.ActionContinue, r.NextStep(start).Action)
		require.Equal(t, pmo.QuestionSuperseded, r.Question(q.ID).Status)
	})
}

// returned: the slot is given back, everybody concerned is told, and the next pull is an ordinary one.
func returned(t *testing.T, r *pmo.Request) {
	t.Helper()
	require.Equal(t, pmo.StagePrioritization, r.Stage)
	require.Nil(t, r.Pull)
	require.Nil(t, r.Assignment)
	require.True(t, r.WaitsForPull())
	require.Equal(t, start, r.PulledAt, "its age is kept")
	require.Equal(t, pmo.CauseNoTeam, r.Returned.Cause)
	require.ElementsMatch(t, []string{"petra", "sam", "lea", "mia"}, told(r, pmo.EventSlotReturned))
	require.True(t, r.TakeSlot(pmo.Pull{Run: "run2"}, start.Add(30*day)))
	require.Nil(t, r.Returned)
}

func TestNobodyMayAnswerIsAskedOfThePMO(t *testing.T) {
	r := submitted()
	r.EnterForTest(pmo.StageReview, start)
	r.SetRoute(pmo.Route{Steps: []pmo.RouteStep{{Group: "board", Order: 1, Quorum: pmo.Quorum{Mode: pmo.QuorumAll}}}}, start)
	nobody := terms(start)
	nobody.Escalation = nil
	r.OpenQuestion(r.NextStep(start).Question, nobody, start)
	q := asksPMO(t, r, pmo.CauseNobody, start)
	require.Equal(t, "review/1/board", q.About)
	require.Equal(t, []string{"wait", "name_person", "cancel"}, verdictsOf(q), "it holds no slot and needs no team")
	require.Equal(t, pmo.RefusedOwnRequest, answerPMO(r, q, pmo.VerdictNamePerson, pmo.Data{Person: "lea"}, start).Kind)
	require.Equal(t, "/data/person", answerPMO(r, q, pmo.VerdictNamePerson, pmo.Data{}, start).Field)
	require.Nil(t, answerPMO(r, q, pmo.VerdictNamePerson, pmo.Data{Person: "ana"}, start))
	require.Equal(t, []string{"ana"}, r.Question("review/1/board").Waiting())
	require.Equal(t, []string{"ana"}, told(r, pmo.EventReassigned))
	r.ApplyDecide(vote("ana", pmo.VerdictApprove), start)
	r.NextStep(start)
	require.Equal(t, pmo.StagePrioritization, r.Stage)
}

// TestABlockerIsAskedOfThePMO: the question stays until a report clears the blocker; silence asks again, because the work holds no one up.
func TestABlockerIsAskedOfThePMO(t *testing.T) {
	r := working()
	r.Assignment.Leads = []string{"theo"}
	report := func(blocked string, at time.Time) {
		r.ApplyReport(pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "mo"}}, Blocked: &blocked}, at)
	}
	report("no test licence", start)
	require.Contains(t, told(r, pmo.EventReported), "theo")
	q := asksPMO(t, r, pmo.CauseBlocked, start)
	require.Equal(t, []string{"wait", "name_team", "raise_limit", "backlog", "cancel"}, verdictsOf(q))
	fire(r, q.DueAt)
	require.Equal(t, pmo.StageExecution, r.Stage)
	require.Equal(t, pmo.ActionWait, r.NextStep(start.Add(8*day)).Action)
	fire(r, start.Add(14*day))
	q = asksPMO(t, r, pmo.CauseBlocked, start.Add(14*day))
	report("", start.Add(15*day))
	require.Equal(t, pmo.ActionContinue, r.NextStep(start.Add(15*day)).Action)
	require.Equal(t, pmo.QuestionSuperseded, r.Question(q.ID).Status)
	report("again", start.Add(16*day))
	q = asksPMO(t, r, pmo.CauseBlocked, start.Add(16*day))
	require.Nil(t, answerPMO(r, q, pmo.VerdictBacklog, pmo.Data{}, start.Add(16*day)))
	require.Equal(t, pmo.StagePrioritization, r.Stage)
	require.Equal(t, start.Add(23*day), r.Returned.Until, "not pulled at once: a team would fit, and the blocker is still there")
	require.Equal(t, "falcon", r.PreviousAssignment.Team)
	require.Contains(t, told(r, pmo.EventSlotReturned), "theo", "the team that loses the work")
}

func TestUnansweredQuestionsAreAskedOfThePMO(t *testing.T) {
	silent := func(r *pmo.Request, at time.Time) {
		step := r.NextStep(at)
		due := terms(at, "theo")
		due.Escalation, due.OnSilence = nil, pmo.VerdictSilent
		q := r.OpenQuestion(step.Question, due, at)
		passTo(r, q.DueAt)
	}
	r := working()
	r.Rules.ReportEvery, r.Rules.ExceptionRounds = 14*day, 2
	silent(r, start.Add(14*day))
	silent(r, start.Add(35*day))
	q := asksPMO(t, r, pmo.CauseUnanswered, start.Add(42*day))
	require.Equal(t, "report", q.About)
	r.ApplyReport(pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo"}}}, start.Add(43*day))
	require.Equal(t, pmo.ActionContinue, r.NextStep(start.Add(43*day)).Action)
	require.Equal(t, pmo.QuestionSuperseded, r.Question(q.ID).Status, "the team has reported")
}

func TestAPlanThatIsNeverAgreedIsAskedOfThePMO(t *testing.T) {
	r := working()
	r.Plan.AgreedAt = time.Time{}
	for range pmo.DefaultExceptionRounds {
		q := openAt(r, r.NextStep(start).Question, terms(start, "sam", "theo"))
		r.ApplyDecide(pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Question: q.ID, Verdict: pmo.VerdictCounter, Reason: "no", Data: pmo.Data{Approach: "kanban"}}, start)
	}
	openAt(r, r.NextStep(start).Question, terms(start, "sam", "theo"))
	q := asksPMO(t, r, pmo.CauseUnanswered, start)
	require.Equal(t, "plan", q.About)
	require.Nil(t, answerPMO(r, q, pmo.VerdictNameTeam, pmo.Data{Team: "otter"}, start))
	require.Equal(t, pmo.StageAssignment, r.Stage)
	require.Empty(t, r.Unanswered)
	require.Equal(t, pmo.ActionFindTeam, r.NextStep(start).Action)
}

// TestNoOneJudgesTheirOwnException: the PMO's own request is decided by others of the PMO.
func TestNoOneJudgesTheirOwnException(t *testing.T) {
	r := noTeam()
	r.Requester = "petra"
	q := asksPMO(t, r, pmo.CauseNoTeam, start)
	require.Equal(t, pmo.RefusedOwnRequest, answerPMO(r, q, pmo.VerdictRaiseLimit, pmo.Data{Team: "falcon"}, start).Kind)
}

// TestRequestsOfBeforeAskNobodyAboutExceptions: their histories have no such question.
func TestRequestsOfBeforeAskNobodyAboutExceptions(t *testing.T) {
	r := noTeam()
	r.Process = -1
	require.Equal(t, pmo.ActionWait, r.NextStep(start).Action)
}

func TestAHoldMovesWhatIsPutOff(t *testing.T) {
	r := noTeam()
	require.Nil(t, answerPMO(r, asksPMO(t, r, pmo.CauseNoTeam, start), pmo.VerdictWait, pmo.Data{Until: "2026-12-01"}, start))
	until := r.PutOff[0].Until
	require.Equal(t, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), until)
	r.ApplyHold(pmo.Stop{Reason: "audit"}, start.Add(day))
	r.ApplyResume(pmo.Stop{}, start.Add(3*day))
	require.Equal(t, until.Add(2*day), r.PutOff[0].Until)
}

// TestWhatWasPutOffEndsWithItsCause: that it ends is a change of the state, which the read model is told of.
func TestWhatWasPutOffEndsWithItsCause(t *testing.T) {
	r := noTeam()
	require.Nil(t, answerPMO(r, asksPMO(t, r, pmo.CauseNoTeam, start), pmo.VerdictWait, pmo.Data{}, start))
	require.Len(t, r.PutOff, 1)
	before, seq := r.PutOff, r.Seq
	r.NoTeamReason = ""
	r.NextStep(start)
	require.Empty(t, r.PutOff)
	require.Greater(t, r.Seq, seq)
	require.Equal(t, pmo.CauseNoTeam, before[0].Cause, "a snapshot that was taken before keeps it")
}
