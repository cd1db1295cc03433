package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// The entries of which anybody hears have an index by time (ledger_told): they are read from the newest back, until there are enough.
const selectChanges = `
SELECT l.position, l.body, l.request_id::text, coalesce(r.number, 0), r.title, r.portfolio
FROM ledger l JOIN request r ON r.id = l.request_id
WHERE l.body ? 'tell' AND l.at >= $3 AND l.body -> 'tell' ? $4 AND ` + visibleTo + `
ORDER BY l.at DESC, l.position DESC LIMIT $5`

// Changes lists the latest entries since a time that the viewer hears of, newest first; more says that there are others.
func (s *Store) Changes(ctx context.Context, v View, since time.Time) (events []Event, more bool, err error) {
	limit := pageSize(v.Limit)
	events, err = many(ctx, s.pool, "list changes", func(row pgx.CollectableRow) (Event, error) {
		var e Event
		var body []byte
		if err := row.Scan(&e.Position, &body, &e.RequestID, &e.Number, &e.Title, &e.Portfolio); err != nil {
			return e, err
		}
		if err := json.Unmarshal(body, &e.Entry); err != nil {
			return e, fmt.Errorf("decode an entry of %s: %w", e.RequestID, err)
		}
		return e, nil
	}, selectChanges, v.viewerIDs(), v.SeesAll, since, v.Viewer, limit+1)
	if len(events) > limit {
		return events[:limit], true, err
	}
	return events, false, err
}
