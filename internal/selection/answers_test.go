package selection

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAnAnswerIsKept: the same question is searched for once, in whatever order its requests come; another one is another search.
func TestAnAnswerIsKept(t *testing.T) {
	a := NewAnswers(0)
	first, err := a.Fund(backlog(), 10)
	require.NoError(t, err)
	turned := backlog()
	slices.Reverse(turned)
	again, err := a.Fund(turned, 10)
	require.NoError(t, err)
	require.Equal(t, 1, a.kept.Len())
	require.Equal(t, first, again)
	more, err := a.Fund(backlog(), 13)
	require.NoError(t, err)
	require.Greater(t, more.Set.Value, first.Set.Value)
	dearer := backlog()
	dearer[0].Size = 5
	other, err := a.Fund(dearer, 10)
	require.NoError(t, err)
	require.NotEqual(t, first.Set, other.Set)
	require.Equal(t, 3, a.kept.Len())
}

// TestAFaultIsNotKept: the cycle is named each time.
func TestAFaultIsNotKept(t *testing.T) {
	a, circle := NewAnswers(0), backlog()
	circle[2].Needs = []string{"d"}
	for range 2 {
		_, err := a.Fund(circle, 10)
		var fault *Fault
		require.ErrorAs(t, err, &fault)
		require.Zero(t, a.kept.Len())
	}
}

// TestManyAskTheSame: they share one answer, and no two write at once.
func TestManyAskTheSame(t *testing.T) {
	a, found := NewAnswers(0), make([]Funding, 20)
	var all sync.WaitGroup
	for i := range found {
		all.Go(func() { found[i], _ = a.Fund(backlog(), 10) })
	}
	all.Wait()
	for _, f := range found {
		require.Equal(t, found[0], f)
		require.NotZero(t, f.Set.Count)
	}
}
