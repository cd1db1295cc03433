package store_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/strategy"
)

// thisQuarter is the period of the tests' day.
var thisQuarter = strategy.PeriodAt(strategy.Quarter, day, time.UTC)

func spending(r pmo.Request, holder string, points int) store.Spending {
	return store.Spending{Portfolio: "core", Period: thisQuarter, Holder: holder, RequestID: r.ID, Points: points, Allowance: 10, By: "ana", At: hours(5)}
}

func spend(s *store.Store, t testing.TB, sp store.Spending) error {
	return s.SpendPoints(t.Context(), sp, pmo.Entry{Event: pmo.EventPointsSpent, Key: "points/" + uuid.NewString(), At: sp.At, Text: "points"})
}

func spentNow(t testing.TB, s *store.Store, period strategy.PointPeriod, holder string) int {
	t.Helper()
	spent, err := s.PointsSpent(t.Context(), "core", period, []string{holder})
	require.NoError(t, err)
	return spent[holder]
}

func pointsEntries(t testing.TB, s *store.Store, id string) (events []string) {
	t.Helper()
	page, err := s.Ledger(t.Context(), id, 0, 100)
	require.NoError(t, err)
	for _, e := range page.Items {
		events = append(events, e.Event)
	}
	return events
}

func TestPointsAreSpentTakenBackAndNeverOverspent(t *testing.T) {
	s := open(t)
	a, b := request("A", waiting), request("B", waiting)
	project(t, s, a)
	project(t, s, b)
	require.NoError(t, spend(s, t, spending(a, "person:ana", 6)))
	require.ErrorIs(t, spend(s, t, spending(b, "person:ana", 5)), store.ErrFull)
	require.NoError(t, spend(s, t, spending(b, "person:ana", 4)))
	require.NoError(t, spend(s, t, spending(a, "person:bo", 10)), "others have their own")
	require.NoError(t, spend(s, t, spending(a, "person:ana", 6)), "the same again")
	require.Equal(t, 10, spentNow(t, s, thisQuarter, "person:ana"))
	require.Equal(t, []string{pmo.EventPointsSpent, pmo.EventPointsSpent}, pointsEntries(t, s, a.ID), "what is as it was has no line")
	require.NoError(t, spend(s, t, spending(a, "person:ana", 1)))
	require.NoError(t, spend(s, t, spending(b, "person:ana", 9)))
	require.NoError(t, spend(s, t, spending(b, "person:ana", 0)))
	require.Equal(t, 1, spentNow(t, s, thisQuarter, "person:ana"))

	less := spending(a, "person:bo", 8) // the policy has lowered the allowance meanwhile: fewer are possible, more are not
	less.Allowance = 3
	require.NoError(t, spend(s, t, less))
	less.Points = 9
	require.ErrorIs(t, spend(s, t, less), store.ErrFull)

	stakes, err := s.StakesOn(t.Context(), a.ID)
	require.NoError(t, err)
	require.Equal(t, []int{8, 1}, []int{stakes[0].Points, stakes[1].Points})
	require.Equal(t, "person:bo", stakes[0].Holder)
	row, err := s.Request(t.Context(), a.ID)
	require.NoError(t, err)
	require.Len(t, row.Stakes, 2, "they come with the request")
	for i, stake := range stakes {
		require.True(t, stake.At.Equal(row.Stakes[i].At))
		stake.Title, stake.Number, stake.At = "", 0, row.Stakes[i].At
		require.Equal(t, stake, row.Stakes[i])
	}
	require.Equal(t, map[string]float64{a.ID: 9, b.ID: 0}, waitingPoints(t, s), "what a run reads")
}

func waitingPoints(t testing.TB, s *store.Store) map[string]float64 {
	t.Helper()
	points := map[string]float64{}
	require.NoError(t, s.ReadPortfolio(t.Context(), "core", func(tx *store.PortfolioTx) error {
		list, err := tx.Waiting(t.Context())
		for _, w := range list {
			points[w.ID] = w.Points
		}
		return err
	}))
	return points
}

// Many at once spend the points of one holder on different requests: together no more than there are.
func TestTwoAtOnceDoNotOverspend(t *testing.T) {
	s := open(t)
	var list []pmo.Request
	for range 8 {
		r := request("One of several", waiting)
		project(t, s, r)
		list = append(list, r)
	}
	var wait sync.WaitGroup
	errs := make([]error, len(list))
	for i, r := range list {
		wait.Go(func() { errs[i] = spend(s, t, spending(r, "group:approvers", 3)) })
	}
	wait.Wait()
	full := 0
	for _, err := range errs {
		if errors.Is(err, store.ErrFull) {
			full++
		} else {
			require.NoError(t, err)
		}
	}
	require.Equal(t, 5, full, "three of them have room in ten")
	require.Equal(t, 9, spentNow(t, s, thisQuarter, "group:approvers"))
}

func TestPointsComeBackWhenARequestEndsWithoutBeingDelivered(t *testing.T) {
	for _, outcome := range []pmo.Outcome{pmo.OutcomeRejected, pmo.OutcomeWithdrawn, pmo.OutcomeCancelled, pmo.OutcomeMerged, pmo.OutcomeAnswered, pmo.OutcomeExpired, pmo.OutcomeDelivered} {
		t.Run(string(outcome), func(t *testing.T) {
			s := open(t)
			r := request("Ends", waiting)
			project(t, s, r)
			require.NoError(t, spend(s, t, spending(r, "person:ana", 7)))
			closedAs(outcome)(&r)
			project(t, s, r)
			r.Seq++
			project(t, s, r) // again: told once
			left, events := 7, []string{pmo.EventPointsSpent}
			if outcome != pmo.OutcomeDelivered {
				left, events = 0, append(events, pmo.EventPointsReturned)
			}
			require.Equal(t, left, spentNow(t, s, thisQuarter, "person:ana"))
			require.Equal(t, events, pointsEntries(t, s, r.ID))
			stakes, err := s.StakesOn(t.Context(), r.ID)
			require.NoError(t, err)
			require.Equal(t, outcome != pmo.OutcomeDelivered, stakes[0].Returned)
			if outcome == pmo.OutcomeDelivered {
				return
			}
			page, err := s.Ledger(t.Context(), r.ID, 0, 100)
			require.NoError(t, err)
			require.Equal(t, "the 7 points of stakeholders on it came back, because it ended as "+string(outcome), page.Items[1].Text)
			require.Equal(t, []string{"ana"}, page.Items[1].Recipients)
		})
	}
}

// What comes back from an earlier period may be spent in the one in which it came back; what was not spent lapses.
func TestPointsOfEarlierPeriods(t *testing.T) {
	s := open(t)
	old, other, fresh := request("Old", waiting), request("Other", waiting), request("Fresh", waiting)
	for _, r := range []pmo.Request{old, other, fresh} {
		project(t, s, r)
	}
	before := strategy.PeriodAt(strategy.Quarter, thisQuarter.From.Add(-time.Hour), time.UTC)
	for _, r := range []pmo.Request{old, other} {
		sp := spending(r, "person:ana", 4)
		sp.Period = before
		require.NoError(t, spend(s, t, sp))
	}
	require.Zero(t, spentNow(t, s, thisQuarter, "person:ana"), "a period has its own points, and no more for what was not spent")
	require.ErrorIs(t, spend(s, t, spending(fresh, "person:ana", 11)), store.ErrFull)
	closedAs(pmo.OutcomeRejected)(&old)
	project(t, s, old)
	require.Equal(t, -4, spentNow(t, s, thisQuarter, "person:ana"))
	require.ErrorIs(t, spend(s, t, spending(fresh, "person:ana", 15)), store.ErrFull)
	require.NoError(t, spend(s, t, spending(fresh, "person:ana", 14)))
	require.Equal(t, map[string]float64{other.ID: 4, fresh.ID: 14}, waitingPoints(t, s), "those of an earlier period still count")
	next := strategy.PeriodAt(strategy.Quarter, thisQuarter.Until, time.UTC)
	require.Zero(t, spentNow(t, s, next, "person:ana"), "they came back in another period than that one")
}

// Confidential requests appear in no list and no sum of others, and the points of a group, whose members see what is left, count on none.
func TestPointsOnConfidentialRequestsAreHidden(t *testing.T) {
	s := open(t)
	secret, public := request("Secret", waiting), request("Public", waiting)
	project(t, s, secret)
	project(t, s, public)
	require.NoError(t, spend(s, t, spending(secret, "person:ana", 5)))
	require.NoError(t, spend(s, t, spending(secret, "group:approvers", 6)))
	require.NoError(t, spend(s, t, spending(public, "group:approvers", 2)))
	seen := func(v store.View) (titles []string) {
		list, more, err := s.Stakes(t.Context(), "core", thisQuarter.ID, v)
		require.NoError(t, err)
		require.False(t, more)
		for _, stake := range list {
			if !stake.Returned {
				titles = append(titles, stake.Title)
			}
		}
		return titles
	}
	require.Equal(t, []string{"Secret", "Secret", "Public"}, seen(store.View{Viewer: "theo"}))
	secret.Content.Confidential = true
	secret.Seq++
	project(t, s, secret)
	require.Equal(t, []string{"Public"}, seen(store.View{Viewer: "theo"}))
	require.Equal(t, []string{"Secret", "Public"}, seen(store.View{Viewer: "petra", SeesAll: true}))
	require.Equal(t, 2, spentNow(t, s, thisQuarter, "group:approvers"), "what is left of a group's points does not tell of it")
	require.Equal(t, 5, spentNow(t, s, thisQuarter, "person:ana"))
	require.Equal(t, map[string]float64{secret.ID: 5, public.ID: 2}, waitingPoints(t, s))
}

// A repeated command under a key spends once.
func TestPointsAreSpentOnceUnderAKey(t *testing.T) {
	s := open(t)
	r := request("Keyed", waiting)
	project(t, s, r)
	ctx := store.WithKey(t.Context(), store.Keyed{ID: "k", Command: "points", Digest: "d"})
	entry := pmo.Entry{Event: pmo.EventPointsSpent, Key: "points/1", At: hours(5), Text: "points"}
	require.NoError(t, s.SpendPoints(ctx, spending(r, "person:ana", 6), entry))
	require.ErrorIs(t, s.SpendPoints(ctx, spending(r, "person:ana", 9), entry), store.ErrKeyTaken)
	require.Equal(t, 6, spentNow(t, s, thisQuarter, "person:ana"))
}

// The points that counted are kept with the line of a run, so that the next one knows whether they changed.
func TestARunKeepsThePointsThatCounted(t *testing.T) {
	s := open(t)
	a, b := request("A", waiting), request("B", waiting)
	project(t, s, a)
	project(t, s, b)
	require.NoError(t, spend(s, t, spending(b, "person:ana", 6)))
	save := func(id string, points float64) {
		require.NoError(t, s.InPortfolio(t.Context(), "core", func(tx *store.PortfolioTx) error {
			return tx.SavePrioritization(t.Context(), store.Prioritization{ID: id, Portfolio: "core", At: hours(6), Policy: "p", Count: 2},
				[]store.RankedRequest{{ID: a.ID, Rank: 1, PreviousRank: 1, Class: "standard"}, {ID: b.ID, Rank: 2, PreviousRank: 2, Class: "standard", Points: points}})
		}))
	}
	save("run/1", 6)
	save("run/2", 6)
	save("run/3", 9) // a run that refers to another one stores the line that differs
	line, err := s.RankOf(t.Context(), b.ID)
	require.NoError(t, err)
	require.InDelta(t, 9, line.Points, 0)
	require.NoError(t, s.ReadPortfolio(t.Context(), "core", func(tx *store.PortfolioTx) error {
		list, err := tx.Waiting(t.Context())
		require.NoError(t, err)
		for _, w := range list {
			require.InDelta(t, map[string]float64{a.ID: 0, b.ID: 9}[w.ID], w.PreviousPoints, 0)
		}
		return nil
	}))
}
