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
