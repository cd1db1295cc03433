package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestLessonsOfRequestsAreFound(t *testing.T) {
	s := open(t)
	lessons := func(texts ...string) func(*pmo.Request) {
		return func(r *pmo.Request) {
			for _, text := range texts {
				r.Lessons = append(r.Lessons, pmo.Lesson{By: "theo", Observation: text, Cause: "why", Recommendation: "do"})
			}
		}
	}
	one, two := request("one", lessons("a", "b", "c")), request("two", lessons("d"))
	secret, none := request("secret", lessons("x"), func(r *pmo.Request) { r.Content.Confidential = true }), request("none")
	for _, r := range []pmo.Request{one, two, secret, none} {
		project(t, s, r)
	}
	found, err := s.Learned(t.Context(), []string{two.ID, secret.ID, none.ID, one.ID}, 2)
	require.NoError(t, err)
	var texts []string
	for _, l := range found {
		texts = append(texts, l.Title+" "+l.Lesson.Observation)
	}
	require.Equal(t, []string{"two d", "one c", "one b"}, texts, "in the order of the requests, the latest first, none of confidential ones")
	require.Equal(t, pmo.Lesson{By: "theo", Observation: "d", Cause: "why", Recommendation: "do"}, found[0].Lesson)
	found, err = s.Learned(t.Context(), nil, 2)
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestFinishedRequestsHaveTheirFirstPlan(t *testing.T) {
	s, dsn := openDSN(t)
	done := request("done", inExecution("falcon"), func(r *pmo.Request) {
		r.PulledAt, r.StartedAt, r.AcceptedAt, r.Reworks, r.Remarks, r.Benefit = hours(1), hours(3), hours(50), 2, "slow", pmo.VerdictRealised
		r.Approach = &pmo.Approach{Recommended: "scrum", Chosen: "kanban"}
	})
	read := func() approach.Finished {
		found, err := s.Finished(t.Context(), "core", hours(10))
		require.NoError(t, err)
		require.Len(t, found, 1)
		f := found[0]
		require.Equal(t, []any{"kanban", "scrum", 2, true, pmo.VerdictRealised}, []any{f.Approach, f.Recommended, f.Reworks, f.Remarks, f.Benefit})
		require.True(t, f.PulledAt.Equal(hours(1)) && f.StartedAt.Equal(hours(3)) && f.AcceptedAt.Equal(hours(50)))
		return f
	}
	plans := []pmo.Plan{{Approach: "scrum", Summary: "first", Milestones: []pmo.Milestone{{Name: "a", Due: "2026-02-05"}, {Name: "b"}}, Due: "2026-02-03"}, {Approach: "kanban", Summary: "second"}}
	project(t, s, done, pmo.Entry{Seq: 1, Key: "a", At: hours(3), Event: pmo.EventPlanned, Plan: &plans[0]}, pmo.Entry{Seq: 2, Key: "b", At: hours(9), Event: pmo.EventPlanned, Plan: &plans[1]})
	project(t, s, request("going on", inExecution("falcon"), func(r *pmo.Request) { r.PulledAt = hours(1) }))
	project(t, s, request("before", inExecution("falcon"), func(r *pmo.Request) { r.PulledAt, r.AcceptedAt = hours(1), hours(2) }))
	require.Equal(t, "", read().Began, "it agreed on its first plan before 0.10")

	_, err := testkit.Pool(t, dsn).Exec(t.Context(), store.MigrationAfter("00092_worked_before.sql", "-- Requests of before"))
	require.NoError(t, err)
	require.Equal(t, "scrum", read().Began, "the migration has it from the ledger")
	require.Equal(t, "2026-02-06T00:00:00Z", read().PlannedEnd.UTC().Format(time.RFC3339))
	done.Seq++
	project(t, s, done)
	require.Equal(t, "scrum", read().Began, "the next projection leaves it")

	done.Seq++
	done.FirstPlan = &pmo.FirstPlan{Approach: "hybrid", EndsAt: hours(40)}
	project(t, s, done)
	f := read()
	require.Equal(t, "hybrid", f.Began)
	require.True(t, f.PlannedEnd.Equal(hours(40)))
	require.Equal(t, f.Worked().Began, approach.FinishedOf(&done).Worked().Began, "one request and the retrospective read the same")
	none, err := s.Finished(t.Context(), "other", hours(10))
	require.NoError(t, err)
	require.Empty(t, none)
}
