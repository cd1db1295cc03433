package bench

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/testkit"
)

// latency is how long one kind of call takes at a number of clients, in milliseconds.
type latency struct {
	What     string
	Clients  int
	Calls    int
	Late     int // submissions that were answered 202: accepted, with a number to come
	P50, P99 float64
}

const (
	callYardstick = "bare update-with-start, one local activity"
	callSubmit    = "submit"
	callDirect    = "submit, engine"
	callDecide    = "decide"
	callRead      = "read one"
	callList      = "list 50, filtered"
)

var forms atomic.Int64 // no two forms are the same

func nextForm() pmo.Content { return form(10_000 + int(forms.Add(1))) }

// call is one kind of call.
type call struct {
	what string
	do   func(i int) error
}

// latenciesAt measures every kind of call.
func (e *environment) latenciesAt(clients, n int) []latency {
	e.T.Helper()
	ids := make([]string, n)
	starts := []call{
		{callYardstick, func(int) error { _, err := e.startBare(waitWorkflow); return err }},
		{callSubmit, func(i int) (err error) { ids[i], err = e.people.submit(nextForm()); return err }},
		{callDirect, func(int) error { _, err := machinery{e.Engine}.submit(nextForm()); return err }},
	}
	var list []latency
	if clients == 1 {
		list = e.inTurns(n, starts)
	} else {
		for _, s := range starts {
			list = append(list, e.measure(s.what, clients, n, s.do))
		}
	}
	e.settled()
	// Half of the decisions are first votes, the other half the second one, after which the request moves on.
	decisions := e.measure(callDecide, clients, n, func(i int) error {
		as := []string{"ana", "bo"}[i/(n/2+n%2)]
		return e.people.decide(ids[i%(n/2+n%2)], as, "review/1/approvers", pmo.VerdictApprove)
	})
	many := max(n, callsForP99) // reads are quick
	reads := e.measure(callRead, clients, many, func(i int) error { return e.people.read(ids[i%n]) })
	lists := e.measure(callList, clients, many, func(int) error { return e.people.list() })
	return append(list, decisions, reads, lists)
}

// inTurns lets kinds of calls follow each other, one at a time: they are compared, and a busy moment must meet all alike.
func (e *environment) inTurns(n int, kinds []call) []latency {
	e.T.Helper()
	times := make([][]time.Duration, len(kinds))
	for i := range n {
		for k, kind := range kinds {
			began := time.Now()
			require.NoError(e.T, kind.do(i), kind.what)
			times[k] = append(times[k], time.Since(began))
		}
	}
	var list []latency
	for k, kind := range kinds {
		slices.Sort(times[k])
		list = append(list, latency{What: kind.what, Clients: 1, Calls: n, P50: quantile(times[k], 0.5), P99: quantile(times[k], 0.99)})
	}
	return list
}

func (e *environment) measure(what string, clients, n int, call func(i int) error) latency {
	e.T.Helper()
	late := e.people.late.Load()
	times, _, err := spread(clients, n, call)
	require.NoError(e.T, err, "%s at %d clients", what, clients)
	return latency{What: what, Clients: clients, Calls: n, Late: int(e.people.late.Load() - late), P50: quantile(times, 0.5), P99: quantile(times, 0.99)}
}

// settled waits until the read model has every question: decisions are measured, not the wait for something to decide.
func (e *environment) settled() {
	e.T.Helper()
	require.Eventually(e.T, func() bool {
		return e.count(`stage = 'intake'`) == 0 && e.count(`stage = 'review' AND waiting_on = '{}'`) == 0
	},
		testkit.Patience, 50*time.Millisecond)
}
