package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/directory"
)

// PeopleVersion is the version of the people that the database keeps.
func (s *Store) PeopleVersion(ctx context.Context) (int64, error) {
	return one(ctx, s.pool, "read the version of people", pgx.RowTo[int64], `SELECT version FROM people_version`)
}

const claimedColumns = `issuer, subject, state, link, name, email, username, roles, groups`

// People are the people who signed in by a provider, and who is blocked. What changes while it reads has a later version.
func (s *Store) People(ctx context.Context) (directory.Stored, error) {
	var stored directory.Stored
	var err error
	if stored.Version, err = s.PeopleVersion(ctx); err != nil {
		return stored, err
	}
	if stored.Claimed, err = many(ctx, s.pool, "list people from claims", pgx.RowToStructByPos[directory.Claimed],
		`SELECT `+claimedColumns+` FROM person_identity ORDER BY first_seen, issuer, subject`); err != nil {
		return stored, err
	}
	stored.Blocked, err = many(ctx, s.pool, "list who is blocked", pgx.RowTo[string], `SELECT principal FROM person_block`)
	return stored, err
}

// SignedIn is what is kept of somebody from their last sign-in; ErrNotFound if there was none.
func (s *Store) SignedIn(ctx context.Context, issuer, subject string) (directory.Claimed, error) {
	return signedIn(ctx, s.pool, issuer, subject)
}

func signedIn(ctx context.Context, db querier, issuer, subject string) (directory.Claimed, error) {
	return one(ctx, db, "find a sign-in", pgx.RowToStructByPos[directory.Claimed], `SELECT `+claimedColumns+` FROM person_identity WHERE issuer = $1 AND subject = $2`, issuer, subject)
}

const keepSignIn = `
INSERT INTO person_identity (issuer, subject, state, link, name, email, username, roles, groups, principal, provider, cause, first_seen, last_seen)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
ON CONFLICT (issuer, subject) DO UPDATE SET state = $3, link = $4, name = $5, email = $6, username = $7, roles = $8, groups = $9, principal = $10,
    provider = $11, cause = $12, last_seen = greatest(person_identity.last_seen, $13)`

// KeepSignIn stores what a sign-in led to, with its consequences: whoever is refused is signed out everywhere. It reports whether anything
// changed that others must know. ErrBlocked: the person is blocked, and nothing is stored; ErrLinkTaken: the link is another account's.
func (s *Store) KeepSignIn(ctx context.Context, k directory.SignIn) (changed bool, err error) {
	c := k.Claimed
	c.Name, c.Email, c.Username = clean(c.Name), clean(c.Email), clean(c.Username)
	err = s.inTx(ctx, "keep a sign-in", func(tx pgx.Tx) error {
		if _, err := write(ctx, tx, "lock people", `SELECT pg_advisory_xact_lock(hashtextextended('sign-in of ' || $1 || ' ' || $2, 0))`, c.Issuer, c.Subject); err != nil {
			return err
		}
		blocked, err := one(ctx, tx, "find a block", pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM person_block WHERE principal = $1)`, k.Principal)
		if err != nil {
			return err
		}
		if blocked {
			return directory.ErrBlocked
		}
		before, err := signedIn(ctx, tx, c.Issuer, c.Subject)
		isNew := errors.Is(err, ErrNotFound)
		if err != nil && !isNew {
			return err
		}
		if _, err := write(ctx, tx, "keep a sign-in", keepSignIn, c.Issuer, c.Subject, c.State, c.Link, c.Name, c.Email, c.Username, noNull(c.Roles), noNull(c.Groups),
			k.Principal, k.Provider, k.Cause, k.At); err != nil {
			if errors.Is(err, ErrConflict) {
				return directory.ErrLinkTaken
			}
			return err
		}
		if changed = isNew || !equalClaims(before, c); !changed {
			return nil
		}
		return s.changePerson(ctx, tx, k, before)
	})
	return changed && err == nil, err
}

// changePerson is what follows from a sign-in that changed somebody.
func (s *Store) changePerson(ctx context.Context, tx pgx.Tx, k directory.SignIn, before directory.Claimed) error {
	if k.State == directory.SignInRefused {
		if err := endSessionsOf(ctx, tx, k.Principal, bySystem, "the claims of the last sign-in grant no access", k.At); err != nil {
			return err
		}
	}
	body := map[string]any{"provider": k.Provider, "roles": noNull(k.Roles), "groups": noNull(k.Groups)}
	if before.State != "" {
		body["before"] = map[string]any{"state": before.State, "roles": before.Roles, "groups": before.Groups}
	}
	if k.Cause != "" {
		body["cause"] = k.Cause
	}
	if k.State == before.State && slices.Equal(k.Roles, before.Roles) && slices.Equal(k.Groups, before.Groups) { // another name or address is no right
		return raisePeople(ctx, tx)
	}
	if err := logChange(ctx, tx, change{At: k.At, Actor: bySystem, Object: "person", ID: k.Principal, Event: string(k.State), Body: body}); err != nil {
		return err
	}
	return raisePeople(ctx, tx)
}

func equalClaims(a, b directory.Claimed) bool {
	return a.State == b.State && a.Link == b.Link && a.Name == b.Name && a.Email == b.Email && a.Username == b.Username &&
		slices.Equal(a.Roles, b.Roles) && slices.Equal(a.Groups, b.Groups)
}

// noNull is a list that a column takes, which knows no null.
func noNull(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}

// raisePeople tells every server and worker that people changed.
func raisePeople(ctx context.Context, tx pgx.Tx) error {
	_, err := write(ctx, tx, "raise the version of people", `UPDATE people_version SET version = version + 1`)
	return err
}

// EndSessionsOf ends the sessions of one person that were begun before a time.
func (s *Store) EndSessionsOf(ctx context.Context, person, reason string, before, at time.Time) error {
	return s.inTx(ctx, "end the sessions of a person", func(tx pgx.Tx) error {
		return endSessionsBefore(ctx, tx, person, bySystem, reason, before, at)
	})
}

// endSessionsOf ends the sessions of one person, whenever they were begun.
func endSessionsOf(ctx context.Context, tx pgx.Tx, person, actor, reason string, at time.Time) error {
	return endSessionsBefore(ctx, tx, person, actor, reason, at.AddDate(1, 0, 0), at)
}

func endSessionsBefore(ctx context.Context, tx pgx.Tx, person, actor, reason string, before, at time.Time) error {
	ended, err := many(ctx, tx, "end the sessions of a person", pgx.RowTo[string], endSessions+`person = $3 AND person <> '' AND made_at < $4 RETURNING id::text`, at, actor, person, before)
	for _, id := range ended {
		err = errors.Join(err, logChange(ctx, tx, change{At: at, Actor: actor, Object: "session", ID: id, Event: "ended", Body: map[string]string{"person": person, "reason": reason}}))
	}
	return err
}

// RefuseOtherIssuers ends the admission of people by providers that are not set up any more, and returns whose.
func (s *Store) RefuseOtherIssuers(ctx context.Context, issuers []string, at time.Time) (people []string, err error) {
	const cause = "the provider is not set up any more"
	err = s.inTx(ctx, "refuse people of other issuers", func(tx pgx.Tx) error {
		people, err = many(ctx, tx, "refuse people of other issuers", pgx.RowTo[string],
			`UPDATE person_identity SET state = 'refused', cause = $2 WHERE state = 'admitted' AND NOT issuer = ANY ($1) RETURNING principal`, issuers, cause)
		for _, person := range people {
			err = errors.Join(err, endSessionsOf(ctx, tx, person, bySystem, cause, at),
				logChange(ctx, tx, change{At: at, Actor: bySystem, Object: "person", ID: person, Event: string(directory.SignInRefused), Body: map[string]string{"cause": cause}}))
		}
		if err != nil || len(people) == 0 {
			return err
		}
		return raisePeople(ctx, tx)
	})
	return people, err
}

// ErrPeopleChanged says that people changed since they were read: who is known is not known.
var ErrPeopleChanged = fmt.Errorf("people changed meanwhile: %w", ErrConflict)

// atPeople keeps a transaction from judging by people of another version than the database has.
func atPeople(ctx context.Context, tx pgx.Tx, version int64) error {
	now, err := one(ctx, tx, "read the version of people", pgx.RowTo[int64], `SELECT version FROM people_version FOR SHARE`)
	if err == nil && now != version {
		return ErrPeopleChanged
	}
	return err
}
