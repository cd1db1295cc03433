package store

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
)

// MigrateTo brings an empty database to the schema of an earlier release.
func MigrateTo(ctx context.Context, dsn string, schema int64) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	provider, err := newProvider(db)
	if err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, schema)
	return err
}

// MostNotes is how many notes a person can have.
const MostNotes = mostNotes

// MostDropped is how many dropped drafts of a person are remembered.
const MostDropped = mostDropped

// CountDropped is how many are.
func (s *Store) CountDropped(t *testing.T, person string) int {
	t.Helper()
	n, err := one(t.Context(), s.pool, "count", pgx.RowTo[int], `SELECT count(*) FROM submission_draft WHERE person = $1 AND dropped_at IS NOT NULL`, person)
	require.NoError(t, err)
	return n
}

// MigrationAfter is the text of a migration from a comment on.
func MigrationAfter(file, comment string) string {
	text, err := migrations.ReadFile("migrations/" + file)
	if err != nil {
		panic(err)
	}
	_, after, _ := strings.Cut(string(text), comment)
	return "--" + after
}
