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

	"leanpmo/internal/testkit"
	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// TestTwoServersAndTwoWorkers prepares a namespace and a database twice over, runs two of each part, and shows that people do not
// notice which of them they speak to, nor that one of each is killed.
func TestTwoServersAndTwoWorkers(t *testing.T) {
	e := start(t)
	t.Run("one key at both servers at once is one request", func(t *testing.T) { (&environment{e.In(t)}).oneKeyIsOneRequest() })
	t.Run("a worker and a server are killed and come back", func(t *testing.T) { (&environment{e.In(t)}).killed() })
	t.Run("health checks", func(t *testing.T) { (&environment{e.In(t)}).healthChecks() })
	for i := range 2 {
		t.Logf("memory at most: server %s, worker %s", peak(t, e.Servers[i].PID()), peak(t, e.Workers[i].PID()))
	}
}

func (e *environment) oneKeyIsOneRequest() {
	for _, word := range []string{"first", "second", "third"} { // a number in the search would also find the request of that number
		key, title := uuid.NewString(), "Sent to both servers, "+word
		answers := make([]*drive.Answer, 20)
		var wait sync.WaitGroup
		for i := range answers {
			wait.Go(func() {
				answers[i], _ = e.api(i%2).As("sam").Try(http.MethodPost, "/v1/requests", harness.Ordinary(title), "Idempotency-Key", key)
			})
		}
		wait.Wait()
		for _, a := range answers {
			require.NotNil(e.T, a)
			require.Contains(e.T, []int{http.StatusCreated, http.StatusAccepted}, a.Status, "%s", a.Raw)
			require.Equal(e.T, answers[0].Text("id"), a.Text("id"))
		}
		again := [2]*drive.Answer{}
		for i := range again {
			again[i] = e.api(i).As("sam").Call(http.StatusCreated, http.MethodPost, "/v1/requests", harness.Ordinary(title), "Idempotency-Key", key)
		}
		drive.SameSubmission(e.T, again[0], again[1])
		e.api(0).Known(answers[0].Text("id")).AwaitOpen("review/1/approvers")
		for i := range 2 {
			require.Len(e.T, e.api(i).As("sam").Get("/v1/requests?text="+"servers+"+word).List("items"), 1)
		}
	}
}

// killed brings requests to their end through both servers, while others keep submitting and one part of each kind is killed.
func (e *environment) killed() {
	a, b := e.api(0), e.api(1)
	requests := []*drive.Request{a.Submit("sam", harness.Ordinary("First")), b.Submit("sam", harness.Ordinary("Second")), a.Submit("rita", harness.Ordinary("Third")), b.Submit("sam", harness.Ordinary("Fourth"))}
	load := e.submitOn()
	for i, r := range requests {
		e.through((i+1)%2, r).Approve()
	}
	e.Workers[0].Kill()
	e.Servers[0].Kill()
	for _, r := range requests {
		r = e.through(1, r)
		r.Await("through review", func(a *drive.Answer) bool { return a.Text("stage") != "review" })
		r.Pull() // perhaps with the one before
	}
	e.Workers[0].Start()
	e.Servers[0].Start()
	e.Workers[1].Kill()
	e.Servers[1].Kill()
	for i, r := range requests {
		if requests[i] = e.through(0, r); i != 2 { // Rita's plan is not Sam's to sign
			requests[i].ToExecution()
		}
	}
	e.Workers[1].Start()
	e.Servers[1].Start()
	for i, r := range requests {
		if i != 2 {
			e.through(i%2, r).ToEnd()
			once := e.through((i+1)%2, r).Events()
			for _, event := range []string{"submitted", "admitted", "pulled", "accepted", "closed"} {
				require.Len(e.T, slices.DeleteFunc(slices.Clone(once), func(e string) bool { return e != event }), 1, "%s of %s", event, r.Ref)
			}
		}
	}
	load.check(e)
}

// load are submissions that go on whatever happens; each goes to the other server with the same key until one takes it.
type load struct {
	end  func()
	done chan struct{}
	ids  []string
	last error
}

func (e *environment) submitOn() *load {
	stop := make(chan struct{})
	l := &load{end: sync.OnceFunc(func() { close(stop) }), done: make(chan struct{})}
	e.T.Cleanup(l.end)
	tick := time.NewTicker(250 * time.Millisecond)
	go func() {
		defer close(l.done)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-tick.C:
				l.submit(e, n)
			}
		}
	}()
	return l
}

func (l *load) submit(e *environment, n int) {
	key, deadline := uuid.NewString(), time.Now().Add(testkit.Patience)
	for i := n; time.Now().Before(deadline); i++ {
		answer, err := e.api(i%2).As("rita").Try(http.MethodPost, "/v1/requests", harness.Ordinary(fmt.Sprintf("Trickle %d", n)), "Idempotency-Key", key)
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
func (l *load) check(e *environment) {
	l.end()
	<-l.done
	require.NotEmpty(e.T, l.ids)
	numbers := map[any]bool{}
	for i, id := range l.ids {
		require.NotEmpty(e.T, id, "submission %d was never taken; last: %v", i, l.last)
		state := e.api(i % 2).Known(id).AwaitOpen("review/1/approvers")
		require.False(e.T, numbers[state.At("number")], "number %v is given twice", state.At("number"))
		numbers[state.At("number")] = true
	}
	e.T.Logf("%d submissions taken beside it", len(l.ids))
}

func (e *environment) healthChecks() {
	for _, server := range e.Servers {
		require.NoError(e.T, e.Try(server.Env, "healthcheck"))
	}
	require.NoError(e.T, e.Try(e.Env, "healthcheck", "--worker"))
	e.Servers[1].Kill()
	require.Error(e.T, e.Try(e.Servers[1].Env, "healthcheck"))
	e.Servers[1].Start()
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
