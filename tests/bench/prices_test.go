package bench

import (
	"context"
	"net/url"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// price is what one workflow costs on average, counted and not sampled.
type price struct {
	Path                       string
	Events, Transitions, Tasks float64
	HistoryBytes               float64
	ServerTrips, WorkerTrips   float64 // round trips to the pmo database
	Steps                      []stepPrice
}

// stepPrice is what one command costs in events and in round trips to the pmo database.
type stepPrice struct {
	Step                   string
	Events, Server, Worker float64
}

// The paths that are priced.
const (
	pathStraight = "straight-through"
	pathLonger   = "straight-through and 5 reports"
	pathAsked    = "with the policy an office starts with"
)

// settling lets what follows a command reach the counters: they belong to processes of their own.
const settling = 40 * time.Millisecond

// furtherAnswers are progress reports beyond the straight-through path, to price one more answer.
const furtherAnswers = 5

// prices counts, one request at a time, with both parts' way to the database led through a meter.
func (w *world) prices(size scale) []price {
	w.t.Helper()
	parsed, err := url.Parse(w.direct())
	require.NoError(w.t, err)
	server, worker := startMeter(w.t, parsed.Host), startMeter(w.t, parsed.Host)
	list := []price{w.priceBare(size.prices)}
	for _, policy := range []string{"straight", "asked"} {
		w.startProduct(w.through(server.Addr()), w.through(worker.Addr()), policy)
		p := &puller{door: w.people, store: w.store}
		steps := w.way(w.people, p, policy == "asked")
		if policy == "straight" {
			list = append(list, w.priceWalk(pathStraight, size.prices, steps, server, worker))
			list = append(list, w.priceWalk(pathLonger, size.prices, w.longer(steps), server, worker))
			continue
		}
		list = append(list, w.priceWalk(pathAsked, size.prices, steps, server, worker))
	}
	w.startProduct(w.direct(), w.direct(), "straight")
	return list
}

// longer puts further progress reports before "done".
func (w *world) longer(steps []step) []step {
	var list []step
	for _, s := range steps {
		if s.name == "done" {
			for range furtherAnswers {
				list = append(list, step{"further report", func(id string) error { return w.people.report(id, "theo", pmo.Report{Note: "going on"}) }})
			}
		}
		list = append(list, s)
	}
	return list
}

func (w *world) priceBare(n int) price {
	w.t.Helper()
	sum := price{Path: "bare: 8 activities, 1 update"}
	for range n {
		id, err := w.runBare()
		require.NoError(w.t, err)
		sum.add(w.describe(id))
	}
	return sum.mean(n)
}

func (w *world) priceWalk(path string, n int, steps []step, server, worker *meter) price {
	w.t.Helper()
	sum := price{Path: path}
	for i := range 2 { // fills the pools and their prepared statements, which is paid once
		_, err := walk(w.people, steps, form(i))
		require.NoError(w.t, err)
	}
	for i := range n {
		id, prices := w.priceSteps(form(100+i), steps, server, worker)
		sum.Steps = prices
		for _, s := range prices {
			sum.ServerTrips += s.Server
			sum.WorkerTrips += s.Worker
		}
		sum.add(w.describe(id))
	}
	return sum.mean(n)
}

// priceSteps walks one request and counts command by command.
func (w *world) priceSteps(c pmo.Content, steps []step, server, worker *meter) (workflow string, list []stepPrice) {
	w.t.Helper()
	var id string
	events := 0.0
	all := append([]step{{"submit", func(string) (err error) { id, err = w.people.submit(c); return err }}}, steps...)
	for _, s := range all {
		p := stepPrice{Step: s.name, Server: -float64(server.trips.Load()), Worker: -float64(worker.trips.Load())}
		require.NoError(w.t, s.do(id), s.name)
		time.Sleep(settling)
		workflow = contract.RequestWorkflowID(id)
		length := w.eventsOf([]string{workflow})
		p.Events, p.Server, p.Worker = length-events, p.Server+float64(server.trips.Load()), p.Worker+float64(worker.trips.Load())
		events, list = length, append(list, p)
	}
	return workflow, list
}

func (p *price) add(o price) {
	p.Events += o.Events
	p.Transitions += o.Transitions
	p.Tasks += o.Tasks
	p.HistoryBytes += o.HistoryBytes
}

func (p price) mean(n int) price {
	for _, v := range []*float64{&p.Events, &p.Transitions, &p.Tasks, &p.HistoryBytes, &p.ServerTrips, &p.WorkerTrips} {
		*v /= float64(n)
	}
	return p
}

// describe reads what the server knows of a workflow's newest run.
func (w *world) describe(id string) price {
	w.t.Helper()
	found, err := w.client.DescribeWorkflowExecution(context.Background(), id, "")
	require.NoError(w.t, err)
	info := found.GetWorkflowExecutionInfo()
	p := price{Events: float64(info.GetHistoryLength()), Transitions: float64(info.GetStateTransitionCount()), HistoryBytes: float64(info.GetHistorySizeBytes())}
	for events := w.client.GetWorkflowHistory(context.Background(), id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		event, err := events.Next()
		require.NoError(w.t, err)
		if event.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
			p.Tasks++
		}
	}
	return p
}
