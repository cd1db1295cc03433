package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// appendOnly are the tables that the product's role reads and adds to, and nothing else.
var appendOnly = []string{"ledger", "change_ledger", "request_number", "policy_version", "comment_version", "promise"}

// ErrNoRole is a role that the database does not have and that the owner may not create.
var ErrNoRole = errors.New("the database has no such role, and this one may not create it")

// GrantProduct gives a role what the product needs in the database and takes from it what would let it change the ledgers. A role that does not
// exist is created without a password. It is idempotent, runs as the owner of the tables and is one transaction, so that a product that is
// running never lacks a right it has.
func GrantProduct(ctx context.Context, dsn, role string) error {
	const op = "grant the product's role its rights"
	s, err := Open(ctx, dsn, Options{MaxConns: 1, AppName: defaultAppName + "-migrate"})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.ensureRole(ctx, role); err != nil {
		return err
	}
	return s.inTx(ctx, op, func(tx pgx.Tx) error {
		where, err := one(ctx, tx, op, pgx.RowToStructByPos[place], `SELECT current_database()::text, current_schema()::text, current_user::text`)
		if err != nil {
			return err
		}
		if where.User == role {
			return fmt.Errorf("the product's role %s is the owner of the tables; name another one: %w", role, ErrInvalid)
		}
		for _, statement := range grants(where, role) {
			if _, err := write(ctx, tx, op, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// place is where tables are, and who is asking.
type place struct{ Database, Schema, User string }

func grants(where place, role string) []string {
	quote := func(name string) string { return pgx.Identifier{name}.Sanitize() }
	to, schema, database := quote(role), quote(where.Schema), quote(where.Database)
	ledgers := strings.Join(appendOnly, ", ")
	return []string{
		"GRANT CONNECT ON DATABASE " + database + " TO " + to,
		"REVOKE CREATE, TEMPORARY ON DATABASE " + database + " FROM PUBLIC, " + to, // a temporary table could stand before a ledger
		"GRANT USAGE ON SCHEMA " + schema + " TO " + to,
		"REVOKE CREATE ON SCHEMA " + schema + " FROM PUBLIC, " + to,
		"REVOKE ALL ON ALL TABLES IN SCHEMA " + schema + " FROM " + to,
		"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + to,
		"REVOKE UPDATE, DELETE ON " + ledgers + " FROM " + to,
		"REVOKE INSERT, UPDATE, DELETE ON goose_db_version FROM " + to,
		"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + to,
	}
}

const (
	insufficientPrivilege = "42501"
	duplicateObject       = "42710"
	uniqueViolation       = "23505"
)

func (s *Store) ensureRole(ctx context.Context, role string) error {
	exists, err := one(ctx, s.pool, "look for the product's role", pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`, role)
	if err != nil || exists {
		return err
	}
	_, err = write(ctx, s.pool, "create the product's role", "CREATE ROLE "+pgx.Identifier{role}.Sanitize()+" LOGIN")
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		return err
	}
	switch answer.Code {
	case insufficientPrivilege:
		return fmt.Errorf("role %s: %w", role, ErrNoRole)
	case duplicateObject, uniqueViolation: // another process created it meanwhile
		return nil
	}
	return err
}

// MayChangeLedgers reports whether the role of this process may do more with the ledgers than read and add to them.
func (s *Store) MayChangeLedgers(ctx context.Context) (bool, error) {
	return one(ctx, s.pool, "read the rights of the role", pgx.RowTo[bool], `
SELECT coalesce(bool_or(has_table_privilege(t, 'UPDATE') OR has_table_privilege(t, 'DELETE') OR has_table_privilege(t, 'TRUNCATE')
    OR pg_has_role(c.relowner, 'MEMBER')), false)
FROM unnest($1::text[]) AS t JOIN pg_class c ON c.oid = to_regclass(t)`, appendOnly)
}
