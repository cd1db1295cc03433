package audit

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"leanpmo/internal/clientaddr"
	"leanpmo/internal/ratelimit"
)

// The kinds of refusals in the office ledger.
const (
	SignIn = "sign_in"
	Right  = "right" // to do what only administrators and the PMO may
)

// Refusal is a refused sign-in, a call with an unknown token, or a refused attempt to use an administrative right. It holds no secret.
type Refusal struct {
	At    time.Time
	Kind  string
	Actor string // empty: nobody known
	About string // who somebody wanted to be, or the right
	Cause string
	Route string // empty: a page
	More  *More  // instead of one refusal: how many have no line
}

// More is how many refusals have no line of their own.
type More struct {
	Count int64
	Since time.Time
}

// Writer writes refusals to the office ledger.
type Writer interface {
	AddRefusal(ctx context.Context, r Refusal) error
}

// Nobody who is refused can fill the ledger: of each kind there are so many lines a minute, fewer from one network, and one that counts the rest.
const (
	linesPerMinute  = 30
	linesPerNetwork = 5
	countEvery      = time.Minute
	writeWithin     = 2 * time.Second
	longestText     = 200
)

// Refusals writes refusals to the office ledger, bounded. A nil one writes none.
type Refusals struct {
	to       Writer
	log      *slog.Logger
	now      func() time.Time
	all, one *ratelimit.Limiter // by kind, and by kind and network

	mu   sync.Mutex
	rest map[string]More // by kind
}

// NewRefusals makes a writer of refusals; Serve must run for it to write what was counted.
func NewRefusals(to Writer, log *slog.Logger, now func() time.Time) *Refusals {
	return &Refusals{to: to, log: log, now: now, rest: map[string]More{},
		all: ratelimit.PerMinute(linesPerMinute, linesPerMinute, now), one: ratelimit.PerMinute(linesPerNetwork, linesPerNetwork, now)}
}

// Add writes a refusal, or counts it when there are too many. The client's address is that of the context. It ends in bounded time, also after
// the client has gone.
func (f *Refusals) Add(ctx context.Context, r Refusal) {
	if f == nil {
		return
	}
	r.At, r.About, r.Cause = f.now().UTC(), cut(r.About), cut(r.Cause)
	network := clientaddr.Text(clientaddr.Network(clientaddr.From(ctx)))
	_, few := f.one.Take(r.Kind + " " + network)
	if few {
		_, few = f.all.Take(r.Kind)
	}
	if !few {
		f.count(r.Kind, More{1, r.At})
		return
	}
	if err := f.write(ctx, r); err != nil {
		f.log.WarnContext(ctx, "a refusal is not in the ledger yet; it is counted", "kind", r.Kind, "cause", err)
		f.count(r.Kind, More{1, r.At})
	}
}

func (f *Refusals) write(ctx context.Context, r Refusal) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeWithin)
	defer cancel()
	return f.to.AddRefusal(ctx, r)
}

func (f *Refusals) count(kind string, m More) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all, some := f.rest[kind]
	if !some || m.Since.Before(all.Since) {
		all.Since = m.Since
	}
	all.Count += m.Count
	f.rest[kind] = all
}

// Serve writes what was counted once a minute and, for the last time, when ctx ends.
func (f *Refusals) Serve(ctx context.Context) {
	tick := time.NewTicker(countEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			f.Flush(ctx)
			return
		case <-tick.C:
			f.Flush(ctx)
		}
	}
}

// Flush writes what was counted; what cannot be written is counted on.
func (f *Refusals) Flush(ctx context.Context) {
	f.mu.Lock()
	rest := f.rest
	f.rest = map[string]More{}
	f.mu.Unlock()
	for kind, more := range rest {
		if err := f.write(ctx, Refusal{At: f.now().UTC(), Kind: kind, More: &more}); err != nil {
			f.log.WarnContext(ctx, "refusals are counted in the ledger later", "kind", kind, "count", more.Count, "cause", err)
			f.count(kind, more)
		}
	}
}

// cut keeps the beginning of a text that somebody unknown may have chosen.
func cut(text string) string {
	if runes := []rune(text); len(runes) > longestText {
		return string(runes[:longestText])
	}
	return text
}
