package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	selectDelegation = `SELECT person, delegate, from_at, until_at FROM delegation`
	selectDelegates  = selectDelegation + ` WHERE person = ANY ($1) AND from_at <= $2 AND $2 < until_at`
)

// Delegates maps each of the people who is absent at a time to their delegate.
func (s *Store) Delegates(ctx context.Context, people []string, at time.Time) (map[string]string, error) {
	list, err := many(ctx, s.pool, "list delegates", pgx.RowToStructByPos[Delegation], selectDelegates, people, at)
	return delegatesOf(list), err
}

func delegatesOf(list []Delegation) map[string]string {
	delegates := map[string]string{}
	for _, d := range list {
		delegates[d.Person] = d.Delegate
	}
	return delegates
}

// Standing is for whom a person acts, and whether they are a member of a team.
type Standing struct {
	ActsFor []string // sorted: people they are the delegate of now, and services whose desk they are at
	Member  bool     // of one of the given teams
}

// Standing reads for whom a person acts at a time, and whether they are a member of one of some teams.
func (s *Store) Standing(ctx context.Context, person string, teams []string, at time.Time) (Standing, error) {
	return one(ctx, s.pool, "read standing", pgx.RowToStructByPos[Standing], `
SELECT coalesce((SELECT array_agg(DISTINCT person ORDER BY person) FROM acting WHERE delegate = $1 AND from_at <= $3 AND $3 < until_at), '{}'),
    EXISTS (SELECT FROM team WHERE id = ANY ($2::text[]) AND $1 = ANY (members))`, person, teams, at)
}

// Delegation is the delegation of a person, whether past, current or future; ErrNotFound if none was set or it was cleared.
func (s *Store) Delegation(ctx context.Context, person string) (Delegation, error) {
	return one(ctx, s.pool, "read delegation", pgx.RowToStructByPos[Delegation], selectDelegation+` WHERE person = $1`, person)
}

const putDelegation = `
INSERT INTO delegation (person, delegate, from_at, until_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (person) DO UPDATE SET delegate = excluded.delegate, from_at = excluded.from_at, until_at = excluded.until_at`

// SetDelegation sets the delegation of a person and replaces the one before.
func (s *Store) SetDelegation(ctx context.Context, d Delegation, actor string, at time.Time) error {
	if d.Person == d.Delegate || !d.Until.After(d.From) {
		return fmt.Errorf("a delegation must be to another person and end after it begins: %w", ErrInvalid)
	}
	return s.changeTx(ctx, "set delegation", func(tx pgx.Tx) error {
		before, err := many(ctx, tx, "read delegation", pgx.RowToStructByPos[Delegation], selectDelegation+` WHERE person = $1 FOR UPDATE`, d.Person)
		if err != nil {
			return err
		}
		if _, err := write(ctx, tx, "set delegation", putDelegation, d.Person, d.Delegate, d.From, d.Until); err != nil {
			return err
		}
		body, err := fields(d)
		if err == nil && len(before) > 0 {
			body["before"], err = fields(before[0])
		}
		if err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: at, Actor: actor, Object: OfficeDelegation, ID: d.Person, Event: "set", Body: body, Answer: d})
	})
}

// ClearDelegationsOfOthers deletes the delegations of and to people who are not among those known any more, and returns whose. As for
// EndSessionsOfOthers, people is the version of the database's people.
func (s *Store) ClearDelegationsOfOthers(ctx context.Context, known []string, people int64, at time.Time) (whose []string, err error) {
	err = s.inTx(ctx, "clear delegations of people who left", func(tx pgx.Tx) error {
		if err := atPeople(ctx, tx, people); err != nil {
			return err
		}
		cleared, err := many(ctx, tx, "clear delegations of people who left", pgx.RowToStructByPos[Delegation],
			`DELETE FROM delegation WHERE NOT (person = ANY ($1) AND delegate = ANY ($1)) RETURNING person, delegate, from_at, until_at`, known)
		for _, d := range cleared {
			whose = append(whose, d.Person)
			err = errors.Join(err, logChange(ctx, tx, change{At: at, Actor: bySystem, Object: OfficeDelegation, ID: d.Person, Event: "cleared",
				Body: map[string]string{"delegate": d.Delegate, "reason": "one of the two is not in the directory any more"}}))
		}
		return err
	})
	return whose, err
}

// ClearDelegation deletes the delegation of a person. It is idempotent.
func (s *Store) ClearDelegation(ctx context.Context, person, actor string, at time.Time) error {
	return s.changeTx(ctx, "clear delegation", func(tx pgx.Tx) error {
		was, err := one(ctx, tx, "clear delegation", pgx.RowToStructByPos[Delegation],
			`DELETE FROM delegation WHERE person = $1 RETURNING person, delegate, from_at, until_at`, person)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: at, Actor: actor, Object: OfficeDelegation, ID: person, Event: "cleared", Body: was, Answer: struct{}{}})
	})
}
