package store_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestChoicesOfNotificationsHaveVersions(t *testing.T) {
	s := open(t)
	none, err := s.NotificationChoices(t.Context(), "sam")
	require.NoError(t, err)
	require.Equal(t, store.ChosenNotifications{}, none)
	require.ErrorIs(t, s.PutNotificationChoices(t.Context(), "sam", notice.Choices{}, 1, day), store.ErrConflict)
	first := notice.Choices{Quiet: &notice.Quiet{From: "22:00", Until: "07:00"}, Away: notice.Instead}.Choose(notice.Mail, notice.Work, notice.Never)
	require.NoError(t, s.PutNotificationChoices(t.Context(), "sam", first, 0, day))
	require.ErrorIs(t, s.PutNotificationChoices(t.Context(), "sam", notice.Choices{}, 0, day), store.ErrConflict)
	kept, err := s.NotificationChoices(t.Context(), "sam")
	require.NoError(t, err)
	require.EqualValues(t, 1, kept.Version)
	require.Equal(t, first, kept.Choices)
	require.NoError(t, s.PutNotificationChoices(t.Context(), "sam", notice.Choices{NoDigest: true}, 1, day))
	all, err := s.NotifyChoices(t.Context(), []string{"sam", "rita"}, nil)
	require.NoError(t, err)
	require.True(t, all.Of("sam").NoDigest)
	require.Equal(t, notice.Choices{}, all.Of("rita"))
}

func TestMutedRequestsAreThoseOfAPersonWhoMayReadThem(t *testing.T) {
	s, dsn := openDSN(t)
	open, hidden := request("Lists"), request("Hidden")
	project(t, s, open)
	project(t, s, hidden)
	for _, r := range []pmo.Request{open, hidden} {
		require.NoError(t, s.Mute(t.Context(), "kim", r.ID, day))
		require.NoError(t, s.Mute(t.Context(), "kim", r.ID, hours(1)))
	}
	list, err := s.MutedRequests(t.Context(), store.View{Viewer: "kim"})
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.True(t, list[0].At.Equal(day), "since it was muted first")
	hidden.Content.Confidential = true
	hidden.Seq++
	project(t, s, hidden)
	list, err = s.MutedRequests(t.Context(), store.View{Viewer: "kim"})
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "Lists", list[0].Title)
	all, err := s.NotifyChoices(t.Context(), []string{"kim", "rita"}, []string{open.ID})
	require.NoError(t, err)
	require.True(t, all.Muted("kim", open.ID))
	require.False(t, all.Muted("rita", open.ID))
	require.NoError(t, s.Unmute(t.Context(), "kim", open.ID))
	require.NoError(t, s.Unmute(t.Context(), "kim", open.ID))

	_, err = testkit.Pool(t, dsn).Exec(t.Context(), `INSERT INTO notification_mute SELECT 'kim', gen_random_uuid(), now() FROM generate_series(1, $1)`, store.MostMuted-1)
	require.NoError(t, err)
	require.ErrorIs(t, s.Mute(t.Context(), "kim", uuid.NewString(), day), store.ErrFull)
	require.NoError(t, s.Mute(t.Context(), "kim", hidden.ID, day), "it is muted already")
}
