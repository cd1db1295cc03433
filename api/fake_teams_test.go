package api

import (
	"context"
	"slices"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func (f *fakeStore) PutTeams(ctx context.Context, teams []pmo.Team, actor string, at time.Time, answer any) error {
	for _, t := range teams {
		if _, err := f.PutTeam(ctx, t, actor, at); err != nil {
			return err
		}
		for i := range f.teams {
			if f.teams[i].ID == t.ID {
				f.teams[i].Team = *f.saved
			}
		}
	}
	return f.KeepKey(ctx, answer)
}

func (f *fakeStore) TeamFinished(_ context.Context, _, _ string, since time.Time, _ float64) ([]pmo.FinishedWork, error) {
	return slices.DeleteFunc(slices.Clone(f.finishedWork), func(w pmo.FinishedWork) bool { return w.Ended.Before(since) }), f.fails()
}

func (f *fakeStore) PutTeam(ctx context.Context, t pmo.Team, _ string, _ time.Time) (pmo.Team, error) {
	t.Revision++
	f.saved = &t
	f.puts++
	return t, f.KeepKey(ctx, t)
}

// RequestPrioritization gives the wanted cause once.
func (f *fakeStore) RequestPrioritization(context.Context, string) (string, error) {
	cause := f.wantedCause
	f.wantedCause = ""
	return cause, nil
}

func (f *fakeStore) PrioritizationNotRequested(_ context.Context, portfolio string) error {
	f.notRequested = append(f.notRequested, portfolio)
	return nil
}

func (f *fakeStore) Team(_ context.Context, id string) (store.TeamLoad, error) {
	for _, t := range f.teams {
		if t.ID == id {
			return t, f.fails()
		}
	}
	return store.TeamLoad{}, store.ErrNotFound
}

func (f *fakeStore) Teams(context.Context) ([]store.TeamLoad, error) { return f.teams, f.fails() }

func (f *fakeStore) Leads(context.Context) (map[string][]string, error) {
	leads := map[string][]string{}
	for _, t := range f.teams {
		leads[t.ID] = t.Leads
	}
	return leads, f.fails()
}
