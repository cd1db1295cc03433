package audit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/audit"
	"leanpmo/internal/clientaddr"
)

// written keeps refusals as the ledger does.
type written struct {
	lines []audit.Refusal
	err   error
}

func (w *written) AddRefusal(ctx context.Context, r audit.Refusal) error {
	if err := errors.Join(w.err, ctx.Err()); err != nil {
		return err
	}
	w.lines = append(w.lines, r)
	return nil
}

func from(address string) context.Context {
	return clientaddr.With(context.Background(), netip.MustParseAddr(address))
}

// An attacker writes a bounded number of lines a minute, and how many there were is known.
func TestRefusalsAreBoundedAndCounted(t *testing.T) {
	w, now := &written{}, time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)
	f := audit.NewRefusals(w, slog.New(slog.DiscardHandler), func() time.Time { return now })
	for range 1000 {
		f.Add(from("203.0.113.7"), audit.Refusal{Kind: audit.SignIn, Cause: strings.Repeat("ä", 1000)})
	}
	require.Len(t, w.lines, 5, "one network writes few")
	require.Len(t, []rune(w.lines[0].Cause), 200)
	for i := range 1000 {
		f.Add(from(fmt.Sprintf("2001:db8:%x::1", i)), audit.Refusal{Kind: audit.SignIn})
	}
	require.Len(t, w.lines, 30, "and all together")
	f.Add(from("198.51.100.1"), audit.Refusal{Kind: audit.Right, Actor: "bo"})
	require.Len(t, w.lines, 31, "another kind has its own")
	f.Flush(t.Context())
	require.Len(t, w.lines, 32)
	require.Equal(t, &audit.More{Count: 1970, Since: now}, w.lines[31].More)
	f.Flush(t.Context())
	require.Len(t, w.lines, 32, "nothing is left to count")

	now = now.Add(time.Minute)
	f.Add(from("203.0.113.7"), audit.Refusal{Kind: audit.SignIn})
	require.Len(t, w.lines, 33, "there is room again")
}

// What the database did not take is counted until it does; a client that has gone is written too.
func TestRefusalsOutliveTheDatabaseAndTheirClient(t *testing.T) {
	w, now := &written{err: errors.New("away")}, time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)
	f := audit.NewRefusals(w, slog.New(slog.DiscardHandler), func() time.Time { return now })
	f.Add(from("203.0.113.7"), audit.Refusal{Kind: audit.SignIn})
	f.Flush(t.Context())
	require.Empty(t, w.lines)
	w.err = nil
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	f.Serve(ended)
	require.Equal(t, &audit.More{Count: 1, Since: now}, w.lines[0].More)
	f.Add(ended, audit.Refusal{Kind: audit.SignIn})
	require.Len(t, w.lines, 2)
	var none *audit.Refusals
	none.Add(ended, audit.Refusal{})
}
