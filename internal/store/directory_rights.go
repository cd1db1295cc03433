package store

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// DirectoryRights is what the directory file lets somebody do.
type DirectoryRights struct {
	Roles       []string `json:"roles"`
	Groups      []string `json:"groups"`
	Service     bool     `json:"service,omitempty"`
	Agent       bool     `json:"agent,omitempty"`
	Responsible string   `json:"responsible,omitempty"`  // of an agent: a person or a group
	Granted     bool     `json:"confidential,omitempty"` // of an agent: it may read confidential requests
	Token       bool     `json:"token,omitempty"`        // the file has a token of theirs
	Accounts    []string `json:"accounts,omitempty"`     // with which they sign in: issuer, and the subject if the file names it
}

// rightsAtOnce bounds one transaction.
const rightsAtOnce = 200

// RecordRights writes to the office ledger what the directory file lets people do now and did not when it was last recorded, whichever process
// recorded it. The first time it writes one line and keeps the rest for comparison.
func (s *Store) RecordRights(ctx context.Context, people map[string]DirectoryRights, at time.Time) error {
	for {
		left := false
		err := s.inTx(ctx, "record rights", func(tx pgx.Tx) error {
			if _, err := write(ctx, tx, "record rights", `SELECT pg_advisory_xact_lock(hashtextextended('directory rights', 0))`); err != nil {
				return err
			}
			recorded, err := recordedRights(ctx, tx)
			if err != nil {
				return err
			}
			if len(recorded) == 0 {
				return firstRights(ctx, tx, people, at)
			}
			left, err = changedRights(ctx, tx, recorded, people, at)
			return err
		})
		if err != nil || !left {
			return err
		}
	}
}

func recordedRights(ctx context.Context, tx pgx.Tx) (map[string]DirectoryRights, error) {
	recorded := map[string]DirectoryRights{}
	_, err := many(ctx, tx, "read rights", func(row pgx.CollectableRow) (struct{}, error) {
		var person string
		var rights DirectoryRights
		err := row.Scan(&person, &rights)
		recorded[person] = rights
		return struct{}{}, err
	}, `SELECT person, rights FROM directory_rights`)
	return recorded, err
}

const putRights = `INSERT INTO directory_rights (person, rights) SELECT person, rights FROM jsonb_each($1::jsonb) AS r (person, rights)
ON CONFLICT (person) DO UPDATE SET rights = excluded.rights`

func firstRights(ctx context.Context, tx pgx.Tx, people map[string]DirectoryRights, at time.Time) error {
	if err := keepRights(ctx, tx, people, nil); err != nil {
		return err
	}
	return logChange(ctx, tx, change{At: at, Actor: bySystem, Object: OfficePerson, Event: "first_read", Body: map[string]int{"people": len(people)}})
}

func keepRights(ctx context.Context, tx pgx.Tx, people map[string]DirectoryRights, gone []string) error {
	list, err := document(people)
	if err != nil {
		return err
	}
	if _, err := write(ctx, tx, "keep rights", putRights, list); err != nil {
		return err
	}
	_, err = write(ctx, tx, "keep rights", `DELETE FROM directory_rights WHERE person = ANY ($1)`, noNull(gone))
	return err
}

// changedRights records some of the people whose rights differ, and whether others are left.
func changedRights(ctx context.Context, tx pgx.Tx, recorded, people map[string]DirectoryRights, at time.Time) (left bool, err error) {
	put, gone, all := map[string]DirectoryRights{}, []string{}, maps.Clone(recorded)
	maps.Copy(all, people)
	lines := 0
	for _, person := range slices.Sorted(maps.Keys(all)) {
		before, was := recorded[person]
		now, is := people[person]
		if was && is && sameRights(before, now) {
			continue
		}
		if lines++; lines > rightsAtOnce {
			left = true
			break
		}
		c := change{At: at, Actor: bySystem, Object: OfficePerson, ID: person}
		switch {
		case !was:
			c.Event, c.Body = "added", map[string]any{"rights": now}
			put[person] = now
		case !is:
			c.Event, c.Body = "removed", map[string]any{"before": before}
			gone = append(gone, person)
		default:
			c.Event, c.Body = "changed", map[string]any{"rights": now, "before": before}
			put[person] = now
		}
		if err := logChange(ctx, tx, c); err != nil {
			return false, err
		}
	}
	if lines == 0 {
		return false, nil
	}
	return left, keepRights(ctx, tx, put, gone)
}

// sameRights compares what is stored: an absent list and an empty one are the same.
func sameRights(a, b DirectoryRights) bool {
	x, err := json.Marshal(a.sorted())
	y, failed := json.Marshal(b.sorted())
	return err == nil && failed == nil && bytes.Equal(x, y)
}

func (r DirectoryRights) sorted() DirectoryRights {
	r.Roles, r.Groups, r.Accounts = slices.Sorted(slices.Values(r.Roles)), slices.Sorted(slices.Values(r.Groups)), slices.Sorted(slices.Values(r.Accounts))
	return r
}
