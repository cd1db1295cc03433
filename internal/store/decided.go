package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/cleantext"
)

// Decided reads a page of the answers that a person gave, or that somebody gave in their seat, the newest first: of requests that they may
// still read, and whose texts have all words.
func (s *Store) Decided(ctx context.Context, person, text string, v View) (Page[Event], error) {
	const op = "decided"
	after, err := readCursor(op, v.Cursor)
	if err != nil {
		return Page[Event]{}, err
	}
	before := int64(1<<63 - 1)
	if after != nil {
		if before, err = strconv.ParseInt(after.Key, 10, 64); err != nil {
			return Page[Event]{}, fmt.Errorf("%s: %w", op, ErrBadCursor)
		}
	}
	size := pageSize(v.Limit)
	args := []any{v.viewerIDs(), v.SeesAll, person, before, size + 1}
	var words strings.Builder
	for _, w := range cleantext.SearchWords(text) {
		args = append(args, "%"+escapeLike.Replace(w.Folded)+"%")
		fmt.Fprintf(&words, " AND (r.search LIKE $%d OR lower(l.body ->> 'text') LIKE $%d)", len(args), len(args))
	}
	// Each of the two is read in the order of its own index, as far as the page goes.
	answers := func(who string) string {
		return `(SELECT l.position, l.body, l.request_id, r.number, r.title, r.portfolio FROM ledger l JOIN request r ON r.id = l.request_id
WHERE l.event = 'answered' AND ` + notRetracted + ` AND l.body ->> '` + who + `' = $3 AND l.position < $4 AND ` + visibleTo + words.String() + ` ORDER BY l.position DESC LIMIT $5)`
	}
	events, err := many(ctx, s.pool, op, func(row pgx.CollectableRow) (Event, error) {
		var e Event
		var body []byte
		if err := row.Scan(&e.Position, &body, &e.RequestID, &e.Number, &e.Title, &e.Portfolio); err != nil {
			return e, err
		}
		return e, json.Unmarshal(body, &e.Entry)
	}, `SELECT DISTINCT ON (position) position, body, request_id::text, coalesce(number, 0), title, portfolio FROM (`+answers("actor")+` UNION ALL `+answers("for")+`) a
ORDER BY position DESC LIMIT $5`, args...)
	return paged(events, size, func(e Event) cursor { return cursor{List: op, Key: strconv.FormatInt(e.Position, 10)} }), err
}
