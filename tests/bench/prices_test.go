package bench

import (
	"context"
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
func (e *environment) prices(size scale) []price {
	e.T.Helper()
	host := e.DatabaseHost()
	server, worker := startMeter(e.T, host), startMeter(e.T, host)
	list := []price{e.priceBare(size.prices)}
	p := func() *puller { return &puller{entryPoint: e.people, store: e.Store} }

	e.startProduct(e.Database(server.Addr()), e.Database(worker.Addr()))
	steps := e.way(e.people, p(), false)
	list = append(list, e.priceWalk(pathStraight, size.prices, steps, server, worker))
	list = append(list, e.priceWalk(pathLonger, size.prices, e.longer(steps), server, worker))

	e.UsePolicy(noLimits)
	e.startProduct(e.Database(server.Addr()), e.Database(worker.Addr()))
	list = append(list, e.priceWalk(pathAsked, size.prices, e.way(e.people, p(), true), server, worker))

	e.UsePolicy(straight)
	e.startProduct("", "")
	return list
}

// longer puts further progress reports before "done".
func (e *environment) longer(steps []step) []step {
	var list []step
	for _, s := range steps {
		if s.name == "done" {
			for range furtherAnswers {
				list = append(list, step{"further report", func(id string) error { return e.people.report(id, "theo", pmo.Report{Note: "going on"}) }})
			}
		}
		list = append(list, s)
	}
	return list
}

func (e *environment) priceBare(n int) price {
	e.T.Helper()
	sum := price{Path: "bare: 8 activities, 1 update"}
	for range n {
		id, err := e.runBare()
		require.NoError(e.T, err)
		sum.add(e.describe(id))
	}
	return sum.mean(n)
}

func (e *environment) priceWalk(path string, n int, steps []step, server, worker *meter) price {
	e.T.Helper()
	sum := price{Path: path}
	for i := range 2 { // fills the pools and their prepared statements, which is paid once
		_, err := walk(e.people, steps, form(i))
		require.NoError(e.T, err)
	}
	for i := range n {
		id, prices := e.priceSteps(form(100+i), steps, server, worker)
		sum.Steps = prices
		for _, s := range prices {
			sum.ServerTrips += s.Server
			sum.WorkerTrips += s.Worker
		}
		sum.add(e.describe(id))
	}
	return sum.mean(n)
}

// priceSteps walks one request and counts command by command.
func (e *environment) priceSteps(c pmo.Content, steps []step, server, worker *meter) (workflow string, list []stepPrice) {
	e.T.Helper()
	var id string
	events := 0.0
	all := append([]step{{"submit", func(string) (err error) { id, err = e.people.submit(c); return err }}}, steps...)
	for _, s := range all {
		p := stepPrice{Step: s.name, Server: -float64(server.trips.Load()), Worker: -float64(worker.trips.Load())}
		require.NoError(e.T, s.do(id), s.name)
		time.Sleep(settling)
		workflow = contract.RequestWorkflowID(id)
		length := e.eventsOf([]string{workflow})
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
func (e *environment) describe(id string) price {
	e.T.Helper()
	found, err := e.Client.DescribeWorkflowExecution(context.Background(), id, "")
	require.NoError(e.T, err)
	info := found.GetWorkflowExecutionInfo()
	p := price{Events: float64(info.GetHistoryLength()), Transitions: float64(info.GetStateTransitionCount()), HistoryBytes: float64(info.GetHistorySizeBytes())}
	for events := e.Client.GetWorkflowHistory(context.Background(), id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		event, err := events.Next()
		require.NoError(e.T, err)
		if event.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
			p.Tasks++
		}
	}
	return p
}
