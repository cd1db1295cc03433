package chaos

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

const (
	perSecond = 8  // calls a second: a trickle, so that what breaks is not the machine
	inFlight  = 16 // calls at most, when answers do not come
)

// outcome is what the caller knows of a call.
type outcome string

const (
	taken   outcome = "taken"   // acknowledged: it must be found, once
	refused outcome = "refused" // definitely not taken
	unknown outcome = "unknown" // no answer, or "try again": may have been taken, once at most
)

// call is one command of somebody, with the key that makes its repetitions one.
type call struct {
	as, path, key string
	body          any
	decision      string // id of the question that is answered; empty for other commands
	title         string // of a submission; empty for a command
	request       string // id; of a submission once it is acknowledged
	mark          string // text that only this call carries into the ledger; may be empty
	sure          bool   // it must be taken once its request exists
	outcome       outcome
	status        int
	problem       string
	tries         int
}

// load submits requests and brings them on, as people would, through every server in turn.
type load struct {
	e     *environment
	next  atomic.Int64
	mu    sync.Mutex
	rng   *rand.Rand
	calls []*call
	stop  chan struct{}
	done  sync.WaitGroup
	slots chan struct{}
}

func startLoad(e *environment, rng *rand.Rand) *load {
	l := &load{e: e, rng: rng, stop: make(chan struct{}), slots: make(chan struct{}, inFlight)}
	l.done.Go(func() {
		tick := time.NewTicker(time.Second / perSecond)
		defer tick.Stop()
		for {
			select {
			case <-l.stop:
				return
			case <-tick.C:
			}
			select {
			case l.slots <- struct{}{}:
				l.done.Go(func() {
					defer func() { <-l.slots }()
					l.act()
				})
			default: // everybody waits for an answer
			}
		}
	})
	return l
}

// awaitOutcomes ends the load and repeats, under their keys, the calls whose outcome nobody knows, until it is known.
func (l *load) awaitOutcomes() {
	l.e.T.Helper()
	close(l.stop)
	l.done.Wait()
	for _, c := range l.calls {
		testkit.Eventually(l.e.T, "an outcome for "+c.path, func() error {
			if c.outcome == unknown {
				l.send(c)
			}
			if c.outcome == unknown {
				return fmt.Errorf("%d %s", c.status, c.problem)
			}
			return nil
		})
	}
}

func (l *load) roll(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rng.IntN(n)
}

// api is the next server's.
func (l *load) api() *drive.API { return l.e.Servers[int(l.next.Add(1))%len(l.e.Servers)].API }

func (l *load) act() {
	known := l.acknowledged()
	switch dice := l.roll(100); {
	case len(known) == 0 || dice < 25:
		l.submit()
	case dice < 32:
		l.once(&call{as: "petra", path: "/v1/prioritizations", body: map[string]any{"portfolio": portfolio, "reason": "chaos " + uuid.NewString()}})
	default:
		l.bringOn(known[l.roll(len(known))])
	}
}

// acknowledged lists the ids of the requests whose submission was acknowledged.
func (l *load) acknowledged() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []string
	for _, c := range l.calls {
		if c.title != "" && c.outcome == taken {
			ids = append(ids, c.request)
		}
	}
	return ids
}

func (l *load) submit() {
	title := "Chaos " + uuid.NewString()
	l.once(&call{as: "sam", path: "/v1/requests", title: title, sure: true, body: harness.Ordinary(title)})
}

// bringOn reads a request and does what somebody it waits for would do; now and then somebody does what they may not.
func (l *load) bringOn(id string) {
	state, err := l.api().As("petra").Try(http.MethodGet, "/v1/requests/"+id, nil)
	if err != nil || state.Status != http.StatusOK {
		return
	}
	var c *call
	switch dice := l.roll(100); {
	case dice < 3:
		c = &call{as: "petra", path: "/hold", body: map[string]any{"reason": "a law is pending"}}
	case dice < 5:
		c = &call{as: "sam", path: "/withdraw", body: map[string]any{"reason": "bought elsewhere"}}
	case state.Text("status") == "on_hold":
		c = &call{as: "petra", path: "/resume", body: map[string]any{}}
	case len(drive.Open(state)) > 0:
		c = l.answer(state, drive.Open(state)[l.roll(len(drive.Open(state)))])
	case state.Text("stage") == "execution":
		c = l.report(state)
	}
	if c == nil {
		return
	}
	c.request, c.path = id, "/v1/requests/"+id+c.path
	l.once(c)
}

// verdicts are what people mostly say.
var verdicts = map[string]struct{ people, verdict string }{
	"review": {"ana bo bo ana sam", "approve"}, "approach": {"theo", "accept"}, "assignment": {"lead", "accept"},
	"plan": {"sam lead", "agree"}, "acceptance": {"sam", "accept"}, "report": {"", ""},
}

func (l *load) answer(state *drive.Answer, decision string) *call {
	kind, _, _ := strings.Cut(decision, "/")
	if kind == "exception" {
		return nil // the PMO keeps silent
	}
	known, ok := verdicts[kind]
	if !ok || known.people == "" {
		return l.report(state)
	}
	people := strings.Fields(known.people)
	as := people[l.roll(len(people))]
	if as == "lead" {
		as = state.Text("assignment.leads.0")
	}
	verdict := known.verdict
	if kind == "assignment" && l.roll(10) == 0 {
		verdict = "decline"
	}
	return &call{as: as, path: "/decisions", decision: decision, body: map[string]any{"decision": decision, "verdict": verdict, "reason": "because " + uuid.NewString()}}
}

func (l *load) report(state *drive.Answer) *call {
	lead := state.Text("assignment.leads.0")
	if lead == "" || state.Text("plan.agreed_at") == "" {
		return nil
	}
	mark := uuid.NewString()
	return &call{as: lead, path: "/progress", mark: mark, body: map[string]any{"percent": 50, "note": mark, "done": l.roll(4) == 0}}
}

// once sends a call and writes down what came of it; one in ten is sent twice at the same time.
func (l *load) once(c *call) {
	c.key = uuid.NewString()
	if l.roll(10) == 0 {
		twin := *c
		l.done.Go(func() { l.send(&twin) })
	}
	l.send(c)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, c)
}

func (l *load) send(c *call) {
	c.tries++
	answer, err := l.api().As(c.as).Try(http.MethodPost, c.path, c.body, "Idempotency-Key", c.key)
	switch {
	case err != nil:
		c.outcome, c.problem = unknown, err.Error()
	case answer.Status >= 500 || answer.Status == http.StatusTooManyRequests:
		c.outcome, c.status, c.problem = unknown, answer.Status, string(answer.Raw)
	case answer.Status >= 400:
		c.outcome, c.status, c.problem = refused, answer.Status, string(answer.Raw)
	default:
		c.outcome, c.status, c.problem = taken, answer.Status, ""
		if c.title != "" {
			c.request = answer.Text("id")
		}
	}
}

// during runs the load for a while.
func (l *load) during(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.e.T.Context().Done():
	}
}

// logCounts writes what the load did: a scenario in which nothing was taken proves nothing.
func (l *load) logCounts(t *testing.T) {
	t.Helper()
	counts, requests, repeated := map[outcome]int{}, 0, 0
	for _, c := range l.calls {
		counts[c.outcome]++
		if c.title != "" && c.outcome == taken {
			requests++
		}
		if c.tries > 1 {
			repeated++
		}
	}
	t.Logf("%d calls: %d taken (%d submissions), %d refused, %d had no answer at first", len(l.calls), counts[taken], requests, counts[refused], repeated)
	require.Positive(t, requests, "the load submitted nothing")
	require.Greater(t, counts[taken], requests, "the load decided nothing")
}
