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

// The kinds of whole workflows.
const (
	flowBare   = "bare"
	flowAPI    = "requests, HTTP API"
	flowEngine = "requests, engine"
)

// rounds are taken in turns, so that a busy moment of the machine meets all alike.
const rounds = 2

// flowsAt measures bare workflows, requests through the API, and requests through the engine.
func (e *environment) flowsAt(clients, n int) []flow {
	e.T.Helper()
	api, direct := &puller{entryPoint: e.people, store: e.Store}, &puller{entryPoint: machinery{e.Engine}, store: e.Store}
	whole := func(d entryPoint, p *puller) func(int) (string, error) {
		steps := e.way(d, p, false)
		return func(i int) (string, error) {
			id, err := walk(d, steps, form(1000+i))
			return contract.RequestWorkflowID(id), err
		}
	}
	kinds := []struct {
		flow
		run func(i int) (string, error)
	}{
		{flow{What: flowBare}, func(int) (string, error) { return e.runBare() }},
		{flow{What: flowAPI}, whole(e.people, api)},
		{flow{What: flowEngine}, whole(machinery{e.Engine}, direct)},
	}
	for range rounds {
		for k := range kinds {
			e.pass(&kinds[k].flow, clients, n/rounds, kinds[k].run)
		}
	}
	list := make([]flow, len(kinds))
	for k, kind := range kinds {
		f := kind.flow
		f.PerSecond, f.EventsPerSecond, f.MeanMillis = float64(f.Count)/f.seconds, f.events/f.seconds, f.ms/float64(f.Count)
		f.CPU, f.RunsEach = f.CPU.over(f.Count), float64(f.runs)/float64(f.Count)
		f.RatioRequests, f.RatioEvents = 1, 1
		if k > 0 {
			f.RatioRequests, f.RatioEvents = ratio(f.PerSecond, list[0].PerSecond), ratio(f.EventsPerSecond, list[0].EventsPerSecond)
		}
		list[k] = f
	}
	return list
}

// pass adds one round to a flow. Events are counted afterwards.
func (e *environment) pass(f *flow, clients, n int, run func(int) (string, error)) {
	e.T.Helper()
	ids := make([]string, n)
	before, began := e.cpu(), time.Now()
	times, took, err := spread(clients, n, func(i int) (err error) {
		ids[i], err = run(f.Count + i)
		return err
	})
	f.CPU = f.CPU.plus(e.cpu(), 1).plus(before, -1)
	require.NoError(e.T, err, f.What)
	f.Clients, f.Count, f.seconds = clients, f.Count+n, f.seconds+took.Seconds()
	for _, t := range times {
		f.ms += float64(t) / float64(time.Millisecond)
	}
	runs := e.runsSince(began)
	f.runs += len(runs)
	f.events += e.eventsOf(ids) + e.eventsOf(runs)
}

// runsSince lists the workflows of the prioritization runs begun after a moment.
func (e *environment) runsSince(began time.Time) []string {
	e.T.Helper()
	rows, err := e.Pool.Query(context.Background(), `SELECT id FROM run WHERE at >= $1`, began)
	require.NoError(e.T, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(e.T, err)
	return ids
}

func (e *environment) eventsOf(ids []string) float64 {
	e.T.Helper()
	var mu sync.Mutex
	var sum float64
	_, _, err := spread(8, len(ids), func(i int) error {
		found, err := e.Client.DescribeWorkflowExecution(context.Background(), ids[i], "")
		mu.Lock()
		defer mu.Unlock()
		sum += float64(found.GetWorkflowExecutionInfo().GetHistoryLength())
		return err
	})
	require.NoError(e.T, err)
	return sum
}
