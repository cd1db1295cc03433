package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestLadder(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	r.ApplyDecide(vote("ana", pmo.VerdictApprove), start)
	for _, step := range []struct {
		after time.Duration
		name  string
		event string
	}{
		{3 * day, "remind review/1/board", pmo.EventReminded},
		{5 * day, "remind review/1/board", pmo.EventReminded},
		{7 * day, "escalate review/1/board", pmo.EventEscalated},
		{14 * day, "deadline review/1/board", pmo.EventClosed},
	} {
		at, name := r.NextDue(start)
		require.Equal(t, start.Add(step.after), at)
		require.Equal(t, step.name, name)
		entries := r.LedgerSeq
		fire(r, at.Add(-time.Nanosecond))
		require.Equal(t, entries, r.LedgerSeq, "not a moment early")
		fire(r, at)
		require.Equal(t, step.event, r.Ledger[len(r.Ledger)-1].Event)
	}
	require.Equal(t, pmo.QuestionTimedOut, q.Status)
	require.Equal(t, 2, q.Reminded)
	require.Equal(t, pmo.OutcomeRejected, r.Outcome)
	require.Equal(t, []string{"bo", "bo"}, []string{told(r, pmo.EventReminded)[0], told(r, pmo.EventReminded)[0]}, "only who has not answered is reminded")
	at, _ := r.NextDue(start)
	require.Zero(t, at)
}

func told(r *pmo.Request, event string) []string {
	for _, e := range r.Ledger {
		if e.Event == event {
			return e.Recipients
		}
	}
	return nil
}

func TestEscalationWithoutADeadlineOfItsOwnGetsAsLongAgain(t *testing.T) {
	r := submitted()
	terms := terms(start, "ana")
	terms.LastDueAt = time.Time{}
	q := r.OpenQuestion(pmo.QuestionSpec{Kind: pmo.KindReview}, terms, start)
	passTo(r, q.DueAt)
	require.Equal(t, start.Add(14*day), q.DueAt)
}

// TestLateTimer: before Process05, after a long outage of the workers, everything that was due happened in order, each thing once.
func TestLateTimer(t *testing.T) {
	r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	r.Process = -1
	late := start.Add(30 * day)
	for range 2 {
		fire(r, late)
	}
	var events []string
	for _, e := range r.Ledger[len(r.Ledger)-5:] {
		events = append(events, e.Event)
	}
	require.Equal(t, []string{pmo.EventReminded, pmo.EventReminded, pmo.EventEscalated, pmo.EventTimedOut, pmo.EventClosed}, events)
}

func TestEverySilenceLeadsSomewhere(t *testing.T) {
	for _, k := range pmo.Kinds() {
		require.NotEmpty(t, pmo.SilenceVerdicts(k), k)
		require.NotEmpty(t, pmo.Options(k), k)
		for _, o := range pmo.Options(k) {
			require.NotEmpty(t, o.Description, "%s %s", k, o.Verdict)
		}
		for _, verdict := range pmo.SilenceVerdicts(k) {
			t.Run(string(k)+" "+verdict, func(t *testing.T) {
				r := submitted()
				r.Approach, r.Plan = &pmo.Approach{Recommended: "kanban"}, &pmo.Plan{Approach: "kanban"}
				r.Assignment, r.Change, r.Pull = &pmo.Assignment{Team: "falcon"}, &pmo.Change{}, &pmo.Pull{Run: "run"}
				r.Stage = stageOf(k)
				terms := terms(start, "sam")
				terms.Escalation, terms.OnSilence = nil, verdict
				q := r.OpenQuestion(pmo.QuestionSpec{Kind: k}, terms, start)
				passTo(r, q.DueAt)
				q = latest(r, k)
				require.Equal(t, pmo.QuestionTimedOut, q.Status)
				require.Equal(t, verdict, q.Verdict)
				require.Equal(t, "silence", q.SettledBy)
				require.Nil(t, r.OpenQuestionOf(k))
			})
		}
	}
}

// TestSilenceWithoutAPolicyIsNoAnswer: whatever the kind, it is asked again instead of being taken for one side.
func TestSilenceWithoutAPolicyIsNoAnswer(t *testing.T) {
	for _, k := range pmo.Kinds() {
		t.Run(string(k), func(t *testing.T) {
			r := working()
			r.Stage = stageOf(k)
			terms := terms(start, "sam")
			terms.Escalation, terms.OnSilence = nil, ""
			q := r.OpenQuestion(pmo.QuestionSpec{Kind: k}, terms, start)
			passTo(r, q.DueAt)
			require.Equal(t, pmo.VerdictAskAgain, latest(r, k).Verdict)
			require.False(t, r.Delivered())
			require.NotNil(t, r.Assignment)
		})
	}
}

// TestSilenceDoesNotBorrowData: a vote that came with data does not fill in for those who said nothing.
func TestSilenceDoesNotBorrowData(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	q.OnSilence, q.Escalation = pmo.VerdictDefer, nil
	c := vote("ana", pmo.VerdictApprove)
	c.Data.Until = "1999-01-01"
	r.ApplyDecide(c, start)
	passTo(r, q.DueAt)
	require.Equal(t, start.Add(7*day+180*day), r.Deferral.Until)
}

func TestHoldMovesEverything(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	before := *q
	remind := before.Remind[0]
	r.ApplyHold(pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "audit"}, start.Add(day))
	at, _ := r.NextDue(start.Add(day))
	require.Zero(t, at, "nothing rings")
	fire(r, start.Add(100*day))
	require.True(t, q.Open())
	require.Equal(t, pmo.RefusedOnHold, kind(r.CheckDecide(vote("ana", pmo.VerdictApprove), start)))
	require.Empty(t, r.WaitingOn())
	r.ApplyResume(pmo.Stop{}, start.Add(11*day))
	require.Equal(t, before.DueAt.Add(10*day), q.DueAt)
	require.Equal(t, before.LastDueAt.Add(10*day), q.LastDueAt)
	require.Equal(t, remind.Add(10*day), q.Remind[0])
}

func TestReportIsDueAfterTheLatestWord(t *testing.T) {
	r := submitted()
	r.Rules.ReportEvery = 14 * day
	r.Stage, r.StageSince = pmo.StageExecution, start
	require.Zero(t, r.ReportDue(), "no plan yet")
	r.Plan = &pmo.Plan{AgreedAt: start.Add(day)}
	require.Equal(t, start.Add(15*day), r.ReportDue(), "from the agreement on")
	r.ApplyReport(pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo"}}}, start.Add(2*day))
	require.Equal(t, start.Add(16*day), r.ReportDue(), "from the latest report on")
	r.StageSince = start.Add(50 * day)
	require.Equal(t, start.Add(64*day), r.ReportDue(), "from the return to work on")
	r.DoneAt = start
	require.Zero(t, r.ReportDue())
}

// TestSearchForATeamNeverTurnsInCircles: it ends, whatever moment it is to be retried at.
func TestSearchForATeamNeverTurnsInCircles(t *testing.T) {
	for name, at := range map[string]time.Time{"never said": {}, "gone by": start.Add(-day), "at once": start} {
		t.Run(name, func(t *testing.T) {
			r := submitted()
			r.EnterForTest(pmo.StageAssignment, start)
			r.NoTeam("no room", at, start)
			require.Equal(t, pmo.KindException, r.NextStep(start).Question.Kind, "the PMO is asked")
			due, _ := r.NextDue(start)
			require.Equal(t, start.Add(time.Minute), due)
			r.RetryAssignment()
			require.Equal(t, pmo.ActionFindTeam, r.NextStep(start).Action, "a signal that capacity is free comes first")
		})
	}
}

// latest is the newest question of a kind, open or closed.
func latest(r *pmo.Request, kind pmo.Kind) *pmo.Question {
	for i := len(r.Questions) - 1; i >= 0; i-- {
		if r.Questions[i].Kind == kind {
			return &r.Questions[i]
		}
	}
	return nil
}

// stageOf is where questions of a kind are asked.
func stageOf(kind pmo.Kind) pmo.Stage {
	switch kind {
	case pmo.KindClarify, pmo.KindSponsor:
		return pmo.StageIntake
	case pmo.KindReview:
		return pmo.StageReview
	case pmo.KindReconfirm, pmo.KindScore:
		return pmo.StagePrioritization
	case pmo.KindApproach:
		return pmo.StageApproach
	case pmo.KindAssignment, pmo.KindException:
		return pmo.StageAssignment
	case pmo.KindPlan, pmo.KindChange, pmo.KindPlanReview, pmo.KindPlace, pmo.KindReport:
		return pmo.StageExecution
	}
	return pmo.StageClosure
}
