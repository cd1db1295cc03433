package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Learned is a lesson with the request that it was learned on.
type Learned struct {
	ID     string
	Number int64
	Title  string
	Lesson pmo.Lesson
}

// selectLearned reads the latest lessons of each of some requests, in their order. Confidential requests are left out, as in Similar.
const selectLearned = `
SELECT r.id::text, coalesce(r.number, 0), r.title, l.lesson FROM unnest($1::text[]::uuid[]) WITH ORDINALITY AS a (id, n)
    JOIN request r ON r.id = a.id AND NOT r.confidential
    CROSS JOIN LATERAL (SELECT lesson, m FROM jsonb_array_elements(coalesce(r.snapshot -> 'lessons', '[]')) WITH ORDINALITY AS e (lesson, m) ORDER BY m DESC LIMIT $2) l
ORDER BY a.n, l.m DESC`

// Learned reads what was learned on requests: the latest lessons of each, so many at most.
func (s *Store) Learned(ctx context.Context, ids []string, each int) ([]Learned, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return many(ctx, s.pool, "read lessons", pgx.RowToStructByPos[Learned], selectLearned, ids, each)
}
