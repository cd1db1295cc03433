package notify

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/delivery"
	"leanpmo/internal/directory"
	"leanpmo/internal/outbound"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// day is the clock's first time.
var day = time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)

// clock moves only when a test calls forward.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func secretText(fill byte) string {
	return "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat(string(fill), 32)))
}

// got is one received attempt.
type got struct {
	header http.Header
	body   []byte
	Payload
}

// receiver records webhooks; answer writes the response.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	seen   []got
	answer func(n int, w http.ResponseWriter, r *http.Request) // n counts attempts from 1
}

func newReceiver(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	g := got{header: req.Header.Clone(), body: body}
	_ = json.Unmarshal(body, &g.Payload)
	r.mu.Lock()
	r.seen = append(r.seen, g)
	n := len(r.seen)
	r.mu.Unlock()
	if r.answer != nil {
		r.answer(n, w, req)
	}
}

func (r *receiver) all() []got {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]got(nil), r.seen...)
}

func (r *receiver) texts() []string {
	var texts []string
	for _, g := range r.all() {
		texts = append(texts, g.Data.Text)
	}
	return texts
}

// fails answers the first calls with a status and later ones with 204.
func fails(times, status int) func(int, http.ResponseWriter, *http.Request) {
	return func(n int, w http.ResponseWriter, _ *http.Request) {
		if n <= times {
			w.WriteHeader(status)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// environment is a database, a clock and people with addresses.
type environment struct {
	t       *testing.T
	dsn     string
	store   *store.Store
	clock   *clock
	entries int
}

func newEnvironment(t *testing.T) *environment {
	t.Helper()
	if testing.Short() {
		t.Skip("needs Postgres; run without -short")
	}
	o := &environment{t: t, dsn: testkit.Database(t, store.Migrate), clock: &clock{now: day}}
	o.store = o.open()
	return o
}

func (o *environment) open() *store.Store {
	o.t.Helper()
	s, err := store.Open(context.Background(), o.dsn, store.Options{})
	require.NoError(o.t, err)
	o.t.Cleanup(s.Close)
	return s
}

// people is a directory of the approvers ana and bo, the requester rita and zoe of the PMO; hooks are URLs by person or group:<id>.
func people(t *testing.T, hooks map[string]string) *directory.Directory {
	t.Helper()
	hook := func(id string) string { return fmt.Sprintf("notify: {webhook: %q}", hooks[id]) }
	d, err := directory.Parse([]byte(fmt.Sprintf(`
principals:
  - {id: ana, name: Ana, roles: [approver], token: a, %s}
  - {id: bo, name: Bo, roles: [approver], token: b, %s}
  - {id: rita, name: Rita, roles: [requester], token: r, %s}
  - {id: zoe, name: Zoe, roles: [pmo], token: z, %s}
  - {id: kim, name: Kim, roles: [requester], token: k, %s}
  - {id: ada, name: Ada, roles: [admin], token: d, %s}
  - {id: public-form, name: Public form, roles: [requester], service: true, desk: front-desk}
groups:
  - {id: approvers, name: Approvers, members: [ana, bo], %s}
  - {id: finance, name: Finance, members: [bo], %s}
  - {id: front-desk, name: Front desk, members: [rita]}
`, hook("ana"), hook("bo"), hook("rita"), hook("zoe"), hook("kim"), hook("ada"), hook("group:approvers"), hook("group:finance"))))
	require.NoError(t, err)
	return d
}

// dispatcher sends to the people of a directory over real HTTP on loopback.
func (o *environment) dispatcher(hooks map[string]string, change ...func(*Deps)) *Dispatcher {
	o.t.Helper()
	secrets, err := ParseSecrets(secretText('k'))
	require.NoError(o.t, err)
	guard, err := outbound.ParseGuard("127.0.0.0/8")
	require.NoError(o.t, err)
	deps := Deps{Store: o.store, Directory: people(o.t, hooks), Sender: NewWebhook(secrets, guard, "test"), Link: "https://pmo.example",
		Log: slog.New(slog.DiscardHandler), Now: o.clock.Now}
	for _, c := range change {
		c(&deps)
	}
	d := New(deps)
	d.moment = 0 // entries of these tests are of one time; each is a message
	d.jitter = func(wait time.Duration) time.Duration { return wait }
	return d
}

// leader is a dispatcher that leads; the test calls pass itself.
type leader struct {
	*Dispatcher
	t    *testing.T
	lead *store.NotifyLead
}

func (o *environment) leading(d *Dispatcher) *leader {
	o.t.Helper()
	lead, err := d.Store.LeadNotify(context.Background(), d.since)
	require.NoError(o.t, err)
	require.NotNil(o.t, lead, "another dispatcher leads")
	o.t.Cleanup(lead.Release)
	return &leader{d, o.t, lead}
}

// drain reads the feed and delivers until nothing is due.
func (r *leader) drain() {
	r.t.Helper()
	deadline := time.Now().Add(testkit.Patience)
	for time.Now().Before(deadline) {
		more, err := r.pass(context.Background(), context.Background(), r.lead)
		require.NoError(r.t, err)
		r.inFlight.all.Wait()
		due, err := r.Store.DueNotifications(context.Background(), r.Now(), nil, 1, 1)
		require.NoError(r.t, err)
		page, err := r.Store.Events(context.Background(), store.View{SeesAll: true, Cursor: r.lead.Cursor, Limit: 1})
		require.NoError(r.t, err)
		if !more && len(due) == 0 && page.Next == r.lead.Cursor {
			return
		}
	}
	r.t.Fatal("messages are still due")
}

// request is a request with an open question to ana and bo.
func request(title string, change ...func(*pmo.Request)) *pmo.Request {
	r := pmo.New(uuid.NewString(), "digest", pmo.Submission{Content: pmo.Content{Title: title, Kind: "enhancement"}, Requester: "rita", SubmittedBy: "rita", At: day})
	r.Portfolio, r.Number, r.Stage = "core", time.Now().UnixNano(), pmo.StageReview
	r.Questions = []pmo.Question{{ID: "review/1/approvers", Kind: pmo.KindReview, Round: 1, Group: "approvers", People: []string{"ana", "bo"},
		Options: pmo.Options(pmo.KindReview), OpenedAt: day, DueAt: day.Add(48 * time.Hour), Status: pmo.QuestionOpen}}
	for _, c := range change {
		c(r)
	}
	return r
}

func confidential(r *pmo.Request) { r.Content.Confidential = true }

// record writes entries to a request's ledger.
func (o *environment) record(r *pmo.Request, entries ...pmo.Entry) {
	o.t.Helper()
	for i := range entries {
		o.entries++
		r.Seq++
		entries[i].Seq, entries[i].Key = int64(o.entries), fmt.Sprintf("%s/%d", entries[i].Event, o.entries)
		entries[i].At, entries[i].Stage = o.clock.Now(), r.Stage
	}
	_, _, err := o.store.Project(context.Background(), "run-1", *r, entries)
	require.NoError(o.t, err)
}

func entry(text string, recipients ...string) pmo.Entry {
	return pmo.Entry{Event: pmo.EventStage, Text: text, Recipients: recipients, Policy: "7"}
}

func reminded(text string, recipients ...string) pmo.Entry {
	return pmo.Entry{Event: pmo.EventReminded, Question: "review/1/approvers", Text: text, Recipients: recipients}
}

// verify checks a signature the way a receiver does.
func verify(t *testing.T, fill byte, g got, now time.Time) error {
	t.Helper()
	secret, err := delivery.NewSecret(secretText(fill))
	require.NoError(t, err)
	_, err = secret.Verify(g.header, g.body, now)
	return err
}
