package store

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
)

// Keyed is a command with the caller's Idempotency-Key.
type Keyed struct {
	ID      string // of person, scope and key
	Command string
	Digest  string // of the body
}

type keyedContext struct{}

// WithKey makes a change of the context's call a keyed one: the key is stored in the transaction of the change, or neither is. The change
// fails with ErrKeyTaken when the key is known already.
func WithKey(ctx context.Context, k Keyed) context.Context {
	return context.WithValue(ctx, keyedContext{}, k)
}

// KeyOf is the key of the context's call.
func KeyOf(ctx context.Context) (Keyed, bool) {
	k, keyed := ctx.Value(keyedContext{}).(Keyed)
	return k, keyed
}

// KeyedAnswer is the first answer to the command under its key: ErrNotFound when the key is new, ErrKeyReused when it came with another
// command or body.
func (s *Store) KeyedAnswer(ctx context.Context, k Keyed) (json.RawMessage, error) {
	type row struct {
		Command, Digest string
		Answer          json.RawMessage
	}
	found, err := one(ctx, s.pool, "read key", pgx.RowToStructByPos[row], `SELECT command, digest, answer FROM idempotency_key WHERE id = $1`, k.ID)
	if err != nil {
		return nil, err
	}
	if found.Command != k.Command || found.Digest != k.Digest {
		return nil, ErrKeyReused
	}
	return found.Answer, nil
}

// KeepKey stores the key of the context's call with its answer, for a command that changes nothing else here.
func (s *Store) KeepKey(ctx context.Context, answer any) error {
	return s.changeTx(ctx, "keep key", func(tx pgx.Tx) error { return keepAnswer(ctx, tx, answer) })
}

// changeTx is inTx for a change that may have a key. The key comes first: an equal command waits here until this one is committed.
func (s *Store) changeTx(ctx context.Context, op string, f func(tx pgx.Tx) error) error {
	return s.inTx(ctx, op, func(tx pgx.Tx) error {
		if k, keyed := KeyOf(ctx); keyed {
			n, err := write(ctx, tx, "store key", `INSERT INTO idempotency_key (id, command, digest) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`,
				k.ID, k.Command, k.Digest)
			if err != nil {
				return err
			}
			if n == 0 {
				return ErrKeyTaken
			}
		}
		return f(tx)
	})
}

// keepAnswer completes the key of the context's call; without a key it does nothing.
func keepAnswer(ctx context.Context, tx pgx.Tx, answer any) error {
	k, keyed := KeyOf(ctx)
	if !keyed {
		return nil
	}
	text, err := document(answer)
	if err != nil {
		return err
	}
	_, err = write(ctx, tx, "keep answer", `UPDATE idempotency_key SET answer = $2 WHERE id = $1`, k.ID, text)
	return err
}
