package localstack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stopPrevious stops a Postgres whose parent was killed, or removes its stale postmaster.pid. The caller holds the
// folder's lock, so a Postgres that runs on this data has no parent any more.
func (c *Cluster) stopPrevious(ctx context.Context) error {
	path := filepath.Join(c.data, "postmaster.pid")
	pid, err := readPID(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if c.isPostmaster(pid) {
		return c.stopOrphan(ctx, pid)
	}
	// Postgres removes such a file itself, unless the pid now belongs to another process of the same user.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove stale postmaster.pid: %w", err)
	}
	return nil
}

func readPID(path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("read postmaster.pid: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 1 {
		return 0, nil // incomplete after a crash: treat it as stale
	}
	return pid, nil
}

func (c *Cluster) stopOrphan(ctx context.Context, pid int) error {
	fmt.Fprintf(c.config.Output, "stopping the Postgres (pid %d) that an earlier run left behind\n", pid)
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop the Postgres (pid %d) that an earlier run left behind: %w", pid, err)
		}
		if c.awaitGone(ctx, pid, stopTimeout) {
			return nil
		}
	}
	return fmt.Errorf("the Postgres (pid %d) that an earlier run left behind does not stop; stop it by hand", pid)
}

func (c *Cluster) awaitGone(ctx context.Context, pid int, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for c.isPostmaster(pid) {
		if ctx.Err() != nil {
			return false
		}
		pause(ctx, pollInterval)
	}
	return true
}

// isPostmaster reports whether a running process is a Postgres on this data, and not another process with a reused pid.
func (c *Cluster) isPostmaster(pid int) bool {
	args := commandLine(pid)
	at := slices.Index(args, "-D")
	if at < 0 || at+1 >= len(args) {
		return false
	}
	return strings.HasPrefix(filepath.Base(args[0]), "postgres") && args[at+1] == c.data
}

// commandLine is empty for a process that has ended or is a zombie.
func commandLine(pid int) []string {
	if pid <= 1 {
		return nil
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err == nil {
		return strings.Split(string(bytes.TrimRight(text, "\x00")), "\x00")
	}
	if _, err := os.Stat("/proc/self"); err == nil {
		return nil
	}
	out, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return nil
	}
	return strings.Fields(string(out))
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
