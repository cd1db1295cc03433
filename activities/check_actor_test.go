package activities

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func TestCheckActorJudgesLikeTheDoor(t *testing.T) {
	b := newBench(t)
	now := time.Now()
	for _, d := range []store.Delegation{{Person: "bo", Delegate: "lena", From: now.Add(-time.Hour), Until: now.Add(time.Hour)}, {Person: "ana", Delegate: "sam", From: now.Add(-time.Hour), Until: now.Add(time.Hour)}} {
		require.NoError(t, b.store.SetDelegation(t.Context(), d, d.Person, now))
	}
	for name, c := range map[string]struct {
		actor, seat string
		kind        pmo.Kind
		allowed     bool
		answersFor  string
	}{
		"asked":                        {"ana", "", pmo.KindReview, true, ""},
		"delegate of somebody asked":   {"lena", "", pmo.KindReview, true, "bo"},
		"not asked":                    {"theo", "", pmo.KindReview, false, ""},
		"the requester as a delegate":  {"sam", "ana", pmo.KindReview, false, ""},
		"for somebody who did not ask": {"lena", "ana", pmo.KindReview, false, ""},
		"nobody we know":               {"mallory", "", pmo.KindReview, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := b.CheckActor(t.Context(), contract.CheckActorInput{Actor: c.actor, For: c.seat, Kind: c.kind, Seats: []string{"ana", "bo"}, Requester: "sam"})
			require.NoError(t, err)
			require.Equal(t, c.allowed, out.Allowed, out.Reason)
			if c.allowed {
				require.Equal(t, c.answersFor, out.For)
				return
			}
			require.NotEmpty(t, out.Reason)
		})
	}
	for _, text := range []string{"   ", "\u200b", "\u202ea"} {
		out, err := b.CheckActor(t.Context(), contract.CheckActorInput{Actor: "ana", Kind: pmo.KindReview, Seats: []string{"ana"}, Requester: "sam", Text: text})
		require.NoError(t, err)
		require.False(t, out.Allowed, "the reason is judged as the API judges it")
		require.Contains(t, out.Reason, "the reason ")
	}
	refused, err := b.CheckActor(t.Context(), contract.CheckActorInput{Actor: "ana", Kind: pmo.KindReview, Seats: []string{"ana"}, Requester: "sam", TooLarge: "too much"})
	require.NoError(t, err)
	require.False(t, refused.Allowed)
	require.Equal(t, "too much", refused.Reason)
	out, err := b.CheckActor(t.Context(), contract.CheckActorInput{Actor: "ana", Kind: pmo.KindReview, Seats: []string{"ana"}, Requester: "sam", Portfolio: "digital", Until: "2027-07-01"})
	require.NoError(t, err)
	require.Equal(t, b.Policy.DayBegins("digital", "2027-07-01"), out.UntilAt)
	require.False(t, out.UntilAt.IsZero())
	gone := b.waiting("gone", 1, 1)
	gone.Status, gone.Outcome, gone.Reason, gone.ClosedAt, gone.Seq = pmo.StatusClosed, pmo.OutcomeWithdrawn, "because", day, gone.Seq+1
	open := b.waiting("open", 1, 1)
	_, _, err = b.store.Project(t.Context(), "run-1", gone, nil)
	require.NoError(t, err)
	for of, allowed := range map[string]bool{gone.ID: false, open.ID: true, uuid.NewString(): false} {
		out, err = b.CheckActor(t.Context(), contract.CheckActorInput{ID: uuid.NewString(), Actor: "ana", Kind: pmo.KindReview, Seats: []string{"ana"}, Requester: "sam", Of: of})
		require.NoError(t, err)
		require.Equal(t, allowed, out.Allowed, out.Reason)
	}
	b.SignalDecisions = false
	out, err = b.CheckActor(t.Context(), contract.CheckActorInput{Actor: "ana", Kind: pmo.KindReview, Seats: []string{"ana"}, Requester: "sam"})
	require.NoError(t, err)
	require.False(t, out.Allowed, "decisions by signal are not allowed")
}
