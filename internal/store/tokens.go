package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Token is a token for the API, without the token itself.
type Token struct {
	ID        string     `json:"id"`
	Principal string     `json:"principal"` // as whom it acts
	Name      string     `json:"name"`
	Scopes    []string   `json:"scopes"`
	Made      time.Time  `json:"made_at"`
	MadeBy    string     `json:"made_by"`
	Expires   time.Time  `json:"expires_at"`
	Used      *time.Time `json:"used_at,omitempty"` // to the minute
	Revoked   *time.Time `json:"revoked_at,omitempty"`
	RevokedBy string     `json:"revoked_by,omitempty"`
}

// Works reports whether the token is neither revoked nor expired.
func (t Token) Works(at time.Time) bool { return t.Revoked == nil && at.Before(t.Expires) }

// mostTokens is how many working tokens a principal may have.
const mostTokens = 50

// ErrTooManyTokens is a principal with as many working tokens as they may have.
var ErrTooManyTokens = fmt.Errorf("%d tokens that work already", mostTokens)

const tokenColumns = `id::text, principal, name, scopes, made_at, made_by, expires_at, used_at, revoked_at, revoked_by`

// MakeToken stores a new token by its hash; ErrConflict if the principal has a working one of that name.
func (s *Store) MakeToken(ctx context.Context, hash [sha256.Size]byte, t Token) (Token, error) {
	var made Token
	err := s.changeTx(ctx, "make token", func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, "lock tokens", `SELECT pg_advisory_xact_lock(hashtextextended('tokens of ' || $1, 0))`, t.Principal); err != nil {
			return err
		}
		working, err := many(ctx, tx, "list tokens", pgx.RowTo[string],
			`SELECT name FROM api_token WHERE principal = $1 AND revoked_at IS NULL AND expires_at > $2`, t.Principal, t.Made)
		if err != nil {
			return err
		}
		if len(working) >= mostTokens {
			return ErrTooManyTokens
		}
		for _, name := range working {
			if name == t.Name {
				return fmt.Errorf("make token: %w", ErrConflict)
			}
		}
		made, err = one(ctx, tx, "make token", pgx.RowToStructByPos[Token], `INSERT INTO api_token (hash, principal, name, scopes, made_at, made_by, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING `+tokenColumns, hash[:], t.Principal, clean(t.Name), t.Scopes, t.Made, t.MadeBy, t.Expires)
		if err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: t.Made, Actor: t.MadeBy, Object: "token", ID: made.ID, Event: "made", Body: made})
	})
	return made, err
}

// TokenOf finds the token of a hash, whether it works or not, and notes at most once a minute that a working one was used.
func (s *Store) TokenOf(ctx context.Context, hash [sha256.Size]byte, at time.Time) (Token, error) {
	found, err := one(ctx, s.pool, "find token", pgx.RowToStructByPos[Token], `SELECT `+tokenColumns+` FROM api_token WHERE hash = $1`, hash[:])
	if err != nil || !found.Works(at) || found.Used != nil && at.Sub(*found.Used) < time.Minute {
		return found, err
	}
	_, err = write(ctx, s.pool, "note the use of a token", `UPDATE api_token SET used_at = $2 WHERE hash = $1 AND (used_at IS NULL OR used_at < $2)`, hash[:], at)
	return found, err
}

const tokenList = "tokens, newest first"

// tokenPlace is where a token stands in the list of a moment: those that work then first, the newest first.
type tokenPlace struct {
	At    time.Time `json:"at"`
	Works bool      `json:"works"`
	Made  time.Time `json:"made"`
}

// Tokens lists the tokens of a principal, or everybody's if principal is empty: those that work at a time, then the others, the newest of each first.
// The pages of one list are of the time of its first page.
func (s *Store) Tokens(ctx context.Context, principal string, at time.Time, limit int, after string) (Page[Token], error) {
	from, err := readCursor(tokenList, after)
	if err != nil {
		return Page[Token]{}, err
	}
	last, id := tokenPlace{At: at}, (*string)(nil)
	if from != nil {
		if err := json.Unmarshal([]byte(from.Key), &last); err != nil {
			return Page[Token]{}, fmt.Errorf("%s: %w", tokenList, ErrBadCursor)
		}
		id = &from.ID
	}
	size := pageSize(limit)
	list, err := many(ctx, s.pool, "list tokens", pgx.RowToStructByPos[Token], `SELECT `+tokenColumns+` FROM api_token
		WHERE ($1 = '' OR principal = $1) AND ($2::text IS NULL OR (revoked_at IS NULL AND expires_at > $3, made_at, id) < ($4, $5, $2::text::uuid))
		ORDER BY (revoked_at IS NULL AND expires_at > $3) DESC, made_at DESC, id DESC LIMIT $6`, principal, id, last.At, last.Works, last.Made, size+1)
	return paged(list, size, func(t Token) cursor {
		key, _ := json.Marshal(tokenPlace{At: last.At, Works: t.Works(last.At), Made: t.Made}) // times and a flag: cannot fail
		return cursor{List: tokenList, Key: string(key), ID: t.ID}
	}), err
}

// RevokeToken ends a token; ErrNotFound when the principal, or anybody if empty, has none of that id. It is idempotent.
func (s *Store) RevokeToken(ctx context.Context, id, principal, actor string, at time.Time) error {
	if uuid.Validate(id) != nil {
		return fmt.Errorf("revoke token: %w", ErrNotFound)
	}
	return s.changeTx(ctx, "revoke token", func(tx pgx.Tx) error {
		t, err := one(ctx, tx, "find token", pgx.RowToStructByPos[Token], `SELECT `+tokenColumns+` FROM api_token
			WHERE id = $1 AND ($2 = '' OR principal = $2) FOR UPDATE`, id, principal)
		if err != nil || t.Revoked != nil {
			return err
		}
		if _, err := write(ctx, tx, "revoke token", `UPDATE api_token SET revoked_at = $2, revoked_by = $3 WHERE id = $1`, id, at, actor); err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: at, Actor: actor, Object: "token", ID: id, Event: "revoked", Body: map[string]any{"principal": t.Principal, "name": t.Name}})
	})
}

// RevokeTokensOfOthers revokes the tokens of principals who are not among those known any more, and returns whose: they do not work again when
// the id comes back, which may then be somebody else's. As for EndSessionsOfOthers, people is the version of the database's people.
func (s *Store) RevokeTokensOfOthers(ctx context.Context, known []string, people int64, at time.Time) (whose []string, err error) {
	const op = "revoke tokens of people who left"
	err = s.inTx(ctx, op, func(tx pgx.Tx) error {
		if err := atPeople(ctx, tx, people); err != nil {
			return err
		}
		revoked, err := many(ctx, tx, op, pgx.RowToStructByPos[Token], `UPDATE api_token SET revoked_at = $1, revoked_by = $2
			WHERE revoked_at IS NULL AND expires_at > $1 AND NOT principal = ANY ($3) RETURNING `+tokenColumns, at, bySystem, known)
		for _, t := range revoked {
			whose = append(whose, t.Principal)
			err = errors.Join(err, logChange(ctx, tx, change{At: at, Actor: bySystem, Object: "token", ID: t.ID, Event: "revoked",
				Body: map[string]any{"principal": t.Principal, "name": t.Name, "reason": "not in the directory any more"}}))
		}
		return err
	})
	slices.Sort(whose)
	return slices.Compact(whose), err
}
