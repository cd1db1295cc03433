// Package load drives ten times as many commands as are answered in time, and checks that nothing acknowledged is lost, that what was
// refused left no trace and may be repeated, and that everything is idle again soon after.
package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// shot is one command under a key of its own, and how it was answered.
type shot struct {
	n      int
	status int
	took   time.Duration
	answer struct{ ID, Kind, Detail string }
	err    error
}

func (s shot) acknowledged() bool { return s.status >= 200 && s.status < 300 }

// refused is a command that was turned away at the door.
func (s shot) refused() bool {
	return (s.answer.Kind == "busy" || s.answer.Kind == "rate_limited") && strings.Contains(s.answer.Detail, "nothing was started")
}

// unknown is a command without an answer in time: it may have been started.
func (s shot) unknown() bool { return s.answer.Kind == "busy" && !s.refused() }

// gun calls one server.
type gun struct {
	url  string
	http http.Client
	make func(n int) (person, path string, body any)
	// cycle is after how many commands the first one comes again; 0: never.
	cycle int
}

func newGun(url string, command func(int) (string, string, any)) *gun {
	return &gun{url: url, make: command, http: http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 1000}}}
}

func (g *gun) fire(ctx context.Context, n int) shot {
	if g.cycle > 0 {
		n %= g.cycle
	}
	s := shot{n: n}
	person, path, body := g.make(n)
	data, err := json.Marshal(body)
	if err != nil {
		s.err = err
		return s
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url+path, bytes.NewReader(data))
	if err != nil {
		s.err = err
		return s
	}
	req.Header.Set("Authorization", "Bearer dev-"+person)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", fmt.Sprintf("%s-%d", strings.ReplaceAll(path, "/", "."), n))
	began := time.Now()
	res, err := g.http.Do(req)
	if err != nil {
		s.err = err
		return s
	}
	defer res.Body.Close()
	s.status, s.err = res.StatusCode, json.NewDecoder(res.Body).Decode(&s.answer)
	s.took = time.Since(began)
	return s
}

// sustained is how many commands a second so many clients get answered, each one after the other; what a slow machine has no time for is
// sent again under its key, as a client does.
func (g *gun) sustained(t *testing.T, clients, each int) (rate float64, shots []shot) {
	t.Helper()
	began := time.Now()
	shots = atOnce(clients, clients*each, func(n int) shot {
		s := g.fire(t.Context(), n)
		for deadline := began.Add(testkit.Patience); !s.acknowledged() && (s.refused() || s.unknown()) && time.Now().Before(deadline); {
			time.Sleep(time.Second)
			s = g.fire(t.Context(), n)
		}
		return s
	})
	for _, s := range shots {
		require.NoError(t, s.err)
		require.True(t, s.acknowledged(), "%+v", s)
	}
	return float64(len(shots)) / time.Since(began).Seconds(), shots
}

// atOnce calls do for each number, a few at the same time.
func atOnce(workers, n int, do func(int) shot) []shot {
	shots := make([]shot, n)
	next := make(chan int)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := range next {
				shots[i] = do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
	return shots
}

// flood fires at a fixed rate, however late the answers come, from the given number on.
func (g *gun) flood(t *testing.T, rate float64, during time.Duration, from int) []shot {
	t.Helper()
	const tick = 10 * time.Millisecond
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	var mu sync.Mutex
	var shots []shot
	var all sync.WaitGroup
	fired := 0
	for began := time.Now(); time.Since(began) < during; <-ticker.C {
		for due := int(rate * time.Since(began).Seconds()); fired < due; fired++ {
			n := from + fired
			all.Go(func() {
				s := g.fire(t.Context(), n)
				mu.Lock()
				defer mu.Unlock()
				shots = append(shots, s)
			})
		}
	}
	all.Wait()
	return shots
}

// again repeats commands under their keys until they are acknowledged.
func (g *gun) again(t *testing.T, shots []shot) []shot {
	t.Helper()
	done := atOnce(8, len(shots), func(i int) (s shot) {
		testkit.Eventually(t, "a refused command is taken when it is repeated", func() error {
			if s = g.fire(t.Context(), shots[i].n); s.acknowledged() {
				return nil
			}
			return fmt.Errorf("%+v", s)
		})
		return s
	})
	return done
}

// sorted is the shots by what became of them. Anything else fails the test.
type sorted struct{ acknowledged, refused, unknown []shot }

func sort(t *testing.T, shots []shot) (s sorted) {
	t.Helper()
	for _, shot := range shots {
		require.NoError(t, shot.err)
		switch {
		case shot.acknowledged():
			s.acknowledged = append(s.acknowledged, shot)
		case shot.refused():
			s.refused = append(s.refused, shot)
		case shot.unknown():
			s.unknown = append(s.unknown, shot)
		default:
			require.Fail(t, "neither acknowledged nor busy", "%+v", shot)
		}
	}
	return s
}

func percentile(shots []shot, p float64) time.Duration {
	if len(shots) == 0 {
		return 0
	}
	took := make([]time.Duration, 0, len(shots))
	for _, s := range shots {
		took = append(took, s.took)
	}
	slices.Sort(took)
	return took[min(len(took)-1, int(p*float64(len(took))))].Round(time.Millisecond)
}

// number reads one number from the pmo database.
func number(t *testing.T, e *harness.Environment, sql string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, e.Pool.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}
