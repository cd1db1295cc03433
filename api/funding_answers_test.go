package api

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/selection"
)

func fundingBacklog() []selection.Request {
	return []selection.Request{
		{ID: "a", Ref: "R-1", Rank: 1, Value: 20, Size: 4},
		{ID: "b", Ref: "R-2", Rank: 2, Value: 24, Size: 6},
		{ID: "c", Ref: "R-3", Rank: 3, Value: 3, Size: 3},
		{ID: "d", Ref: "R-4", Rank: 4, Value: 16, Size: 1.5, Needs: []string{"c"}},
	}
}

// TestAnAnswerIsKept: the same question is searched for once, in whatever order its requests come; another one is another search.
func TestAnAnswerIsKept(t *testing.T) {
	a := newFundingAnswers(0)
	first, err := a.Fund(fundingBacklog(), 10)
	require.NoError(t, err)
	turned := fundingBacklog()
	slices.Reverse(turned)
	again, err := a.Fund(turned, 10)
	require.NoError(t, err)
	require.Equal(t, 1, a.kept.Len())
	require.Equal(t, first, again)
	more, err := a.Fund(fundingBacklog(), 13)
	require.NoError(t, err)
	require.Greater(t, more.Set.Value, first.Set.Value)
	dearer := fundingBacklog()
	dearer[0].Size = 5
	other, err := a.Fund(dearer, 10)
	require.NoError(t, err)
	require.NotEqual(t, first.Set, other.Set)
	require.Equal(t, 3, a.kept.Len())
}

// TestAFaultIsNotKept: the cycle is named each time.
func TestAFaultIsNotKept(t *testing.T) {
	a, circle := newFundingAnswers(0), fundingBacklog()
	circle[2].Needs = []string{"d"}
	for range 2 {
		_, err := a.Fund(circle, 10)
		var fault *selection.Fault
		require.ErrorAs(t, err, &fault)
		require.Zero(t, a.kept.Len())
	}
}

// TestManyAskTheSame: they share one answer, and no two write at once.
func TestManyAskTheSame(t *testing.T) {
	a, found := newFundingAnswers(0), make([]selection.Funding, 20)
	var all sync.WaitGroup
	for i := range found {
		all.Go(func() { found[i], _ = a.Fund(fundingBacklog(), 10) })
	}
	all.Wait()
	for _, f := range found {
		require.Equal(t, found[0], f)
		require.NotZero(t, f.Set.Count)
	}
}

// TestKeptAnswersAreBounded by their lines in all: the least recently asked for one goes first, and one that is too large is not kept.
func TestKeptAnswersAreBounded(t *testing.T) {
	a := newFundingAnswers(0)
	answer := func(lines int) selection.Funding { return selection.Funding{Lines: make([]selection.Line, lines)} }
	a.keep("one", answer(keptFundingLines/2))
	a.keep("two", answer(keptFundingLines/2))
	a.keep("too large", answer(keptFundingLines+1))
	require.Equal(t, []string{"one", "two"}, a.kept.Keys())
	a.kept.Get("one")
	a.keep("three", answer(1))
	require.Equal(t, []string{"one", "three"}, a.kept.Keys())
	require.EqualValues(t, keptFundingLines/2+1, a.lines.Load())
}
