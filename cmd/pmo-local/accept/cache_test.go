package accept

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
)

// TestWorkflowCacheIsLimited: Temporal's own workers share the process and its cache of workflows; the setting holds all the same. The demo
// leaves more than thirty requests open. A dump of all goroutines shows the cached ones: each has one that stands in the workflow's function.
func TestWorkflowCacheIsLimited(t *testing.T) {
	l := plan(t)
	const cached = 4
	ports := testkit.Ports(t, 2)
	l.Part = testkit.StartPart(t, testkit.PartConfig{
		Name: "pmo-local", Path: testkit.Program(t, "pmo-local"), ReadyFile: l.ready, Env: []string{fmt.Sprint("PMO_WORKFLOW_CACHE=", cached)},
		Args: []string{"--demo", "--data", l.data, "--temporal", l.temporal, "--ui", l.ui, "--postgres-port", fmt.Sprint(l.postgresPort),
			"--ready-file", l.ready, "--http", localstack.Loopback(ports[0]), "--sign-in", localstack.Loopback(ports[1])},
	})
	require.Eventually(t, func() bool { return strings.Contains(l.Output(), "requests added") }, testkit.Patience, 100*time.Millisecond)
	l.Signal(syscall.SIGQUIT)
	require.Error(t, l.Await(), "it ends with the dump")
	inMemory := strings.Count(l.Output(), "leanpmo/workflows.Request(")
	require.Positive(t, inMemory)
	require.LessOrEqual(t, inMemory, 2*cached, "the others are being handled just now")
}
