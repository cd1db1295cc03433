package store

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"leanpmo/internal/similar"
)

const (
	// mostCompared bounds the time of the search (about a millisecond), and mostMemory its memory, also where texts have little in common:
	// of more requests, the latest are compared. A request takes 400 bytes to 1 KiB.
	mostCompared = 150_000
	mostMemory   = 256 << 20
	// loadAtOnce rows are read by one statement, within its time limit.
	loadAtOnce = 5_000
	// loadWithin bounds reading everything, when the search is first used.
	loadWithin = 2 * time.Minute
)

// similarIndex is what similar requests are found in: a copy of the texts in memory, brought up to date before each search. It holds no
// confidential request; and what a search finds in it is read again before it is shown.
type similarIndex struct {
	mu    sync.RWMutex
	texts *similar.Index // nil until it is loaded
	since string         // the oldest transaction that had not ended when changes were last read

	running sync.Mutex
	current *refresh // the one that runs; nil: none does
}

// refresh is one reading of changes, for everybody who waits for it.
type refresh struct {
	done chan struct{}
	err  error
}

// refreshSimilar waits until the index has what was committed before the call, apart from the last milliseconds. The reading itself goes
// on when ctx ends, so that a first search that cannot wait for it leaves it to the next.
func (s *Store) refreshSimilar(ctx context.Context) error {
	x := &s.similar
	x.running.Lock()
	r := x.current
	if r == nil {
		r = &refresh{done: make(chan struct{})}
		x.current = r
		go func() {
			within, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadWithin)
			defer cancel()
			r.err = s.readSimilar(within)
			x.running.Lock()
			x.current = nil
			x.running.Unlock()
			close(r.done)
		}()
	}
	x.running.Unlock()
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return fault("read texts", ctx.Err())
	}
}

// PrepareSimilar reads what Similar searches in, so that the first search needs not wait for it.
func (s *Store) PrepareSimilar(ctx context.Context) error { return s.refreshSimilar(ctx) }

// text is what is compared of a request.
type text struct {
	id           similar.ID
	title, all   string
	confidential bool
	at           time.Time
}

func scanText(row pgx.CollectableRow) (text, error) {
	var t text
	return t, row.Scan((*[16]byte)(&t.id), &t.title, &t.all, &t.confidential, &t.at)
}

const (
	oldestRunning = `SELECT pg_snapshot_xmin(pg_current_snapshot())::text`
	// A transaction of the cluster that the database was restored from may have a higher number than any of this one.
	selectChangedTexts = `
SELECT id, title, likeness, confidential, submitted_at FROM request
WHERE text_xid >= $1::text::xid8 AND text_xid < (SELECT pg_snapshot_xmax(pg_current_snapshot()))`
	selectTexts = `
SELECT id, title, likeness, confidential, submitted_at FROM request WHERE (submitted_at, id) < ($1::text::timestamptz, $2::text::uuid) ORDER BY submitted_at DESC, id DESC LIMIT $3`
)

// readSimilar reads what changed, or everything at first and when too much in the index is of no use any more.
func (s *Store) readSimilar(ctx context.Context) error {
	x := &s.similar
	if x.texts == nil || x.texts.Len() > mostCompared+mostCompared/4 || x.texts.Memory() > mostMemory+mostMemory/4 || x.texts.Gone() > max(x.texts.Len(), loadAtOnce) {
		return s.loadSimilar(ctx)
	}
	var since []string
	var changed []text
	err := s.together(ctx, "read changed texts", func(batch *pgx.Batch) {
		collect(batch.Queue(oldestRunning), pgx.RowTo[string], &since) // first: what ends between the two is read again
		collect(batch.Queue(selectChangedTexts, x.since), scanText, &changed)
	})
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, t := range changed {
		put(x.texts, t)
	}
	x.since = since[0]
	return nil
}

func (s *Store) loadSimilar(ctx context.Context) error {
	since, err := one(ctx, s.pool, "read the oldest transaction", pgx.RowTo[string], oldestRunning)
	if err != nil {
		return err
	}
	texts := similar.NewIndex()
	before, id := "infinity", mostID
	for texts.Len() < mostCompared && texts.Memory() < mostMemory {
		page, err := many(ctx, s.pool, "read texts", scanText, selectTexts, before, id, loadAtOnce)
		if err != nil {
			return err
		}
		for _, t := range page {
			put(texts, t)
		}
		if len(page) < loadAtOnce {
			break
		}
		last := page[len(page)-1]
		before, id = last.at.Format(time.RFC3339Nano), uuid.UUID(last.id).String()
	}
	s.similar.mu.Lock()
	defer s.similar.mu.Unlock()
	s.similar.texts, s.similar.since = texts, since
	return nil
}

func put(texts *similar.Index, t text) {
	if t.confidential {
		texts.Remove(t.id)
		return
	}
	texts.Put(t.id, t.title, t.all)
}

// nearest are the ids of the texts most like the given ones, the best first.
func (s *Store) nearest(ctx context.Context, title, all string, limit int) ([]similar.Match, error) {
	if err := s.refreshSimilar(ctx); err != nil {
		return nil, err
	}
	s.similar.mu.RLock()
	defer s.similar.mu.RUnlock()
	return s.similar.texts.Nearest(title, all, leastScore, limit), nil
}
