package localstack

import (
	"bytes"
	"io"
	"os"
	"sync"
)

const tailSize = 8 << 10

// tail stores the last bytes written to it, for error messages.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

// Write never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if extra := len(t.buf) - tailSize; extra > 0 {
		t.buf = append(t.buf[:0], t.buf[extra:]...)
	}
	return len(p), nil
}

// String is the stored text without surrounding white space.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.buf))
}

// output chooses the writer for a child's output. A file is passed to the child itself, which can go on writing
// to it after this process has ended; a pipe would break.
func output(log io.Writer, t *tail) io.Writer {
	switch log := log.(type) {
	case nil:
		return t
	case *os.File:
		return log
	default:
		return io.MultiWriter(t, log)
	}
}
