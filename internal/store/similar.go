package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/pmo"
	"leanpmo/internal/similar"
)

// leastScore is the similarity from which two requests count as similar. Lower scores also occur between unrelated requests.
const leastScore = 0.3

// Confidential requests are left out, because not every requester may read their titles.
const selectFound = `
SELECT id::text, coalesce(number, 0), title, status = 'closed', likeness, submitted_at FROM request WHERE id = ANY ($1::text[]::uuid[]) AND NOT confidential`

type found struct {
	pmo.Similar
	all string
	at  time.Time
}

// Similar finds requests, also closed ones, with a similar title or problem, most similar first, without id itself. The score is the
// similarity of the titles, or of title and problem together if that is higher.
func (s *Store) Similar(ctx context.Context, id, title, problem string, limit int) ([]pmo.Similar, error) {
	all := similarityText(title, problem)
	limit = pageSize(limit)
	nearest, err := s.nearest(ctx, title, all, limit+1) // one of them may be the request itself
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range nearest {
		if other := uuid.UUID(m.ID).String(); other != id {
			ids = append(ids, other)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := many(ctx, s.pool, "read similar requests", func(row pgx.CollectableRow) (found, error) {
		var f found
		return f, row.Scan(&f.ID, &f.Number, &f.Title, &f.Closed, &f.all, &f.at)
	}, selectFound, ids)
	if err != nil {
		return nil, err
	}
	return ranked(rows, title, all, limit), nil
}

// ranked judges what was found by its present text: it may have changed since it was indexed.
func ranked(rows []found, title, all string, limit int) []pmo.Similar {
	for i, r := range rows {
		rows[i].Score, rows[i].Words = similar.ScoreTexts(title, all, r.Title, r.all), sameWords(all, r.all)
	}
	rows = slices.DeleteFunc(rows, func(r found) bool { return r.Score < leastScore })
	slices.SortFunc(rows, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), b.at.Compare(a.at), strings.Compare(a.ID, b.ID))
	})
	var list []pmo.Similar
	for _, r := range rows[:min(len(rows), limit)] {
		list = append(list, r.Similar)
	}
	return list
}

const (
	shortestWord = 4 // letters; shorter words are rarely specific to a subject
	mostWords    = 6
)

// sameWords explains why two texts are similar: it lists common words.
func sameWords(mine, theirs string) string {
	known := wordsOf(theirs)
	var same []string
	for _, w := range wordsOf(mine) {
		if slices.Contains(known, w) && !slices.Contains(same, w) && len(same) < mostWords {
			same = append(same, w)
		}
	}
	if same == nil {
		return "similar spelling"
	}
	return "same words: " + strings.Join(same, ", ")
}

func wordsOf(text string) []string {
	list := strings.FieldsFunc(cleantext.Fold(text), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) })
	return slices.DeleteFunc(list, func(w string) bool { return len([]rune(w)) < shortestWord })
}
