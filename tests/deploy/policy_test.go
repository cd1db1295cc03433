package deploy

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/policy"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

const noFile = "PMO_POLICY_FILE="

// TestARestartKeepsThePolicyInForce starts servers and workers again without their policy file, and with others.
func TestARestartKeepsThePolicyInForce(t *testing.T) {
	e := harness.Start(t, harness.Options{Mode: harness.Processes, Policy: func(d *policy.Document) { harness.Fast(d); d.Version = 5 }})
	e.Env = append(e.Env, "PMO_LOG_LEVEL=info")
	e.AddServer()
	requireSays(t, e.AddWorker(), e.Policy, "file")
	requirePolicy(t, e, e.Policy)
	e.StopProcesses()

	e.AddServer(noFile)
	requireSays(t, e.AddWorker(noFile), e.Policy, "database")
	requirePolicy(t, e, e.Policy)
	r := e.Servers[0].API.Submit("rita", harness.Ordinary("Is admitted by the policy in force"))
	require.Equal(t, e.Policy.Name(), e.Servers[0].API.As("rita").Get(r.Path("/explanation")).Text("policy"))

	older := filepath.Join(t.TempDir(), "older.yaml")
	require.NoError(t, os.WriteFile(older, policy.Default().Source(), 0o600))
	for _, command := range []string{"server", "worker", "bootstrap"} {
		var exit *exec.ExitError
		require.ErrorAs(t, e.Try(append(e.Env, "PMO_HTTP_ADDR=127.0.0.1:0", "PMO_POLICY_FILE="+older), command), &exit, command)
		require.Equal(t, 2, exit.ExitCode(), command)
	}

	e.StopProcesses()
	e.UsePolicy(harness.Fast)
	e.AddServer()
	requireSays(t, e.AddWorker(), e.Policy, "file")
	require.Equal(t, 6, e.Policy.Version())
	requirePolicy(t, e, e.Policy)
}

// requireSays waits until a worker's log says by which policy it works.
func requireSays(t *testing.T, worker *testkit.Part, p *policy.Policy, from string) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		require.Contains(c, worker.Output(), `"msg":"policy in force","policy":"`+p.Name()+`","from":"`+from+`"`)
	}, testkit.Patience, 50*time.Millisecond)
}

// requirePolicy holds the one server to a policy, by what it answers about it.
func requirePolicy(t *testing.T, e *harness.Environment, p *policy.Policy) {
	t.Helper()
	server := e.Servers[0].API
	require.Equal(t, p.Name(), server.As("petra").Get("/v1/policy").Text("name"))
	response, err := http.Get(server.URL + "/readyz")
	require.NoError(t, err)
	defer response.Body.Close()
	var ready struct {
		Checks map[string]struct {
			OK     bool   `json:"ok"`
			Detail string `json:"detail"`
		} `json:"checks"`
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&ready))
	require.True(t, ready.Checks["policy"].OK)
	require.Equal(t, p.Name(), ready.Checks["policy"].Detail)
}
