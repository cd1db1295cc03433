package deploy

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
)

// TestTwoServersAndTwoWorkers prepares a namespace and a database twice over, runs two of each part, and shows that people do not
// notice which of them they speak to, nor that one of each dies.
func TestTwoServersAndTwoWorkers(t *testing.T) {
	w := newWorld(t)
	t.Run("one key at both servers at once is one request", func(t *testing.T) { w.in(t).oneKeyIsOneRequest() })
	t.Run("a worker and a server are killed and come back", func(t *testing.T) { w.in(t).killed() })
	t.Run("health checks", func(t *testing.T) { w.in(t).healthChecks() })
	for i := range 2 {
		t.Logf("memory at most: server %s, worker %s", peak(t, w.servers[i].PID()), peak(t, w.workers[i].PID()))
	}
}

func (w *world) oneKeyIsOneRequest() {
	for round := range 3 {
		key, title := uuid.NewString(), fmt.Sprintf("Asked at both doors %d", round)
		answers := make([]*drive.Answer, 20)
		var wait sync.WaitGroup
		for i := range answers {
			wait.Go(func() {
				answers[i], _ = w.apis[i%2].As("sam").Try(http.MethodPost, "/v1/requests", form(title), "Idempotency-Key", key)
			})
		}
		wait.Wait()
		for _, a := range answers {
			require.NotNil(w.t, a)
			require.Contains(w.t, []int{http.StatusCreated, http.StatusAccepted}, a.Status, "%s", a.Raw)
			require.Equal(w.t, answers[0].Text("id"), a.Text("id"))
		}
		again := [2]*drive.Answer{}
		for i := range again {
			again[i] = w.apis[i].As("sam").Call(http.StatusCreated, http.MethodPost, "/v1/requests", form(title), "Idempotency-Key", key)
		}
		drive.SameSubmission(w.t, again[0], again[1])
		w.apis[0].Known(answers[0].Text("id")).AwaitOpen("review/1/approvers")
		for i := range 2 {
			require.Len(w.t, w.apis[i].As("sam").Get("/v1/requests?text="+fmt.Sprintf("doors+%d", round)).List("items"), 1)
		}
	}
}

// killed brings requests to their end through both servers, while others keep submitting and one part of each kind dies.
func (w *world) killed() {
	a, b := w.apis[0], w.apis[1]
	requests := []*drive.Request{a.Submit("sam", form("First")), b.Submit("sam", form("Second")), a.Submit("rita", form("Third")), b.Submit("sam", form("Fourth"))}
	load := w.submitOn()
	for i, r := range requests {
		w.through((i+1)%2, r).Approve()
	}
	w.workers[0].Kill()
	w.servers[0].Kill()
	for _, r := range requests {
		r = w.through(1, r)
		r.Await("through review", func(a *drive.Answer) bool { return a.Text("stage") != "review" })
		r.Pull() // perhaps with the one before
	}
	w.workers[0].Start()
	w.servers[0].Start()
	w.workers[1].Kill()
	w.servers[1].Kill()
	for i, r := range requests {
		if requests[i] = w.through(0, r); i != 2 { // Rita's plan is not Sam's to sign
			requests[i].ToExecution()
		}
	}
	w.workers[1].Start()
	w.servers[1].Start()
	for i, r := range requests {
		if i != 2 {
			w.through(i%2, r).ToEnd()
			once := w.through((i+1)%2, r).Events()
			for _, event := range []string{"submitted", "admitted", "pulled", "accepted", "closed"} {
				require.Len(w.t, slices.DeleteFunc(slices.Clone(once), func(e string) bool { return e != event }), 1, "%s of %s", event, r.Ref)
			}
		}
	}
	load.check(w)
}

// load are submissions that go on whatever happens; each goes to the other server with the same key until one takes it.
type load struct {
	end  func()
	done chan struct{}
	ids  []string
	last error
}

func (w *world) submitOn() *load {
	stop := make(chan struct{})
	l := &load{end: sync.OnceFunc(func() { close(stop) }), done: make(chan struct{})}
	w.t.Cleanup(l.end)
	tick := time.NewTicker(250 * time.Millisecond)
	go func() {
		defer close(l.done)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-tick.C:
				l.submit(w, n)
			}
		}
	}()
	return l
}

func (l *load) submit(w *world, n int) {
	key, deadline := uuid.NewString(), time.Now().Add(time.Minute)
	for i := n; time.Now().Before(deadline); i++ {
		answer, err := w.apis[i%2].As("rita").Try(http.MethodPost, "/v1/requests", form(fmt.Sprintf("Trickle %d", n)), "Idempotency-Key", key)
		if err == nil && (answer.Status == http.StatusCreated || answer.Status == http.StatusAccepted) {
			l.ids = append(l.ids, answer.Text("id"))
			return
		}
		if l.last = err; err == nil {
			l.last = fmt.Errorf("status %d: %s", answer.Status, answer.Raw)
		}
	}
	l.ids = append(l.ids, "") // nobody took it: check will say so
}

// check wants every submission that was taken to be one request with a number of its own, in review, at both servers.
func (l *load) check(w *world) {
	l.end()
	<-l.done
	require.NotEmpty(w.t, l.ids)
	numbers := map[any]bool{}
	for i, id := range l.ids {
		require.NotEmpty(w.t, id, "submission %d was never taken; last: %v", i, l.last)
		state := w.apis[i%2].Known(id).AwaitOpen("review/1/approvers")
		require.False(w.t, numbers[state.At("number")], "number %v is given twice", state.At("number"))
		numbers[state.At("number")] = true
	}
	w.t.Logf("%d submissions taken beside it", len(l.ids))
}

func (w *world) healthChecks() {
	for _, addr := range w.addrs {
		require.NoError(w.t, w.try(w.serverEnv(addr), "healthcheck"))
	}
	require.NoError(w.t, w.try(w.env, "healthcheck", "--worker"))
	w.servers[1].Kill()
	require.Error(w.t, w.try(w.serverEnv(w.addrs[1]), "healthcheck"))
	w.servers[1].Start()
}

// peak is the most memory a process has held, as Linux counts it.
func peak(t *testing.T, pid int) string {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "unknown"
	}
	found := regexp.MustCompile(`VmHWM:\s*(\d+ kB)`).FindSubmatch(status)
	if found == nil {
		return "unknown"
	}
	return string(found[1])
}
