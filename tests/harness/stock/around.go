package stock

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// comments writes what the entries of comments are about: at most mostComments of a request, because the rest are of its ledger alone.
const mostComments = 150

func (m *maker) comments(t testing.TB, pool *pgxpool.Pool, lives []*life) {
	t.Helper()
	var comments, links [][]any
	for n, l := range lives {
		written := 0
		for i := range l.entries {
			if e := &l.entries[i]; e.Event == pmo.EventCommented && written < mostComments {
				written++
				comments = append(comments, []any{uuid.MustParse(m.id()), uuid.MustParse(l.r.ID), "", e.Actor, e.At, m.Text(8, 40), []string{}})
			}
		}
		for i := range n % 3 {
			links = append(links, []any{uuid.MustParse(m.id()), uuid.MustParse(l.r.ID), fmt.Sprintf("https://wiki.example/%d/%d", n, i), m.Text(2, 5), l.r.Requester, l.entries[0].At})
		}
	}
	copyRows(t, pool, "comment", []string{"id", "request_id", "question", "author", "at", "body", "mentions"}, len(comments), func(i int) []any { return comments[i] })
	copyRows(t, pool, "attachment", []string{"id", "request_id", "url", "title", "added_by", "at"}, len(links), func(i int) []any { return links[i] })
}

// accounts gives everybody sessions and tokens: some of them have ended.
func (m *maker) accounts(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	var sessions, tokens [][]any
	for _, p := range m.people {
		for i := range 2 {
			hash := sha256.Sum256(fmt.Appendf(nil, "%s/%d", p, i))
			sessions = append(sessions, []any{fmt.Sprintf("%x", hash), p, []byte("{}"), "192.0.2.1", "Mozilla/5.0 (X11; Linux x86_64) Browser/1.0", m.now.Add(-time.Hour), m.now, m.now.Add(11 * time.Hour)})
			tokens = append(tokens, []any{hash[:], p, fmt.Sprintf("script %d", i), []string{"read"}, m.now.Add(-time.Hour), p, m.now.Add(24 * time.Hour)})
		}
	}
	copyRows(t, pool, "session", []string{"hash", "person", "data", "address", "user_agent", "made_at", "seen_at", "expires_at"}, len(sessions), func(i int) []any { return sessions[i] })
	copyRows(t, pool, "api_token", []string{"hash", "principal", "name", "scopes", "made_at", "made_by", "expires_at"}, len(tokens), func(i int) []any { return tokens[i] })
}

// visits says that everybody was last here a week ago: their home page says what changed since.
func (m *maker) visits(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	for _, p := range append([]string{"ada", "aud"}, local...) {
		_, err := pool.Exec(context.Background(), `INSERT INTO visit (person, since, last) VALUES ($1, $2, $3) ON CONFLICT (person) DO UPDATE SET since = $2, last = $3`, p, m.now.AddDate(0, 0, -7), m.now)
		require.NoError(t, err)
	}
}
