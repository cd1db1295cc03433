package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/promise"
	"leanpmo/internal/store"
)

func TestPromises(t *testing.T) {
	s := open(t)
	r := request("Told")
	r.Number = 1
	project(t, s, r)
	today := dateOf(day)
	due, err := s.UncheckedPromises(t.Context(), r.Portfolio, today, 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	require.Equal(t, r.ID, due[0].Request.ID)
	require.Nil(t, due[0].Last)
	require.Empty(t, due[0].CheckedIn)

	first := promise.Promise{RequestID: r.ID, Portfolio: r.Portfolio, Day: today, ToldAt: day, Occasion: promise.Submitted, To: []string{"sam"},
		Finish: promise.Days{P50: "2027-05-01", P85: "2027-06-01"}, Start: promise.Days{P50: "2027-04-01"}, WantedBy: "2027-05-15", Wanted: .6,
		Facts: promise.Facts{Ahead: 3, PerWeek: 1.5, Undecided: true, Approval: .5}, Reasons: []promise.Difference{{Cause: promise.Queue, From: "1", To: "3"}}}
	require.NoError(t, s.RecordPromise(t.Context(), first))
	second := first
	second.Cannot = "told again on the same day"
	require.NoError(t, s.RecordPromise(t.Context(), second))
	told, err := s.Promises(t.Context(), r.ID, "", 10)
	require.NoError(t, err)
	require.Len(t, told, 1, "one a day")
	require.True(t, told[0].ToldAt.Equal(first.ToldAt))
	told[0].ToldAt = first.ToldAt
	require.Equal(t, first, told[0])

	require.NoError(t, s.PromisesChecked(t.Context(), today, due, nil))
	checked, err := s.UncheckedPromises(t.Context(), r.Portfolio, today, 10)
	require.NoError(t, err)
	require.Empty(t, checked)
	tomorrow := dateOf(day.AddDate(0, 0, 1))
	due, err = s.UncheckedPromises(t.Context(), r.Portfolio, tomorrow, 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	require.Equal(t, r.Stage, due[0].CheckedIn)
	require.Equal(t, first.Finish, due[0].Last.Finish)
	cannot := promise.Promise{RequestID: r.ID, Portfolio: r.Portfolio, Day: tomorrow, ToldAt: day.AddDate(0, 0, 1), Occasion: promise.Daily, To: []string{}, Cannot: "the pace broke", Reasons: []promise.Difference{}}
	require.NoError(t, s.PromisesChecked(t.Context(), tomorrow, due, []promise.Promise{cannot}))
	told, err = s.Promises(t.Context(), r.ID, "", 10)
	require.NoError(t, err)
	require.Equal(t, []pmo.Date{tomorrow, today}, []pmo.Date{told[0].Day, told[1].Day}, "the newest first")
	require.Equal(t, "the pace broke", told[0].Cannot)
	told, err = s.Promises(t.Context(), r.ID, tomorrow, 10)
	require.NoError(t, err)
	require.Len(t, told, 1)

	heard, err := s.ToldPromises(t.Context(), store.View{Viewer: "sam", Limit: 5}, day)
	require.NoError(t, err)
	require.Empty(t, heard, "a receipt is no news, and nobody was told the other")
	cannot.Day, cannot.To, cannot.ToldAt = dateOf(day.AddDate(0, 0, 2)), []string{"sam"}, day.AddDate(0, 0, 2)
	require.NoError(t, s.RecordPromise(t.Context(), cannot))
	heard, err = s.ToldPromises(t.Context(), store.View{Viewer: "sam", Limit: 5}, day)
	require.NoError(t, err)
	require.Len(t, heard, 1)
	require.Equal(t, []any{int64(1), "Told", cannot.Day}, []any{heard[0].Number, heard[0].Title, heard[0].Day})

	list, err := s.PromiseOutcomes(t.Context(), "", day.Add(-time.Hour))
	require.NoError(t, err)
	require.Len(t, list, 3)
	require.Nil(t, list[0].AcceptedAt)
	list, err = s.PromiseOutcomes(t.Context(), "other", day.Add(-time.Hour))
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestADeliveredRequestIsToldNothing(t *testing.T) {
	s := open(t)
	r := request("Delivered")
	r.Number = 1
	r.AcceptedAt = day
	project(t, s, r)
	due, err := s.UncheckedPromises(t.Context(), r.Portfolio, dateOf(day), 10)
	require.NoError(t, err)
	require.Empty(t, due)
}
