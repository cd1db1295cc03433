// Package tools implements the delivery API for tools that do not have it: Azure DevOps, GitHub Issues, GitLab Issues, Jira Cloud
// and Linear.
// An adapter has no state: the key is written into the issue, so that a retry after a lost response opens no second issue.
package tools

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"leanpmo/internal/delivery"
	"leanpmo/internal/history"
	"leanpmo/internal/pmo"
)

// Labels of an issue. The first marks our issues; the others are statuses for which the tools have no field.
const (
	labelOurs      = "lean-pmo"
	labelHold      = "on-hold"
	labelCancelled = "cancelled"
)

// issue is an issue of any tool.
type issue struct {
	delivery.Item
	body any // the description in the tool's format
}

// issueClient is the API of one tool.
type issueClient interface {
	find(ctx context.Context, key string) (issue, bool, error)
	create(ctx context.Context, key string, n delivery.New) (issue, error)
	read(ctx context.Context, id string) (issue, error)
	edit(ctx context.Context, now issue, p delivery.Patch) error
	comment(ctx context.Context, id, text string) error
	finished(ctx context.Context, since time.Time) ([]history.Item, error)
}

// Tracker implements delivery.Backend for one tool.
type Tracker struct {
	issues issueClient
	log    *slog.Logger
	mu     sync.Mutex
	keys   map[string]*keyLock
}

// keyLock serializes calls with one key.
type keyLock struct {
	sync.Mutex
	waiting int
}

func newTracker(c issueClient, log *slog.Logger) *Tracker {
	return &Tracker{issues: c, log: log, keys: map[string]*keyLock{}}
}

// Open first looks for an issue with the key, because the response of an earlier call may have been lost. Calls with the same key are
// serialized.
func (t *Tracker) Open(ctx context.Context, key string, n delivery.New) (delivery.Item, bool, error) {
	defer t.lock(key)()
	found, ok, err := t.issues.find(ctx, key)
	if err != nil || ok {
		return found.Item, false, err
	}
	opened, err := t.issues.create(ctx, key, n)
	return opened.Item, err == nil, err
}

// lock locks a key and returns the function that unlocks it.
func (t *Tracker) lock(key string) func() {
	t.mu.Lock()
	own := t.keys[key]
	if own == nil {
		own = &keyLock{}
		t.keys[key] = own
	}
	own.waiting++
	t.mu.Unlock()
	own.Lock()
	return func() {
		own.Unlock()
		t.mu.Lock()
		defer t.mu.Unlock()
		if own.waiting--; own.waiting == 0 {
			delete(t.keys, key)
		}
	}
}

// Get reads one issue.
func (t *Tracker) Get(ctx context.Context, id string) (delivery.Item, error) {
	found, err := t.issues.read(ctx, id)
	return found.Item, err
}

// Find reads the issue with the key.
func (t *Tracker) Find(ctx context.Context, key string) (delivery.Item, bool, error) {
	found, ok, err := t.issues.find(ctx, key)
	return found.Item, ok, err
}

// Change updates an issue. The reason becomes a comment, at most once: only when the status changes, and a failed comment is only
// logged, because a retry would repeat the change.
func (t *Tracker) Change(ctx context.Context, id string, p delivery.Patch) (delivery.Item, error) {
	before, err := t.issues.read(ctx, id)
	if err != nil {
		return delivery.Item{}, err
	}
	if err := t.issues.edit(ctx, before, p); err != nil {
		return delivery.Item{}, err
	}
	if p.Status != nil && *p.Status != before.Status && p.Reason != "" {
		if err := t.issues.comment(ctx, id, statusText[*p.Status]+": "+p.Reason); err != nil {
			t.log.WarnContext(ctx, "comment on the issue failed", "issue", id, "cause", err)
		}
	}
	after, err := t.issues.read(ctx, id)
	return after.Item, err
}

var statusText = map[pmo.WorkStatus]string{pmo.WorkOpen: "Open again", pmo.WorkOnHold: "On hold", pmo.WorkClosed: "Delivered", pmo.WorkCancelled: "Cancelled"}
