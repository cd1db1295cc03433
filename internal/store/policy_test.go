package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func policyVersion(n int) store.PolicyVersion {
	return store.PolicyVersion{Version: n, Source: fmt.Appendf(nil, "version: %d", n), Since: hours(n), Actor: "operator"}
}

func TestTheHighestPolicyIsInForce(t *testing.T) {
	s, dsn := openDSN(t)
	ctx := context.Background()
	_, err := s.PolicyInForce(ctx)
	require.ErrorIs(t, err, store.ErrNotFound)
	require.NoError(t, s.PutPolicyInForce(ctx, policyVersion(2)))
	for _, n := range []int{1, 2} {
		require.ErrorIs(t, s.PutPolicyInForce(ctx, policyVersion(n)), store.ErrConflict, "version %d", n)
	}
	require.NoError(t, s.PutPolicyInForce(ctx, policyVersion(7)))
	got, err := s.PolicyInForce(ctx)
	require.NoError(t, err)
	require.Equal(t, policyVersion(7), got)
	require.Equal(t, []string{"took_force by operator"}, changes(t, dsn, "policy", "2"))
	require.Equal(t, []string{"took_force by operator"}, changes(t, dsn, "policy", "7"))
	require.Empty(t, changes(t, dsn, "policy", "1"))
	for _, sql := range []string{`UPDATE policy_version SET body = 'x'`, `DELETE FROM policy_version`, `TRUNCATE policy_version`} {
		_, err := testkit.Pool(t, dsn).Exec(ctx, sql)
		require.ErrorContains(t, err, "append-only", sql)
	}
}

// Servers and workers that start together store the same policy: one of them does.
func TestOnePolicyTakesForceOnce(t *testing.T) {
	s := open(t)
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { errs[i] = s.PutPolicyInForce(context.Background(), policyVersion(3)) })
	}
	all.Wait()
	stored := 0
	for _, err := range errs {
		if err == nil {
			stored++
			continue
		}
		require.ErrorIs(t, err, store.ErrConflict)
	}
	require.Equal(t, 1, stored)
}

func TestAPolicyBeforeTheMigrations(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Postgres; run without -short")
	}
	s, err := store.Open(context.Background(), testkit.Database(t, nil), store.Options{})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	_, err = s.PolicyInForce(context.Background())
	require.ErrorIs(t, err, store.ErrNoSchema)
}
