package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// PolicyVersion is a policy that has taken force.
type PolicyVersion struct {
	Version int
	Source  []byte // the document as it was written
	Since   time.Time
	Actor   string
	// Proposal is the accepted proposal that it is; empty: it came from a file.
	Proposal string
}

// ErrNoSchema is a database that Migrate has not brought to this binary's schema yet.
var ErrNoSchema = errors.New("the database is not at this program's schema; run pmo migrate")

const (
	undefinedTable    = "42P01"
	undefinedColumn   = "42703"
	undefinedOperator = "42883"
)

// Before schema 15 a version is a text, which cannot be compared with a number: that is how a database of that schema is recognized, because
// its table is there and empty.
const (
	selectPolicies      = `SELECT version, body, at, actor, coalesce(proposal::text, '') FROM policy_version`
	selectPolicy        = selectPolicies + ` WHERE version > 0::integer ORDER BY version DESC LIMIT 1`
	selectPolicyVersion = `SELECT version FROM policy_version WHERE version > 0::integer ORDER BY version DESC LIMIT 1`
	insertPolicy        = `INSERT INTO policy_version (version, body, at, actor)
SELECT $1::integer, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM policy_version WHERE version >= $1::integer) ON CONFLICT (version) DO NOTHING`
)

// PolicyInForce reads the policy in force; ErrNotFound when none has taken force yet.
func (s *Store) PolicyInForce(ctx context.Context) (PolicyVersion, error) {
	p, err := one(ctx, s.pool, "read the policy in force", pgx.RowToStructByPos[PolicyVersion], selectPolicy)
	return p, noSchema(err)
}

// VersionInForce is the number of the policy in force; ErrNotFound when none has taken force yet.
func (s *Store) VersionInForce(ctx context.Context) (int, error) {
	return one(ctx, s.pool, "read the version of the policy in force", pgx.RowTo[int], selectPolicyVersion)
}

// noSchema recognizes a table or column that a migration would have made, or made of another type.
func noSchema(err error) error {
	var answer *pgconn.PgError
	if errors.As(err, &answer) && (answer.Code == undefinedTable || answer.Code == undefinedColumn || answer.Code == undefinedOperator) {
		return fmt.Errorf("%w: %w", ErrNoSchema, err)
	}
	return err
}

// PutPolicyInForce stores a policy that takes force; ErrConflict when its version is not higher than that of the one in force.
func (s *Store) PutPolicyInForce(ctx context.Context, p PolicyVersion) error {
	return s.inTx(ctx, "store the policy in force", func(tx pgx.Tx) error {
		// Processes that start together store the same policy: one of them does, the others get a conflict and read it.
		n, err := write(ctx, tx, "store the policy in force", insertPolicy, p.Version, string(p.Source), p.Since, p.Actor)
		if err != nil {
			return noSchema(err)
		}
		if n == 0 {
			return fmt.Errorf("store policy %d: %w", p.Version, ErrConflict)
		}
		return logChange(ctx, tx, change{At: p.Since, Actor: p.Actor, Object: OfficePolicy, ID: fmt.Sprint(p.Version), Event: "took_force",
			Body: map[string]any{"version": p.Version, "source": string(p.Source)}})
	})
}
