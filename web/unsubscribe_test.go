package web

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fakeLinks has one link, and counts what is changed.
type fakeLinks struct {
	off     bool
	changes int
	down    error
}

const mailToken = "SECRETTOKENOFAMAIL"

func (f *fakeLinks) MailLink(_ context.Context, token string) (MailLink, bool, error) {
	return MailLink{Kind: "course", Unsubscribed: f.off}, token == mailToken, f.down
}

func (f *fakeLinks) SetUnsubscribed(_ context.Context, token string, off bool, _ time.Time) (MailLink, bool, error) {
	if token != mailToken || f.down != nil {
		return MailLink{}, false, f.down
	}
	f.off, f.changes = off, f.changes+1
	return MailLink{Kind: "course", Unsubscribed: off}, true, nil
}

// TestALinkInAMailEndsItsKindByAPostAlone: programs that open links, look at their head or fetch them before a person changes nothing.
func TestALinkInAMailEndsItsKindByAPostAlone(t *testing.T) {
	links := &fakeLinks{}
	b := newBrowserWith(t, func(o *Options) { o.Unsubscribes = links })
	page := b.do("GET", UnsubscribePath+mailToken, nil)
	require.Equal(t, http.StatusOK, page.StatusCode)
	require.Equal(t, "no-referrer", page.Header.Get("Referrer-Policy"))
	text := b.text(page)
	require.Contains(t, text, "What becomes of a request")
	require.Contains(t, text, "Send me no more of them")
	b.do("HEAD", UnsubscribePath+mailToken, nil)
	b.do("GET", UnsubscribePath+mailToken+"?List-Unsubscribe=One-Click", nil)
	require.Zero(t, links.changes)

	done := b.text(b.do("POST", UnsubscribePath+mailToken, url.Values{}))
	require.True(t, links.off)
	require.Contains(t, done, "You get no more of these mails.")
	again := b.text(b.do("POST", UnsubscribePath+mailToken, url.Values{"again": {"yes"}}))
	require.False(t, links.off)
	require.Contains(t, again, "You get these mails again.")
	require.Contains(t, b.text(b.do("GET", UnsubscribePath+mailToken+"?lang=de", nil))+b.text(b.do("GET", UnsubscribePath+mailToken, nil)), "Keine mehr senden")
	require.Equal(t, http.StatusNotFound, b.do("GET", UnsubscribePath+"UNKNOWN", nil).StatusCode)
	require.Equal(t, http.StatusNotFound, b.do("POST", UnsubscribePath+"UNKNOWN", url.Values{}).StatusCode)
}

// TestAMailProgramUnsubscribesInOneClick: the POST of RFC 8058 comes from a server, without a cookie, and gets no redirect.
func TestAMailProgramUnsubscribesInOneClick(t *testing.T) {
	links := &fakeLinks{}
	b := newBrowserWith(t, func(o *Options) { o.Unsubscribes = links })
	r := httptest.NewRequestWithContext(t.Context(), "POST", "https://pmo.example"+UnsubscribePath+mailToken, strings.NewReader("List-Unsubscribe=One-Click"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	require.True(t, links.off)
}

func TestALinkOfAMailIsInNoLogAndBounded(t *testing.T) {
	var log bytes.Buffer
	links := &fakeLinks{down: errors.New("down")}
	b := newBrowserWith(t, func(o *Options) {
		o.Unsubscribes, o.Log = links, slog.New(slog.NewTextHandler(&log, nil))
	})
	require.Equal(t, http.StatusServiceUnavailable, b.do("POST", UnsubscribePath+mailToken, url.Values{}).StatusCode)
	require.NotEmpty(t, log.String())
	require.NotContains(t, log.String(), mailToken)
	last := 0
	for range publicPagesPerMinute + 1 {
		last = b.do("GET", UnsubscribePath+mailToken, nil).StatusCode
	}
	require.Equal(t, http.StatusTooManyRequests, last)
	require.Equal(t, http.StatusNotFound, newBrowser(t).do("GET", UnsubscribePath+mailToken, nil).StatusCode, "without mails there are no links")
}
