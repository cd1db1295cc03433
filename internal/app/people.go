package app

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
)

// How often is looked for people who have changed, and how fast requests are told.
const (
	peopleEvery     = 2 * time.Second  // whether the directory changed, a delegation began, ended or changed, or a team has other leads: two small queries
	peopleAllEvery  = 10 * time.Minute // all open questions, for what another worker asked with an older directory
	peoplePage      = 500
	peopleTellPause = 20 * time.Millisecond // between two requests that are told: fifty a second
)

// peopleStore reads the open questions and the delegations.
type peopleStore interface {
	Asking(ctx context.Context, after string, limit int) ([]pmo.Request, error)
	Delegates(ctx context.Context, people []string, at time.Time) (map[string]string, error)
	Leads(ctx context.Context) (map[string][]string, error)
}

// peopleWatch tells requests whose open questions ask other people than they would ask today. It runs in every worker, from its start; it
// keeps nothing, because a request that was told is one with nothing to tell.
type peopleWatch struct {
	store     peopleStore
	tell      func(ctx context.Context, id string) error
	directory *directory.Directory
	policy    *policy.Current
	log       *slog.Logger

	seen     map[string]string   // the delegations at the last complete look; nil before it
	leads    map[string][]string // the leads of the teams at that look
	version  uint64              // of the directory at that look
	lookedAt time.Time
}

// serve looks again and again until ctx ends.
func (w *peopleWatch) serve(ctx context.Context) {
	tick := time.NewTicker(peopleEvery)
	defer tick.Stop()
	for {
		if err := w.look(ctx, time.Now()); err != nil && ctx.Err() == nil {
			w.log.WarnContext(ctx, "people who changed are looked for again", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look compares all open questions with the people of today, if the directory, a delegation or the leads of a team changed, or the last time
// is long ago.
func (w *peopleWatch) look(ctx context.Context, now time.Time) error {
	version := w.directory.Version()
	away, err := w.store.Delegates(ctx, w.directory.IDs(), now)
	if err != nil {
		return err
	}
	leads, err := w.store.Leads(ctx)
	if err != nil {
		return err
	}
	if w.seen != nil && w.version == version && maps.Equal(w.seen, away) && maps.EqualFunc(w.leads, leads, slices.Equal) && now.Sub(w.lookedAt) < peopleAllEvery {
		return nil
	}
	for after := ""; ; {
		page, err := w.store.Asking(ctx, after, peoplePage)
		if err != nil {
			return err
		}
		for i := range page {
			if err := w.compare(ctx, &page[i], away, leads, now); err != nil {
				return err
			}
			after = page[i].ID
		}
		if len(page) < peoplePage {
			w.seen, w.leads, w.version, w.lookedAt = away, leads, version, now
			return nil
		}
	}
}

// compare tells a request if one of its questions would change.
func (w *peopleWatch) compare(ctx context.Context, r *pmo.Request, away map[string]string, leads map[string][]string, now time.Time) error {
	if !w.peopleDiffer(r, away, leads, now) {
		return nil
	}
	w.log.InfoContext(ctx, "a request is told that people changed", "request", r.ID)
	if err := w.tell(ctx, r.ID); err != nil && !problem.Is(err, problem.NotFound) { // one that has ended has nobody to ask
		return err
	}
	pause := time.NewTimer(peopleTellPause)
	defer pause.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-pause.C:
		return nil
	}
}

// peopleDiffer lets a copy of the request look at its people, by the rule of the process itself.
func (w *peopleWatch) peopleDiffer(r *pmo.Request, away map[string]string, leads map[string][]string, now time.Time) bool {
	seq, rules := r.Seq, w.policy.Now()
	for i := range r.Questions {
		q := &r.Questions[i]
		in := r.PeopleInput(q, now)
		if today, known := leads[in.Team]; known {
			in.Leads = today
		}
		r.PeopleChanged(q.ID, rules.QuestionTerms(in, w.directory, away), now)
	}
	return r.Seq != seq
}

// startPeopleWatch starts the watch and returns a function that stops it.
func (p *dependencies) startPeopleWatch(ctx context.Context, log *slog.Logger) (stop func()) {
	w := &peopleWatch{store: p.store, tell: p.engine.PeopleChanged, directory: p.directory, policy: p.policy, log: log}
	return background(ctx, w.serve)
}
