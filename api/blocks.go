package api

import (
	"context"
	"time"

	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// blockStore keeps who signed in by a provider, and who is blocked.
type blockStore interface {
	SignIns(ctx context.Context, principal string, limit int, after string) (store.Page[store.SignInRow], error)
	Block(ctx context.Context, principal, actor, reason string, at time.Time) error
	Unblock(ctx context.Context, principal, actor string, at time.Time) error
	Unlink(ctx context.Context, principal, actor string, at time.Time) error
}

const blockDescription = "Their sessions end and their tokens are revoked at once, questions go to the others, and they are in no list of people. It counts for people of the " +
	"directory file and of claims, and for services."

type signInsOutput struct {
	Body wire.Page[wire.SignIn]
}

func (a *API) signIns(ctx context.Context, in *ofPerson) (*signInsOutput, error) {
	page, err := a.Store.SignIns(ctx, in.Person, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	return &signInsOutput{Body: pageOf(page, func(r store.SignInRow) wire.SignIn {
		row := wire.SignIn{Person: r.Principal, Name: r.Name, Provider: r.Provider, Issuer: r.Issuer, Subject: r.Subject, State: r.State, Cause: r.Cause, Email: r.Email,
			Username: r.Username, Roles: listed(r.Roles), Groups: listed(r.Groups), FirstSeen: r.FirstSeen, LastSeen: r.LastSeen}
		if name, known := a.Directory.Name(r.Principal); known {
			row.Name = name
		}
		if r.BlockedAt != nil {
			row.Blocked = &wire.Blocked{At: *r.BlockedAt, By: r.BlockedBy, Reason: r.Reason}
		}
		return row
	})}, nil
}

type blockInput struct {
	Keyed
	ID   string `path:"id" maxLength:"64"`
	Body wire.Block
}

// block blocks a person. Nobody blocks themselves, so that an administrator is left.
func (a *API) block(ctx context.Context, in *blockInput) (*clearedOutput, error) {
	if _, known := a.Directory.Name(in.ID); !known {
		return nil, problem.New(problem.NotFound, "there is nobody of that id")
	}
	if in.ID == actorOf(ctx).ID {
		return nil, problem.New(problem.Conflict, "nobody blocks themselves: another administrator may")
	}
	return a.ofPeople(ctx, &byID{Keyed: in.Keyed, ID: in.ID}, "block-person", in.Body, func(ctx context.Context, id string) error {
		return a.Store.Block(ctx, id, actorOf(ctx).ID, in.Body.Reason, a.Now().UTC())
	})
}

func (a *API) unblock(ctx context.Context, in *byID) (*clearedOutput, error) {
	return a.ofPeople(ctx, in, "unblock-person", nil, func(ctx context.Context, id string) error {
		return a.Store.Unblock(ctx, id, actorOf(ctx).ID, a.Now().UTC())
	})
}

func (a *API) unlink(ctx context.Context, in *byID) (*clearedOutput, error) {
	return a.ofPeople(ctx, in, "unlink-person", nil, func(ctx context.Context, id string) error {
		return a.Store.Unlink(ctx, id, actorOf(ctx).ID, a.Now().UTC())
	})
}

// ofPeople changes what the database says of a person, under the caller's key, and has this process know it at once.
func (a *API) ofPeople(ctx context.Context, in *byID, command string, body any, change func(ctx context.Context, id string) error) (*clearedOutput, error) {
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, command, []any{in.ID, body}), in.Key, func(ctx context.Context) (struct{}, error) { return struct{}{}, change(ctx, in.ID) })
	if err == nil && a.PeopleChanged != nil {
		if failed := a.PeopleChanged(ctx); failed != nil { // it is stored: this process reads it within a second
			a.Log.WarnContext(ctx, "people are read again later", "cause", failed)
		}
	}
	return &clearedOutput{Replayable: replayed}, err
}
