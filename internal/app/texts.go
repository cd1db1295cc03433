package app

import (
	"context"
	"log/slog"
	"time"

	"leanpmo/internal/store"
)

// foldEvery is how often the worker folds what a worker of an earlier version wrote meanwhile; it then has little to do.
const foldEvery = 10 * time.Minute

// keepTexts prepares the search for similar requests and folds search texts until stop is called. It says when the database was made
// with a locale that knows no Unicode. None of this is needed to work, so errors are only logged.
func (p *dependencies) keepTexts(ctx context.Context, log *slog.Logger) (stop func()) {
	return background(ctx, func(ctx context.Context) {
		tick := time.NewTicker(foldEvery)
		defer tick.Stop()
		for said := false; ; {
			said = p.keepTextsOnce(ctx, log, said)
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

// keepTextsOnce returns whether the locale needs no further check.
func (p *dependencies) keepTextsOnce(ctx context.Context, log *slog.Logger, said bool) bool {
	if err := p.store.PrepareSimilar(ctx); err != nil {
		log.WarnContext(ctx, "the texts of similar requests cannot be read yet", "cause", err)
	}
	if n, err := p.store.FoldSearchTexts(ctx); err != nil {
		log.WarnContext(ctx, "search texts cannot be folded yet", "cause", err)
	} else if n > 0 {
		log.InfoContext(ctx, "folded the search texts of an earlier version", "requests", n)
	}
	if said {
		return true
	}
	fault, err := p.store.LocaleFault(ctx)
	if fault != "" {
		log.WarnContext(ctx, fault)
	}
	return err == nil
}

// LocaleFault says that the pmo database was made with a locale that knows no Unicode, and what that means; it is empty otherwise.
func LocaleFault(ctx context.Context, c Config) (string, error) {
	s, err := store.Open(ctx, c.DatabaseURL, store.Options{MaxConns: 1, AppName: "leanpmo-locale"})
	if err != nil {
		return "", err
	}
	defer s.Close()
	return s.LocaleFault(ctx)
}
