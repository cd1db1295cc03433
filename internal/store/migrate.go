package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the database to this binary's schema. It is idempotent, and several processes may run it concurrently.
func Migrate(ctx context.Context, dsn string) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("read the database URL: %w", err)
	}
	config.ConnectTimeout = connectTimeout
	config.RuntimeParams["application_name"] = defaultAppName + "-migrate"
	db := stdlib.OpenDB(*config)
	defer db.Close()
	provider, err := newProvider(db)
	if err != nil {
		return err
	}
	if _, err = provider.Up(ctx); err != nil {
		return fault("migrate", err)
	}
	s, err := Open(ctx, dsn, Options{MaxConns: 1, AppName: defaultAppName + "-migrate"})
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err = s.FoldSearchTexts(ctx); err != nil {
		return err
	}
	_, err = s.ChainLedger(ctx)
	return err
}

func newProvider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, fmt.Errorf("prepare the migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return provider, nil
}

// SchemaOK checks that the database has at least the schema this binary needs; a newer one is accepted, for rolling updates.
func (s *Store) SchemaOK(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	wanted, err := goose.NumericComponent(files[len(files)-1])
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	found, err := one(ctx, s.pool, "read the schema version", pgx.RowTo[int64], `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`)
	if answer := (*pgconn.PgError)(nil); errors.As(err, &answer) && answer.Code == "42P01" {
		return errors.New("the database has no schema yet: run the migrations")
	}
	if err == nil && found < wanted {
		return fmt.Errorf("the database has schema %d, this binary needs %d: run the migrations", found, wanted)
	}
	return err
}
