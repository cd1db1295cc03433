package localstack

import (
	"bytes"
	"fmt"
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

// PrefixWriter writes a name before every line, so that several children can share one terminal. It may be used
// from several goroutines; an incomplete last line is buffered.
type PrefixWriter struct {
	mu     sync.Mutex
	to     io.Writer
	prefix string
	rest   []byte
}

// NewPrefixWriter writes lines to w, each after "name | ".
func NewPrefixWriter(w io.Writer, name string) *PrefixWriter {
	return &PrefixWriter{to: w, prefix: name + " | "}
}

// Write returns an error only when the underlying writer does.
func (w *PrefixWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest = append(w.rest, p...)
	for {
		line, rest, found := bytes.Cut(w.rest, []byte{'\n'})
		if !found {
			return len(p), nil
		}
		if _, err := fmt.Fprintf(w.to, "%s%s\n", w.prefix, line); err != nil {
			return 0, fmt.Errorf("write a line of output: %w", err)
		}
		w.rest = rest
	}
}
