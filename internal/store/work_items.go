package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// WorkItem is a work item of a team without a tool of its own.
type WorkItem struct {
	ID, Key, Request, Ref, Title, Summary, Team, Approach, Link string
	Milestones                                                  []pmo.Milestone
	Status                                                      pmo.WorkStatus
	Reason                                                      string
	ChangedAt                                                   time.Time
	Progress                                                    *pmo.Progress // the request's latest report; nil before the first
}

// WorkChange is a change of a work item; nil fields stay unchanged.
type WorkChange struct {
	Title, Summary *string
	Status         *pmo.WorkStatus
	Reason         string
}

// The progress is read from the request, so that it includes reports from every source.
const selectWork = `
SELECT w.id, w.key, w.request_id, w.ref, w.title, w.summary, w.team, w.approach, w.link, w.milestones, w.status, w.reason, w.changed_at,
    r.snapshot -> 'progress'
FROM work_item w LEFT JOIN request r ON r.id = w.request_id `

func scanWork(row pgx.CollectableRow) (WorkItem, error) {
	var w WorkItem
	var milestones, progress []byte
	if err := row.Scan(&w.ID, &w.Key, &w.Request, &w.Ref, &w.Title, &w.Summary, &w.Team, &w.Approach, &w.Link, &milestones, &w.Status, &w.Reason,
		&w.ChangedAt, &progress); err != nil {
		return w, err
	}
	if err := json.Unmarshal(milestones, &w.Milestones); err != nil {
		return w, fmt.Errorf("decode the milestones of work item %s: %w", w.ID, err)
	}
	if len(progress) > 0 {
		if err := json.Unmarshal(progress, &w.Progress); err != nil {
			return w, fmt.Errorf("decode the progress of work item %s: %w", w.ID, err)
		}
	}
	return w, nil
}

const openWork = `
INSERT INTO work_item (key, request_id, ref, title, summary, team, approach, milestones, link, status, reason, opened_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', '', $10, $10) ON CONFLICT (key) DO NOTHING`

// OpenWork opens a work item, or returns the one opened under its key before; fresh is whether it is new.
func (s *Store) OpenWork(ctx context.Context, w WorkItem, at time.Time) (item WorkItem, fresh bool, err error) {
	if w.Milestones == nil {
		w.Milestones = []pmo.Milestone{}
	}
	milestones, err := document(w.Milestones)
	if err != nil {
		return WorkItem{}, false, err
	}
	n, err := write(ctx, s.pool, "open work item", openWork, w.Key, w.Request, clean(w.Ref), clean(w.Title), clean(w.Summary), clean(w.Team),
		clean(w.Approach), milestones, clean(w.Link), at)
	if err != nil {
		return WorkItem{}, false, err
	}
	item, err = s.WorkByKey(ctx, w.Key)
	return item, n == 1, err
}

// WorkByKey reads the work item opened under a key.
func (s *Store) WorkByKey(ctx context.Context, key string) (WorkItem, error) {
	return one(ctx, s.pool, "read work item", scanWork, selectWork+`WHERE w.key = $1`, key)
}

// Work reads a work item.
func (s *Store) Work(ctx context.Context, id string) (WorkItem, error) {
	if uuid.Validate(id) != nil {
		return WorkItem{}, fmt.Errorf("read work item: %w", ErrNotFound)
	}
	return one(ctx, s.pool, "read work item", scanWork, selectWork+`WHERE w.id = $1`, id)
}

const changeWork = `
UPDATE work_item SET title = coalesce($2, title), summary = coalesce($3, summary), status = coalesce($4, status),
    reason = CASE WHEN $4::text IS NULL THEN reason ELSE $5 END, changed_at = $6
WHERE id = $1`

// ChangeWork changes a work item and returns the changed one.
func (s *Store) ChangeWork(ctx context.Context, id string, c WorkChange, at time.Time) (WorkItem, error) {
	if uuid.Validate(id) != nil {
		return WorkItem{}, fmt.Errorf("change work item: %w", ErrNotFound)
	}
	if _, err := write(ctx, s.pool, "change work item", changeWork, id, cleanOrNil(c.Title), cleanOrNil(c.Summary), c.Status, clean(c.Reason), at); err != nil {
		return WorkItem{}, err
	}
	return s.Work(ctx, id)
}

func cleanOrNil(text *string) *string {
	if text == nil {
		return nil
	}
	cleaned := clean(*text)
	return &cleaned
}
