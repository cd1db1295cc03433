// Package people keeps who signed in by an OpenID provider: it judges a sign-in by the claims, stores what it led to, and brings the people
// and blocks of the database into the directory of this process.
package people

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"leanpmo/internal/claims"
	"leanpmo/internal/directory"
	"leanpmo/internal/signin"
)

// every is how often is looked whether the people of the database changed: one number is read.
const every = time.Second

// Store is the database. What it does not find is an error that NotFound knows.
type Store interface {
	PeopleVersion(ctx context.Context) (int64, error)
	People(ctx context.Context) (directory.Stored, error)
	SignedIn(ctx context.Context, issuer, subject string) (directory.Claimed, error)
	KeepSignIn(ctx context.Context, k directory.SignIn) (changed bool, err error)
	RefuseOtherIssuers(ctx context.Context, issuers []string, at time.Time) ([]string, error)
	EndSessionsOf(ctx context.Context, person, reason string, before, at time.Time) error
}

// Keeper keeps the directory of a process.
type Keeper struct {
	Directory *directory.Directory
	Store     Store
	NotFound  error // of the store
	Settings  claims.Settings
	Log       *slog.Logger
	Now       func() time.Time
}

// Why is why somebody may not sign in.
type Why string

// The reasons.
const (
	Stranger    Why = "stranger"     // the provider signs them in, and nobody lists or admits them
	NotAdmitted Why = "not_admitted" // their claims do not fulfil the provider's conditions
	Blocked     Why = "blocked"      // by an administrator
	OtherLink   Why = "other_link"   // their name was linked to another account
)

// Refused says why somebody whom the provider signed in may not come in.
type Refused struct {
	Why   Why
	Cause string // for the log; holds no claim
}

// Error says why.
func (r *Refused) Error() string { return "sign-in refused: " + r.Cause }

// ErrAway says that the database cannot be reached.
var ErrAway = errors.New("who signs in cannot be stored right now")

// SignIn is who somebody is whom a provider has signed in. What follows from their claims is stored before it returns.
func (k *Keeper) SignIn(ctx context.Context, who signin.Identity) (directory.Principal, error) {
	provider, known := k.provider(who.Provider)
	if !known {
		return directory.Principal{}, fmt.Errorf("there is no provider %q", who.Provider)
	}
	before, err := k.Store.SignedIn(ctx, who.Issuer, who.Subject)
	if err != nil && !errors.Is(err, k.NotFound) {
		return directory.Principal{}, errors.Join(ErrAway, err)
	}
	grant := provider.Grant(who.Claims)
	found, why := k.judge(who, grant, before)
	found.Provider, found.At = provider.ID, k.Now().UTC()
	if why == "" || before.State != "" { // a stranger leaves no trace but the log's
		changed, err := k.Store.KeepSignIn(ctx, found)
		switch {
		case errors.Is(err, directory.ErrBlocked):
			return directory.Principal{}, &Refused{Why: Blocked, Cause: "blocked by an administrator"}
		case errors.Is(err, directory.ErrLinkTaken):
			return directory.Principal{}, &Refused{Why: OtherLink, Cause: err.Error()}
		case err != nil:
			return directory.Principal{}, errors.Join(ErrAway, err)
		case changed:
			k.Log.InfoContext(ctx, "a sign-in changed what a person is", "person", found.Principal, "state", found.State, "roles", found.Roles, "groups", found.Groups)
			if err := k.Refresh(ctx); err != nil {
				return directory.Principal{}, errors.Join(ErrAway, err)
			}
		}
	}
	if why != "" {
		return directory.Principal{}, &Refused{Why: why, Cause: found.Cause}
	}
	person, known := k.Directory.Principal(found.Principal)
	if !known { // stored by another server a moment ago, and not read here yet
		if err := k.Refresh(ctx); err != nil {
			return directory.Principal{}, errors.Join(ErrAway, err)
		}
		if person, known = k.Directory.Principal(found.Principal); !known {
			return directory.Principal{}, &Refused{Why: Stranger, Cause: "not in the directory any more"}
		}
	}
	return person, nil
}

func (k *Keeper) provider(id string) (claims.Provider, bool) {
	for _, p := range k.Settings.Providers {
		if p.ID == id {
			return p, true
		}
	}
	return claims.Provider{}, false
}

// judge says who somebody is, in the order of the rule of directory.merge, and why they are not admitted; empty when they are.
func (k *Keeper) judge(who signin.Identity, grant claims.Grant, before directory.Claimed) (directory.SignIn, Why) {
	s := directory.SignIn{Principal: directory.PrincipalID(who.Issuer, who.Subject), Claimed: directory.Claimed{Issuer: who.Issuer, Subject: who.Subject,
		State: directory.SignInAdmitted, Name: grant.Name, Email: grant.Email, Username: grant.Username, Roles: grant.Roles, Groups: grant.Groups}}
	why := Why("")
	if listed, known := k.Directory.BySubject(who.Issuer, who.Subject); known {
		s.Principal, s.State = listed.ID, directory.SignInListed
	} else if linked, known := k.linked(who.Issuer, before.Link, grant.Link); known {
		s.Principal, s.State, s.Link = linked.ID, directory.SignInLinked, linked.ID
	} else if !grant.Unlisted {
		why, s.Cause = Stranger, "not in the directory"
	}
	if grant.Refused != "" {
		why, s.Cause = NotAdmitted, grant.Refused
	}
	if why != "" {
		s.State = directory.SignInRefused
	}
	return s, why
}

// linked is the person of the file to whom the account was linked, or whom the claim names now.
func (k *Keeper) linked(issuer, before, now string) (directory.Principal, bool) {
	if before != "" {
		if p, known := k.Directory.ByLink(issuer, before); known {
			return p, true
		}
	}
	return k.Directory.ByLink(issuer, now)
}

// Refresh reads the people of the database.
func (k *Keeper) Refresh(ctx context.Context) error {
	stored, err := k.Store.People(ctx)
	if err != nil {
		return err
	}
	k.Directory.Take(stored)
	return nil
}

// Look reads the people of the database if they changed.
func (k *Keeper) Look(ctx context.Context) error {
	version, err := k.Store.PeopleVersion(ctx)
	if err != nil {
		return err
	}
	if _, known := k.Directory.Known(); known == version {
		return nil
	}
	return k.Refresh(ctx)
}

// Follow looks again and again until ctx ends. While the database is away, people stay as they were read.
func (k *Keeper) Follow(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for away := false; ; {
		err := k.Look(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil && !away {
			k.Log.WarnContext(ctx, "people who signed in, and blocks, are read later", "cause", err)
		}
		away = err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RefuseOthers ends the admission of people by providers that are not set up any more. It tries again until the database answers.
func (k *Keeper) RefuseOthers(ctx context.Context) {
	var issuers []string
	for _, p := range k.Settings.Providers {
		issuers = append(issuers, p.Issuer)
	}
	if len(issuers) == 0 { // a server without sign-in says nothing about who signs in at others
		return
	}
	for {
		refused, err := k.Store.RefuseOtherIssuers(ctx, issuers, k.Now().UTC())
		if err == nil {
			if len(refused) > 0 {
				k.Log.InfoContext(ctx, "people of providers that are not set up any more are not admitted", "people", len(refused))
			}
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(2 * time.Second):
		}
	}
}

// SignOut ends the sessions of somebody whom a provider has signed out there, those that were begun before it did.
func (k *Keeper) SignOut(ctx context.Context, out signin.SignedOut) error {
	before, err := k.Store.SignedIn(ctx, out.Issuer, out.Subject)
	if errors.Is(err, k.NotFound) {
		return nil // they have never been here
	}
	if err != nil {
		return errors.Join(ErrAway, err)
	}
	person := k.Directory.WhoIs(before)
	if person == "" {
		return nil
	}
	if err := k.Store.EndSessionsOf(ctx, person, "signed out at the provider", out.At, k.Now().UTC()); err != nil {
		return errors.Join(ErrAway, err)
	}
	k.Log.InfoContext(ctx, "signed out by the provider", "person", person)
	return nil
}
