package mailintake_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/clientaddr"
	"leanpmo/internal/directory"
	"leanpmo/internal/mailintake"
	"leanpmo/internal/problem"
	"leanpmo/internal/testkit"
	"leanpmo/internal/wire"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	readable     = "278c53a6-668a-505b-a279-a8715c91c985" // R-1, which sam may read
	confidential = "b6f1ec43-3a0f-5a32-9c1c-2b8f6f1a7d11" // R-2, which sam may not
)

type callerKey struct{}

// fakeAPI does what the intake calls, each command once under its key, as the API does.
type fakeAPI struct {
	mu       sync.Mutex
	down     bool
	done     map[string]any
	drafts   []wire.SetDraft
	comments []wire.NewComment
	as       []string // who gave each command
	refuse   error
}

func (f *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	who, _ := r.Context().Value(callerKey{}).(string)
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/v1/"), "/")
	readable := path[0] == "me" || len(path) > 1 && (path[1] == readable || path[1] == "R-1")
	switch {
	case f.down:
		problem.Write(w, problem.From(problem.New(problem.Unavailable, "away")))
	case who == "":
		problem.Write(w, problem.From(problem.New(problem.Unauthenticated, "nobody calls")))
	case !readable:
		problem.Write(w, problem.From(problem.New(problem.NotFound, "there is no such request")))
	case r.Method == http.MethodGet:
		answer(w, map[string]string{"id": path[1]})
	case f.refuse != nil:
		problem.Write(w, problem.From(f.refuse))
	default:
		f.command(w, r, who)
	}
}

func (f *fakeAPI) command(w http.ResponseWriter, r *http.Request, who string) {
	key := who + r.Header.Get("Idempotency-Key")
	if kept, given := f.done[key]; given {
		w.Header().Set("Idempotency-Replayed", "true")
		answer(w, kept)
		return
	}
	f.as = append(f.as, who)
	if r.Method == http.MethodPut {
		f.drafts = append(f.drafts, decoded[wire.SetDraft](r))
	} else {
		f.comments = append(f.comments, decoded[wire.NewComment](r))
	}
	f.done[key] = struct{}{}
	answer(w, struct{}{})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // to memory
}

func decoded[T any](r *http.Request) (v T) {
	_ = json.NewDecoder(r.Body).Decode(&v) // what the intake's own client wrote
	return v
}

// intake is a server of mail that listens on this machine, and what became of its mails.
type intake struct {
	t      *testing.T
	addr   string
	api    *fakeAPI
	to     mailintake.Addresses
	mu     sync.Mutex
	counts []mailintake.Outcome
}

// people have two with the same address, and an agent with one.
const people = `
principals:
  - {id: sam, name: Sam, email: Sam@example.org, roles: [requester], token: a}
  - {id: ana, name: Ana, email: ana@example.org, roles: [approver], token: b}
  - {id: one, name: One, email: both@example.org, roles: [requester], token: c}
  - {id: two, name: Two, email: BOTH@example.org, roles: [requester], token: d}
  - {id: bot, name: Bot, email: bot@example.org, roles: [requester], kind: agent, responsible: sam, token: e}
`

func start(t *testing.T, change func(*mailintake.Options)) *intake {
	t.Helper()
	d, err := directory.Parse([]byte(people))
	require.NoError(t, err)
	i := &intake{t: t, api: &fakeAPI{done: map[string]any{}}}
	i.to = mailintake.Addresses{Base: "pmo@pmo.example.org", Secret: func(context.Context) ([]byte, error) {
		if i.api.down {
			return nil, errors.New("away")
		}
		return []byte("a secret that all servers share"), nil
	}}
	relays, err := clientaddr.Parse("127.0.0.1")
	require.NoError(t, err)
	o := mailintake.Options{Addresses: i.to, Relays: relays, AuthServ: "mx.example.org", PerHour: 50, API: i.api,
		Caller: func(ctx context.Context, person string) context.Context {
			return context.WithValue(ctx, callerKey{}, person)
		},
		People: d, Kind: func() string { return "enhancement" }, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	o.Count = func(outcome mailintake.Outcome) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.counts = append(i.counts, outcome)
	}
	if change != nil {
		change(&o)
	}
	s, err := mailintake.New(o)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	i.addr = listener.Addr().String()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listener) }()
	t.Cleanup(func() { stop(); require.NoError(t, <-ended) })
	return i
}

// send gives a mail to the intake as a relay does, and returns the error it was answered with.
func (i *intake) send(from, to, mail string) error {
	c, err := smtp.Dial(i.addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Mail(from, nil); err != nil {
		return err
	}
	if err := c.Rcpt(to, nil); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, strings.ReplaceAll(mail, "\n", "\r\n")); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

// became sends a mail of sam to the address of the intake, and requires what becomes of it.
func (i *intake) became(outcome mailintake.Outcome, mail string) {
	i.t.Helper()
	i.becameAt(outcome, i.to.Base, mail)
}

func (i *intake) becameAt(outcome mailintake.Outcome, to, mail string) {
	i.t.Helper()
	require.NoError(i.t, i.send("sam@example.org", to, mail))
	require.Equal(i.t, outcome, i.last())
}

func (i *intake) last() mailintake.Outcome {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.counts) == 0 {
		return ""
	}
	return i.counts[len(i.counts)-1]
}

// refused requires that the relay is answered with a code, and that nothing was done.
func (i *intake) refused(code int, err error) {
	i.t.Helper()
	var said *smtp.SMTPError
	require.ErrorAs(i.t, err, &said)
	require.Equal(i.t, code, said.Code, said)
	require.Empty(i.t, i.api.as)
}

// proof is what the relay writes about a mail of example.org.
const proof = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org\n"

// mailOf is an ordinary mail with a header of the test's.
func mailOf(header, text string) string {
	return proof + "From: Sam Okafor <sam@example.org>\nTo: pmo@pmo.example.org\nMessage-ID: <m1@example.org>\n" + header + "\n" + text
}
