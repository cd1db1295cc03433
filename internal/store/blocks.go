package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Block keeps somebody from doing anything, on every server: their sessions end and their tokens are revoked. It is idempotent.
func (s *Store) Block(ctx context.Context, principal, actor, reason string, at time.Time) error {
	return s.changeTx(ctx, "block a person", func(tx pgx.Tx) error {
		n, err := write(ctx, tx, "block a person", `INSERT INTO person_block (principal, at, actor, reason) VALUES ($1, $2, $3, $4) ON CONFLICT (principal) DO NOTHING`,
			principal, at, actor, clean(reason))
		if err != nil || n == 0 {
			return err
		}
		if err := endSessionsOf(ctx, tx, principal, actor, "blocked", at); err != nil {
			return err
		}
		revoked, err := many(ctx, tx, "revoke the tokens of a person", pgx.RowTo[string],
			`UPDATE api_token SET revoked_at = $2, revoked_by = $3 WHERE principal = $1 AND revoked_at IS NULL RETURNING id::text`, principal, at, actor)
		if err != nil {
			return err
		}
		if err := logChange(ctx, tx, change{At: at, Actor: actor, Object: "person", ID: principal, Event: "blocked", Body: map[string]any{"reason": reason, "tokens": revoked}}); err != nil {
			return err
		}
		return raisePeople(ctx, tx)
	})
}

// Unblock lets somebody in again, who has to sign in anew. It is idempotent.
func (s *Store) Unblock(ctx context.Context, principal, actor string, at time.Time) error {
	return s.changeTx(ctx, "unblock a person", func(tx pgx.Tx) error {
		n, err := write(ctx, tx, "unblock a person", `DELETE FROM person_block WHERE principal = $1`, principal)
		if err != nil || n == 0 {
			return err
		}
		if err := endSessionsOf(ctx, tx, principal, actor, "unblocked", at); err != nil {
			return err
		}
		if err := logChange(ctx, tx, change{At: at, Actor: actor, Object: "person", ID: principal, Event: "unblocked", Body: struct{}{}}); err != nil {
			return err
		}
		return raisePeople(ctx, tx)
	})
}

// Unlink forgets which account a person of the directory file signs in with, so that the next sign-in with their name is theirs. Their
// sessions end. It is idempotent.
func (s *Store) Unlink(ctx context.Context, principal, actor string, at time.Time) error {
	return s.changeTx(ctx, "unlink a person", func(tx pgx.Tx) error {
		n, err := write(ctx, tx, "unlink a person", `DELETE FROM person_identity WHERE link = $1`, principal)
		if err != nil || n == 0 {
			return err
		}
		if err := endSessionsOf(ctx, tx, principal, actor, "unlinked", at); err != nil {
			return err
		}
		if err := logChange(ctx, tx, change{At: at, Actor: actor, Object: "person", ID: principal, Event: "unlinked", Body: struct{}{}}); err != nil {
			return err
		}
		return raisePeople(ctx, tx)
	})
}

// SignInRow is an account that signed in, a block, or both, as they are listed.
type SignInRow struct {
	Principal string
	Issuer    string
	Subject   string
	Provider  string
	State     string
	Cause     string
	Name      string
	Email     string
	Username  string
	Roles     []string
	Groups    []string
	FirstSeen *time.Time
	LastSeen  *time.Time
	BlockedAt *time.Time
	BlockedBy string
	Reason    string // of the block
}

const signInRows = `
SELECT coalesce(i.principal, b.principal), coalesce(i.issuer, ''), coalesce(i.subject, ''), coalesce(i.provider, ''), coalesce(i.state, ''), coalesce(i.cause, ''),
    coalesce(i.name, ''), coalesce(i.email, ''), coalesce(i.username, ''), coalesce(i.roles, '{}'), coalesce(i.groups, '{}'), i.first_seen, i.last_seen,
    b.at, coalesce(b.actor, ''), coalesce(b.reason, '')
FROM person_identity i FULL JOIN person_block b ON b.principal = i.principal
WHERE ($1 = '' OR coalesce(i.principal, b.principal) = $1) AND (coalesce(i.principal, b.principal), coalesce(i.issuer, '') || ' ' || coalesce(i.subject, '')) > ($2, $3)
ORDER BY coalesce(i.principal, b.principal), coalesce(i.issuer, '') || ' ' || coalesce(i.subject, '') LIMIT $4`

const signInList = "sign_ins"

// SignIns lists the accounts that signed in by a provider and who is blocked, of a principal or, if it is empty, of everybody.
func (s *Store) SignIns(ctx context.Context, principal string, limit int, after string) (Page[SignInRow], error) {
	from, err := readCursor(signInList, after)
	if err != nil {
		return Page[SignInRow]{}, err
	}
	if from == nil {
		from = &cursor{}
	}
	size := pageSize(limit)
	list, err := many(ctx, s.pool, "list sign-ins", pgx.RowToStructByPos[SignInRow], signInRows, principal, from.Key, from.ID, size+1)
	return paged(list, size, func(r SignInRow) cursor {
		return cursor{List: signInList, Key: r.Principal, ID: r.Issuer + " " + r.Subject}
	}), err
}
