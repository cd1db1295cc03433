package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// PolicyVersion is a policy as it was proposed, word for word.
type PolicyVersion struct {
	Version string
	Body    string
	At      time.Time
	Actor   string
}

const selectPolicies = `SELECT version, body, at, actor FROM policy_version`

// PutPolicy puts a version in force. The same version with the same text again changes nothing; with another text it is ErrConflict.
func (s *Store) PutPolicy(ctx context.Context, p PolicyVersion) error {
	return s.inTx(ctx, "put policy", func(tx pgx.Tx) error {
		known, err := one(ctx, tx, "policy", pgx.RowToStructByPos[PolicyVersion], selectPolicies+` WHERE version = $1`, p.Version)
		switch {
		case err == nil && known.Body == p.Body:
			return nil
		case err == nil:
			return fmt.Errorf("policy %s has another text: %w", p.Version, ErrConflict)
		case !errors.Is(err, ErrNotFound):
			return err
		}
		if _, err := write(ctx, tx, "put policy", `INSERT INTO policy_version (version, body, at, actor) VALUES ($1, $2, $3, $4)`,
			p.Version, p.Body, p.At, p.Actor); err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: p.At, Actor: p.Actor, Object: "policy", ID: p.Version, Event: "put", Body: struct{}{}})
	})
}

// Policy is the version put last; ErrNotFound before the first.
func (s *Store) Policy(ctx context.Context) (PolicyVersion, error) {
	return one(ctx, s.pool, "policy", pgx.RowToStructByPos[PolicyVersion], selectPolicies+` ORDER BY position DESC LIMIT 1`)
}

// Policies lists the versions, newest first.
func (s *Store) Policies(ctx context.Context, limit int) ([]PolicyVersion, error) {
	return many(ctx, s.pool, "policies", pgx.RowToStructByPos[PolicyVersion], selectPolicies+` ORDER BY position DESC LIMIT $1`, pageSize(limit))
}
