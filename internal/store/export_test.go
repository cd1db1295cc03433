package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
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
