package app

import (
	"context"
	"log/slog"
	"time"
)

// cleanSessionsEvery is how often the rows of expired sessions are deleted.
const cleanSessionsEvery = 10 * time.Minute

// cleanSessions deletes expired sessions again and again until ctx ends. Every server does: a second one finds nothing to do.
func (p *dependencies) cleanSessions(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(cleanSessionsEvery)
	defer tick.Stop()
	for {
		if _, err := p.store.DeleteExpiredSessions(ctx, time.Now()); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "expired sessions are deleted later", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
