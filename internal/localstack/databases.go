package localstack

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The databases of the local stack: one for the product, two for Temporal.
const (
	DatabasePMO        = "pmo"
	DatabaseTemporal   = "temporal"
	DatabaseVisibility = "temporal_visibility"
)

// duplicateDatabase is the SQLSTATE for a database that exists already.
const duplicateDatabase = "42P04"

// EnsureDatabases creates the named databases that do not exist yet on the server of dsn.
func EnsureDatabases(ctx context.Context, dsn string, names ...string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect to Postgres: %w", err)
	}
	defer conn.Close(ctx)
	for _, name := range names {
		if err := ensureDatabase(ctx, conn, name); err != nil {
			return err
		}
	}
	return nil
}

func ensureDatabase(ctx context.Context, conn *pgx.Conn, name string) error {
	var exists bool
	err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists)
	if err != nil {
		return fmt.Errorf("look for database %s: %w", name, err)
	}
	if exists {
		return nil
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.Code == duplicateDatabase {
		return nil // another process created it in the meantime
	}
	if err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}
