package api

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

// stream is one connection to the events.
type stream struct {
	t     *testing.T
	lines *bufio.Reader
	stop  context.CancelFunc
}

// message is one message of a stream.
type message struct{ id, event, data string }

func served(t *testing.T, b *bundle) *httptest.Server {
	t.Helper()
	var serving sync.WaitGroup
	ctx, stop := context.WithCancel(context.Background())
	serving.Go(func() { b.api.ServeEvents(ctx) })
	server := httptest.NewServer(b.api)
	t.Cleanup(func() {
		stop()
		serving.Wait()
		server.Close()
	})
	require.Eventually(t, func() bool { return b.api.FeedPosition() != "" }, testkit.Patience, time.Millisecond)
	return server
}

func connect(t *testing.T, server *httptest.Server, who, query string, headers ...string) (*stream, *http.Response) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/v1/events"+query, nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer dev-"+who)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	return &stream{t: t, lines: bufio.NewReader(response.Body), stop: stop}, response
}

// next is the next message; ended when there is none.
func (s *stream) next() (m message, ended bool) {
	s.t.Helper()
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			return m, true
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "id":
			m.id = value
		case "event":
			m.event = value
		case "data":
			m.data = value
		case "":
			if m.event != "" {
				return m, false
			}
		}
	}
}

func (s *stream) want(event, text string) message {
	s.t.Helper()
	m, ended := s.next()
	require.False(s.t, ended)
	require.Equal(s.t, event, m.event, m.data)
	require.Contains(s.t, m.data, text)
	return m
}

// TestEventsAreWhatAReaderMayRead as it happens: of a confidential request only its people, and who reads all.
func TestEventsAreWhatAReaderMayRead(t *testing.T) {
	b := setup(t)
	b.store.happens(requestA, "before")
	server := served(t, b)
	sam, response := connect(t, server, "sam", "")
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	rita, _ := connect(t, server, "rita", "")
	petra, _ := connect(t, server, "petra", "")
	one, _ := connect(t, server, "petra", "?request=R-2")
	for _, s := range []*stream{sam, rita, petra, one} {
		s.want("position", "{}")
	}
	b.store.happens(requestB, "hidden", "rita")
	b.store.happens(requestA, "shown")
	b.store.happens(requestB, "last", "rita")
	require.Contains(t, sam.want("entry", "shown").data, `"ref":"R-1"`)
	rita.want("entry", "hidden")
	rita.want("entry", "shown")
	rita.want("entry", "last")
	petra.want("entry", "hidden")
	petra.want("entry", "shown")
	one.want("entry", "hidden")
	one.want("entry", "last")
}

// TestAReaderGoesOnWhereTheConnectionEnded, and reads anew after too long a time.
func TestAReaderGoesOnWhereTheConnectionEnded(t *testing.T) {
	b := setup(t)
	b.store.happens(requestA, "one")
	server := served(t, b)
	s, _ := connect(t, server, "sam", "")
	place := s.want("position", "").id
	s.stop()
	b.store.happens(requestA, "two")
	b.store.happens(requestB, "hidden", "rita")
	b.store.happens(requestA, "three")
	require.Eventually(t, func() bool { return b.api.FeedPosition() == feedPlace(4).String() }, testkit.Patience, time.Millisecond)
	for _, way := range [][]string{{"?after=" + place}, {"", "Last-Event-ID", place}} {
		s, _ = connect(t, server, "sam", way[0], way[1:]...)
		s.want("entry", "two")
		s.want("entry", "three")
		s.want("position", "")
	}
	b.store.happens(requestA, "four")
	s.want("entry", "four")

	for range 1500 {
		b.store.happens(requestB, "hidden", "rita")
	}
	require.Eventually(t, func() bool { return b.api.FeedPosition() == feedPlace(1505).String() }, testkit.Patience, time.Millisecond)
	s, _ = connect(t, server, "sam", "?after="+place)
	s.want("entry", "two")
	s.want("entry", "three")
	s.want("entry", "four")
	require.Equal(t, feedPlace(1505).String(), s.want("reset", "").id)
	later, _ := connect(t, server, "sam", "?after="+feedPlace(9999).String())
	require.Equal(t, feedPlace(1505).String(), later.want("position", "").id, "the database was restored")
}

func TestWhatTheEventsRefuse(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "sam", "GET", "/v1/events", "")
	require.Equal(t, http.StatusServiceUnavailable, status, "nobody reads the feed")
	require.NotEmpty(t, doc["detail"])
	for query, want := range map[string]int{"?request=R-2": 404, "?request=R-99": 404, "?after=junk": 422, "?limit=3": 422} {
		status, _, _ := b.call(t, "sam", "GET", "/v1/events"+query, "")
		require.Equal(t, want, status, query)
	}
	server := served(t, b)
	for range mostFollowing {
		s, _ := connect(t, server, "sam", "")
		s.want("position", "")
	}
	_, response := connect(t, server, "sam", "")
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	other, _ := connect(t, server, "rita", "")
	other.want("position", "")
	require.Contains(t, get(b, "/metrics").Body.String(), "pmo_event_followers 21")
	status, _, _ = b.call(t, "rita", "HEAD", "/v1/events", "")
	require.Equal(t, http.StatusOK, status)
	b.api.Drain()
	_, ended := other.next()
	require.True(t, ended, "the server may stop")
	require.Eventually(t, func() bool { return b.api.follows.count("sam") == 0 }, testkit.Patience, time.Millisecond)
}

// TestManyReadersOfTheEvents: 500 connections, of which 20 never read. Everybody else gets everything, from one reader of the feed.
func TestManyReadersOfTheEvents(t *testing.T) {
	if testing.Short() {
		t.Skip("500 connections; run without -short")
	}
	const idle, readers, events = 20, 480, 60
	b := setup(t)
	people := []string{"sam", "rita", "ana", "bo", "petra", "theo", "lena", "kai", "ada"}
	b.api.follows.most = 500
	server := served(t, b)
	for range idle {
		connect(t, server, "ana", "")
	}
	var all sync.WaitGroup
	got := make([]int, readers)
	for i := range readers {
		s, _ := connect(t, server, people[i%len(people)], "")
		s.want("position", "")
		all.Go(func() {
			for got[i] < events {
				if m, ended := s.next(); ended || m.event != "entry" {
					return
				}
				got[i]++
			}
		})
	}
	began := time.Now()
	text := strings.Repeat("x", 4000)
	for range events {
		b.store.happens(requestA, text)
		time.Sleep(5 * time.Millisecond)
	}
	all.Wait()
	t.Logf("%d readers got %d events of 4 kB each in %s", readers, events, time.Since(began).Round(time.Millisecond))
	for i := range got {
		require.Equal(t, events, got[i], "reader %d", i)
	}
}

func (c *connections) count(person string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.of[person]
}
