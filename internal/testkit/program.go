package testkit

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
)

var programs struct {
	sync.Mutex
	paths map[string]string
}

// Program builds one of our commands, such as "pmo-local", and returns its path. It is built once in a process, into
// a temporary folder that later processes reuse; PMO_LOCAL_BIN (PMO_BIN for "pmo") names an existing binary instead.
func Program(t testing.TB, name string) string {
	t.Helper()
	if ready := os.Getenv(variable(name)); ready != "" {
		return ready
	}
	programs.Lock()
	defer programs.Unlock()
	if path, ok := programs.paths[name]; ok {
		return path
	}
	path, err := build(name)
	require.NoError(t, err)
	if programs.paths == nil {
		programs.paths = map[string]string{}
	}
	programs.paths[name] = path
	return path
}

func variable(name string) string {
	return strings.ToUpper(strings.ReplaceAll(name, "-", "_")) + "_BIN"
}

func build(name string) (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	dir, err := programDir(root)
	if err != nil {
		return "", err
	}
	lock, err := awaitLock(filepath.Join(dir, name+".lock"))
	if err != nil {
		return "", err
	}
	defer lock.Release()
	path := filepath.Join(dir, name)
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", path, "./cmd/"+name)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build cmd/%s: %w: %s", name, err, out)
	}
	return path, nil
}

func moduleRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}

// programDir is the folder of one checkout and one user. It must be owned by that user, so that no other user can put a
// program there.
func programDir(root string) (string, error) {
	sum := sha256.Sum256([]byte(root))
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("leanpmo-bin-%d-%s", os.Geteuid(), hex.EncodeToString(sum[:4])))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("create folder for programs: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", fmt.Errorf("stat folder for programs: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(stat.Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s is owned by another user: remove it", dir)
	}
	return dir, nil
}

// awaitLock serializes builds of test binaries that run at the same time. A first build takes minutes.
func awaitLock(path string) (*localstack.Lock, error) {
	deadline := time.Now().Add(10 * time.Minute)
	for {
		lock, err := localstack.TakeLock(path)
		if !errors.Is(err, localstack.ErrInUse) || time.Now().After(deadline) {
			return lock, err
		}
		<-time.After(50 * time.Millisecond)
	}
}
