package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
)

func TestTheNewestValueOfAKeyResultCounts(t *testing.T) {
	s := open(t)
	open, hidden := request("Open", waiting), request("Hidden", waiting)
	open.Number, hidden.Number = 1, 2
	open.Content.Objectives, hidden.Content.Objectives, hidden.Content.Confidential = []string{"permits"}, []string{"permits", "typing"}, true
	project(t, s, open)
	project(t, s, hidden)
	project(t, s, request("Without", waiting))
	say := func(value float64, request string) store.KeyResultValue {
		v := store.KeyResultValue{Portfolio: "core", Objective: "permits", KeyResult: "days", Value: value, Note: "counted", By: "petra", At: day, RequestID: request}
		require.NoError(t, s.SayKeyResult(t.Context(), v))
		return v
	}
	say(25, "")
	say(22, open.ID)
	all, stranger := store.View{SeesAll: true}, store.View{Viewer: "stranger"}
	values, err := s.KeyResults(t.Context(), "core", all)
	require.NoError(t, err)
	require.Len(t, values, 1)
	require.Equal(t, 22.0, values[0].Value)
	require.Equal(t, int64(1), values[0].Number)
	say(20, hidden.ID)
	values, err = s.KeyResults(t.Context(), "core", stranger)
	require.NoError(t, err)
	require.Equal(t, 20.0, values[0].Value)
	require.Zero(t, values[0].Number, "which request brought it is not for them")
	of, err := s.KeyResultsOf(t.Context(), open.ID)
	require.NoError(t, err)
	require.Len(t, of, 1)
	require.Equal(t, 22.0, of[0].Value)
	serving, err := s.Serving(t.Context(), "core", all)
	require.NoError(t, err)
	require.Len(t, serving, 2)
	require.Equal(t, []string{"permits", "typing"}, serving[0].Objectives)
	serving, err = s.Serving(t.Context(), "core", stranger)
	require.NoError(t, err)
	require.Equal(t, open.ID, serving[0].ID)
	require.Len(t, serving, 1)
}
