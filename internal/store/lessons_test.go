package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
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
	s := open(t)
	done := request("done", inExecution("falcon"), func(r *pmo.Request) {
		r.PulledAt, r.StartedAt, r.AcceptedAt, r.Reworks, r.Remarks = hours(1), hours(3), hours(50), 2, "slow"
		r.Approach = &pmo.Approach{Recommended: "scrum", Chosen: "kanban"}
	})
	project(t, s, done, pmo.Entry{Seq: 1, Key: "a", At: hours(3), Event: pmo.EventPlanned, Plan: &pmo.Plan{Approach: "scrum", Summary: "first"}}, pmo.Entry{Seq: 2, Key: "b", At: hours(9), Event: pmo.EventPlanned, Plan: &pmo.Plan{Approach: "kanban", Summary: "second"}})
	project(t, s, request("going on", inExecution("falcon"), func(r *pmo.Request) { r.PulledAt = hours(1) }))
	project(t, s, request("before", inExecution("falcon"), func(r *pmo.Request) { r.PulledAt, r.AcceptedAt = hours(1), hours(2) }))
	found, err := s.Finished(t.Context(), "core", hours(10))
	require.NoError(t, err)
	require.Len(t, found, 1)
	f := found[0]
	require.Equal(t, []any{"kanban", "scrum", "first", 2, true}, []any{f.Approach, f.Recommended, f.First.Summary, f.Reworks, f.Remarks})
	require.True(t, f.PulledAt.Equal(hours(1)) && f.StartedAt.Equal(hours(3)) && f.AcceptedAt.Equal(hours(50)))
	none, err := s.Finished(t.Context(), "other", hours(10))
	require.NoError(t, err)
	require.Empty(t, none)
}
