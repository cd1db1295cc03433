package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/access"
	"leanpmo/internal/feed"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const eventsPath = "/v1/events"

const (
	heartbeatEvery = 15 * time.Second
	sendWithin     = 10 * time.Second // for one write: who does not read for so long is dropped
	catchUpPage    = 200
	mostCatchUp    = 1000 // events that are sent again to somebody who was away; with more they are told to read anew
	mostFollowing  = 20   // connections of one person
)

const eventsDescription = "Server-sent events. Each `entry` is a ledger entry that you may read, as it appears in the ledgers; its id is a place in the feed, " +
	"so that `Last-Event-ID` (or `after`) goes on where a connection ended. `position` says where the feed is at the beginning. `reset` says that you were " +
	"away too long to be told all: read anew what you show, and go on from its id. A comment every 15 seconds shows that the connection stands. " +
	"Who does not read is disconnected."

// followEvents registers the stream. It is no operation of huma's: it has no end, and so neither a place among the reads in flight nor
// their time limit.
func (a *API) followEvents() {
	a.actions[http.MethodGet+" "+eventsPath] = access.ReadEvents
	a.router.With(withPath, a.signedIn).Get(eventsPath, func(w http.ResponseWriter, r *http.Request) {
		if err := a.events(w, r); err != nil {
			writeProblem(w, r, err)
		}
	})
	document := a.huma.OpenAPI()
	text := &huma.Schema{Type: huma.TypeString}
	operation := &huma.Operation{OperationID: "events", Method: http.MethodGet, Path: eventsPath, Summary: "What happens, as it happens", Tags: []string{"events"},
		Description: eventsDescription + " Needs the right `" + string(access.ReadEvents) + "`.", Security: []map[string][]string{{"bearer": {}}}, BodyReadTimeout: -1,
		Parameters: []*huma.Param{
			{Name: "Last-Event-ID", In: "header", Schema: text, Description: "The id of the last event you got"},
			{Name: "after", In: "query", Schema: text, Description: "The same, for a first connection; the header counts more"},
			{Name: "request", In: "query", Schema: text, Description: "Only events of this request: id or number"},
		},
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"text/event-stream": {
			Schema: document.Components.Schemas.Schema(reflect.TypeFor[wire.Event](), true, "Event")}}}},
	}
	for status, refusal := range document.Paths["/v1/requests/{ref}"].Get.Responses {
		if status >= "4" {
			operation.Responses[status] = refusal
		}
	}
	document.AddOperation(operation)
}

// following is one connection that follows the events.
type following struct {
	api     *API
	actor   access.Actor
	request string // only events of this request; empty: of all
	from    store.FeedPosition
	resumes bool
	w       http.ResponseWriter
	control *http.ResponseController
}

func (a *API) events(w http.ResponseWriter, r *http.Request) error {
	f := &following{api: a, actor: actorOf(r.Context()), w: w, control: http.NewResponseController(w)}
	if err := may(f.actor, access.ReadEvents, access.Object{}); err != nil {
		return err
	}
	if err := f.read(r); err != nil {
		return err
	}
	if !a.follows.begin(f.actor.ID) {
		return problem.New(problem.Busy, "you follow the events over %d connections already", mostFollowing)
	}
	defer a.follows.end(f.actor.ID)
	follower, at, err := a.feed.Follow()
	if err != nil {
		return problem.Wrap(err, problem.Unavailable, "the events cannot be followed right now")
	}
	defer a.feed.Leave(follower)
	if r.Method == http.MethodHead {
		return nil
	}
	f.open()
	if f.begin(r.Context(), at) == nil {
		f.follow(r, follower)
	}
	return nil // an answer has begun: the connection ends, and its reader comes back
}

// read reads the parameters.
func (f *following) read(r *http.Request) error {
	q := r.URL.Query()
	for name := range q {
		if name != "after" && name != "request" {
			return problem.InvalidField("query/"+name, "unknown query parameter")
		}
	}
	from := r.Header.Get("Last-Event-ID")
	if from == "" {
		from = q.Get("after")
	}
	f.resumes = from != ""
	var err error
	if f.from, err = store.ReadFeedPosition(from); err != nil {
		return err
	}
	if ref := q.Get("request"); ref != "" {
		read, cancel := context.WithTimeout(r.Context(), f.api.answerTime())
		defer cancel()
		ctx, err := f.api.withTarget(read, ref, access.ReadRequest)
		if err != nil {
			return err
		}
		f.request = targetOf(ctx).ID
	}
	return nil
}

// open sends the header. The limits of the server's reads and writes are for answers that end.
func (f *following) open() {
	_ = f.control.SetReadDeadline(time.Time{}) // a writer of tests has no deadlines
	h := f.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // of a proxy in between
	f.w.WriteHeader(http.StatusOK)
}

// begin says where the feed is, after what somebody missed who was here before.
func (f *following) begin(ctx context.Context, at store.FeedPosition) error {
	if !f.resumes || f.from.After(at) { // the feed of a database that was restored begins earlier
		f.from = at
		return f.send("retry: 2000\nid: %s\nevent: position\ndata: {}\n\n", at)
	}
	return f.catchUp(ctx, at)
}

func (f *following) catchUp(ctx context.Context, until store.FeedPosition) error {
	sent := 0
	for until.After(f.from) {
		events, err := f.api.Store.Feed(ctx, f.from, catchUpPage, f.api.Now())
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			if e.Place.After(until) {
				return nil
			}
			if err := f.pass(e); err != nil {
				return err
			}
		}
		if sent += len(events); sent >= mostCatchUp && until.After(f.from) {
			f.from = until
			return f.send("id: %s\nevent: reset\ndata: {}\n\n", until)
		}
	}
	return f.send("retry: 2000\nid: %s\nevent: position\ndata: {}\n\n", f.from)
}

// follow sends what comes. At every heartbeat it asks again who is there: somebody who was removed is sent nothing more.
func (f *following) follow(r *http.Request, follower *feed.Follower) {
	beat := time.NewTicker(heartbeatEvery)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case e, more := <-follower.Events:
			if !more {
				return
			}
			if e.Place.After(f.from) {
				err = f.pass(e)
			}
		case <-beat.C:
			if !f.stillKnown(r) {
				return
			}
			err = f.send(": here\n\n")
		}
		if err != nil {
			return
		}
	}
}

// stillKnown asks again who follows. A token whose other calls come too fast is known all the same.
func (f *following) stillKnown(r *http.Request) bool {
	who, err := f.api.caller(r)
	if err == nil {
		f.actor = who
	}
	return err == nil || problem.Is(err, problem.RateLimited)
}

// pass sends an event that the reader may read and wants; others only move the place.
func (f *following) pass(e store.FeedEvent) error {
	f.from = e.Place
	if f.request != "" && f.request != e.RequestID || !mayReadEvent(f.actor, e) {
		return nil
	}
	data, err := json.Marshal(wire.Event{Request: wire.EventRequest{ID: e.RequestID, Ref: pmo.Ref(e.Number), Title: e.Title}, At: e.Entry.At, Event: e.Entry.Event,
		Stage: e.Stage, Actor: e.Actor, For: e.For, Question: e.Question, Text: e.Text, Position: e.Position})
	if err != nil {
		return err
	}
	return f.send("id: %s\nevent: entry\ndata: %s\n\n", e.Place, data)
}

// mayReadEvent is the right to read the request, for somebody of whom only is known whether they are one of its people.
func mayReadEvent(actor access.Actor, e store.FeedEvent) bool {
	object := access.Object{Confidential: e.Restricted, Stage: e.Stage}
	if slices.Contains(e.Readers, actor.ID) {
		object.Relation = access.Watcher
	}
	return may(actor, access.ReadRequest, object) == nil
}

func (f *following) send(format string, args ...any) error {
	_ = f.control.SetWriteDeadline(time.Now().Add(sendWithin))
	if _, err := fmt.Fprintf(f.w, format, args...); err != nil {
		return err
	}
	if err := f.control.Flush(); !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// FeedPosition is how far the events have been read, for a page that is about to be made and then followed; empty while they are not.
func (a *API) FeedPosition() string {
	if at, open := a.feed.Position(); open {
		return at.String()
	}
	return ""
}

// ServeEvents reads the feed for all who follow it, until ctx ends.
func (a *API) ServeEvents(ctx context.Context) { a.feed.Serve(ctx) }

// connections counts the open streams of each person.
type connections struct {
	mu   sync.Mutex
	most int // of one person
	of   map[string]int
}

func (c *connections) begin(person string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of[person] >= c.most {
		return false
	}
	c.of[person]++
	return true
}

func (c *connections) end(person string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of[person]--; c.of[person] <= 0 {
		delete(c.of, person)
	}
}
