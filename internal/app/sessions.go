package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"leanpmo/internal/directory"
)

const (
	cleanSessionsEvery = 10 * time.Minute // how often the rows of expired sessions are deleted
	leftEvery          = time.Second      // how often is looked whether the directory changed: a comparison in memory
)

// sessionKeeper ends what people have who are not in the directory any more, and deletes expired sessions. Every server has one: what another
// has done already is nothing to do.
type sessionKeeper struct {
	directory *directory.Directory
	store     leftStore
	log       *slog.Logger
}

// leftStore ends the sessions and delegations of people who are not known any more.
type leftStore interface {
	EndSessionsOfOthers(ctx context.Context, known []string, at time.Time) ([]string, error)
	ClearDelegationsOfOthers(ctx context.Context, known []string, at time.Time) ([]string, error)
	DeleteExpiredSessions(ctx context.Context, at time.Time) (int64, error)
}

// serve works until ctx ends.
func (k sessionKeeper) serve(ctx context.Context) {
	tick := time.NewTicker(leftEvery)
	defer tick.Stop()
	var cleaned time.Time
	var known uint64
	for done := false; ; {
		if version := k.directory.Version(); !done || version != known {
			done, known = k.left(ctx, time.Now()) == nil, version
		}
		if time.Since(cleaned) > cleanSessionsEvery {
			k.clean(ctx)
			cleaned = time.Now()
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// left ends what people have who are not in the directory any more.
func (k sessionKeeper) left(ctx context.Context, at time.Time) error {
	known := k.directory.IDs()
	signedOut, err := k.store.EndSessionsOfOthers(ctx, known, at)
	cleared, failed := k.store.ClearDelegationsOfOthers(ctx, known, at)
	if len(signedOut) > 0 || len(cleared) > 0 {
		k.log.InfoContext(ctx, "people left the directory", "signed_out", signedOut, "delegations_cleared", cleared)
	}
	if err = errors.Join(err, failed); err != nil && ctx.Err() == nil {
		k.log.WarnContext(ctx, "what people who left have is ended later", "cause", err)
	}
	return err
}

func (k sessionKeeper) clean(ctx context.Context) {
	if _, err := k.store.DeleteExpiredSessions(ctx, time.Now()); err != nil && ctx.Err() == nil {
		k.log.WarnContext(ctx, "expired sessions are deleted later", "cause", err)
	}
}
