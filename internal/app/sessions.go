package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/directory"
	"leanpmo/internal/store"
)

const (
	cleanSessionsEvery = 10 * time.Minute // how often the rows of expired sessions are deleted
	leftEvery          = time.Second      // how often is looked whether the directory changed: a comparison in memory
)

// sessionKeeper ends what people have who are not in the directory any more, follows the desks of the directory, and deletes expired sessions
// and who asked for requests that closed long ago. Every server has one: what another
// has done already is nothing to do.
type sessionKeeper struct {
	directory *directory.Directory
	store     leftStore
	log       *slog.Logger
}

// leftStore ends the sessions, delegations and tokens of people who are not known any more, and what has expired.
type leftStore interface {
	EndSessionsOfOthers(ctx context.Context, known []string, people int64, at time.Time) ([]string, error)
	ClearDelegationsOfOthers(ctx context.Context, known []string, people int64, at time.Time) ([]string, error)
	RevokeTokensOfOthers(ctx context.Context, known []string, people int64, at time.Time) ([]string, error)
	DeleteExpiredSessions(ctx context.Context, at time.Time) (int64, error)
	RecordRights(ctx context.Context, people map[string]store.DirectoryRights, at time.Time) error
	// SetDesks makes the desks of services those of the directory, and returns the services whose desk changed.
	SetDesks(ctx context.Context, desks map[string][]string, at time.Time) ([]string, error)
	// ErasePublic erases who asked without an account for requests that closed before a time.
	ErasePublic(ctx context.Context, closedBefore time.Time) (int64, error)
}

// serve works until ctx ends.
func (k sessionKeeper) serve(ctx context.Context) {
	tick := time.NewTicker(leftEvery)
	defer tick.Stop()
	var cleaned time.Time
	var known uint64
	for done := false; ; {
		if version := k.directory.Version(); !done || version != known {
			done, known = errors.Join(k.left(ctx, time.Now()), k.record(ctx, time.Now())) == nil, version
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

// errNotRead says that who signed in was not read from the database yet, so that nobody is known to be unknown.
var errNotRead = errors.New("who signed in is not known yet")

// left ends what people have who are not in the directory any more.
func (k sessionKeeper) left(ctx context.Context, at time.Time) error {
	known, people := k.directory.Known()
	if people < 0 {
		return errNotRead
	}
	signedOut, err := k.store.EndSessionsOfOthers(ctx, known, people, at)
	if errors.Is(err, store.ErrPeopleChanged) {
		return err // they are read within a second, and this is done again
	}
	cleared, failed := k.store.ClearDelegationsOfOthers(ctx, known, people, at)
	revoked, unrevoked := k.store.RevokeTokensOfOthers(ctx, known, people, at)
	desks, unset := k.store.SetDesks(ctx, k.directory.Desks(), at)
	if len(desks) > 0 {
		k.log.InfoContext(ctx, "desks changed", "services", desks)
	}
	if len(signedOut) > 0 || len(cleared) > 0 || len(revoked) > 0 {
		k.log.InfoContext(ctx, "people left the directory", "signed_out", signedOut, "delegations_cleared", cleared, "tokens_revoked", revoked)
	}
	if err = errors.Join(err, failed, unrevoked, unset); err != nil && ctx.Err() == nil {
		k.log.WarnContext(ctx, "what people who left have is ended later", "cause", err)
	}
	return err
}

// record writes to the office ledger what a change of the directory file changed of what people may do.
func (k sessionKeeper) record(ctx context.Context, at time.Time) error {
	err := k.store.RecordRights(ctx, rightsOf(k.directory.AsListed()), at)
	if err != nil && ctx.Err() == nil {
		k.log.WarnContext(ctx, "what the directory file changed is written to the ledger later", "cause", err)
	}
	return err
}

// rightsOf is what a directory file lets people do, for the office ledger.
func rightsOf(file *directory.Directory) map[string]store.DirectoryRights {
	all := map[string]store.DirectoryRights{}
	for _, p := range file.Principals() {
		r := store.DirectoryRights{Roles: p.Roles, Groups: p.Groups, Service: p.Service, Agent: p.Agent(), Responsible: p.Responsible, Granted: p.Granted, Token: p.Token != "" || p.TokenSHA256 != ""}
		for _, identity := range p.OIDC {
			r.Accounts = append(r.Accounts, strings.TrimSpace(identity.Issuer+" "+identity.Subject))
		}
		all[p.ID] = r
	}
	return all
}

func (k sessionKeeper) clean(ctx context.Context) {
	if _, err := k.store.DeleteExpiredSessions(ctx, time.Now()); err != nil && ctx.Err() == nil {
		k.log.WarnContext(ctx, "expired sessions are deleted later", "cause", err)
	}
	if n, err := k.store.ErasePublic(ctx, time.Now().Add(-access.StatusLinkFor)); err != nil && ctx.Err() == nil {
		k.log.WarnContext(ctx, "who asked for requests that closed long ago is erased later", "cause", err)
	} else if n > 0 {
		k.log.InfoContext(ctx, "who asked was erased", "requests", n)
	}
}
