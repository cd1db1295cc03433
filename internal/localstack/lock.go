package localstack

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// ErrInUse means that another running process holds the lock of a folder.
var ErrInUse = errors.New("is in use by another running process")

// InUseError names who holds a lock. errors.Is reports that it is ErrInUse.
type InUseError struct {
	Path string
	PID  int // 0: the holder has not written it yet
}

// Error names the file and who holds it.
func (e *InUseError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("%s %v", e.Path, ErrInUse)
	}
	return fmt.Sprintf("%s %v (pid %d)", e.Path, ErrInUse, e.PID)
}

// Is reports that it is ErrInUse.
func (e *InUseError) Is(target error) bool { return target == ErrInUse }

// Lock is held by one process at a time. The kernel releases it when that process ends for any reason.
type Lock struct{ file *os.File }

// TakeLock locks the file at path and creates it if needed. It fails at once with ErrInUse when another process
// holds the lock.
func TakeLock(path string) (*Lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock file: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		defer file.Close()
		return nil, &InUseError{Path: path, PID: holderPID(file)}
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if err := errors.Join(file.Truncate(0), writePID(file)); err != nil {
		file.Close()
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	return &Lock{file: file}, nil
}

func writePID(file *os.File) error {
	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func holderPID(file *os.File) int {
	text, err := io.ReadAll(io.LimitReader(file, 32))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text))) // 0 where nothing is written yet
	return pid
}

// Release releases the lock. The file stays, because removing it would let two processes lock different files.
func (l *Lock) Release() { _ = l.file.Close() }
