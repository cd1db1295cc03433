package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// The list computes in SQL what the domain computes of the state.
func TestListSaysSinceWhenARequestStandsSo(t *testing.T) {
	s := open(t)
	at := func(hours int) time.Time { return day.Add(time.Duration(hours) * time.Hour) }
	for title, change := range map[string]func(*pmo.Request){
		"in a stage": func(r *pmo.Request) { r.Stage, r.StageSince = pmo.StageReview, at(1) },
		"on hold":    func(r *pmo.Request) { r.Status, r.Hold = pmo.StatusOnHold, &pmo.Hold{Since: at(2)} },
		"deferred": func(r *pmo.Request) {
			r.Stage, r.Status, r.Deferral = pmo.StageReview, pmo.StatusDeferred, &pmo.Deferral{Since: at(3), Until: at(9)}
		},
		"deferred before 0.6": func(r *pmo.Request) {
			r.Stage, r.Status, r.Deferral = pmo.StageReview, pmo.StatusDeferred, &pmo.Deferral{Until: at(9)}
		},
		"delivered": func(r *pmo.Request) { r.Stage, r.AcceptedAt = pmo.StageClosure, at(4) },
		"closed": func(r *pmo.Request) {
			r.Status, r.Outcome, r.ClosedAt, r.AcceptedAt = pmo.StatusClosed, pmo.OutcomeDelivered, at(5), at(4)
		},
	} {
		r := request(title, change)
		project(t, s, r)
		page, err := s.List(t.Context(), store.Filter{Closed: true, SeesAll: true, Limit: 200})
		require.NoError(t, err)
		for _, item := range page.Items {
			if item.ID == r.ID {
				require.WithinDuration(t, r.Since(), item.Since, 0, title)
				require.Equal(t, r.Delivered(), item.AcceptedAt != nil, title)
			}
		}
	}
	page, err := s.List(t.Context(), store.Filter{Closed: true, SeesAll: true, Limit: 200})
	require.NoError(t, err)
	require.Len(t, page.Items, 6)
	count, err := s.Unranked(t.Context(), store.Filter{Portfolio: "core", SeesAll: true})
	require.NoError(t, err)
	require.Zero(t, count)
	project(t, s, request("waits", func(r *pmo.Request) { r.Stage = pmo.StagePrioritization }))
	count, err = s.Unranked(t.Context(), store.Filter{Portfolio: "core", SeesAll: true})
	require.NoError(t, err)
	require.Equal(t, 1, count)
}
