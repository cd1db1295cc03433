package bench

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
)

// flow is how fast whole workflows pass at a number of clients.
type flow struct {
	What                string
	Clients, Count      int
	PerSecond           float64 // workflows
	EventsPerSecond     float64 // of their histories, and of the prioritization runs that pulled them
	RunsEach            float64 // prioritization runs a workflow
	RatioRequests       float64 // to bare at the same clients
	RatioEvents         float64
	MeanMillis          float64 // one workflow, from start to end
	CPU                 cpu     // milliseconds a workflow
	events, seconds, ms float64
	runs                int
}

// rounds are taken in turns, so that a busy moment of the machine meets all alike.
const rounds = 2

func (w *world) flows(size scale) []flow {
	w.t.Helper()
	var list []flow
	for _, clients := range size.clients {
		list = append(list, w.flowsAt(clients, size.flows)...)
	}
	return list
}

// flowsAt measures bare workflows, requests through the API, and requests through the engine.
func (w *world) flowsAt(clients, n int) []flow {
	w.t.Helper()
	api, direct := &puller{door: w.people, store: w.store}, &puller{door: machinery{w.engine}, store: w.store}
	whole := func(d door, p *puller) func(int) (string, error) {
		steps := w.way(d, p, false)
		return func(i int) (string, error) {
			id, err := walk(d, steps, form(1000+i))
			return contract.RequestWorkflowID(id), err
		}
	}
	kinds := []struct {
		flow
		run func(i int) (string, error)
	}{
		{flow{What: "bare"}, func(int) (string, error) { return w.runBare() }},
		{flow{What: "requests, HTTP API"}, whole(w.people, api)},
		{flow{What: "requests, engine"}, whole(machinery{w.engine}, direct)},
	}
	for range rounds {
		for k := range kinds {
			w.pass(&kinds[k].flow, clients, n/rounds, kinds[k].run)
		}
	}
	list := make([]flow, len(kinds))
	for k, kind := range kinds {
		f := kind.flow
		f.PerSecond, f.EventsPerSecond, f.MeanMillis = float64(f.Count)/f.seconds, f.events/f.seconds, f.ms/float64(f.Count)
		f.CPU, f.RunsEach = f.CPU.over(f.Count), float64(f.runs)/float64(f.Count)
		f.RatioRequests, f.RatioEvents = 1, 1
		if k > 0 {
			f.RatioRequests, f.RatioEvents = f.PerSecond/list[0].PerSecond, f.EventsPerSecond/list[0].EventsPerSecond
		}
		list[k] = f
	}
	return list
}

// pass adds one round to a flow. Events are counted afterwards.
func (w *world) pass(f *flow, clients, n int, run func(int) (string, error)) {
	w.t.Helper()
	ids := make([]string, n)
	before, began := w.cpu(), time.Now()
	times, took, err := spread(clients, n, func(i int) (err error) {
		ids[i], err = run(f.Count + i)
		return err
	})
	f.CPU = f.CPU.plus(w.cpu(), 1).plus(before, -1)
	require.NoError(w.t, err, f.What)
	f.Clients, f.Count, f.seconds = clients, f.Count+n, f.seconds+took.Seconds()
	for _, t := range times {
		f.ms += float64(t) / float64(time.Millisecond)
	}
	runs := w.runsSince(began)
	f.runs += len(runs)
	f.events += w.eventsOf(ids) + w.eventsOf(runs)
}

// runsSince lists the workflows of the prioritization runs begun after a moment.
func (w *world) runsSince(began time.Time) []string {
	w.t.Helper()
	rows, err := w.pool.Query(context.Background(), `SELECT id FROM run WHERE at >= $1`, began)
	require.NoError(w.t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(w.t, err)
	return ids
}

func (w *world) eventsOf(ids []string) float64 {
	w.t.Helper()
	var mu sync.Mutex
	var sum float64
	_, _, err := spread(8, len(ids), func(i int) error {
		found, err := w.client.DescribeWorkflowExecution(context.Background(), ids[i], "")
		mu.Lock()
		defer mu.Unlock()
		sum += float64(found.GetWorkflowExecutionInfo().GetHistoryLength())
		return err
	})
	require.NoError(w.t, err)
	return sum
}
