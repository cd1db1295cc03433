// Package chaos runs the product's parts as processes of their own, breaks them under load and shows that nothing that was
// acknowledged is lost, doubled or left half done. Every scenario goes steady → fault → heal → converge and prints its seed.
package chaos

import (
	"testing"

	"leanpmo/internal/pmo"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

const portfolio = harness.Portfolio

// environment is the product as an operator runs it, every part a process of its own. Its connections are the checker's: no fault
// touches them.
type environment struct {
	*harness.Environment
	failpoint *failpoint // between the workers and the network proxy; sees transactions
}

func start(t *testing.T) *environment {
	t.Helper()
	e := &environment{Environment: harness.Start(t, harness.Options{Mode: harness.Processes, Proxy: true, Teams: []pmo.Team{
		{ID: "falcon", Name: "Falcon", Leads: []string{"theo"}, Skills: []string{"web"}, Capacity: 1000},
		{ID: "otter", Name: "Otter", Leads: []string{"lena"}, Skills: []string{"web"}, Capacity: 1000},
	}})}
	e.failpoint = startFailpoint(t, e.Network.Addr())
	e.addWorker()
	e.AddServer()
	return e
}

func (e *environment) addWorker() *testkit.Part {
	e.T.Helper()
	return e.AddWorker(e.Database(e.failpoint.Addr()))
}

func (e *environment) in(t *testing.T) *environment {
	t.Helper()
	return &environment{Environment: e.In(t), failpoint: e.failpoint}
}
