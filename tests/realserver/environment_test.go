// Package realserver runs the process on the real Temporal server and a real Postgres: what the time-skipping environment cannot show.
// Everything starts once; every case works on requests of its own.
package realserver

import (
	"testing"

	"leanpmo/tests/harness"
)

// environment is the product without its HTTP API, with a team's tool that can misbehave.
type environment struct {
	*harness.Environment
	tool *tool
}

func start(t *testing.T) *environment {
	t.Helper()
	e := &environment{Environment: harness.Start(t, harness.Options{Proxy: true})}
	e.tool = startTool(t, e.Store)
	e.Activities.Delivery, e.Activities.SignalDecisions = e.tool.client, true
	e.StartIntegrations()
	e.StartWorker()
	return e
}
