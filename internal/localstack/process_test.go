package localstack_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
)

func shell(script string) localstack.Command {
	return localstack.Command{Name: "script", Path: "/bin/sh", Args: []string{"-c", script}}
}

func TestStartWaitsUntilReady(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ready")
	command := shell(`touch "$FILE"; exec sleep 600`)
	command.Env = append(os.Environ(), "FILE="+file)
	command.Ready = func(context.Context) error { _, err := os.Stat(file); return err }
	process, err := localstack.Start(t.Context(), command)
	require.NoError(t, err)
	require.FileExists(t, file)
	require.NoError(t, process.Err(), "it still runs")
	process.Kill()
	require.Error(t, process.Err())
	requireGone(t, process.PID())
}

func TestProcessThatEndsBeforeItIsReady(t *testing.T) {
	command := shell("echo the reason; exit 3")
	command.Ready = func(context.Context) error { return errors.New("not yet") }
	_, err := localstack.Start(t.Context(), command)
	require.ErrorContains(t, err, "exit status 3")
	require.ErrorContains(t, err, "the reason")
}

func TestProcessThatIsNeverReady(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	command := shell("exec sleep 600")
	command.Ready = func(context.Context) error { return errors.New("never") }
	_, err := localstack.Start(ctx, command)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestProcessThatCannotStart(t *testing.T) {
	_, err := localstack.Start(t.Context(), localstack.Command{Name: "nothing", Path: "/no/such/program"})
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestStopIsGracefulFirst(t *testing.T) {
	var out bytes.Buffer
	command := shell(`trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.01; done`)
	command.Log = &out
	process, err := localstack.Start(t.Context(), command)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return process.Tail() == "up" }, testkit.Patience, time.Millisecond)
	require.NoError(t, process.Stop(testkit.Patience))
	require.Equal(t, "up\nbye\n", out.String())
}

func TestStopKillsAChildThatIgnoresSIGTERM(t *testing.T) {
	process, err := localstack.Start(t.Context(), shell(`trap '' TERM; echo up; while :; do sleep 0.01; done`))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return process.Tail() == "up" }, testkit.Patience, time.Millisecond)
	require.ErrorContains(t, process.Stop(50*time.Millisecond), "killed")
	requireGone(t, process.PID())
}

func TestKillReachesTheWholeGroup(t *testing.T) {
	process, err := localstack.Start(t.Context(), shell(`sleep 600 & echo $!; wait`))
	require.NoError(t, err)
	var grandchild int
	require.Eventually(t, func() bool { grandchild, _ = strconv.Atoi(process.Tail()); return grandchild > 0 }, testkit.Patience, time.Millisecond)
	process.Kill()
	requireGone(t, grandchild)
}

func TestFreePortsAreFreeAndDifferent(t *testing.T) {
	ports, err := localstack.FreePorts(20)
	require.NoError(t, err)
	seen := map[int]bool{}
	for _, port := range ports {
		require.False(t, seen[port])
		seen[port] = true
		require.NoError(t, localstack.CheckAddress(localstack.Loopback(port)))
	}
}

func TestBinariesBehindSymbolicLinks(t *testing.T) {
	real, err := localstack.FindPostgres(t.Context(), os.Stderr)
	require.NoError(t, err)
	dir := t.TempDir()
	for _, name := range []string{"postgres", "initdb"} {
		require.NoError(t, os.Symlink(filepath.Join(real.Dir, name), filepath.Join(dir, name)))
	}
	t.Setenv("PG_BIN", dir)
	found, err := localstack.FindPostgres(t.Context(), os.Stderr)
	require.NoError(t, err)
	require.Equal(t, real, found)
}

func TestWrongPGBinIsAnError(t *testing.T) {
	t.Setenv("PG_BIN", t.TempDir())
	_, err := localstack.FindPostgres(t.Context(), os.Stderr)
	require.ErrorContains(t, err, "PG_BIN")
}

func TestLargeLogIsRotated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "part.log")
	require.NoError(t, os.WriteFile(path, make([]byte, 6<<20), 0o600))
	file, err := localstack.OpenLog(path)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.FileExists(t, path+".1")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Zero(t, info.Size())
}

func TestRotatingLogKeepsOneOlderFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "part.log")
	log, err := localstack.OpenRotatingLog(path)
	require.NoError(t, err)
	entry := make([]byte, 1<<20)
	for range 20 {
		_, err := log.Write(entry)
		require.NoError(t, err)
	}
	require.NoError(t, log.Close())
	files, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	require.Len(t, files, 2)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(7<<20))
}
