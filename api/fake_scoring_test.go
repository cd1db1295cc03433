package api

import (
	"context"
	"slices"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// fakeScoring is the round of private scores of a request, in memory, with everything that was given.
type fakeScoring map[string]*store.ScoringRound

func (f *fakeStore) Scoring(_ context.Context, request, reader string) (store.ScoringRound, error) {
	r := f.scoring[request]
	if r == nil {
		return store.ScoringRound{}, store.ErrNotFound
	}
	seen := *r
	seen.Scores, seen.Scored = nil, nil
	for _, s := range r.Scores {
		seen.Scored = append(seen.Scored, s.Person)
		if r.RevealedAt != nil || s.Person == reader {
			seen.Scores = append(seen.Scores, s)
		}
	}
	return seen, f.fails()
}

func (f *fakeStore) OpenScoring(ctx context.Context, r store.ScoringRound, entry pmo.Entry) error {
	if f.scoring == nil {
		f.scoring = fakeScoring{}
	}
	f.scoring[r.Request] = &r
	f.discussion.noted = append(f.discussion.noted, entry)
	return f.KeepKey(ctx, struct{}{})
}

func (f *fakeStore) Score(ctx context.Context, request string, _ int, p store.PrivateScore, whenAll pmo.Entry) error {
	r := f.scoring[request]
	if r.RevealedAt != nil || !slices.Contains(r.People, p.Person) {
		return store.ErrConflict
	}
	r.Scores = append(slices.DeleteFunc(r.Scores, func(s store.PrivateScore) bool { return s.Person == p.Person }), p)
	if len(r.Scores) == len(r.People) {
		r.RevealedAt = &p.At
		f.discussion.noted = append(f.discussion.noted, whenAll)
	}
	return f.KeepKey(ctx, struct{}{})
}

func (f *fakeStore) RevealScoring(ctx context.Context, request string, _ int, by string, at time.Time, entry pmo.Entry) error {
	r := f.scoring[request]
	r.RevealedAt, r.RevealedBy = &at, by
	f.discussion.noted = append(f.discussion.noted, entry)
	return f.KeepKey(ctx, struct{}{})
}

func (f *fakeStore) ScoringWaits(_ context.Context, v store.View, _ string, _ int) (store.Page[store.ScoringWait], error) {
	var page store.Page[store.ScoringWait]
	for id, r := range f.scoring {
		if r.RevealedAt == nil && slices.Contains(r.People, v.Viewer) && !slices.ContainsFunc(r.Scores, func(s store.PrivateScore) bool { return s.Person == v.Viewer }) {
			page.Items = append(page.Items, store.ScoringWait{Request: id, Number: f.rows[id].Number, Title: f.rows[id].Content.Title, OpenedBy: r.OpenedBy, OpenedAt: r.OpenedAt, Inputs: r.Inputs})
		}
	}
	return page, f.fails()
}
