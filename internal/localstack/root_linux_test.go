package localstack_test

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
)

func requireRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: only root changes to another user and mounts")
	}
}

func TestFolderThatPostgresMayNotEnter(t *testing.T) {
	requireRoot(t)
	closed := t.TempDir() // its parent is closed to others
	require.NoError(t, os.Chmod(closed, 0o700))
	var output bytes.Buffer
	cluster := start(t, localstack.ClusterConfig{Dir: filepath.Join(closed, "postgres"), Ephemeral: true, Output: &output})
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(cluster.Dir())) })
	t.Cleanup(func() { _ = cluster.Stop() })
	require.Equal(t, "/var/lib/pmo-local", filepath.Dir(cluster.Dir()))
	require.Contains(t, output.String(), cluster.Dir())
	connect(t, cluster)
}

func TestDiskFullIsOneSentenceAndLeavesNoFiles(t *testing.T) {
	requireRoot(t)
	dir := testkit.Dir(t)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=16m,mode=711"); err != nil {
		t.Skipf("cannot mount a small disk here: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, 0)) })
	_, err := localstack.StartCluster(t.Context(), localstack.ClusterConfig{Dir: dir})
	require.ErrorIs(t, err, localstack.ErrDiskFull)
	require.NoDirExists(t, filepath.Join(dir, "data"))
	require.NoDirExists(t, filepath.Join(dir, "data.unfinished"))
}

func TestDataOfAnotherUserIsRefused(t *testing.T) {
	requireRoot(t)
	dir := testkit.Dir(t)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "data"), 0o700))
	_, err := localstack.StartCluster(t.Context(), localstack.ClusterConfig{Dir: dir})
	require.ErrorContains(t, err, "belongs to user id 0")
}
