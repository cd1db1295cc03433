package deploy

import (
	"testing"

	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// environment is the product as docker-compose.yml runs it, with two servers and two workers, every part a process of its own.
type environment struct{ *harness.Environment }

func start(t *testing.T) *environment {
	t.Helper()
	e := &environment{harness.Start(t, harness.Options{Mode: harness.Processes})}
	e.Migrate() // for the second time: both are repeatable
	e.Run("bootstrap")
	for range 2 {
		e.AddServer()
	}
	e.AddWorker()
	e.AddWorker("PMO_WORKFLOW_CACHE=2") // caches next to nothing, so each of its tasks begins by replaying the history
	return e
}

// through is the same request through another server.
func (e *environment) through(server int, r *drive.Request) *drive.Request {
	return e.api(server).Known(r.ID)
}

func (e *environment) api(server int) *drive.API { return e.Servers[server].API }
