package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func number(f float64) *float64 { return &f }

func line(r pmo.Request, rank int) store.RankedRequest {
	return store.RankedRequest{ID: r.ID, Number: r.Number, Title: r.Content.Title, Rank: rank, Class: "standard", Score: 2.5, Scored: true, CostOfDelay: 20, JobSize: 8,
		Why: fmt.Sprintf("Rank %d.", rank), Inputs: pmo.Inputs{BusinessValue: number(8), JobSize: number(8)}}
}

func TestPrioritizationIsSavedOnceAndRead(t *testing.T) {
	s := open(t)
	a, b := request("A", waiting), request("B", waiting)
	a.Number, b.Number = 1, 2
	project(t, s, a)
	project(t, s, b)
	run(t, s, "run/1", false, []store.RankedRequest{line(b, 1), line(a, 2)}, b.ID)
	run(t, s, "run/1", false, []store.RankedRequest{line(a, 1)}, a.ID)

	saved, err := s.Prioritization(t.Context(), "run/1")
	require.NoError(t, err)
	require.Equal(t, []string{b.ID}, saved.Pulled, "the first result stays")
	require.Equal(t, hours(2), saved.At)
	require.Equal(t, 1, slots(t, s).Total)
	require.Equal(t, 1, slots(t, s).ByClass[pmo.ClassStandard])
	lines, err := s.PrioritizationLines(t.Context(), "run/1", store.View{})
	require.NoError(t, err)
	require.Equal(t, []store.RankedRequest{line(b, 1), line(a, 2)}, lines.Items)

	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		again, err := tx.Prioritization(t.Context(), "run/1")
		require.NoError(t, err)
		require.Equal(t, saved, *again)
		none, err := tx.Prioritization(t.Context(), "run/2")
		require.NoError(t, err)
		require.Nil(t, none)
		left, err := tx.Waiting(t.Context())
		require.NoError(t, err)
		require.Len(t, left, 1, "B has been given a slot")
		require.Equal(t, 2, left[0].PreviousRank)
		require.Equal(t, line(a, 2).Inputs, left[0].PreviousInputs)
		require.Equal(t, a.Content.Inputs, left[0].Inputs)
		require.Equal(t, pmo.ClassStandard, left[0].Class)
	})
	backlog, err := s.Backlog(t.Context(), store.Filter{Portfolio: "core"})
	require.NoError(t, err)
	require.Equal(t, []store.RankedRequest{line(a, 2)}, backlog.Items)
	row, err := s.Request(t.Context(), a.ID)
	require.NoError(t, err)
	require.Equal(t, 2, *row.Rank)
	require.InDelta(t, 2.5, *row.Score, 0.001)
	rank, err := s.RankOf(t.Context(), a.ID)
	require.NoError(t, err)
	require.Equal(t, line(a, 2), rank)
}

func TestDryRunIsStoredButChangesNothing(t *testing.T) {
	s := open(t)
	a := request("A", waiting)
	project(t, s, a)
	run(t, s, "dry", true, []store.RankedRequest{line(a, 1)}, a.ID)
	require.Zero(t, slots(t, s).Total)
	backlog, err := s.Backlog(t.Context(), store.Filter{Portfolio: "core"})
	require.NoError(t, err)
	require.Empty(t, backlog.Items)
	lines, err := s.PrioritizationLines(t.Context(), "dry", store.View{})
	require.NoError(t, err)
	require.Len(t, lines.Items, 1)
}

func TestPrioritizationsArePagedAndOldOnesKeepOnlyPulledLines(t *testing.T) {
	s := open(t)
	a, b := request("A", waiting), request("B", waiting)
	project(t, s, a)
	project(t, s, b)
	pulled := line(a, 1)
	pulled.Pulled = true
	for i := range 53 {
		run(t, s, fmt.Sprintf("run/%d", i), false, []store.RankedRequest{pulled, line(b, 2)})
	}
	var ids []string
	for page := (store.Page[store.Prioritization]{Next: ""}); ; {
		var err error
		page, err = s.Prioritizations(t.Context(), "core", page.Next, 20)
		require.NoError(t, err)
		for _, r := range page.Items {
			ids = append(ids, r.ID)
		}
		if page.Next == "" {
			break
		}
	}
	require.Len(t, ids, 53)
	require.Equal(t, "run/52", ids[0])
	old, err := s.PrioritizationLines(t.Context(), "run/0", store.View{})
	require.NoError(t, err)
	require.Len(t, old.Items, 1)
	recent, err := s.PrioritizationLines(t.Context(), "run/10", store.View{})
	require.NoError(t, err)
	require.Len(t, recent.Items, 2)
}

func TestLowLineKeepsItsNumbersWithoutItsText(t *testing.T) {
	s := open(t)
	a := request("A", waiting)
	a.Content.Inputs = pmo.Inputs{}
	project(t, s, a)
	deep := line(a, 90_000)
	deep.PreviousRank, deep.Scored, deep.Inputs = 90_003, false, pmo.Inputs{BusinessValue: number(3)}
	run(t, s, "run/1", false, []store.RankedRequest{deep})
	rank, err := s.RankOf(t.Context(), a.ID)
	require.NoError(t, err)
	require.Equal(t, "Rank 90000: not scored, inputs are missing.", rank.Why)
	require.Equal(t, []string{"time_criticality", "risk_reduction", "job_size"}, rank.Missing)
}

func TestPortfolioTransactionsRunOneAfterTheOther(t *testing.T) {
	s := open(t)
	var inside, most int
	var guard sync.Mutex
	step := func(by int) {
		guard.Lock()
		defer guard.Unlock()
		inside += by
		most = max(most, inside)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			require.NoError(t, s.InPortfolio(context.Background(), "core", func(tx *store.PortfolioTx) error {
				step(1)
				time.Sleep(5 * time.Millisecond)
				step(-1)
				return nil
			}))
		})
	}
	all.Wait()
	require.Equal(t, 1, most)
}
