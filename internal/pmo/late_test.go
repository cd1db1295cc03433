package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func reminders(r *pmo.Request) (n int) {
	for _, e := range r.Ledger {
		if e.Event == pmo.EventReminded {
			n++
		}
	}
	return n
}

// TestEachStepRunsFromTheOneBefore: no worker ran for ten weeks over reminders, deadline and last deadline.
func TestEachStepRunsFromTheOneBefore(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana")
	id := q.ID
	back := start.Add(70 * day)
	fire(r, back)
	require.True(t, r.Question(id).Open())
	require.Equal(t, 1, reminders(r), "one reminder of two")
	require.Equal(t, back.Add(2*day), r.Question(id).DueAt, "two days after the last reminder, as it was set")
	require.False(t, r.Question(id).Escalated)

	late := back.Add(12 * day) // away again: ten days too late
	fire(r, late)
	require.True(t, r.Question(id).Escalated)
	require.Equal(t, late.Add(7*day), r.Question(id).DueAt, "who joined has a week, as it was set")
	fire(r, late.Add(7*day))
	require.False(t, r.Question(id).Open(), "silence has its effect")
}

func TestStepsOnTimeMoveNothing(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana")
	id := q.ID
	for _, at := range []time.Duration{3 * day, 5 * day, 7 * day} {
		fire(r, start.Add(at+time.Second))
	}
	require.Equal(t, 2, reminders(r))
	require.Equal(t, start.Add(14*day), r.Question(id).DueAt)
}

func TestBeforeProcess05AllStepsFellInOneTask(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana")
	r.Process = -1
	id := q.ID
	fire(r, start.Add(70*day))
	require.Equal(t, 2, reminders(r))
	fire(r, start.Add(70*day))
	require.False(t, r.Question(id).Open())
}

func TestAHoldMovesNoDeferralPastItsLatestDate(t *testing.T) {
	for name, c := range map[string]struct {
		process pmo.ProcessVersion
		until   time.Duration
	}{"as the policy allows": {pmo.Process05, 180 * day}, "before Process05": {-1, 230 * day}} {
		t.Run(name, func(t *testing.T) {
			r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana")
			r.Process = c.process
			until := start.Add(170 * day)
			defers := vote("ana", pmo.VerdictDefer)
			defers.Data = pmo.Data{Until: pmo.Date(until.Format(time.DateOnly)), UntilAt: until}
			r.ApplyDecide(defers, start)
			r.ApplyHold(pmo.Stop{Reason: "audit"}, start)
			r.ApplyResume(pmo.Stop{}, start.Add(60*day))
			require.Equal(t, start.Add(c.until), r.Deferral.Until)
		})
	}
}

// TestAHoldMovesWhatWasPutOffAsOtherDates: in what it counts in, and no further than the policy allows.
func TestAHoldMovesWhatWasPutOffAsOtherDates(t *testing.T) {
	for name, c := range map[string]struct {
		process       pmo.ProcessVersion
		most          time.Duration
		waits         pmo.Data
		until, resume string
	}{
		"working time of the question":          {pmo.Process07, 0, pmo.Data{}, "2026-10-23 17:00", "2026-10-26 17:00"},
		"a date, over a clock that is set back": {pmo.Process07, 0, pmo.Data{Until: "2026-10-30", UntilAt: berlin(t, "2026-10-30 00:00")}, "2026-10-30 00:00", "2026-11-02 00:00"},
		"as the policy allows":                  {pmo.Process07, 10 * day, pmo.Data{Until: "2026-10-30", UntilAt: berlin(t, "2026-10-30 00:00")}, "2026-10-30 00:00", "2026-11-01 09:00"},
		"before Process07":                      {pmo.Process06, 10 * day, pmo.Data{Until: "2026-10-30", UntilAt: berlin(t, "2026-10-30 00:00")}, "2026-10-30 00:00", "2026-11-02 01:00"},
	} {
		t.Run(name, func(t *testing.T) {
			opened := berlin(t, "2026-10-22 10:00")
			r := noTeam()
			r.Process, r.Calendar, r.Rules.DeferAtMost = c.process, officeHours(), c.most
			q := asksPMO(t, r, pmo.CauseNoTeam, opened)
			q.OpenedAt, q.DueAt, q.DueIn = opened, berlin(t, "2026-10-23 17:00"), pmo.InWorkingTime
			require.Nil(t, answerPMO(r, q, pmo.VerdictWait, c.waits, opened))
			require.WithinDuration(t, berlin(t, c.until), r.PutOff[0].Until, 0)
			r.ApplyHold(pmo.Stop{Reason: "audit"}, berlin(t, "2026-10-23 10:00"))
			r.ApplyResume(pmo.Stop{}, berlin(t, "2026-10-26 10:00")) // Monday, after the night in which the clock was set back
			require.WithinDuration(t, berlin(t, c.resume), r.PutOff[0].Until, 0)
		})
	}
}

// TestAHoldKeepsTheTimeOfDayOfADeferral over a change of the clock.
func TestAHoldKeepsTheTimeOfDayOfADeferral(t *testing.T) {
	for process, want := range map[pmo.ProcessVersion]string{pmo.Process07: "2026-11-13 00:00", pmo.Process06: "2026-11-13 01:00"} {
		r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana")
		r.Process, r.Calendar = process, officeHours()
		r.Deferral = &pmo.Deferral{Until: berlin(t, "2026-11-10 00:00")}
		r.Status = pmo.StatusDeferred
		r.ApplyHold(pmo.Stop{Reason: "audit"}, berlin(t, "2026-10-23 10:00"))
		r.ApplyResume(pmo.Stop{}, berlin(t, "2026-10-26 10:00"))
		require.WithinDuration(t, berlin(t, want), r.Deferral.Until, 0)
	}
}

// passTo lets time go by with a worker that is never away: each step is taken when it is due.
func passTo(r *pmo.Request, until time.Time) {
	for range 20 {
		r.ToldForTest()
		at, _ := r.NextDue(until)
		seq := r.Seq
		if at.IsZero() || at.After(until) {
			return
		}
		fire(r, at)
		if r.Seq == seq {
			return
		}
	}
}

// fire lets happen what is due in a request whose people were told at once.
func fire(r *pmo.Request, at time.Time) {
	r.ToldForTest()
	r.FireDue(at)
}

// officeHours is Monday to Friday, 9:00 to 17:00, in Berlin over two changes of the clock, with a holiday.
func officeHours() *pmo.Calendar {
	return &pmo.Calendar{Name: "1/core/2026", Days: [7]bool{false, true, true, true, true, true, false}, Opens: 9 * time.Hour, Closes: 17 * time.Hour,
		Zone: []pmo.Offset{{From: 1774746000, Seconds: 7200}, {From: 1792890000, Seconds: 3600}, {From: 1806195600, Seconds: 7200}}, Holidays: []pmo.Date{"2026-12-25"}}
}

func berlin(t *testing.T, text string) time.Time {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	require.NoError(t, err)
	return at
}

// asked is a request with a question of the office's working time: opened Thursday at 10:00, a reminder Friday at 10:00, due Friday at 17:00 and,
// after the escalation, Monday at 17:00.
func asked(t *testing.T) (*pmo.Request, string) {
	r := submitted()
	r.Stage = pmo.StageReview
	opened := berlin(t, "2026-11-05 10:00")
	q := r.OpenQuestion(pmo.QuestionSpec{Kind: pmo.KindReview, Group: "board", Text: "Do it?"}, pmo.QuestionTerms{People: []string{"ana"}, Escalation: []string{"petra"},
		Quorum: pmo.Quorum{Mode: pmo.QuorumAll}, Counting: pmo.CountOwnSeats, OnSilence: pmo.VerdictReject, Calendar: officeHours(), DueIn: pmo.InWorkingTime, LastDueIn: pmo.InWorkingTime,
		Remind: []time.Time{berlin(t, "2026-11-06 10:00")}, DueAt: berlin(t, "2026-11-06 17:00"), LastDueAt: berlin(t, "2026-11-09 17:00")}, opened)
	return r, q.ID
}

func TestALateStepKeepsItsWorkingTime(t *testing.T) {
	r, id := asked(t)
	fire(r, berlin(t, "2026-11-07 12:00")) // the worker is back on Saturday
	require.WithinDuration(t, berlin(t, "2026-11-09 16:00"), r.Question(id).DueAt, 0, "seven hours after the reminder, from Monday at 9:00")
	require.WithinDuration(t, berlin(t, "2026-11-10 16:00"), r.Question(id).LastDueAt, 0, "a working day after the escalation")
	fire(r, berlin(t, "2026-11-12 11:00")) // and away again
	require.True(t, r.Question(id).Escalated)
	require.WithinDuration(t, berlin(t, "2026-11-13 11:00"), r.Question(id).DueAt, 0, "who joined has a working day")
	r.Process = pmo.Process05
	r, id = asked(t)
	r.Process = pmo.Process05
	fire(r, berlin(t, "2026-11-07 12:00"))
	require.WithinDuration(t, berlin(t, "2026-11-07 19:00"), r.Question(id).DueAt, 0, "before Process06 elapsed time")
}

func TestLengthsKeepTheirUnit(t *testing.T) {
	for name, c := range map[string]struct {
		unit pmo.TimeUnit
		due  string
	}{
		"working time":                        {pmo.InWorkingTime, "2026-10-26 16:00"},
		"days, over a clock that is set back": {pmo.InDays, "2026-10-25 19:00"},
		"elapsed time":                        {pmo.InElapsedTime, "2026-10-25 18:00"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana")
			r.Calendar = officeHours()
			q := r.OpenQuestions()[0]
			q.DueIn, q.Remind, q.DueAt = c.unit, []time.Time{berlin(t, "2026-10-22 10:00")}, berlin(t, "2026-10-22 17:00")
			if c.unit != pmo.InWorkingTime { // over the night of the change
				q.DueAt = berlin(t, "2026-10-23 17:00")
			}
			fire(r, berlin(t, "2026-10-24 12:00"))
			require.WithinDuration(t, berlin(t, c.due), q.DueAt, 0)
		})
	}
}

func TestAHoldKeepsWorkingTime(t *testing.T) {
	r, id := asked(t)
	r.ApplyHold(pmo.Stop{Reason: "audit"}, berlin(t, "2026-11-06 16:00"))
	r.ApplyResume(pmo.Stop{}, berlin(t, "2026-11-07 12:00"))
	require.WithinDuration(t, berlin(t, "2026-11-09 10:00"), r.Question(id).DueAt, 0, "the hour that was left on Friday")
}

// TestNobodyIsTimedOutWhoWasNeverTold: the announcement is projected only on Wednesday.
func TestNobodyIsTimedOutWhoWasNeverTold(t *testing.T) {
	r, id := asked(t)
	for _, at := range []string{"2026-11-06 10:00", "2026-11-06 17:00", "2026-11-09 17:00", "2026-11-10 17:00"} {
		due, _ := r.NextDue(berlin(t, at))
		require.True(t, due.IsZero() || due.After(berlin(t, at)), "no step that is not taken is waited for")
		r.FireDue(berlin(t, at))
		require.True(t, r.Question(id).Open())
		require.False(t, r.Question(id).Escalated)
		require.Zero(t, reminders(r))
	}
	seq, told := r.Seq, berlin(t, "2026-11-11 10:00")
	r.MarkProjected(r.LedgerSeq, told)
	require.Greater(t, r.Seq, seq, "the timer is set again, and the new times are projected")
	require.WithinDuration(t, berlin(t, "2026-11-12 17:00"), r.Question(id).DueAt, 0, "fifteen working hours from when they were told")
	require.Equal(t, []string{"ana"}, r.Ledger[len(r.Ledger)-1].Recipients, "they hear when it is due")
	r.FireDue(berlin(t, "2026-11-12 10:00"))
	r.FireDue(berlin(t, "2026-11-12 17:00"))
	require.True(t, r.Question(id).Escalated)
	r.FireDue(berlin(t, "2026-11-20 17:00"))
	require.True(t, r.Question(id).Open(), "who joined was not told yet")
	r.MarkProjected(r.LedgerSeq, berlin(t, "2026-11-20 17:00"))
	r.FireDue(berlin(t, "2026-11-23 17:00"))
	require.Equal(t, pmo.QuestionTimedOut, r.Question(id).Status)
}

func TestWhoIsToldInTimeMovesNothing(t *testing.T) {
	r, id := asked(t)
	seq := r.Seq
	r.MarkProjected(r.LedgerSeq, berlin(t, "2026-11-05 10:00").Add(30*time.Second))
	require.Equal(t, seq, r.Seq)
	require.WithinDuration(t, berlin(t, "2026-11-06 17:00"), r.Question(id).DueAt, 0)
	require.Zero(t, r.Snapshot().Questions[0].Announced)

	r, id = asked(t) // told while the clocks stand still
	r.ApplyHold(pmo.Stop{Reason: "audit"}, berlin(t, "2026-11-05 12:00"))
	r.MarkProjected(r.LedgerSeq, berlin(t, "2026-11-05 16:00"))
	r.ApplyResume(pmo.Stop{}, berlin(t, "2026-11-09 09:00"))
	require.WithinDuration(t, berlin(t, "2026-11-10 16:00"), r.Question(id).DueAt, 0, "fifteen hours from when the clocks run again")
}

func TestBeforeProcess06StepsDidNotWaitForTheAnnouncement(t *testing.T) {
	r, id := asked(t)
	r.Process = pmo.Process05
	r.FireDue(berlin(t, "2026-11-06 10:00"))
	r.FireDue(berlin(t, "2026-11-06 17:00"))
	r.FireDue(berlin(t, "2026-11-09 17:00"))
	require.Equal(t, pmo.QuestionTimedOut, r.Question(id).Status)
}

// TestPeriodsEndInWorkingTime: of two weeks, over the change of the clock in March, to a holiday, and from a weekend.
func TestPeriodsEndInWorkingTime(t *testing.T) {
	for from, due := range map[string]string{
		"2027-03-18 15:30": "2027-04-01 15:30", "2026-12-11 10:00": "2026-12-28 09:00", "2026-11-07 12:00": "2026-11-23 09:00", "2026-11-06 18:00": "2026-11-23 09:00",
	} {
		t.Run(from, func(t *testing.T) {
			r := working()
			r.Calendar, r.Rules.ReportEvery, r.Rules.BenefitAfter, r.Rules.ReconfirmAfter = officeHours(), 14*day, 14*day, 14*day
			r.StageSince, r.Plan.AgreedAt, r.Progress = time.Time{}, berlin(t, from), nil
			require.WithinDuration(t, berlin(t, due), r.ReportDue(), 0)

			r.Stage, r.Pull, r.ReconfirmBy = pmo.StagePrioritization, nil, time.Time{}
			r.NextStep(berlin(t, from))
			require.WithinDuration(t, berlin(t, due), r.ReconfirmBy, 0)

			r.Stage = pmo.StageClosure
			r.OpenQuestion(pmo.QuestionSpec{Kind: pmo.KindAcceptance}, terms(berlin(t, from), "sam"), berlin(t, from))
			c := vote("sam", pmo.VerdictAccept)
			c.Question = r.OpenQuestionOf(pmo.KindAcceptance).ID
			r.ApplyDecide(c, berlin(t, from))
			require.WithinDuration(t, berlin(t, due), r.BenefitAt, 0)
		})
	}
	r := working()
	r.Calendar, r.Rules.ReportEvery = officeHours(), 36*time.Hour
	r.StageSince, r.Plan.AgreedAt, r.Progress = time.Time{}, berlin(t, "2026-11-06 10:00"), nil
	require.WithinDuration(t, berlin(t, "2026-11-07 22:00"), r.ReportDue(), 0, "a period of hours is elapsed time")
	r.Process, r.Rules.ReportEvery = pmo.Process05, 14*day
	require.WithinDuration(t, r.Plan.AgreedAt.Add(14*day), r.ReportDue(), 0)
}
