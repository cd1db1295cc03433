package testkit

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
)

// Dir creates a folder for one test. Unlike with t.TempDir, Postgres may enter it even when the tests run as root.
// It is removed when the test ends.
func Dir(t testing.TB) string {
	t.Helper()
	dir, err := makeDir("pmo-test-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

// makeDir creates a folder below the first temporary folder that the Postgres account may enter.
func makeDir(prefix string) (string, error) {
	base, err := tempBase()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(base, prefix)
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(dir)
}

func tempBase() (string, error) {
	account, err := localstack.PostgresAccount()
	if err != nil {
		return "", err
	}
	for _, base := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		if !account.Switch || localstack.CanEnter(base, account) {
			return base, nil
		}
	}
	return os.TempDir(), nil
}

// Ports finds n loopback ports on which nothing listens.
func Ports(t testing.TB, n int) []int {
	t.Helper()
	ports, err := localstack.FreePorts(n)
	require.NoError(t, err)
	return ports
}
