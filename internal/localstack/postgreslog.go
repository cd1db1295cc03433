package localstack

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func (c *Cluster) openLog() error {
	var err error
	c.log, err = OpenLog(filepath.Join(c.config.Dir, "postgres.log"))
	return err
}

// LogTail is the end of Postgres's log since this start.
func (c *Cluster) LogTail() string {
	file, err := os.Open(filepath.Join(c.config.Dir, "postgres.log"))
	if err != nil {
		return ""
	}
	defer file.Close()
	t := &tail{}
	if _, err := io.Copy(t, io.NewSectionReader(file, c.logStart, 1<<30)); err != nil {
		return ""
	}
	return t.String()
}

// errSharedMemory is Postgres's refusal to start while processes of an earlier postmaster still use the data.
var errSharedMemory = errors.New("processes of an earlier Postgres still use the data")

// ErrDiskFull means that the disk of the data is full.
var ErrDiskFull = errors.New("the disk is full")

// explain maps known messages in Postgres's output to one sentence; otherwise it appends the last lines.
func explain(output string, err error) error {
	switch {
	case strings.Contains(output, "pre-existing shared memory block"):
		return errSharedMemory
	case strings.Contains(output, "No space left on device"):
		return fmt.Errorf("%w: %s", ErrDiskFull, lineWith(output, "No space left on device"))
	case strings.Contains(output, "Address already in use"):
		return fmt.Errorf("%w: %s", ErrPortInUse, lineWith(output, "Address already in use"))
	case output == "":
		return err
	default:
		return fmt.Errorf("%w: %s", err, lastLines(output, 6))
	}
}

func lineWith(output, part string) string {
	for line := range strings.Lines(output) {
		if strings.Contains(line, part) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

func lastLines(output string, n int) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
