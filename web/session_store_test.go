package web

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/clientaddr"
	"leanpmo/internal/session"
)

// fakeSessions are the sessions that several servers share.
type fakeSessions struct {
	mu    sync.Mutex
	kept  map[string]session.Kept
	ended map[string]bool
}

func newFakeSessions() *fakeSessions {
	return &fakeSessions{kept: map[string]session.Kept{}, ended: map[string]bool{}}
}

func (f *fakeSessions) FindSession(_ context.Context, hash string, at time.Time) ([]byte, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k, known := f.kept[hash]
	return k.Data, known && !f.ended[hash] && k.Expires.After(at), nil
}

func (f *fakeSessions) KeepSession(_ context.Context, k session.Kept) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.ended[k.Hash] {
		f.kept[k.Hash] = k
	}
	return nil
}

func (f *fakeSessions) DropSession(_ context.Context, hash string, _ time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended[hash] = true
	return nil
}

func (f *fakeSessions) of(person string) []session.Kept {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []session.Kept
	for hash, k := range f.kept {
		if k.Person == person && !f.ended[hash] {
			list = append(list, k)
		}
	}
	return list
}

func TestServersShareSessions(t *testing.T) {
	shared := newFakeSessions()
	one, other := newBrowserWith(t, func(o *Options) { o.Sessions = shared }), newBrowserWith(t, func(o *Options) { o.Sessions = shared })
	one.headers.Set("User-Agent", "Firefox\n\x00 "+string(make([]byte, 400)))
	one.signIn("sam")
	other.cookies = one.cookies
	require.Equal(t, http.StatusOK, other.do("GET", "/inbox", nil).StatusCode)
	kept := shared.of("sam")
	require.Len(t, kept, 1)
	require.Equal(t, "192.0.2.1", kept[0].Address, "httptest's")
	require.LessOrEqual(t, len(kept[0].UserAgent), longestUserAgent)
	require.NotContains(t, kept[0].UserAgent, "\n")
	require.NotContains(t, kept[0].Hash, one.cookies["pmo-session"], "only the hash is stored")
	require.WithinDuration(t, time.Now().Add(sessionIdle), kept[0].Expires, time.Minute)

	require.NoError(t, shared.DropSession(t.Context(), kept[0].Hash, now)) // as a revocation does
	require.Equal(t, http.StatusSeeOther, one.do("GET", "/inbox", nil).StatusCode)
	require.Equal(t, http.StatusSeeOther, other.do("GET", "/inbox", nil).StatusCode)
}

func TestSigningInLeavesNoSecondSession(t *testing.T) {
	shared := newFakeSessions()
	b := newBrowserWith(t, func(o *Options) {
		o.Sessions = shared
		o.Proxies, _ = clientaddr.Parse("192.0.2.0/24")
	})
	b.do("GET", "/sign-in", nil)
	require.Empty(t, shared.kept, "looking at the page keeps nothing")
	b.headers.Set("X-Forwarded-For", "198.51.100.9")
	b.signIn("sam").signIn("ana")
	require.Empty(t, shared.of("sam"))
	require.Len(t, shared.of("ana"), 1)
	require.Equal(t, "198.51.100.9", shared.of("ana")[0].Address)
	b.do("POST", "/sign-out", url.Values{})
	require.Empty(t, shared.of("ana"))
}
