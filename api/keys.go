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

// readsByPost are the operations, by id, that take their question as a body and write nothing: a repetition is another answer, and there is no key.
var readsByPost = []string{"replay-policy", "what-if-approach", "what-if-assignment", "what-if-portfolio", "what-if-prioritization"}

// withoutKey is what a command means that is given twice without an Idempotency-Key, by operation id. The OpenAPI document says it.
var withoutKey = map[string]string{
	"submit":             "two requests.",
	"amend":              "one: an amendment names the revision it is based on. The second gets the first answer.",
	"decide":             "one: a decision names the round of its question. The second gets the first answer; another verdict is refused.",
	"report-progress":    "two reports.",
	"propose-plan":       "one: a proposal names the version it is based on. The second is refused as stale.",
	"log-raid":           "two entries; of the same entry, clearing is one: the second is refused.",
	"withdraw":           "one: the second is refused, because the request is closed.",
	"hold":               "one while the first stands: the second is refused. After a resume it is another hold.",
	"resume":             "one: the second is refused while the request is not on hold. After another hold it is another resume.",
	"wake":               "one: the second is refused while the request is not deferred. After another deferral it is another wake.",
	"cancel":             "one: the second is refused, because the request is closed.",
	"split":              "one: the body replaces the key. The second gets the first answer; another body is another split, refused after the first.",
	"reassign":           "of a question one: the second is refused, because `to` has the seat already. Of a team two: the team is asked again.",
	"pull":               "one: the second is refused, because the request has its slot.",
	"set-inputs":         "two: the same values again, with another line in the ledger.",
	"open-scoring":       "one: the second is refused while the first round is open.",
	"score":              "one: the second says the same.",
	"reveal-scoring":     "one: the second is refused.",
	"spend-points":       "one: the second says the same.",
	"watch":              "one: the second finds nothing to change.",
	"comment":            "two comments.",
	"edit-comment":       "one: an edit names the version it is based on. The second is refused as stale.",
	"withdraw-comment":   "one: the second finds nothing to withdraw.",
	"attach":             "two attachments.",
	"detach":             "one: the second is refused, because the attachment is gone.",
	"revoke-status-link": "one: the second finds nothing to revoke.",
	"set-note":           "one: the same note again.",
	"put-draft":          "one: the same draft again.",
	"put-view":           "one: the same view again.",
	"set-notifications":  "one: a change names the version it is based on. The second is refused as stale.",
	"mute":               "one: the second finds it muted.",
	"unmute":             "one: the second finds nothing to end.",
	"import-supply":      "one: what the file says is as it says already.",
	"import-resources":   "one: what the file says is as it says already.",
	"import-history":     "one: an item with a known id replaces what was known.",
	"remove-import":      "one: the second finds nothing to remove.",
	"drop-view":          "one: the second finds nothing to delete.",
	"drop-draft":         "one: the second finds nothing to discard.",
	"begin-visit":        "one visit.",
	"set-delegation":     "two of the same effect. Without `from` the second begins when it is given.",
	"make-my-token":      "one: the second is refused while a token of its name works.",
	"make-token":         "one: the second is refused while a token of its name works.",
	"revoke-my-token":    "one: the second finds nothing to revoke.",
	"revoke-token":       "one: the second finds nothing to revoke.",
	"end-my-session":     "one: the second is refused, because it has ended.",
	"end-session":        "one: the second is refused, because it has ended.",
	"clear-delegation":   "one: the second finds nothing to clear.",
	"prioritize":         "two runs.",
	"say-key-result":     "two values; the second counts.",
	"propose-policy":     "two proposals.",
	"accept-proposal":    "one: the second is refused, because it is decided.",
	"reject-proposal":    "one: the second is refused, because it is decided.",
	"withdraw-proposal":  "one: the second is refused, because it is decided.",
	"put-team":           "one: a form names the revision it is based on. The second is refused as stale.",
	"put-resource":       "one: a form names the revision it is based on. The second is refused as stale.",
	"drop-resource":      "one: the second finds nothing to delete.",
	"block-person":       "one: the first reason stands.",
	"unblock-person":     "one: the second finds nothing to end.",
	"set-my-chat":        "one: the same address again.",
	"remove-my-chat":     "one: the second finds nothing to remove.",
	"test-my-chat":       "one: the second is refused for 30 seconds.",
	"set-chat":           "one: the same address again.",
	"remove-chat":        "one: the second finds nothing to remove.",
	"test-chat":          "one: the second is refused for 30 seconds.",
	"redeliver":          "one, unless a message was given up again between.",
	"enable-channel":     "one, unless it was disabled again between.",
	"unlink-person":      "one, unless somebody has signed in between.",
}

// repeats is the sentence about it for the description of an operation.
func repeats(id string) string {
	if text, ok := withoutKey[id]; ok {
		return " Given twice without an `Idempotency-Key` it is " + text
	}
	return ""
}
