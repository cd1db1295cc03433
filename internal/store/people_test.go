package store_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestAskingListsOpenQuestionsWithWhatDecidesWhoMayAnswer(t *testing.T) {
	s, ctx := open(t), context.Background()
	var ids []string
	for i := range 3 {
		r := request("asks", openQuestion(pmo.KindReview, hours(5), "ana"), openQuestion(pmo.KindReport, hours(6), "theo"), inExecution("falcon"))
		r.Content.Sponsor, r.Number = "dora", int64(i+1)
		_, _, err := s.Project(ctx, "run", r, nil)
		require.NoError(t, err)
		ids = append(ids, r.ID)
	}
	quiet := request("asks nothing")
	_, _, err := s.Project(ctx, "run", quiet, nil)
	require.NoError(t, err)
	slices.Sort(ids)
	page, err := s.Asking(ctx, "", 2)
	require.NoError(t, err)
	require.Len(t, page, 2)
	rest, err := s.Asking(ctx, page[1].ID, 2)
	require.NoError(t, err)
	require.Len(t, rest, 1)
	require.Equal(t, ids, []string{page[0].ID, page[1].ID, rest[0].ID})
	got := page[0]
	require.Equal(t, []string{"core", "rita", "rita", "dora"}, []string{got.Portfolio, got.Requester, got.SubmittedBy, got.Content.Sponsor})
	require.Equal(t, []string{"theo"}, got.Assignment.Leads)
	require.Equal(t, pmo.StatusOpen, got.Status)
	require.Len(t, got.Questions, 2)

	inbox, err := s.Inbox(ctx, "theo", day, 1, "")
	require.NoError(t, err)
	require.Equal(t, got.Assignment, inbox.Items[0].Facts.Assignment)
}
