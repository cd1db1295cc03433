package activities

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/store"
)

// pulledOf runs some prioritizations at the same moment and returns what each pulled.
func (b *bench) pulledOf(ids ...string) [][]string {
	b.t.Helper()
	pulled, faults := make([][]string, len(ids)), make([]error, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() {
			done, err := b.Rank(context.Background(), contract.RankInput{PrioritizationInput: contract.PrioritizationInput{Portfolio: portfolio, Cause: "schedule"}, ID: id, At: day})
			pulled[i], faults[i] = done.Pulled, err
		})
	}
	all.Wait()
	require.NoError(b.t, errors.Join(faults...))
	return pulled
}

func (b *bench) count(statement string) (n int) {
	b.t.Helper()
	require.NoError(b.t, b.pool.QueryRow(b.t.Context(), statement).Scan(&n))
	return n
}

// A run is named by its slot. Attempts of it at the same time, as when a worker is believed dead and is not, have one result.
func TestAttemptsOfARunAtOnceHaveOneResult(t *testing.T) {
	b := newBench(t)
	for i := range 20 {
		b.waiting(fmt.Sprint("Request ", i), float64(1+i), 2)
	}
	pulled := b.pulledOf("run/slot", "run/slot", "run/slot", "run/slot")
	for _, p := range pulled {
		require.Equal(t, pulled[0], p)
	}
	require.Len(t, pulled[0], 12)
	require.Equal(t, 1, b.count(`SELECT count(*) FROM run`))
	require.Equal(t, 12, b.count(`SELECT count(*) FROM slot`))
}

// Two runs at once are one after the other: nobody is pulled, and so told, twice.
func TestTwoRunsAtOncePullNobodyTwice(t *testing.T) {
	b := newBench(t)
	for i := range 20 {
		b.waiting(fmt.Sprint("Request ", i), float64(1+i), 2)
	}
	seen := map[string]bool{}
	for _, p := range b.pulledOf("run/a", "run/b") {
		for _, id := range p {
			require.False(t, seen[id], "pulled by both")
			seen[id] = true
		}
	}
	require.Len(t, seen, 12)
	require.Equal(t, 2, b.count(`SELECT count(*) FROM run`))
}

// A worker that is killed in mid-run leaves nothing, and the next attempt has the whole result.
func TestARunThatIsKilledLeavesNothing(t *testing.T) {
	b := newBench(t)
	for i := range 20 {
		b.waiting(fmt.Sprint("Request ", i), float64(1+i), 2)
	}
	killed := errors.New("killed")
	err := b.store.InPortfolio(t.Context(), portfolio, func(tx *store.PortfolioTx) error {
		ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond) // it waits for the lock of another run, and is killed meanwhile
		defer stop()
		_, err := b.Rank(ctx, contract.RankInput{PrioritizationInput: contract.PrioritizationInput{Portfolio: portfolio, Cause: "schedule"}, ID: "run/slot", At: day})
		require.Error(t, err)
		return killed
	})
	require.ErrorIs(t, err, killed)
	require.Zero(t, b.count(`SELECT count(*) FROM run`))
	require.Zero(t, b.count(`SELECT count(*) FROM slot`))
	require.Len(t, b.rank("run/slot", false).Pulled, 12)
	require.Len(t, b.rank("run/slot", false).Pulled, 12, "the same again")
	require.Equal(t, 12, b.count(`SELECT count(*) FROM slot`))
}
