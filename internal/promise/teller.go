package promise

import (
	"context"
	"log/slog"
	"time"

	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
)

// Due is an open request whose forecast is to be compared with what was told last.
type Due struct {
	Request   pmo.Request
	Rank      int       // 0: it has none
	CheckedIn pmo.Stage // where it was when it was compared last; empty: it never was
	Last      *Promise  // nil: nothing was told
}

// Store keeps promises; *store.Store is one.
type Store interface {
	UncheckedPromises(ctx context.Context, portfolio string, day pmo.Date, limit int) ([]Due, error)
	PromisesChecked(ctx context.Context, day pmo.Date, checked []Due, told []Promise) error
}

// Forecasts computes forecasts; *cache.Cache is one.
type Forecasts interface {
	ForRequest(ctx context.Context, r *pmo.Request, place cache.Place, at time.Time) (cache.Answer, error)
}

// Portfolio is one whose requests are told about.
type Portfolio struct {
	ID       string
	WIPLimit int
	Zone     *time.Location
}

// Teller tells what is new about when requests are done: where a request moved on to another stage, and once a day. It compares state with what
// was told, so that a lost event or a second teller changes nothing.
type Teller struct {
	Store      Store
	Forecasts  Forecasts
	Portfolios func() []Portfolio
	Log        *slog.Logger
	Now        func() time.Time
}

const (
	tellEvery = 10 * time.Second
	// dueAtOnce bounds a transaction and what is in memory; the rest follows after a pause, so that the database is not busy with this alone.
	dueAtOnce = 200
	tellPause = 200 * time.Millisecond
)

// Serve tells until ctx ends. An error is logged, and everything is tried again.
func (t *Teller) Serve(ctx context.Context) {
	for {
		if err := t.TellAll(ctx); err != nil && ctx.Err() == nil {
			t.Log.WarnContext(ctx, "promises not recorded; tried again soon", "cause", err)
		}
		if !pause(ctx, tellEvery) {
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) (goOn bool) {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// TellAll compares every open request that is due.
func (t *Teller) TellAll(ctx context.Context) error {
	for _, p := range t.Portfolios() {
		for more := true; more; {
			var err error
			if more, err = t.tellSome(ctx, p); err != nil {
				return err
			}
			if more && !pause(ctx, tellPause) {
				return ctx.Err()
			}
		}
	}
	return nil
}

func (t *Teller) tellSome(ctx context.Context, p Portfolio) (more bool, err error) {
	at := t.Now().In(p.Zone)
	day := pmo.Date(at.Format(time.DateOnly))
	due, err := t.Store.UncheckedPromises(ctx, p.ID, day, dueAtOnce)
	if err != nil || len(due) == 0 {
		return false, err
	}
	var told []Promise
	for i := range due {
		d := &due[i]
		if d.Last != nil && d.Last.Day >= day {
			continue // once a day
		}
		place := cache.Place{Rank: d.Rank, WIPLimit: p.WIPLimit, Counted: true}
		answer, err := t.Forecasts.ForRequest(ctx, &d.Request, place, at)
		if err != nil {
			return false, err
		}
		if now, tell := next(d, New(&d.Request, place, &answer, at, Daily)); tell {
			told = append(told, now)
		}
	}
	return len(due) == dueAtOnce, t.Store.PromisesChecked(ctx, day, due, told)
}

// next is what is told after what was told last, and whether that is something else.
func next(d *Due, now Promise) (Promise, bool) {
	switch {
	case d.Last == nil:
		now.Occasion = Submitted
		return now, true
	case !Changed(d.Last, &now):
		return now, false
	case d.CheckedIn != "" && d.CheckedIn != d.Request.Stage:
		now.Occasion = Moved
	}
	now.Reasons = Why(d.Last, &now)
	return now, true
}
