package store_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func closedAs(outcome pmo.Outcome) func(*pmo.Request) {
	return func(r *pmo.Request) {
		r.Status, r.Outcome, r.Reason, r.ClosedAt = pmo.StatusClosed, outcome, "because", hours(2)
		r.Seq++
	}
}

func TestNothingGoesOnInWhatHasEnded(t *testing.T) {
	s := open(t)
	a, gone := request("A"), request("B", closedAs(pmo.OutcomeWithdrawn))
	project(t, s, a)
	project(t, s, gone)
	claim := func(id string, into ...string) string {
		refused, err := s.ClaimMerge(t.Context(), id, into, 1)
		require.NoError(t, err)
		return refused
	}
	require.Contains(t, claim(a.ID, gone.ID), "has ended as withdrawn")
	require.Empty(t, claim(a.ID, uuid.NewString()), "a part that is not projected yet")
	require.Contains(t, claim(uuid.NewString(), uuid.NewString(), a.ID), "about to go on in another request")
	require.Empty(t, claim(a.ID, uuid.NewString()), "asked again, it is the same")

	a.Seq, a.MergeChecked = 2, true
	project(t, s, a)
	require.Empty(t, claim(uuid.NewString(), a.ID), "it stayed open, so others may go on in it")
}

// TestOneOfACircleStaysOpen: of requests that go on in each other at the same moment, not all do.
func TestOneOfACircleStaysOpen(t *testing.T) {
	s := open(t)
	for _, size := range []int{2, 3} {
		for range 10 {
			ids := make([]string, size)
			for i := range ids {
				r := request("circle")
				ids[i] = r.ID
				project(t, s, r)
			}
			refused := make([]string, size)
			var all sync.WaitGroup
			for i := range ids {
				all.Go(func() {
					var err error
					refused[i], err = s.ClaimMerge(t.Context(), ids[i], []string{ids[(i+1)%size]}, 1)
					if err != nil {
						refused[i] = err.Error()
					}
				})
			}
			all.Wait()
			require.NotEmpty(t, refused[0]+refused[size-1]+refused[1], "at least one stays open")
			require.Contains(t, refused, "", "the first one may go on")
		}
	}
}
