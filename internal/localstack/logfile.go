package localstack

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// maxLogBytes is the size above which a log is rotated; one older log is kept.
const maxLogBytes = 5 << 20

// OpenLog opens a log for appending, mode 0600. A large one is renamed to path.1 first.
func OpenLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxLogBytes {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, fmt.Errorf("rotate log: %w", err)
		}
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return file, nil
}

// RotatingLog is a log file of mode 0600 that is renamed to path.1 when it grows large, so that repeated errors do
// not fill the disk. It may be used from several goroutines.
type RotatingLog struct {
	mu   sync.Mutex
	path string
	file *os.File
	size int64
}

// OpenRotatingLog opens the log for appending.
func OpenRotatingLog(path string) (*RotatingLog, error) {
	l := &RotatingLog{path: path}
	return l, l.open()
}

func (l *RotatingLog) open() error {
	file, err := OpenLog(l.path)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("stat log: %w", err), file.Close())
	}
	l.file, l.size = file, info.Size()
	return nil
}

// Write appends one entry.
func (l *RotatingLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size > maxLogBytes {
		if err := errors.Join(l.file.Close(), l.open()); err != nil {
			return 0, err
		}
	}
	n, err := l.file.Write(p)
	l.size += int64(n)
	return n, err
}

// Sync does nothing: the last entries may be lost in a power failure.
func (l *RotatingLog) Sync() error { return nil }

// Close closes the file; later writes fail.
func (l *RotatingLog) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Close()
}
