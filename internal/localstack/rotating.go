package localstack

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// RotatingLog is a log file of mode 0600 that is set aside as path.1 when it grows large, so that a part which
// complains all night does not fill the disk. It may be used from several goroutines.
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
		return errors.Join(fmt.Errorf("look at log: %w", err), file.Close())
	}
	l.file, l.size = file, info.Size()
	return nil
}

// Write appends one entry.
func (l *RotatingLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size > maxLog {
		if err := errors.Join(l.file.Close(), l.open()); err != nil {
			return 0, err
		}
	}
	n, err := l.file.Write(p)
	l.size += int64(n)
	return n, err
}

// Sync does nothing: a log need not survive a loss of power.
func (l *RotatingLog) Sync() error { return nil }

// Close closes the file; later writes fail.
func (l *RotatingLog) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Close()
}
