package realserver

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/delivery"
	"leanpmo/internal/delivery/native"
	"leanpmo/internal/outbound"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// tool is our own implementation of the delivery API, behind a proxy that can fail.
type tool struct {
	client *delivery.Client
	mu     sync.Mutex
	drop   int // replies still to be lost after the call was served
	refuse bool
	opened map[string]int // opening calls by key
}

func startTool(t *testing.T, s *store.Store) *tool {
	t.Helper()
	const token = "a-token-of-the-tests"
	served, err := delivery.NewHandler(native.New(s), token, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	tool := &tool{opened: map[string]int{}}
	server := httptest.NewServer(tool.before(served))
	t.Cleanup(server.Close)
	tool.client, err = delivery.NewClient(server.URL+delivery.Prefix, token, outbound.Guard{})
	require.NoError(t, err)
	return tool
}

func (d *tool) before(served http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.refused(r) {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		served.ServeHTTP(answer, r)
		if d.loses(r) {
			panic(http.ErrAbortHandler) // the item is open, and the reply is lost
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

func (d *tool) refused(r *http.Request) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r.Method == http.MethodPost {
		d.opened[r.Header.Get("Idempotency-Key")]++
	}
	return d.refuse
}

func (d *tool) loses(r *http.Request) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.drop == 0 || r.Method != http.MethodPost {
		return false
	}
	d.drop--
	return true
}

func (d *tool) behaves(drop int, refuse bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drop, d.refuse = drop, refuse
}

// workOpenedOnce: replies are lost, the item is one, and it ends with the request.
func workOpenedOnce(t *testing.T, e *environment) {
	e.tool.behaves(2, false)
	defer e.tool.behaves(0, false)
	c := e.Submit(t, harness.Ordinary("Opened once")).ToExecution()
	state := c.Await("the work item is open", func(r pmo.Request) bool { return r.Work != nil && r.Work.ID != "" })
	e.tool.mu.Lock()
	require.GreaterOrEqual(t, e.tool.opened[state.Work.Key], 3, "two replies were lost")
	e.tool.mu.Unlock()
	item, found, err := e.tool.client.Find(t.Context(), state.Work.Key)
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, state.Work.ID, item.ID)
	require.Equal(t, "Opened once", item.Title)

	half := 40
	_, err = c.Send("theo", contract.UpdateProgress, &pmo.Report{Percent: &half})
	require.NoError(t, err)
	testkit.Eventually(t, "the item shows the report", func() error {
		item, err = e.tool.client.Get(t.Context(), state.Work.ID)
		if err == nil && (item.Percent == nil || *item.Percent != half) {
			return errors.New("not yet")
		}
		return err
	})
	end := c.ToEnd()
	require.Equal(t, pmo.OutcomeDelivered, end.Outcome)
	c.AwaitRow("the item is closed", func(r store.Row) bool { return r.Work.Status == pmo.WorkClosed })
	item, err = e.tool.client.Get(t.Context(), state.Work.ID)
	require.NoError(t, err)
	require.Equal(t, pmo.WorkClosed, item.Status)
}

// workRefused: the ledger says why, the request goes on and ends without waiting.
func workRefused(t *testing.T, e *environment) {
	e.tool.behaves(0, true)
	defer e.tool.behaves(0, false)
	c := e.Submit(t, harness.Ordinary("Refused by the tool")).ToExecution()
	c.Await("the refusal is known", func(r pmo.Request) bool { return r.Work != nil && r.Work.Fault != "" })
	began := time.Now()
	require.Equal(t, pmo.OutcomeDelivered, c.ToEnd().Outcome)
	require.Less(t, time.Since(began), 4*time.Minute, "it did not wait for the report of the tool, which takes 5 minutes")
	var told []string
	for _, e := range e.ledger(t, c.ID) {
		if e.Event == pmo.EventWorkNotOpened {
			told = e.Recipients
		}
	}
	require.Contains(t, told, "petra", "the PMO is told")
}
