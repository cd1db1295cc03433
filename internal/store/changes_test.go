package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func TestChangesAreWhatAPersonHearsOfSinceATime(t *testing.T) {
	s := open(t)
	at := time.Now().UTC().Truncate(time.Second)
	entry := func(key, text string, hours int, to ...string) pmo.Entry {
		return pmo.Entry{Seq: int64(hours + 100), Key: key, Event: pmo.EventStage, Text: text, At: at.Add(time.Duration(hours) * time.Hour), Recipients: to}
	}
	project(t, s, request("Lists"), entry("a", "old", -30, "rita"), entry("b", "first", -3, "rita"), entry("c", "not hers", -2, "bo"), entry("d", "second", -1, "bo", "rita"))
	project(t, s, request("Hidden", func(r *pmo.Request) { r.Content.Confidential, r.Requester, r.SubmittedBy = true, "sam", "sam" }), entry("e", "hidden", -1, "rita"))
	events, more, err := s.Changes(t.Context(), store.View{Viewer: "rita"}, at.Add(-24*time.Hour))
	require.NoError(t, err)
	require.False(t, more)
	require.Len(t, events, 2)
	require.Equal(t, "second", events[0].Text)
	require.Equal(t, "first", events[1].Text)
	events, more, err = s.Changes(t.Context(), store.View{Viewer: "rita", Limit: 1}, at.Add(-24*time.Hour))
	require.NoError(t, err)
	require.True(t, more)
	require.Len(t, events, 1)
}
