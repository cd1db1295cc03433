package store_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// asProduct is the address of a database for the product's own role.
func asProduct(t testing.TB, dsn string) string {
	t.Helper()
	const role = "product_of_tests"
	require.NoError(t, store.GrantProduct(context.Background(), dsn, role))
	_, err := testkit.Pool(t, dsn).Exec(context.Background(), `ALTER ROLE `+role+` PASSWORD 'of tests'`)
	require.NoError(t, err)
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	u.User = url.UserPassword(role, "of tests")
	return u.String()
}

func TestTheRoleOfTheProductReadsAndAddsToTheLedgers(t *testing.T) {
	owner, dsn := openDSN(t)
	product := asProduct(t, dsn)
	s, err := store.Open(t.Context(), product, store.Options{})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	require.NoError(t, s.SchemaOK(t.Context()))
	r := request("By the product", openQuestion(pmo.KindClarify, hours(5), "rita"))
	project(t, s, r, entry(1, pmo.EventSubmitted))
	number, err := s.Number(t.Context(), r.ID, day)
	require.NoError(t, err)
	require.Positive(t, number)
	putTeam(t, s, "falcon")
	require.NoError(t, s.PutPolicyInForce(t.Context(), policyVersion(2)))
	v, _ := verifyLedgers(t, s, nil)
	require.Nil(t, v.First)
	require.EqualValues(t, 3, v.Lines)

	pool := testkit.Pool(t, product)
	for _, table := range []string{"ledger", "change_ledger", "request_number", "policy_version", "comment_version", "promise"} {
		column := map[string]string{"request_number": "at", "policy_version": "at", "comment_version": "at", "promise": "told_at"}[table]
		if column == "" {
			column = "hash"
		}
		for _, sql := range []string{"UPDATE %s SET " + column + " = " + column, "DELETE FROM %s", "TRUNCATE %s", "DROP TABLE %s", "ALTER TABLE %s DISABLE TRIGGER ALL",
			"CREATE TEMPORARY TABLE %s (x int)", "ALTER TABLE %s ADD COLUMN x int"} {
			_, err := pool.Exec(t.Context(), fmt.Sprintf(sql, table))
			require.Error(t, err, sql+" "+table)
			require.Contains(t, []string{"permission denied", "must be owner"}, refusal(err), err)
		}
	}
	for _, sql := range []string{`CREATE TABLE x (x int)`, `SELECT chain_request(gen_random_uuid())`, `DROP FUNCTION ledger_hash`, `SET session_replication_role = replica`,
		`CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`, `DELETE FROM goose_db_version`} {
		_, err := pool.Exec(t.Context(), sql)
		require.Error(t, err, sql)
		require.NotEmpty(t, refusal(err), "%s: %v", sql, err)
	}
	may, err := s.MayChangeLedgers(t.Context())
	require.NoError(t, err)
	require.False(t, may)
	may, err = owner.MayChangeLedgers(t.Context())
	require.NoError(t, err)
	require.True(t, may)
	require.NoError(t, store.GrantProduct(t.Context(), dsn, "product_of_tests"), "it is repeatable")
}

func refusal(err error) string {
	for _, words := range []string{"permission denied", "must be owner"} {
		if strings.Contains(err.Error(), words) {
			return words
		}
	}
	return ""
}

// An owner who may not create roles is told that there is none; the owner is not the product's role.
func TestARoleThatCannotBeGrantedIsNamed(t *testing.T) {
	_, dsn := openDSN(t)
	pool := testkit.Pool(t, dsn)
	_, err := pool.Exec(t.Context(), `DO $$ BEGIN CREATE ROLE modest LOGIN PASSWORD 'of tests'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`)
	require.NoError(t, err)
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	require.ErrorIs(t, store.GrantProduct(t.Context(), dsn, u.User.Username()), store.ErrInvalid)
	u.User = url.UserPassword("modest", "of tests")
	err = store.GrantProduct(t.Context(), u.String(), "nobody-there")
	require.ErrorIs(t, err, store.ErrNoRole)
	require.ErrorContains(t, err, "nobody-there")
}
