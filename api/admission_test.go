package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/admission"
	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
)

// heldEngine answers submissions, and decisions if asked to, only when let go.
type heldEngine struct {
	*fakeEngine
	mu      sync.Mutex // the fake takes one call after the other
	hold    chan struct{}
	both    bool
	panics  bool
	started int
}

func (h *heldEngine) Submit(ctx context.Context, s pmo.Submission, key string) (engine.Submitted, error) {
	h.mu.Lock()
	h.started++
	h.mu.Unlock()
	if h.panics {
		panic("fault")
	}
	select {
	case <-h.hold:
	case <-ctx.Done():
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.fakeEngine.Submit(ctx, s, key)
}

func (h *heldEngine) Update(ctx context.Context, id, name string, cmd pmo.Command, by pmo.By, key string) (pmo.Receipt, error) {
	if h.both {
		<-h.hold
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.fakeEngine.Update(ctx, id, name, cmd, by, key)
}

// busy is an API with two places of each class, a line of two and four seconds of waiting, whose engine is held.
func busy(t *testing.T) (*bundle, *heldEngine) {
	b, _ := withTools(t)
	held := &heldEngine{fakeEngine: b.engine, hold: make(chan struct{})}
	d := b.api.Deps
	limits := admission.Limits{Places: 2, Line: 2, Wait: 4 * time.Second}
	d.Commands, d.Submissions, d.CommandLimits = held, limits, limits
	b.api = New(d)
	return b, held
}

// start sends a call and does not wait for its answer.
func (b *bundle) start(ctx context.Context, who, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer dev-"+who)
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	rec.Code = 0
	go b.api.ServeHTTP(rec, r)
	synctest.Wait()
	return rec
}

const oneRequest = `{"title":"Invoices by e-mail","kind":"enhancement","sponsor":"theo","problem":"by hand","outcome":"sent","size":3}`

func (b *bundle) submit(ctx context.Context, who string) *httptest.ResponseRecorder {
	return b.start(ctx, who, "POST", "/v1/requests", oneRequest)
}

func TestSubmissionsWaitInLineAndAreRefusedBeforeAnythingStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, held := busy(t)
		flight := []*httptest.ResponseRecorder{b.submit(t.Context(), "sam"), b.submit(t.Context(), "sam")}
		line := []*httptest.ResponseRecorder{b.submit(t.Context(), "sam"), b.submit(t.Context(), "rita")}
		own := b.submit(t.Context(), "sam")
		require.Equal(t, http.StatusTooManyRequests, own.Code, own.Body)
		require.Contains(t, own.Body.String(), `"kind":"rate_limited"`)
		require.Equal(t, "1", own.Header().Get("Retry-After"))
		full := b.submit(t.Context(), "ana")
		require.Equal(t, http.StatusServiceUnavailable, full.Code, full.Body)
		require.Contains(t, full.Body.String(), `"kind":"busy"`)
		require.Equal(t, "1", full.Header().Get("Retry-After"))
		require.Equal(t, 2, held.started)

		status, _, _ := b.call(t, "ana", "POST", "/v1/requests/"+requestA+"/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
		require.Equal(t, 200, status, "decisions have places of their own")
		status, _, _ = b.call(t, "sam", "GET", "/v1/requests/"+requestA, "")
		require.Equal(t, 200, status, "reads need no place")

		time.Sleep(4 * time.Second)
		synctest.Wait()
		require.Equal(t, []int{429, 503}, []int{line[0].Code, line[1].Code}, "the time in line is bounded")
		require.Equal(t, 2, held.started)
		close(held.hold)
		synctest.Wait()
		for _, rec := range flight {
			require.Equal(t, http.StatusCreated, rec.Code, rec.Body)
		}
		require.Equal(t, http.StatusCreated, b.submit(t.Context(), "ana").Code)

		_, text := metricsOf(b)
		for _, line := range []string{
			`pmo_admission_in_flight{class="submissions"} 0`, `pmo_admission_waiting{class="submissions"} 0`,
			`pmo_admission_refused_total{class="submissions",reason="share"} 2`, `pmo_admission_refused_total{class="submissions",reason="busy"} 2`,
			`pmo_admission_wait_seconds_count{class="submissions"} 3`, `pmo_admission_wait_seconds_count{class="commands"} 1`,
		} {
			require.Contains(t, text, line)
		}
	})
}

func TestPlacesAreGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, held := busy(t)
		places := b.api.places[submissions]
		held.panics = true
		require.Equal(t, http.StatusInternalServerError, b.submit(t.Context(), "sam").Code)
		held.panics = false
		inFlight, _ := places.Count()
		require.Zero(t, inFlight, "after a panic")

		gone, leave := context.WithCancel(t.Context())
		for range 4 {
			b.submit(gone, "sam")
		}
		inFlight, waiting := places.Count()
		require.Equal(t, []int{2, 2}, []int{inFlight, waiting})
		leave()
		synctest.Wait()
		inFlight, waiting = places.Count()
		require.Equal(t, []int{0, 0}, []int{inFlight, waiting}, "after the client has gone")
	})
}

func TestDecisionsAndReportsOfToolsShareTheirPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, held := busy(t)
		held.both = true
		decide := func() *httptest.ResponseRecorder {
			return b.start(t.Context(), "ana", "POST", "/v1/requests/"+requestA+"/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
		}
		first, second := decide(), decide()
		decide()
		decide()
		require.Equal(t, http.StatusTooManyRequests, decide().Code)
		inFlight, waiting := b.api.places[commands].Count()
		require.Equal(t, []int{2, 2}, []int{inFlight, waiting})
		tool := make(chan int)
		go func() { tool <- reported(b).Code }()
		synctest.Wait()
		inFlight, waiting = b.api.places[commands].Count()
		require.Equal(t, []int{2, 2}, []int{inFlight, waiting}, "the newest of the flood made room for the tool")
		close(held.hold)
		require.Equal(t, http.StatusOK, <-tool)
		synctest.Wait()
		require.Equal(t, []int{200, 200}, []int{first.Code, second.Code})
	})
}

func metricsOf(b *bundle) (int, string) {
	rec := httptest.NewRecorder()
	b.api.ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	return rec.Code, rec.Body.String()
}
