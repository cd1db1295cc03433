// Package cache keeps in memory what the flow reports are computed from, as far as the ledger has been read. The first report reads the
// requests of its time; later ones read only the requests that have had an entry since.
package cache

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"
	"time"

	"leanpmo/internal/flow"
)

// Source is the read model. Positions are those of the feed of events.
type Source interface {
	// FlowRecords reads the requests that had not ended before since and, unless before is zero, had ended before that.
	FlowRecords(ctx context.Context, since, before time.Time) ([]flow.Record, error)
	// FlowRecordsOf reads requests by id; those that are not there any more are left out.
	FlowRecordsOf(ctx context.Context, ids []string) ([]flow.Record, error)
	// FeedEnd is the position after the last entry.
	FeedEnd(ctx context.Context) (string, error)
	// FlowChanged lists requests with an entry after a position, at most so many entries at once, and the position after these.
	FlowChanged(ctx context.Context, after string, limit int) (ids []string, next string, err error)
}

const (
	// readAgainAfter is when everything is read again, in the background: a rebuild of the read model writes no entries.
	readAgainAfter = 10 * time.Minute
	readWithin     = time.Minute
	changesAtOnce  = 2_000
)

// Cache keeps requests. It is safe for use by many goroutines.
type Cache struct {
	source Source
	turn   chan struct{} // held by who reads or changes what follows

	known   *known
	reading atomic.Bool // everything is read again in the background
	version uint64      // grows with every change
}

// known are the requests that had not ended before since, as of a position.
type known struct {
	names
	byID  map[string]*compact
	since time.Time
	at    string
	read  time.Time
}

// New makes a cache over a source. It reads nothing yet.
func New(s Source) *Cache { return &Cache{source: s, turn: make(chan struct{}, 1)} }

// View is what the cache knew at one moment.
type View struct {
	Version uint64 // the same as long as nothing has changed
	names   []string
	list    []*compact
}

// Len is how many requests are in the view.
func (v View) Len() int { return len(v.list) }

// At is one of the requests; they are in the order of their submission.
func (v View) At(i int) flow.Measured {
	n := names{list: v.names}
	return n.unpack(v.list[i])
}

// ID is the id of one of the requests.
func (v View) ID(i int) string { return v.list[i].record.ID }

// Only is the view of those of its requests that have one of the ids.
func (v View) Only(ids []string) View {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	only := View{Version: v.Version, names: v.names}
	for _, c := range v.list {
		if wanted[c.record.ID] {
			only.list = append(only.list, c)
		}
	}
	return only
}

// Confidential lists the ids of the confidential requests.
func (v View) Confidential() []string {
	var ids []string
	for _, c := range v.list {
		if c.record.Confidential {
			ids = append(ids, c.record.ID)
		}
	}
	return ids
}

// Requests are those of a portfolio (of all when empty) that had not ended before since, as of now. If nothing has changed since the seen
// version, none is listed.
func (c *Cache) Requests(ctx context.Context, portfolio string, since, now time.Time, seen uint64) (View, error) {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return View{}, ctx.Err()
	}
	defer func() { <-c.turn }()
	if err := c.catchUp(ctx, since, now); err != nil {
		return View{}, err
	}
	v := View{Version: c.version, names: c.known.list}
	if v.Version == seen {
		return v, nil
	}
	from := since.UnixMicro()
	for _, r := range c.known.byID {
		if (portfolio == "" || r.record.Portfolio == portfolio) && r.endedAt >= from {
			v.list = append(v.list, r)
		}
	}
	slices.SortFunc(v.list, func(a, b *compact) int {
		return cmp.Or(cmp.Compare(a.submitted, b.submitted), cmp.Compare(a.record.ID, b.record.ID))
	})
	return v, nil
}

// catchUp reads what is missing.
func (c *Cache) catchUp(ctx context.Context, since, now time.Time) error {
	switch {
	case c.known == nil:
		fresh, err := c.read(ctx, since, now)
		if err != nil {
			return err
		}
		c.known = fresh
		c.version++
	case now.Sub(c.known.read) > readAgainAfter && c.reading.CompareAndSwap(false, true):
		go c.readAgain(context.WithoutCancel(ctx), since, now)
	}
	if since.Before(c.known.since) {
		earlier, err := c.source.FlowRecords(ctx, since, c.known.since)
		if err != nil {
			return err
		}
		c.known.put(earlier)
		c.known.since = since
		c.version++
	}
	return c.follow(ctx)
}

// follow reads the requests that have changed since the position.
func (c *Cache) follow(ctx context.Context) error {
	for {
		ids, next, err := c.source.FlowChanged(ctx, c.known.at, changesAtOnce)
		if err != nil || next == c.known.at {
			return err
		}
		records, err := c.source.FlowRecordsOf(ctx, ids)
		if err != nil {
			return err
		}
		if c.known.replace(ids, records) {
			c.version++
		}
		c.known.at = next
	}
}

// read reads everything since a time. The position is read first: what happens meanwhile is read once more.
func (c *Cache) read(ctx context.Context, since, now time.Time) (*known, error) {
	at, err := c.source.FeedEnd(ctx)
	if err != nil {
		return nil, err
	}
	records, err := c.source.FlowRecords(ctx, since, time.Time{})
	if err != nil {
		return nil, err
	}
	k := &known{byID: make(map[string]*compact, len(records)), since: since, at: at, read: now}
	k.put(records)
	return k, nil
}

// readAgain replaces what is known by what is read anew: also what has left the time that anybody asks for is then forgotten. A failure
// changes nothing; the next report tries again.
func (c *Cache) readAgain(ctx context.Context, since, now time.Time) {
	defer c.reading.Store(false)
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	fresh, err := c.read(ctx, since, now)
	if err != nil {
		return
	}
	c.turn <- struct{}{}
	defer func() { <-c.turn }()
	c.known = fresh
	c.version++
}

func (k *known) put(records []flow.Record) {
	for _, r := range records {
		k.byID[r.ID] = k.pack(flow.Measure(r))
	}
}

// replace puts the records of these ids, and reports whether anything is other than before.
func (k *known) replace(ids []string, records []flow.Record) bool {
	changed, found := false, make(map[string]bool, len(records))
	for _, r := range records {
		found[r.ID] = true
		fresh := k.pack(flow.Measure(r))
		if fresh.endedAt < k.since.UnixMicro() {
			found[r.ID] = false // it ended before the time of any report
			continue
		}
		if !fresh.same(k.byID[r.ID]) {
			k.byID[r.ID], changed = fresh, true
		}
	}
	for _, id := range ids {
		if _, there := k.byID[id]; there && !found[id] {
			delete(k.byID, id)
			changed = true
		}
	}
	return changed
}
