package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/backlog"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// What is not there holds nobody back and is needed by nobody, in a what-if as in a run.
func TestAScenarioWithoutARequestIsWithoutWhatNeedsIt(t *testing.T) {
	b := newBench(t)
	needed, wanted := b.waiting("Needed", 2, 2), b.waiting("Wanted", 20, 2)
	b.needing(wanted, 0, needed)
	read, err := backlog.Reader{Store: b.store}.Snapshot(t.Context(), portfolio, day)
	require.NoError(t, err)
	rules := backlog.RulesOf(b.Policy.Now(), portfolio, day)
	found, err := read.WhatIf(portfolio, rules, rules, backlog.Change{Without: []string{needed.ID}})
	require.NoError(t, err)
	require.Len(t, found.Lines, 2)
	line := found.Lines[0]
	require.Equal(t, wanted.ID, line.ID)
	require.Equal(t, backlog.Place{Rank: 1, Score: line.Then.Score, Pulled: true}, line.Then)
	require.Equal(t, 2, line.Now.Rank)
	require.False(t, line.Now.Pulled)
}

// Who needs a request needs what it goes on in.
func TestWhatIsMergedPassesOnWhoNeedsIt(t *testing.T) {
	b := newBench(t)
	target, between, merged, wanted := b.waiting("Target", 5, 2), b.waiting("Between", 5, 2), b.waiting("Merged", 2, 2), b.waiting("Wanted", 20, 2)
	b.needing(wanted, 0, merged)
	for _, m := range []struct{ from, to *pmo.Request }{{&merged, &between}, {&between, &target}} {
		m.from.Status, m.from.Outcome, m.from.ClosedAt, m.from.MergedInto = pmo.StatusClosed, pmo.OutcomeMerged, day, []string{m.to.ID}
		m.from.Seq++
		b.project(*m.from)
	}
	for _, r := range []pmo.Request{target, between, merged} {
		_, behind, err := b.store.Dependencies(t.Context(), []int64{r.Number}, r.Number, store.View{SeesAll: true})
		require.NoError(t, err)
		require.Len(t, behind, 1, r.Content.Title)
		require.Equal(t, wanted.ID, behind[0].ID)
	}
}
