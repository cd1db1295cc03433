package store_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// schema06 is the schema of release 0.6.
const schema06 = 13

func database06(t *testing.T) (*store.Store, string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs Postgres; run without -short")
	}
	dsn := testkit.Database(t, nil)
	require.NoError(t, store.MigrateTo(context.Background(), dsn, schema06))
	s, err := store.Open(context.Background(), dsn, store.Options{})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s, dsn
}

// Server and worker may start before the migrations of an upgrade: they wait, or begin by their file.
func TestThePolicyBeforeTheMigrationsOfAnUpgrade(t *testing.T) {
	s, dsn := database06(t)
	_, err := s.PolicyInForce(t.Context())
	require.ErrorIs(t, err, store.ErrNoSchema)
	require.ErrorIs(t, s.PutPolicyInForce(t.Context(), policyVersion(2)), store.ErrNoSchema)
	require.NoError(t, store.Migrate(t.Context(), dsn))
	require.NoError(t, s.PutPolicyInForce(t.Context(), policyVersion(2)))
}

func TestADatabaseOf06IsUpgradedWithItsRows(t *testing.T) {
	s, dsn := database06(t)
	pool, id := testkit.Pool(t, dsn), uuid.NewString()
	for _, sql := range []string{
		`INSERT INTO delegation (person, delegate, from_at, until_at) VALUES ('ana', 'kai', now(), now() + interval '1 day')`,
		`INSERT INTO change_ledger (at, actor, object, object_id, event, body) VALUES (now(), 'petra', 'team', 'falcon', 'created', '{}')`,
		`INSERT INTO ledger (request_id, seq, key, at, event, body) VALUES ('` + id + `', 1, 'a', now(), 'answered', '{"seq": 1, "event": "answered", "actor": "ana", "for": "bo"}')`,
	} {
		_, err := pool.Exec(t.Context(), sql)
		require.NoError(t, err, sql)
	}
	require.ErrorContains(t, s.SchemaOK(t.Context()), "schema 13")
	require.NoError(t, store.Migrate(t.Context(), dsn))
	require.NoError(t, s.SchemaOK(t.Context()))
	require.Equal(t, []string{"created by petra"}, changes(t, dsn, "team", "falcon"))
	left, err := s.ClearDelegationsOfOthers(t.Context(), []string{"ana"}, 1, day)
	require.NoError(t, err, "the ledger of changes takes the new kinds")
	require.Equal(t, []string{"ana"}, left)
	project(t, s, request("Lists", func(r *pmo.Request) { r.ID = id }))
	page, err := s.Decided(t.Context(), "bo", "", store.View{Viewer: "bo"})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, "ana", page.Items[0].Actor)
}
