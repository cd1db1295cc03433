package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func inbox(t testing.TB, s *store.Store, person string, at int) []string {
	t.Helper()
	page, err := s.Inbox(t.Context(), person, hours(at), 0, "")
	require.NoError(t, err)
	list := []string{}
	for _, i := range page.Items {
		list = append(list, i.Title+" for "+i.For)
	}
	return list
}

func delegate(t testing.TB, s *store.Store, from, to string) {
	t.Helper()
	require.NoError(t, s.SetDelegation(t.Context(), store.Delegation{Person: from, Delegate: to, From: hours(10), Until: hours(20)}, from, day))
}

func TestInboxListsOpenQuestionsMostUrgentFirst(t *testing.T) {
	s := open(t)
	later, sooner := request("Later", openQuestion(pmo.KindReview, hours(9), "ana", "bo")), request("Sooner", openQuestion(pmo.KindReview, hours(5), "ana"))
	held := request("Held", openQuestion(pmo.KindReview, hours(1), "ana"), func(r *pmo.Request) { r.Status = pmo.StatusOnHold })
	sooner.Conditions = []pmo.Condition{{ID: "c1", Text: "A pilot first", By: "bo", At: hours(1)}}
	for _, r := range []pmo.Request{later, sooner, held} {
		project(t, s, r)
	}
	require.Equal(t, []string{"Sooner for ana", "Later for ana"}, inbox(t, s, "ana", 1))
	later.Seq, later.Questions[0].Answers = 2, []pmo.Answer{{By: "ana", For: "ana", Verdict: pmo.VerdictApprove, At: hours(2)}}
	project(t, s, later)
	require.Equal(t, []string{"Sooner for ana"}, inbox(t, s, "ana", 1), "answered")
	require.Equal(t, []string{"Later for bo"}, inbox(t, s, "bo", 1))
	page, err := s.Inbox(t.Context(), "ana", day, 0, "")
	require.NoError(t, err)
	require.Equal(t, sooner.Questions[0], page.Items[0].Question)
	require.Equal(t, sooner.ID, page.Items[0].RequestID)
	require.Equal(t, sooner.Conditions, page.Items[0].Facts.Conditions)
}

// TestInboxPagesOverMoreThanOnePageHolds: 520 questions were answered as 500 without a word that there are more.
func TestInboxPagesOverMoreThanOnePageHolds(t *testing.T) {
	s := open(t)
	for n := range 520 {
		project(t, s, request(fmt.Sprintf("Sheet %d", n), openQuestion(pmo.KindReview, hours(1+n%3), "ana"), openQuestion(pmo.KindPlan, hours(2), "ana")))
	}
	first, err := s.Inbox(t.Context(), "ana", day, 0, "")
	require.NoError(t, err)
	require.Len(t, first.Items, 500)
	require.NotEmpty(t, first.Next)
	for _, size := range []int{7, 200, 500} {
		var due []time.Time
		seen := map[string]bool{}
		cursor := ""
		for {
			page, err := s.Inbox(t.Context(), "ana", day, size, cursor)
			require.NoError(t, err)
			require.LessOrEqual(t, len(page.Items), size)
			for _, i := range page.Items {
				due = append(due, i.Question.DueAt)
				seen[i.RequestID+i.Question.ID] = true
			}
			if cursor = page.Next; cursor == "" {
				break
			}
			require.Len(t, page.Items, size)
		}
		require.Len(t, seen, 1040, "pages of %d", size)
		require.Len(t, due, 1040, "each once")
		require.True(t, slices.IsSortedFunc(due, time.Time.Compare), "most urgent first over all pages")
	}
	_, err = s.Inbox(t.Context(), "ana", day, 0, "nonsense")
	require.ErrorIs(t, err, store.ErrBadCursor)
}

func TestInboxOfADelegate(t *testing.T) {
	s := open(t)
	project(t, s, request("One", openQuestion(pmo.KindReview, hours(5), "ana")))
	project(t, s, request("Two", openQuestion(pmo.KindReview, hours(6), "ana", "bo")))
	delegate(t, s, "ana", "bo")
	require.Equal(t, []string{"Two for bo"}, inbox(t, s, "bo", 9), "not yet absent")
	require.Equal(t, []string{"One for ana", "Two for bo"}, inbox(t, s, "bo", 10), "the own seat first, each question once")
	require.Equal(t, []string{"Two for bo"}, inbox(t, s, "bo", 20), "back again")
	require.Equal(t, []string{"One for ana", "Two for ana"}, inbox(t, s, "ana", 10), "an absent person may still answer")
}

func TestInboxListsDelegatedSeatsOnce(t *testing.T) {
	s := open(t)
	project(t, s, request("Own", openQuestion(pmo.KindReview, hours(5), "ana")))
	project(t, s, request("Typed in", openQuestion(pmo.KindReview, hours(5), "ana"), func(r *pmo.Request) { r.Requester = "sam" }))
	project(t, s, request("Plan", openQuestion(pmo.KindPlan, hours(6), "ana")))
	delegate(t, s, "ana", "rita")
	require.Contains(t, inbox(t, s, "rita", 10), "Plan for ana", "the caller decides which of them she may answer")
	voted := request("Voted", openQuestion(pmo.KindReview, hours(7), "ana", "bo"))
	voted.Questions[0].Answers = []pmo.Answer{{By: "bo", For: "bo"}}
	project(t, s, voted)
	delegate(t, s, "ana", "bo")
	require.NotContains(t, inbox(t, s, "bo", 10), "Voted for ana", "nobody answers twice")
}

func TestDelegations(t *testing.T) {
	s, dsn := openDSN(t)
	_, err := s.Delegation(t.Context(), "ana")
	require.ErrorIs(t, err, store.ErrNotFound)
	delegate(t, s, "ana", "bo")
	delegate(t, s, "cleo", "bo")
	d, err := s.Delegation(t.Context(), "ana")
	require.NoError(t, err)
	require.Equal(t, store.Delegation{Person: "ana", Delegate: "bo", From: hours(10), Until: hours(20)}, d)
	away, err := s.Delegates(t.Context(), []string{"ana", "bo", "dan"}, hours(11))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"ana": "bo"}, away)
	for _, c := range []struct {
		at   int
		want []string
	}{{9, []string{}}, {10, []string{"ana", "cleo"}}, {20, []string{}}} {
		for_, err := s.Standing(t.Context(), "bo", nil, hours(c.at))
		require.NoError(t, err)
		require.Equal(t, c.want, for_.ActsFor)
	}
	require.NoError(t, s.ClearDelegation(t.Context(), "ana", "ana", hours(12)))
	require.NoError(t, s.ClearDelegation(t.Context(), "ana", "ana", hours(12)))
	require.Equal(t, []string{"set by ana", "cleared by ana"}, changes(t, dsn, "delegation", "ana"))
	err = s.SetDelegation(t.Context(), store.Delegation{Person: "ana", Delegate: "ana", From: day, Until: hours(1)}, "ana", day)
	require.ErrorIs(t, err, store.ErrInvalid)
}

func TestStandingReadsTeamMembership(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon")
	for _, c := range []struct {
		person, team string
		member       bool
	}{{"mia", "falcon", true}, {"mia", "otter", false}, {"mia", "", false}, {"kai", "falcon", false}} {
		standing, err := s.Standing(t.Context(), c.person, []string{c.team}, day)
		require.NoError(t, err)
		require.Equal(t, store.Standing{ActsFor: []string{}, Member: c.member}, standing)
	}
}
