// Package tools keeps the delivery contract for tools that do not speak it: GitHub Issues, GitLab Issues and Jira Cloud. An adapter
// holds no state: what belongs together is written into the issue itself, so that a lost reply opens nothing twice.
package tools

import (
	"context"
	"log/slog"
	"sync"

	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
)

// Labels an issue carries. The first marks ours; the others show what the tool has no field for.
const (
	labelOurs      = "lean-pmo"
	labelHold      = "on-hold"
	labelCancelled = "cancelled"
)

// issue is an issue of any tool, as far as we care.
type issue struct {
	delivery.Item
	body any // the text as the tool has it
}

// board is one tool's way to do what the contract asks.
type board interface {
	find(ctx context.Context, key string) (issue, bool, error)
	create(ctx context.Context, key string, n delivery.New) (issue, error)
	read(ctx context.Context, id string) (issue, error)
	edit(ctx context.Context, now issue, p delivery.Patch) error
	comment(ctx context.Context, id, text string) error
}

// Tracker is a tool behind the contract.
type Tracker struct {
	board board
	log   *slog.Logger
	mu    sync.Mutex
	keys  map[string]*turn
}

type turn struct {
	sync.Mutex
	waiting int
}

func newTracker(b board, log *slog.Logger) *Tracker {
	return &Tracker{board: b, log: log, keys: map[string]*turn{}}
}

// Open looks for an issue with the key first: a reply may have been lost. Calls with the same key take turns.
func (t *Tracker) Open(ctx context.Context, key string, n delivery.New) (delivery.Item, bool, error) {
	defer t.take(key)()
	found, is, err := t.board.find(ctx, key)
	if err != nil || is {
		return found.Item, false, err
	}
	opened, err := t.board.create(ctx, key, n)
	return opened.Item, err == nil, err
}

// take is this key's turn; the answer gives it back.
func (t *Tracker) take(key string) func() {
	t.mu.Lock()
	mine := t.keys[key]
	if mine == nil {
		mine = &turn{}
		t.keys[key] = mine
	}
	mine.waiting++
	t.mu.Unlock()
	mine.Lock()
	return func() {
		mine.Unlock()
		t.mu.Lock()
		defer t.mu.Unlock()
		if mine.waiting--; mine.waiting == 0 {
			delete(t.keys, key)
		}
	}
}

// Get reads one issue.
func (t *Tracker) Get(ctx context.Context, id string) (delivery.Item, error) {
	found, err := t.board.read(ctx, id)
	return found.Item, err
}

// Find reads the issue with the key.
func (t *Tracker) Find(ctx context.Context, key string) (delivery.Item, bool, error) {
	found, is, err := t.board.find(ctx, key)
	return found.Item, is, err
}

// Change brings an issue to where it ought to stand. Why is a comment, made at most once: only when the status really changes, and
// a comment that fails is not worth repeating the change.
func (t *Tracker) Change(ctx context.Context, id string, p delivery.Patch) (delivery.Item, error) {
	before, err := t.board.read(ctx, id)
	if err != nil {
		return delivery.Item{}, err
	}
	if err := t.board.edit(ctx, before, p); err != nil {
		return delivery.Item{}, err
	}
	if p.Status != nil && *p.Status != before.Status && p.Reason != "" {
		if err := t.board.comment(ctx, id, words[*p.Status]+": "+p.Reason); err != nil {
			t.log.WarnContext(ctx, "no comment on the issue", "issue", id, "cause", err)
		}
	}
	after, err := t.board.read(ctx, id)
	return after.Item, err
}

var words = map[pmo.WorkStatus]string{pmo.WorkOpen: "Open again", pmo.WorkOnHold: "On hold", pmo.WorkClosed: "Delivered", pmo.WorkCancelled: "Cancelled"}
