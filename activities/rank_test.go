package activities

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

func (b *bench) rank(id string, dry bool) contract.PrioritizationResult {
	b.t.Helper()
	return b.rankAt(id, dry, day)
}

func (b *bench) rankAt(id string, dry bool, at time.Time) contract.PrioritizationResult {
	b.t.Helper()
	done, err := b.Rank(b.t.Context(), contract.RankInput{PrioritizationInput: contract.PrioritizationInput{Portfolio: portfolio, Cause: "now", Actor: "petra", Dry: dry}, ID: id, At: at})
	require.NoError(b.t, err)
	return done
}

func TestRankPullsTheBestWithinTheLimits(t *testing.T) {
	b := newBench(t)
	best := b.waiting("Best", 20, 1)
	for i := range 14 {
		b.waiting(fmt.Sprintf("Ordinary %d", i), 3, 5)
	}
	dry := b.rank("dry", true)
	require.Contains(t, dry.Pulled, best.ID)
	row, err := b.store.Request(t.Context(), best.ID)
	require.NoError(t, err)
	require.Nil(t, row.Slot, "a dry run takes no slot")

	var note string
	b.NoteRun = func(_ context.Context, id, text string) error { note = id + ", " + text; return nil }
	done := b.rank("run-1", false)
	require.Equal(t, 15, done.Count)
	require.Contains(t, done.Words, fmt.Sprintf("12 pulled: R-%d (rank 1)", best.Number))
	require.Contains(t, done.Words, "and 2 more")
	require.Len(t, done.Why, 12)
	require.Equal(t, fmt.Sprintf("R-%d is at rank 1 of 15, and slot 1 of 12 is free and its turn has come", best.Number), done.Why[0])
	require.Contains(t, note, portfolio+", ")
	require.Contains(t, note, done.Words+" · "+done.Why[0], "the schedule says what the run did")
	b.NoteRun = func(context.Context, string, string) error { return errors.New("Temporal is away") }
	require.Equal(t, best.ID, done.Pulled[0])
	require.Len(t, done.Pulled, 12, "the default policy's WIP limit")
	again := b.rank("run-1", false)
	again.Why = done.Why // a repeated attempt knows it no more
	require.Equal(t, done, again, "a repeated run answers as the first time")
	require.Empty(t, b.rank("run-2", false).Pulled, "the slots are taken")

	saved, err := b.store.Prioritization(t.Context(), "run-1")
	require.NoError(t, err)
	require.Contains(t, saved.Words, "15 requests")
	lines, err := b.store.PrioritizationLines(t.Context(), "run-1", store.View{SeesAll: true})
	require.NoError(t, err)
	for _, line := range lines.Items {
		if line.Pulled {
			require.Empty(t, line.LimitReason)
		} else {
			require.Equal(t, "portfolio WIP limit 12 reached", line.LimitReason)
		}
	}
}

func TestRankSaysWhyNotPulled(t *testing.T) {
	b := newBench(t)
	r := b.waiting("Unscored", 5, 1)
	r.Content.Inputs = pmo.Inputs{}
	r.Seq++
	b.project(r)
	require.Empty(t, b.rank("run-1", false).Pulled)
	line, err := b.store.RankOf(t.Context(), r.ID)
	require.NoError(t, err)
	require.NotEmpty(t, line.LimitReason)
	require.Len(t, line.Missing, 4)
	require.False(t, line.Scored)
}

// cause is why a request moved in the current prioritization.
func (b *bench) cause(r pmo.Request) string {
	b.t.Helper()
	line, err := b.store.RankOf(b.t.Context(), r.ID)
	require.NoError(b.t, err)
	return line.Cause
}

// before08 is the default policy with the rule of ageing that it had before 0.8.
func before08(t *testing.T) *policy.Policy {
	t.Helper()
	old := regexp.MustCompile(`(?m)^  longest_wait: .*$`).ReplaceAll(policy.Default().Source(), []byte("  ageing_per_week: 0.1"))
	p, err := policy.Parse(old)
	require.NoError(t, err)
	return p
}

func TestRankStoresWhyARequestMoved(t *testing.T) {
	b := newBench(t)
	b.Policy = policy.Holding(before08(t))
	var first pmo.Request
	for i := range 12 {
		first = b.waiting(fmt.Sprintf("Pulled first %d", i), 20, 1)
	}
	large, small := b.waiting("Large", 18, 10), b.waiting("Small", 1, 2)
	require.Len(t, b.rank("first", false).Pulled, 12)
	require.Equal(t, "new in the backlog", b.cause(first))

	b.rank("after a departure", false)
	require.Equal(t, "requests left (+12)", b.cause(large))
	b.rank("unchanged", false)
	require.Empty(t, b.cause(large))

	b.rankAt("a year later", false, day.AddDate(1, 0, 0))
	require.Equal(t, "time passed (+1)", b.cause(small), "points for waiting weigh more on a small job")
	require.Equal(t, "time passed (−1)", b.cause(large))

	value := 100.0
	large.Content.Inputs.BusinessValue = &value
	large.Seq++
	b.project(large)
	newcomer := b.waiting("Newcomer", 50, 1)
	b.rankAt("after an amendment and an arrival", true, day.AddDate(1, 0, 0))
	require.Equal(t, "time passed (−1)", b.cause(large), "a dry run replaces nothing")
	b.rankAt("for good", false, day.AddDate(1, 0, 0))
	require.Equal(t, "new in the backlog", b.cause(newcomer))
	require.Equal(t, "inputs of others changed (−1), requests arrived (−1)", b.cause(small))
	require.Empty(t, b.cause(large), "the changed value and the arrival cancel out")
	lines, err := b.store.Backlog(t.Context(), store.Filter{Portfolio: portfolio, SeesAll: true})
	require.NoError(t, err)
	require.Equal(t, []string{newcomer.ID, large.ID, small.ID}, []string{lines.Items[0].ID, lines.Items[1].ID, lines.Items[2].ID})

	more := 900.0
	large.Content.Inputs.BusinessValue, large.Content.Class = &more, pmo.ClassIntangible
	large.Seq++
	b.project(large)
	b.rankAt("after a second amendment", false, day.AddDate(1, 0, 0))
	require.Equal(t, "its own business value, class changed (+1)", b.cause(large))
}

// finished is a request that was pulled and accepted so many days later.
func (b *bench) finished(title string, days int) {
	b.t.Helper()
	r := b.waiting(title, 1, 1)
	b.change(r.ID, func(r *pmo.Request) {
		r.Stage, r.Status, r.Outcome = pmo.StageClosure, pmo.StatusClosed, pmo.OutcomeDelivered
		r.PulledAt, r.AcceptedAt, r.ClosedAt = day.AddDate(0, 0, -days-1), day.AddDate(0, 0, -1), day
	})
}

func (b *bench) dated(title string, wanted time.Time) pmo.Request {
	b.t.Helper()
	r := b.waiting(title, 1, 1)
	b.change(r.ID, func(r *pmo.Request) {
		r.Content.Class, r.Content.WantedBy = pmo.ClassFixedDate, pmo.Date(wanted.Format(time.DateOnly))
	})
	return r
}

// TestFixedDatesAreStartedInTime: so long before the date as 85 % of the finished requests took, and the policy's number while too little is known.
func TestFixedDatesAreStartedInTime(t *testing.T) {
	b := newBench(t)
	r := b.dated("Law", day.AddDate(0, 0, 60))
	b.rank("unknown", true)
	line, err := b.store.PrioritizationLines(t.Context(), "unknown", store.View{SeesAll: true})
	require.NoError(t, err)
	require.Contains(t, line.Items[0].Why, "56 days before it, which the policy assumes because too little finished work is known to forecast")
	for i := range 20 {
		b.finished(fmt.Sprint("Finished ", i), i+11)
	}
	require.Empty(t, b.rank("forecast", false).Pulled, "28 days before its date would be in a month")
	saved, err := b.store.Prioritization(t.Context(), "forecast")
	require.NoError(t, err)
	require.Equal(t, []any{27 * 24 * time.Hour, 20, "wsjf/2"}, []any{saved.Lead, saved.LeadOf, saved.Model})
	stored, err := b.store.RankOf(t.Context(), r.ID)
	require.NoError(t, err)
	require.Contains(t, stored.Why, "27 days before it, in which 85 % of the finished requests were done")
	require.Equal(t, "not before "+day.AddDate(0, 0, 33).Format(time.DateOnly), stored.LimitReason)
	require.NotNil(t, stored.FixedDate)

	// Slower teams: the same date needs an earlier start. The cause is their capacity, not the request.
	other := b.waiting("Scored", 1, 1)
	b.change(other.ID, func(r *pmo.Request) { r.Content.Inputs.JobSize = nil })
	early := b.dated("Later law", day.AddDate(0, 0, 61))
	b.rank("both", false)
	b.sql(`UPDATE request SET pulled_at = pulled_at - interval '40 days' WHERE accepted_at IS NOT NULL`)
	require.ElementsMatch(t, []string{r.ID, early.ID}, b.rank("slower", false).Pulled)
}

// TestAnAmendedDateIsItsOwnCause: dates and lead time are recorded with a run, so that the next one knows what changed.
func TestAnAmendedDateIsItsOwnCause(t *testing.T) {
	b := newBench(t)
	first, second := b.dated("First", day.AddDate(0, 0, 100)), b.dated("Second", day.AddDate(0, 0, 110))
	b.rank("before", false)
	b.change(second.ID, func(r *pmo.Request) { r.Content.WantedBy = pmo.Date(day.AddDate(0, 0, 90).Format(time.DateOnly)) })
	b.rank("after", false)
	require.Equal(t, "its own fixed date changed (+1)", b.cause(second))
	require.Equal(t, "inputs of others changed (−1)", b.cause(first))
	line, err := b.store.RankOf(t.Context(), second.ID)
	require.NoError(t, err)
	require.Equal(t, []priority.Cause{{Kind: priority.CauseOwnInputs, Places: 1}}, line.Detail.Causes)
	require.Equal(t, first.ID, line.Detail.Below.ID)
	require.NotEmpty(t, line.Detail.Below.Apart)
}

func TestReturnSlot(t *testing.T) {
	b := newBench(t)
	r := b.waiting("Gone", 5, 1)
	require.Equal(t, []string{r.ID}, b.rank("run-1", false).Pulled)
	require.NoError(t, b.ReturnSlot(t.Context(), contract.SlotInput{Portfolio: portfolio, RequestID: r.ID, PrioritizationID: "another run"}))
	row, err := b.store.Request(t.Context(), r.ID)
	require.NoError(t, err)
	require.NotNil(t, row.Slot, "a slot another run gave is not this one's to give back")
	require.NoError(t, b.ReturnSlot(t.Context(), contract.SlotInput{Portfolio: portfolio, RequestID: r.ID, PrioritizationID: "run-1"}))
	row, err = b.store.Request(t.Context(), r.ID)
	require.NoError(t, err)
	require.Nil(t, row.Slot)
}

func (b *bench) abandon(id string) contract.PrioritizationResult {
	b.t.Helper()
	done, err := b.Rank(b.t.Context(), contract.RankInput{PrioritizationInput: contract.PrioritizationInput{Portfolio: portfolio, Cause: "now"}, ID: id, At: day, Abandon: true})
	require.NoError(b.t, err)
	return done
}

func TestAbandonedRunSaysWhatItDidOrNeverRanks(t *testing.T) {
	b := newBench(t)
	r := b.waiting("Pulled", 5, 1)
	require.Equal(t, []string{r.ID}, b.rank("committed", false).Pulled)
	late := b.abandon("committed")
	require.Equal(t, []string{r.ID}, late.Pulled)
	require.False(t, late.Abandoned)

	other := b.waiting("Not pulled", 5, 1)
	require.True(t, b.abandon("early").Abandoned)
	require.Empty(t, b.rank("early", false).Pulled, "an attempt that comes late finds the run abandoned")
	_, err := b.store.RankOf(t.Context(), other.ID)
	require.ErrorIs(t, err, store.ErrNotFound, "the ranking stays as it was")
}

func TestRunFindsSlotsNobodyWasToldOf(t *testing.T) {
	b := newBench(t)
	r, told := b.waiting("Stranded", 5, 1), b.waiting("Told", 5, 1)
	require.Len(t, b.rank("terminated", false).Pulled, 2)
	told.Stage, told.Pull, told.PulledAt, told.Seq = pmo.StageAssignment, &pmo.Pull{Run: "terminated", At: day}, day, 2
	b.project(told)
	require.Empty(t, b.rankAt("at once", false, day.Add(time.Minute)).Untold, "it may just be telling them")
	require.Equal(t, []contract.SlotInput{{Portfolio: portfolio, RequestID: r.ID, PrioritizationID: "terminated", At: day}},
		b.rankAt("next", false, day.Add(time.Hour)).Untold)
	require.Empty(t, b.rankAt("dry", true, day.Add(time.Hour)).Untold)
}

func TestRunWakesOnlyWhomFreeCapacityConcerns(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	b.team("heron", 10, 0, "mobile")
	working := b.forTeam("Fills the team", 7)
	require.Equal(t, "falcon", b.assign(working).Team)
	web, mobile := b.forTeam("Too large for what is left", 4), b.forTeam("Needs a skill nobody has", 4)
	mobile.Content.Skills = []string{"cobol"}
	b.change(mobile.ID, func(r *pmo.Request) { r.Content.Skills = mobile.Content.Skills })
	require.Empty(t, b.assign(web).Team)
	require.Empty(t, b.assign(mobile).Team)
	require.Empty(t, b.rank("nothing freed", false).WaitForTeam)
	b.change(working.ID, func(r *pmo.Request) { r.Status, r.Outcome, r.ClosedAt = pmo.StatusClosed, pmo.OutcomeCancelled, day })
	require.Equal(t, []string{web.ID}, b.rank("room at falcon", false).WaitForTeam)
	b.change(web.ID, func(r *pmo.Request) {
		r.NamedTeam = &pmo.NamedTeam{Team: "osprey", By: "petra", Reason: "they know it"}
	})
	require.Empty(t, b.rank("room at falcon, which it does not look at", false).WaitForTeam)
	b.change(web.ID, func(r *pmo.Request) { r.NamedTeam.Team = "heron" })
	require.Equal(t, []string{web.ID}, b.rank("room at the team that the PMO named", false).WaitForTeam)
}

// TestARunWakesARequestOnceForWhatItWasWokenFor: again only when its team has more room, or something else changed for it.
func TestARunWakesARequestOnceForWhatItWasWokenFor(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	web := b.forTeam("Waits", 4)
	require.Equal(t, []string{web.ID}, b.rank("there is room", false).WaitForTeam)
	require.Equal(t, []string{web.ID}, b.rank("there is room", false).WaitForTeam, "a repeated attempt, whose first result may be lost")
	require.Empty(t, b.rank("nothing changed", false).WaitForTeam)
	require.Empty(t, b.rank("dry", true).WaitForTeam)

	taken := b.forTeam("Takes some room", 3)
	require.Equal(t, "falcon", b.assign(taken).Team)
	require.Empty(t, b.rank("less room than then", false).WaitForTeam)
	b.change(taken.ID, func(r *pmo.Request) { r.Status, r.Outcome, r.ClosedAt = pmo.StatusClosed, pmo.OutcomeCancelled, day })
	require.Equal(t, []string{web.ID}, b.rank("room was freed", false).WaitForTeam)
	require.Empty(t, b.rank("and nothing since", false).WaitForTeam)

	b.change(web.ID, func(r *pmo.Request) { r.Revision++ })
	require.Equal(t, []string{web.ID}, b.rank("its form changed", false).WaitForTeam)
	b.change(web.ID, func(r *pmo.Request) { r.StageSince = day.Add(time.Hour) })
	require.Equal(t, []string{web.ID}, b.rank("it waits anew", false).WaitForTeam)

	full, much := b.forTeam("Fills the team", 7), 100.0
	full.Content.Inputs.BusinessValue = &much
	require.Equal(t, "falcon", b.assign(full).Team)
	require.Empty(t, b.rank("no room", false).WaitForTeam)
	b.change(full.ID, func(r *pmo.Request) { r.Status, r.Outcome, r.ClosedAt = pmo.StatusClosed, pmo.OutcomeCancelled, day })
	require.Equal(t, []string{web.ID}, b.rank("room again", false).WaitForTeam)
}

func (b *bench) change(id string, f func(*pmo.Request)) {
	b.t.Helper()
	row, err := b.store.Request(b.t.Context(), id)
	require.NoError(b.t, err)
	f(&row.Request)
	row.Request.Seq++
	b.project(row.Request)
}
