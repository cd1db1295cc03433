package store

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
)

// flowColumns are the columns of a flow.Record without its events, in the order of its fields.
const flowColumns = `id::text, coalesce('R-' || number, ''), portfolio, stage, status, outcome, kind, class, team, approach, themes, confidential, submitted_at,
    pulled_at, accepted_at, closed_at, coalesce(CASE WHEN jsonb_typeof(more_inputs -> 'cost_of_delay') = 'number' THEN (more_inputs ->> 'cost_of_delay')::float8 END, 0)`

func scanFlowRecord(row pgx.CollectableRow) (flow.Record, error) {
	var r flow.Record
	return r, row.Scan(&r.ID, &r.Ref, &r.Portfolio, &r.Stage, &r.Status, &r.Outcome, &r.Kind, &r.Class, &r.Team, &r.Approach, &r.Themes, &r.Confidential, &r.SubmittedAt,
		&r.PulledAt, &r.AcceptedAt, &r.ClosedAt, &r.CostOfDelay)
}

// flowRecordsAtOnce bounds how many requests one statement reads: each stays far below its timeout.
const flowRecordsAtOnce = 2_000

// FlowRecords reads every request that had not ended before since and, unless before is zero, had ended before that. Each has its entries that
// begin or end a stage, a question or a hold. All of it is of one moment.
func (s *Store) FlowRecords(ctx context.Context, since, before time.Time) ([]flow.Record, error) {
	var records []flow.Record
	err := s.readTx(ctx, "read flow", func(tx pgx.Tx) error {
		var err error
		records, err = many(ctx, tx, "read flow", scanFlowRecord, `SELECT `+flowColumns+` FROM request
WHERE (least(accepted_at, closed_at) IS NULL AND $2::timestamptz IS NULL OR least(accepted_at, closed_at) >= $1 AND least(accepted_at, closed_at) < coalesce($2, 'infinity'))`,
			since, orNull(before))
		if err != nil {
			return err
		}
		return addFlowEvents(ctx, tx, records)
	})
	return records, err
}

// FlowRecordsOf reads requests by id, as FlowRecords does.
func (s *Store) FlowRecordsOf(ctx context.Context, ids []string) ([]flow.Record, error) {
	var records []flow.Record
	err := s.readTx(ctx, "read flow", func(tx pgx.Tx) error {
		var err error
		records, err = many(ctx, tx, "read flow", scanFlowRecord, `SELECT `+flowColumns+` FROM request WHERE id = ANY ($1::text[]::uuid[])`, ids)
		if err != nil {
			return err
		}
		return addFlowEvents(ctx, tx, records)
	})
	return records, err
}

// The process gives the entries of these events keys that begin with the event and then name the stage or the question: so an index holds all
// that is read, and no body of an entry is.
const selectFlowEvents = `
SELECT l.request_id::text, l.event, l.key, l.at FROM ledger l
WHERE l.request_id = ANY ($1::text[]::uuid[]) AND l.event IN ('submitted', 'stage_entered', 'asked', 'settled', 'timed_out', 'superseded', 'held', 'resumed') AND ` + notRetracted + `
ORDER BY l.request_id, l.at, l.position`

// addFlowEvents adds to each record its events.
func addFlowEvents(ctx context.Context, tx pgx.Tx, records []flow.Record) error {
	index := make(map[string]*flow.Record, len(records))
	for i := range records {
		index[records[i].ID] = &records[i]
	}
	for part := range slices.Chunk(records, flowRecordsAtOnce) {
		ids := make([]string, len(part))
		for i := range part {
			ids[i] = part[i].ID
		}
		open, err := openQuestions(ctx, tx, ids)
		if err != nil {
			return err
		}
		events, err := many(ctx, tx, "read flow events", func(row pgx.CollectableRow) (flow.Event, error) {
			var e flow.Event
			var key string
			err := row.Scan(&e.Item, &e.Event, &key, &e.At)
			e.Stage, e.Question = pmo.SubjectOfKey(e.Event, key)
			e.Open = e.Event == pmo.EventAsked && open[e.Item+" "+e.Question]
			return e, err
		}, selectFlowEvents, ids)
		if err != nil {
			return err
		}
		for _, e := range events {
			index[e.Item].Events = append(index[e.Item].Events, e)
		}
	}
	return nil
}

// openQuestions are the open questions of requests, as "request question".
func openQuestions(ctx context.Context, tx pgx.Tx, ids []string) (map[string]bool, error) {
	list, err := many(ctx, tx, "read open questions", pgx.RowTo[string], `SELECT request_id || ' ' || id FROM question WHERE request_id = ANY ($1::text[]::uuid[])`, ids)
	open := make(map[string]bool, len(list))
	for _, q := range list {
		open[q] = true
	}
	return open, err
}

// FlowChanged lists the requests with entries after a position of the feed, in the order of the feed and at most so many entries at once. Next is
// the position after these; the given one when there are none.
func (s *Store) FlowChanged(ctx context.Context, after string, limit int) (ids []string, next string, err error) {
	at, err := ReadFeedPosition(after)
	if err != nil {
		return nil, "", err
	}
	type entry struct {
		id string
		at FeedPosition
	}
	entries, err := many(ctx, s.pool, "list changed requests", func(row pgx.CollectableRow) (entry, error) {
		var e entry
		return e, row.Scan(&e.id, &e.at.Xid, &e.at.Position)
	}, `SELECT request_id::text, xid::text::bigint, position FROM ledger
WHERE (xid, position) > ($1::text::xid8, $2::bigint) AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY ledger.xid, position LIMIT $3`,
		strconv.FormatUint(at.Xid, 10), at.Position, limit)
	next = after
	for _, e := range entries {
		ids, next = append(ids, e.id), e.at.String()
	}
	slices.Sort(ids)
	return slices.Compact(ids), next, err
}

// FlowIDs lists, of the requests that had not ended before since, those that a filter chooses and that the viewer may read: a count by words of
// the text would say what is in the others.
func (s *Store) FlowIDs(ctx context.Context, f Filter, since time.Time) ([]string, error) {
	q := &conditions{args: []any{viewerIDs(f.Viewer, f.ActsFor), f.SeesAll}}
	q.add(visibleTo)
	q.match(f)
	q.addText(f.Text)
	q.add("(least(r.accepted_at, r.closed_at) IS NULL OR least(r.accepted_at, r.closed_at) >= ?)", since)
	return many(ctx, s.pool, "choose requests of the flow report", pgx.RowTo[string], `SELECT id::text FROM request r WHERE `+q.all(), q.args...)
}

// Readable lists those of the requests that the viewer may read.
func (s *Store) Readable(ctx context.Context, v View, ids []string) ([]string, error) {
	return many(ctx, s.pool, "list readable requests", pgx.RowTo[string],
		`SELECT r.id::text FROM request r WHERE r.id = ANY ($3::text[]::uuid[]) AND `+visibleTo, v.viewerIDs(), v.SeesAll, ids)
}

// Titles are those of the requests that the viewer may read, by id.
func (s *Store) Titles(ctx context.Context, v View, ids []string) (map[string]string, error) {
	titles := make(map[string]string, len(ids))
	_, err := many(ctx, s.pool, "read titles", func(row pgx.CollectableRow) (struct{}, error) {
		var id, title string
		err := row.Scan(&id, &title)
		titles[id] = title
		return struct{}{}, err
	}, `SELECT r.id::text, r.title FROM request r WHERE r.id = ANY ($3::text[]::uuid[]) AND `+visibleTo, v.viewerIDs(), v.SeesAll, ids)
	return titles, err
}

// ImportedCycles lists the cycle times of the imported work of a portfolio (of all when empty) that was finished since a time, the newest of
// them.
func (s *Store) ImportedCycles(ctx context.Context, portfolio string, since time.Time) ([]flow.Imported, error) {
	return many(ctx, s.pool, "read imported cycle times", pgx.RowToStructByPos[flow.Imported], `
SELECT kind, extract(epoch FROM finished_at - started_at)::float8 / 86400 FROM imported_work
WHERE ($1 = '' OR portfolio = $1) AND finished_at >= $2 AND started_at IS NOT NULL ORDER BY finished_at DESC LIMIT $3`, portfolio, since, mostCycles)
}
