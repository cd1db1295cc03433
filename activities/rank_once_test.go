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
	"leanpmo/internal/testkit"
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

// A worker that is killed while it writes, here when run and lines are written and the slots are not, leaves nothing of the run: the ranking before
// stays current, and the next attempt has the whole result.
func TestARunThatIsKilledInMidWriteLeavesNothing(t *testing.T) {
	b := newBench(t)
	for i := range 20 {
		b.waiting(fmt.Sprint("Request ", i), float64(1+i), 2)
	}
	b.rank("run/before", true) // dry: nobody is pulled
	before := b.count(`SELECT count(*) FROM ranking`)
	block, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = block.Rollback(context.Background()) }()
	_, err = block.Exec(t.Context(), `LOCK TABLE slot IN EXCLUSIVE MODE`) // reads go on, giving slots waits
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() {
		_, err := b.Rank(context.Background(), contract.RankInput{PrioritizationInput: contract.PrioritizationInput{Portfolio: portfolio, Cause: "schedule"}, ID: "run/slot", At: day})
		ended <- err
	}()
	require.Eventually(t, func() bool {
		var killed bool
		err := b.pool.QueryRow(t.Context(), `SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO slot%'`).Scan(&killed)
		return err == nil && killed
	}, testkit.Patience, 20*time.Millisecond, "the run has come to its slots")
	require.Error(t, <-ended)
	require.NoError(t, block.Rollback(t.Context()))
	require.Equal(t, 1, b.count(`SELECT count(*) FROM run`))
	require.Equal(t, before, b.count(`SELECT count(*) FROM ranking`))
	require.Zero(t, b.count(`SELECT count(*) FROM slot`))
	require.Zero(t, b.count(`SELECT count(*) FROM portfolio WHERE current_run IS NOT NULL`))
	require.Len(t, b.rank("run/slot", false).Pulled, 12)
	require.Equal(t, 12, b.count(`SELECT count(*) FROM slot`))
}
