package localstack

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxLog is the size above which a log is set aside at the next start; one older log is kept.
const maxLog = 5 << 20

// OpenLog opens a part's log for appending, mode 0600, and sets a large one aside as path.1.
func OpenLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, fmt.Errorf("set old log aside: %w", err)
		}
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return file, nil
}

func (c *Cluster) openLog() error {
	var err error
	c.log, err = OpenLog(filepath.Join(c.config.Dir, "postgres.log"))
	return err
}

// LogTail is the last part of what Postgres wrote since this start.
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

// errOldShared is Postgres's own protection: processes of an earlier postmaster still use the data.
var errOldShared = errors.New("an earlier Postgres has not let go of the data yet")

// ErrDiskFull says that the disk under the data has no room.
var ErrDiskFull = errors.New("the disk is full")

// explain turns what Postgres wrote into one sentence where we know the cause, and else appends its last lines.
func explain(output string, err error) error {
	switch {
	case strings.Contains(output, "pre-existing shared memory block"):
		return errOldShared
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
