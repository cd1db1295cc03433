package accept

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
)

// local is a pmo-local without the product.
type local struct {
	*testkit.Part
	data, temporal, ui, ready string
	postgresPort              int
}

func (l *local) args() []string {
	return []string{
		"--only", "postgres,temporal,ui", "--data", l.data, "--temporal", l.temporal, "--ui", l.ui,
		"--postgres-port", fmt.Sprint(l.postgresPort), "--ready-file", l.ready,
	}
}

func plan(t *testing.T) *local {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: starts the real Temporal server")
	}
	ports, data := testkit.Ports(t, 3), testkit.Dir(t)
	return &local{
		data: data, ready: filepath.Join(data, "ready"), postgresPort: ports[0],
		temporal: localstack.Loopback(ports[1]), ui: localstack.Loopback(ports[2]),
	}
}

func start(t *testing.T) *local {
	t.Helper()
	l := plan(t)
	l.Part = testkit.StartPart(t, testkit.PartConfig{
		Name: "pmo-local", Path: testkit.Program(t, "pmo-local"), Args: l.args(), ReadyFile: l.ready,
	})
	return l
}

func (l *local) client(t *testing.T) client.Client {
	t.Helper()
	c, err := client.NewLazyClient(client.Options{HostPort: l.temporal, Namespace: "kept"})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// keep creates a namespace and a workflow, which requireKept looks for.
func (l *local) keep(t *testing.T) {
	t.Helper()
	c := l.client(t)
	_, err := c.WorkflowService().RegisterNamespace(t.Context(), &workflowservice.RegisterNamespaceRequest{
		Namespace: "kept", WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
	})
	require.NoError(t, err)
	require.EventuallyWithT(t, func(ct *assert.CollectT) {
		_, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "story", TaskQueue: "nobody"}, "Story")
		require.NoError(ct, err)
	}, testkit.Patience, 50*time.Millisecond)
}

func (l *local) requireKept(t *testing.T) {
	t.Helper()
	require.EventuallyWithT(t, func(ct *assert.CollectT) {
		got, err := l.client(t).DescribeWorkflowExecution(t.Context(), "story", "")
		require.NoError(ct, err)
		require.Equal(ct, "Story", got.GetWorkflowExecutionInfo().GetType().GetName())
	}, testkit.Patience, 50*time.Millisecond)
}

func (l *local) requireAllGone(t *testing.T) {
	t.Helper()
	for _, address := range []string{l.temporal, l.ui, localstack.Loopback(l.postgresPort)} {
		require.NoError(t, localstack.CheckAddress(address))
	}
	out, err := exec.Command("pgrep", "-f", l.data).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return
	}
	require.Empty(t, string(out), "processes that name the data folder")
}

func TestCtrlCStopsEverythingAndDataIsKept(t *testing.T) {
	l := start(t)
	require.Contains(t, l.Output(), "ready in")
	l.keep(t)
	l.Signal(syscall.SIGINT)
	require.NoError(t, l.Await())
	l.requireAllGone(t)
	require.NoFileExists(t, l.ready)

	l.Start()
	l.requireKept(t)
	require.NoError(t, testkit.HTTPReady("http://"+l.ui+"/")(context.Background()))
	l.Stop()
	l.requireAllGone(t)
}

func TestRestartAfterKill(t *testing.T) {
	l := start(t)
	l.keep(t)
	l.Kill()
	l.Start()
	l.requireKept(t)
}

func TestSecondSignalExitsAtOnce(t *testing.T) {
	l := start(t)
	// Two different signals: the kernel merges equal pending ones.
	l.Signal(syscall.SIGINT)
	l.Signal(syscall.SIGTERM)
	var exit *exec.ExitError
	if err := l.Await(); err != nil { // nil if it had already stopped
		require.ErrorAs(t, err, &exit)
		require.Equal(t, 130, exit.ExitCode())
	}
	require.Eventually(t, func() bool {
		return localstack.CheckAddress(localstack.Loopback(l.postgresPort)) == nil
	}, testkit.Patience, 20*time.Millisecond)
	l.requireAllGone(t)
}

func TestPostgresThatDiesIsReported(t *testing.T) {
	l := start(t)
	pid := readPostgresPID(t, l.data)
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	var exit *exec.ExitError
	require.ErrorAs(t, l.Await(), &exit)
	require.Equal(t, 1, exit.ExitCode())
	require.Contains(t, l.Output(), "Postgres ended by itself")
}

func readPostgresPID(t *testing.T, data string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "postgres", "data", "postmaster.pid"))
	require.NoError(t, err)
	var pid int
	_, err = fmt.Sscan(string(text), &pid)
	require.NoError(t, err)
	return pid
}

func TestBusyPortIsOneSentence(t *testing.T) {
	for _, flag := range []string{"temporal", "ui", "postgres-port"} {
		t.Run(flag, func(t *testing.T) {
			l := plan(t)
			address := map[string]string{
				"temporal": l.temporal, "ui": l.ui, "postgres-port": localstack.Loopback(l.postgresPort),
			}[flag]
			listener, err := net.Listen("tcp", address)
			require.NoError(t, err)
			defer listener.Close()

			code, stdout, stderr := l.fail(t)
			require.Equal(t, 1, code)
			require.Empty(t, stdout)
			require.Equal(t, fmt.Sprintf("pmo-local: %s: address is in use by another program; choose another with --%s\n", address, flag), stderr)
			require.NoFileExists(t, filepath.Join(l.data, "postgres", "data", "postmaster.pid"))
		})
	}
}

// TestASecondStartSaysThatItRuns holds that it is said at once, with the process, and that the first one goes on.
func TestASecondStartSaysThatItRuns(t *testing.T) {
	l := start(t)
	code, stdout, stderr := l.fail(t)
	require.Equal(t, 1, code)
	require.Empty(t, stdout)
	require.Equal(t, fmt.Sprintf("pmo-local: already running here, pid %d: it uses %s; stop it first, or choose another folder with --data\n", l.PID(), l.data), stderr)
	require.FileExists(t, l.ready, "the ready file is of the one that runs")
	require.NoError(t, testkit.HTTPReady("http://"+l.ui+"/")(context.Background()))
}

// fail runs pmo-local to its end.
func (l *local) fail(t *testing.T) (code int, stdout, stderr string) {
	t.Helper()
	cmd := exec.Command(testkit.Program(t, "pmo-local"), l.args()...)
	var out, errOut strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errOut
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit)
	return exit.ExitCode(), out.String(), errOut.String()
}

func TestTemporalAloneNeedsAPostgres(t *testing.T) {
	l := plan(t)
	cmd := exec.Command(testkit.Program(t, "pmo-local"), "--only", "temporal", "--data", l.data, "--temporal", l.temporal)
	out, err := cmd.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "start one with --only postgres")
}
