package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/dependency"
	"leanpmo/internal/directory"
	"leanpmo/internal/engine"
	"leanpmo/internal/flow"
	"leanpmo/internal/forecast"
	"leanpmo/internal/history"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/temporalui"
)

var now = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

const (
	requestA = "018f0000-0000-7000-8000-00000000000a"
	requestB = "018f0000-0000-7000-8000-00000000000b"
)

// sent is a command as the engine would get it.
type sent struct {
	id, update, key string
	cmd             any
	by              pmo.By
}

type fakeEngine struct {
	states      map[string]pmo.Request
	unprocessed map[string]engine.Description
	submitted   []pmo.Submission
	keys        []string
	sent        []sent
	noWorker    bool
	err         error
	ran         []contract.PrioritizationInput
	runDone     bool
	replayed    bool // every command was given before
	checks      bool // the request's validators are asked
}

// validate asks the validator of a command, as its workflow does.
func validate(r pmo.Request, name string, cmd pmo.Command) *pmo.Refusal {
	switch c := cmd.(type) {
	case *pmo.Amend:
		return r.CheckAmend(*c)
	case *pmo.Report:
		return r.CheckReport(*c, now)
	case *pmo.LogRaid:
		return r.CheckLogRaid(*c)
	case *pmo.ProposePlan:
		return r.CheckProposePlan(*c)
	case *pmo.Reassign:
		return r.CheckReassign(*c)
	case *pmo.OverridePull:
		return r.CheckPull(*c)
	case *pmo.SetInputs:
		return r.CheckInputs(*c)
	case *pmo.Stop:
		return map[string]func(pmo.Stop) *pmo.Refusal{contract.UpdateWithdraw: r.CheckWithdraw, contract.UpdateHold: r.CheckHold, contract.UpdateResume: r.CheckResume,
			contract.UpdateWake: r.CheckWake, contract.UpdateCancel: r.CheckCancel}[name](*c)
	}
	return nil
}

func (f *fakeEngine) Submit(_ context.Context, s pmo.Submission, key string) (engine.Submitted, error) {
	f.submitted, f.keys = append(f.submitted, s), append(f.keys, key)
	id := engine.SubmissionRequestID(s.SubmittedBy, key)
	if f.err != nil || f.noWorker {
		return engine.Submitted{ID: id}, f.err
	}
	return engine.Submitted{ID: id, Replayed: f.replayed, Receipt: &pmo.Receipt{ID: id, Number: 42, Stage: pmo.StageIntake, Status: pmo.StatusOpen, AcknowledgedAt: now}}, nil
}

func (f *fakeEngine) Update(_ context.Context, id, name string, cmd pmo.Command, by pmo.By, key string) (pmo.Receipt, error) {
	f.sent = append(f.sent, sent{id, name, key, cmd, by})
	if f.checks {
		cmd.SetSender(by)
		if refusal := validate(f.states[id], name, cmd); refusal != nil {
			return pmo.Receipt{}, refusal
		}
	}
	return pmo.Receipt{ID: id, Result: "recorded", Stage: pmo.StageReview, Status: pmo.StatusOpen, Revision: 1, Replayed: f.replayed}, f.err
}

func (f *fakeEngine) KeyUsed(_ context.Context, id, actor, key string) bool {
	return slices.ContainsFunc(f.sent, func(s sent) bool { return s.id == id && s.by.Actor == actor && s.key == key })
}

func (f *fakeEngine) Snapshot(_ context.Context, id string) (pmo.Request, error) {
	if s, ok := f.states[id]; ok {
		return s, nil
	}
	if _, ok := f.unprocessed[id]; ok || f.noWorker {
		return pmo.Request{}, problem.New(problem.Unavailable, "no worker")
	}
	return pmo.Request{}, problem.New(problem.NotFound, "none")
}

func (f *fakeEngine) Describe(_ context.Context, id string) (engine.Description, error) {
	if d, ok := f.unprocessed[id]; ok {
		return d, nil
	}
	return engine.Description{}, problem.New(problem.NotFound, "none")
}

func (f *fakeEngine) Ping(context.Context) error { return f.err }

func (f *fakeEngine) PrioritizeNow(_ context.Context, in contract.PrioritizationInput, _ string) (string, error) {
	f.ran = append(f.ran, in)
	return "prioritization/digital/now/1", f.err
}

func (f *fakeEngine) PrioritizeSoon(_ context.Context, portfolio, cause string, _ time.Time, _ time.Duration) error {
	f.ran = append(f.ran, contract.PrioritizationInput{Portfolio: portfolio, Cause: cause})
	return f.err
}

func (f *fakeEngine) PrioritizationResult(context.Context, string, time.Duration) (contract.PrioritizationResult, bool, error) {
	return contract.PrioritizationResult{Count: 3, Words: "3 ranked"}, f.runDone, nil
}

type fakeStore struct {
	wantedCause  string   // why a prioritization is wanted
	notRequested []string // the portfolios whose wanted prioritization was not started
	fakePolicies
	fakeOffice
	fakeStuck
	imported []history.Item
	fundable []store.Fundable
	tied     []dependency.Node // further ones of the backlog
	slots    []store.SlotsTaken
	holds    []store.Hold
	fakeAccess
	standings  atomic.Int32 // how often it was asked for one
	down       bool
	owner      bool // its role may change the ledgers
	rows       map[string]store.Row
	filter     store.Filter
	events     []store.Event
	moreEvents bool
	acts       map[string][]string
	teams      []store.TeamLoad
	delegation *store.Delegation
	finished   []time.Time
	forecastFacts
	importedCycles []flow.Imported
	prerequisites  []forecast.Prerequisite
	listMore       bool // of lists as long as a selection may be too
	inbox          []store.InboxItem
	lines          []store.RankedRequest
	run            *store.Prioritization
	flow           []flow.Record
	flowReads      int
	changed        []string // ids of requests that have an entry since
	unreadable     []string // ids of confidential requests
	saved          *pmo.Team
	finishedWork   []pmo.FinishedWork
	discussion     fakeDiscussion
	public         fakePublic
	promises       fakePromises
	feedMu         sync.Mutex
	feed           []store.FeedEvent
	puts           int
	keys           map[string]keptKey
}

type keptKey struct {
	store.Keyed
	answer json.RawMessage
}

func (f *fakeStore) KeyedAnswer(_ context.Context, k store.Keyed) (json.RawMessage, error) {
	kept, ok := f.keys[k.ID]
	switch {
	case !ok:
		return nil, errors.Join(f.fails(), notFoundUnless(f.down))
	case kept.Keyed != k:
		return nil, store.ErrKeyReused
	}
	return kept.answer, f.fails()
}

func (f *fakeStore) KeepKey(ctx context.Context, answer any) error {
	if k, ok := store.KeyOf(ctx); ok && !f.down {
		text, _ := json.Marshal(answer)
		f.keys[k.ID] = keptKey{k, text}
	}
	return f.fails()
}

func (f *fakeStore) fails() error {
	if f.down {
		return store.ErrUnavailable
	}
	return nil
}

func (f *fakeStore) Request(_ context.Context, ref string) (store.Row, error) {
	for _, row := range f.rows {
		if !f.down && (row.ID == ref || pmo.Ref(row.Number) == ref) {
			return row, nil
		}
	}
	return store.Row{}, errors.Join(f.fails(), notFoundUnless(f.down))
}

func notFoundUnless(down bool) error {
	if down {
		return nil
	}
	return store.ErrNotFound
}

func (f *fakeStore) Ledger(context.Context, string, int64, int) (store.Page[store.LedgerEntry], error) {
	return store.Page[store.LedgerEntry]{}, f.fails()
}

func (f *fakeStore) LedgerNewest(_ context.Context, _ string, before int64, _ int) (store.Page[store.LedgerEntry], error) {
	return store.Page[store.LedgerEntry]{Items: []store.LedgerEntry{{Position: before - 1}}}, f.fails()
}

// Inbox pages by position; the cursor is the position of the next item.
func (f *fakeStore) Inbox(_ context.Context, _ string, _ time.Time, limit int, cursor string) (store.Page[store.InboxItem], error) {
	from, _ := strconv.Atoi(cursor)
	to := min(from+limit, len(f.inbox))
	page := store.Page[store.InboxItem]{Items: slices.Clone(f.inbox[from:to])}
	if to < len(f.inbox) {
		page.Next = strconv.Itoa(to)
	}
	return page, f.fails()
}

func (f *fakeStore) Backlog(_ context.Context, filter store.Filter) (store.Page[store.RankedRequest], error) {
	f.filter = filter
	return store.Page[store.RankedRequest]{Items: f.lines}, f.fails()
}

func (f *fakeStore) Changes(context.Context, store.View, time.Time) ([]store.Event, bool, error) {
	return f.events, f.moreEvents, f.fails()
}

// Feed has one entry a transaction; the place of the first is 1.
func (f *fakeStore) Feed(_ context.Context, after store.FeedPosition, limit int, _ time.Time) ([]store.FeedEvent, error) {
	f.feedMu.Lock()
	defer f.feedMu.Unlock()
	rest := f.feed[min(after.Xid, uint64(len(f.feed))):]
	return rest[:min(len(rest), limit)], f.fails()
}

func (f *fakeStore) FeedNow(context.Context) (store.FeedPosition, error) {
	f.feedMu.Lock()
	defer f.feedMu.Unlock()
	return feedPlace(len(f.feed)), f.fails()
}

func feedPlace(n int) store.FeedPosition {
	return store.FeedPosition{Xid: uint64(n), Position: int64(n)}
}

// happens adds an event to the feed; readers make it one of a confidential request.
func (f *fakeStore) happens(request, text string, readers ...string) {
	f.feedMu.Lock()
	defer f.feedMu.Unlock()
	place := feedPlace(len(f.feed) + 1)
	e := store.FeedEvent{Place: place, Restricted: readers != nil, Readers: readers}
	e.Event = store.Event{RequestID: request, Number: 1, Title: "Lists", LedgerEntry: store.LedgerEntry{Position: place.Position, Entry: pmo.Entry{Event: pmo.EventReported, Text: text, At: now}}}
	f.feed = append(f.feed, e)
}

func (f *fakeStore) Unranked(context.Context, store.Filter) (int, error) { return 2, f.fails() }

func (f *fakeStore) Fundable(context.Context, store.Filter) ([]store.Fundable, error) {
	return f.fundable, f.fails()
}

func (f *fakeStore) RankOf(context.Context, string) (store.RankedRequest, error) {
	if len(f.lines) == 0 {
		return store.RankedRequest{}, store.ErrNotFound
	}
	return f.lines[0], f.fails()
}

func (f *fakeStore) Prioritizations(context.Context, string, string, int) (store.Page[store.Prioritization], error) {
	return store.Page[store.Prioritization]{}, f.fails()
}

func (f *fakeStore) Prioritization(context.Context, string) (store.Prioritization, error) {
	if f.run == nil {
		return store.Prioritization{}, store.ErrNotFound
	}
	return *f.run, f.fails()
}

func (f *fakeStore) PrioritizationLines(context.Context, string, store.View) (store.Page[store.RankedRequest], error) {
	return store.Page[store.RankedRequest]{Items: f.lines}, f.fails()
}

func (f *fakeStore) Delegation(context.Context, string) (store.Delegation, error) {
	if f.delegation == nil {
		return store.Delegation{}, store.ErrNotFound
	}
	return *f.delegation, f.fails()
}

func (f *fakeStore) SetDelegation(ctx context.Context, d store.Delegation, _ string, _ time.Time) error {
	f.delegation = &d
	return f.KeepKey(ctx, d)
}

func (f *fakeStore) ClearDelegation(ctx context.Context, _, _ string, _ time.Time) error {
	f.delegation = nil
	return f.KeepKey(ctx, struct{}{})
}

func (f *fakeStore) Standing(_ context.Context, person string, teams []string, _ time.Time) (store.Standing, error) {
	f.standings.Add(1)
	member := slices.ContainsFunc(f.teams, func(t store.TeamLoad) bool { return slices.Contains(teams, t.ID) && slices.Contains(t.Members, person) })
	return store.Standing{ActsFor: f.acts[person], Member: member}, f.fails()
}

func (f *fakeStore) MayChangeLedgers(context.Context) (bool, error) { return f.owner, f.fails() }
func (f *fakeStore) SchemaOK(context.Context) error                 { return f.fails() }
func (f *fakeStore) Ping(context.Context) error                     { return f.fails() }

type bundle struct {
	api    *API
	engine *fakeEngine
	store  *fakeStore
	log    *bytes.Buffer
}

// setup is an API over fakes with two requests: A by sam, in review and asked of ana and bo; B by rita, confidential.
func setup(t *testing.T) *bundle {
	dir, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	b := &bundle{engine: &fakeEngine{states: map[string]pmo.Request{}, unprocessed: map[string]engine.Description{}}, log: &bytes.Buffer{}}
	b.store = &fakeStore{rows: map[string]store.Row{}, acts: map[string][]string{}, keys: map[string]keptKey{}, discussion: newDiscussion(), fakeOffice: fakeOffice{fakeResources: fakeResources{shared: []pmo.Resource{{ID: "kept", Portfolio: "digital"}}}}}
	b.store.fakeAccess = fakeAccess{tokens: map[[sha256.Size]byte]*store.Token{}, down: &b.store.down, keep: b.store.KeepKey, fakeChannels: fakeChannels{keepKey: b.store.KeepKey}}
	a := inReview(requestA, 1, "sam")
	c := inReview(requestB, 2, "rita")
	c.Content.Confidential = true
	for _, r := range []pmo.Request{a, c} {
		b.engine.states[r.ID] = r
		b.store.rows[r.ID] = store.Row{Request: r, Projected: now}
	}
	b.api = New(Deps{Commands: b.engine, Prioritizations: b.engine, Store: b.store, Directory: dir, Policy: policy.Holding(policy.Default()), Backlogs: fakeBacklogs{},
		TemporalUI: temporalui.New("http://127.0.0.1:8233", "pmo"),
		Log:        slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Now: func() time.Time { return now }})
	return b
}

// another is a second server process over the same workflows and the same database.
func (b *bundle) another() *bundle {
	return &bundle{api: New(b.api.Deps), engine: b.engine, store: b.store, log: b.log}
}

func inReview(id string, number int64, requester string) pmo.Request {
	r := pmo.New(id, "digest", pmo.Submission{Content: pmo.Content{Title: "Invoices by e-mail", Kind: "enhancement", Sponsor: "theo"},
		Requester: requester, SubmittedBy: requester, At: now.Add(-time.Hour)})
	r.Number, r.Portfolio, r.Stage, r.Seq, r.Sponsored = number, "digital", pmo.StageReview, 7, "theo"
	r.Questions = []pmo.Question{{ID: "review/1/approvers", Kind: pmo.KindReview, Round: 1, Group: "approvers", Text: "Shall we?", People: []string{"ana", "bo"},
		Options: pmo.Options(pmo.KindReview), Status: pmo.QuestionOpen, DueAt: now.Add(48 * time.Hour), OnSilence: pmo.VerdictReject}}
	return *r
}

// call sends a request as somebody and returns the status and the JSON document.
func (b *bundle) call(t *testing.T, who, method, path, body string, headers ...string) (int, map[string]any, http.Header) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if who != "" {
		r.Header.Set("Authorization", "Bearer dev-"+who)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	b.api.ServeHTTP(rec, r)
	var doc map[string]any
	if strings.Contains(rec.Header().Get("Content-Type"), "json") {
		require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &doc), rec.Body.String())
	}
	if rec.Code >= 400 {
		require.Equal(t, problem.MediaType, rec.Header().Get("Content-Type"), "%s %s: %s", method, path, rec.Body)
		require.EqualValues(t, rec.Code, doc["status"])
		require.NotEmpty(t, doc["kind"])
		require.NotEmpty(t, doc["request_id"])
	}
	return rec.Code, doc, rec.Header()
}

// pointers are the places a problem names.
func pointers(doc map[string]any) []string {
	var out []string
	list, _ := doc["errors"].([]any)
	for _, e := range list {
		out = append(out, e.(map[string]any)["pointer"].(string))
	}
	return out
}

// get calls a route without a token and without checking the answer.
func get(b *bundle, path string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	b.api.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	return rec
}
