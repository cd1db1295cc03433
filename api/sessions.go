package api

import (
	"context"

	"leanpmo/internal/session"
	"leanpmo/internal/wire"
)

type sessionsOutput struct {
	Body wire.Page[wire.Session]
}

func (a *API) ownSessions(ctx context.Context, in *Paging) (*sessionsOutput, error) {
	return a.sessionsOf(ctx, actorOf(ctx).ID, *in)
}

func (a *API) allSessions(ctx context.Context, in *ofPerson) (*sessionsOutput, error) {
	return a.sessionsOf(ctx, in.Person, in.Paging)
}

func (a *API) sessionsOf(ctx context.Context, person string, p Paging) (*sessionsOutput, error) {
	page, err := a.Store.Sessions(ctx, person, a.Now(), p.Limit, p.Cursor)
	if err != nil {
		return nil, err
	}
	return &sessionsOutput{Body: pageOf(page, func(s session.Session) wire.Session {
		return wire.Session{ID: s.ID, Person: s.Person, Address: s.Address, UserAgent: s.UserAgent, MadeAt: s.Made, SeenAt: s.Seen, ExpiresAt: s.Expires}
	})}, nil
}

func (a *API) endOwnSession(ctx context.Context, in *byID) (*clearedOutput, error) {
	return a.endSession(ctx, in, actorOf(ctx).ID)
}

func (a *API) endAnySession(ctx context.Context, in *byID) (*clearedOutput, error) {
	return a.endSession(ctx, in, "")
}

func (a *API) endSession(ctx context.Context, in *byID, person string) (*clearedOutput, error) {
	return a.ended(ctx, in, "end-session", "there is no such session, or it has ended", func(ctx context.Context, id string) error {
		return a.Store.EndSession(ctx, id, person, actorOf(ctx).ID, a.Now().UTC())
	})
}
