package localstack_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
)

// clusterVariable makes this test binary start a cluster and wait until it is killed.
const clusterVariable = "LOCALSTACK_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(clusterVariable); dir != "" {
		runCluster(dir)
	}
	testkit.Main(m)
}

func runCluster(dir string) {
	cluster, err := localstack.StartCluster(context.Background(), localstack.ClusterConfig{Dir: dir, Output: os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(cluster.PID())
	<-cluster.Done()
	os.Exit(1)
}

func TestRestartAfterAKilledParent(t *testing.T) {
	skipShort(t)
	dir := testkit.Dir(t)
	parent := osexec.Command(os.Args[0])
	parent.Env = append(os.Environ(), clusterVariable+"="+dir)
	parent.Stderr = os.Stderr
	out, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	require.NoError(t, err)

	require.NoError(t, parent.Process.Kill())
	require.Error(t, parent.Wait())
	cluster := start(t, localstack.ClusterConfig{Dir: dir}) // at once, while Postgres may still be shutting down
	requireGone(t, pid)
	connect(t, cluster)
}

func TestOrphanIsStopped(t *testing.T) {
	dir := testkit.Dir(t)
	require.NoError(t, start(t, localstack.ClusterConfig{Dir: dir}).Stop())
	orphan := startOrphan(t, dir)
	var output bytes.Buffer
	connect(t, start(t, localstack.ClusterConfig{Dir: dir, Output: &output}))
	require.Contains(t, output.String(), fmt.Sprintf("stopping the Postgres (pid %d)", orphan))
}

// startOrphan starts Postgres on the data without this package.
func startOrphan(t *testing.T, dir string) int {
	t.Helper()
	binaries, err := localstack.FindPostgres(t.Context(), os.Stderr)
	require.NoError(t, err)
	account, err := localstack.PostgresAccount()
	require.NoError(t, err)
	data := filepath.Join(dir, "data")
	cmd := osexec.Command(filepath.Join(binaries.Dir, "postgres"), "-D", data,
		"-p", strconv.Itoa(testkit.Ports(t, 1)[0]), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+data)
	cmd.Dir = data
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if account.Switch {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: account.UID, Gid: account.GID}
	}
	require.NoError(t, cmd.Start())
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }() // reaps it; how it ended does not matter
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGQUIT) // fails when it has ended, as it should have
		<-ended
	})
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
		return err == nil && strings.Contains(string(text), "ready")
	}, testkit.Patience, 10*time.Millisecond)
	return cmd.Process.Pid
}
