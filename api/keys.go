package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"leanpmo/internal/problem"
	"leanpmo/internal/store"
)

// keyStore keeps the keys of commands that no workflow answers.
type keyStore interface {
	KeyedAnswer(ctx context.Context, k store.Keyed) (json.RawMessage, error)
	KeepKey(ctx context.Context, answer any) error
}

// keyed is a command of the caller under a key. Office data and prioritization runs share one scope, a split has its request's.
func keyed(ctx context.Context, scope, key, command string, body any) store.Keyed {
	return store.Keyed{ID: digestOf([]string{actorOf(ctx).ID, scope, key}), Command: command, Digest: digestOf(body)}
}

func digestOf(v any) string {
	text, _ := json.Marshal(v) // plain data always encodes
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// once gives a command whose key the store keeps, or answers what it answered when it was given first. do checks the command too: what
// was right then may be wrong now. Without a key it is given again.
func once[T any](ctx context.Context, keys keyStore, k store.Keyed, key string, do func(context.Context) (T, error)) (T, Replayable, error) {
	if key == "" {
		answer, err := do(ctx)
		return answer, Replayable{}, err
	}
	kept, err := keys.KeyedAnswer(ctx, k)
	if errors.Is(err, store.ErrNotFound) {
		answer, err := do(store.WithKey(ctx, k))
		if !errors.Is(err, store.ErrKeyTaken) {
			return answer, Replayable{}, err
		}
		kept, err = keys.KeyedAnswer(ctx, k) // an equal command at the same time was first
		return replayedAnswer[T](kept, err)
	}
	return replayedAnswer[T](kept, err)
}

func replayedAnswer[T any](kept json.RawMessage, err error) (T, Replayable, error) {
	var answer T
	if err == nil {
		err = json.Unmarshal(kept, &answer)
	}
	return answer, replayable(err == nil), err
}

// bindKey refuses a split under a key that came with another command for the request or with another body. It changes nothing else.
func (a *API) bindKey(ctx context.Context, id, key string, body any) error {
	if key == "" {
		return nil
	}
	if a.Commands.KeyUsed(ctx, id, actorOf(ctx).ID, key) {
		return problem.New(problem.KeyReused, "this Idempotency-Key was used for another command on the request; use a new key")
	}
	_, _, err := once(ctx, a.Store, keyed(ctx, id, key, "split", body), key, func(ctx context.Context) (bool, error) {
		return true, a.Store.KeepKey(ctx, true)
	})
	return err
}
