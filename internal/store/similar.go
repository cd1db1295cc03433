package store

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// leastScore is the trigram similarity from which two requests count as similar. Lower scores also occur between unrelated requests.
const leastScore = 0.3

// The score is the similarity of the titles, or of title and problem together if that is higher. Confidential requests are left out,
// because not every requester may read their titles.
const selectSimilar = `
WITH near AS (
    (SELECT id FROM request WHERE id <> $1 AND NOT confidential ORDER BY lower(title) <-> $2 LIMIT $4)
    UNION
    (SELECT id FROM request WHERE id <> $1 AND NOT confidential ORDER BY likeness <-> $3 LIMIT $4)
), scored AS (
    SELECT r.id, number, title, greatest(similarity(lower(title), $2), similarity(likeness, $3)) AS score, status, likeness, submitted_at
    FROM near JOIN request r ON r.id = near.id
)
SELECT id::text, coalesce(number, 0), title, score, status = 'closed', likeness
FROM scored WHERE score >= $5 ORDER BY score DESC, submitted_at DESC, id LIMIT $4`

// Similar finds requests, also closed ones, with a similar title or problem, most similar first, without id itself.
func (s *Store) Similar(ctx context.Context, id, title, problem string, limit int) ([]pmo.Similar, error) {
	text := similarityText(title, problem)
	return many(ctx, s.pool, "find similar requests", func(row pgx.CollectableRow) (pmo.Similar, error) {
		var f pmo.Similar
		var theirs string
		err := row.Scan(&f.ID, &f.Number, &f.Title, &f.Score, &f.Closed, &theirs)
		f.Words = sameWords(text, theirs)
		return f, err
	}, selectSimilar, id, strings.ToLower(clean(title)), text, pageSize(limit), leastScore)
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
	list := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.DeleteFunc(list, func(w string) bool { return len([]rune(w)) < shortestWord })
}
