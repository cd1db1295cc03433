package api

import (
	"context"
	"fmt"
	"strings"
	"time"
)

const (
	// brokenEvery is how often the requests that do not go on are counted; Temporal limits queries of its visibility store to ten a second.
	brokenEvery  = 30 * time.Second
	brokenWithin = 10 * time.Second
)

// broken is the last count of the requests that do not go on by themselves.
type broken struct{ ended, failing int }

// WatchBroken counts them until ctx ends.
func (a *API) WatchBroken(ctx context.Context) {
	tick := time.NewTicker(brokenEvery)
	defer tick.Stop()
	for {
		a.countBroken(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// countBroken keeps the count before when it cannot count; /readyz says what is away, and the metric how old the count is.
func (a *API) countBroken(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, brokenWithin)
	defer cancel()
	ended, failing, err := a.CountBroken(ctx)
	if err != nil {
		a.Log.WarnContext(ctx, "requests that do not go on could not be counted", "cause", err)
		return
	}
	before := a.broken.Swap(&broken{ended, failing})
	a.metrics.counted(ended, failing, a.Now())
	if now := (broken{ended, failing}); now != (broken{}) && (before == nil || *before != now) {
		a.Log.ErrorContext(ctx, "requests do not go on by themselves; run pmo reconcile", "ended", ended, "failing", failing)
	}
}

// check of the requests, for /readyz. It does not make the server unready: it serves all other requests, and another server would not help.
func (b *broken) check() check {
	var words []string
	if b.ended > 0 {
		words = append(words, fmt.Sprintf("%d open whose workflow was ended in Temporal", b.ended))
	}
	if b.failing > 0 {
		words = append(words, fmt.Sprintf("%d whose workflow tasks fail", b.failing))
	}
	if len(words) == 0 {
		return check{OK: true}
	}
	return check{Detail: "requests that do not go on by themselves: " + strings.Join(words, ", ") + "; run pmo reconcile"}
}
