package directory

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// followEvery is how often the file is looked at.
const followEvery = 2 * time.Second

// File follows the file of a directory. A new file that is not valid, or that Check refuses, changes nothing: the one before stays in force.
type File struct {
	Path      string
	Directory *Directory
	Check     func(*Directory) error // may be nil
	Log       *slog.Logger

	mu     sync.Mutex
	read   [sha256.Size]byte // of what was judged last
	seen   stamp             // at the last look
	judged stamp             // of what was judged last
	fault  error             // of what was judged last
}

// stamp is what tells without reading that a file may have changed.
type stamp struct {
	at   time.Time
	size int64
}

// Open reads a directory file, which can then be followed.
func Open(path string) (*File, error) {
	found, err := stampOf(path)
	if err != nil {
		return nil, fmt.Errorf("read directory file: %w", err)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read directory file: %w", err)
	}
	d, err := Parse(src)
	if err != nil {
		return nil, fmt.Errorf("read directory file %s: %w", path, err)
	}
	return &File{Path: path, Directory: d, Log: slog.New(slog.DiscardHandler), read: sha256.Sum256(src), seen: found, judged: found}, nil
}

// Fault is why the newest file is not in force; nil when it is.
func (f *File) Fault() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fault
}

// Follow looks at the file again and again, and at once when it is told, until ctx ends.
func (f *File) Follow(ctx context.Context, reread <-chan os.Signal) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			f.Look(ctx, false)
		case <-reread:
			f.Log.InfoContext(ctx, "the directory file is read again")
			f.Look(ctx, true)
		}
	}
}

// Look reads the file if it has changed. It waits for the next look while the file is still being written, unless somebody says that it is
// complete.
func (f *File) Look(ctx context.Context, complete bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	found, err := stampOf(f.Path)
	still := found == f.seen
	f.seen = found
	if err == nil && !complete && (!still || found == f.judged) {
		return
	}
	var src []byte
	if err == nil {
		src, err = os.ReadFile(f.Path)
	}
	if err != nil {
		f.read, f.judged = [sha256.Size]byte{}, stamp{}
		f.failed(ctx, fmt.Errorf("read directory file: %w", err))
		return
	}
	hash := sha256.Sum256(src)
	f.judged = found
	if !complete && hash == f.read {
		return
	}
	f.read = hash
	f.take(ctx, src)
}

func stampOf(path string) (stamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}, err
	}
	return stamp{at: info.ModTime(), size: info.Size()}, nil
}

// take puts a new file in force.
func (f *File) take(ctx context.Context, src []byte) {
	d, err := Parse(src)
	if err == nil && f.Check != nil {
		d.FillGroups(f.Directory.Filled())
		err = f.Check(d)
	}
	if err != nil {
		f.failed(ctx, err)
		return
	}
	f.Directory.Replace(d)
	f.fault = nil
	f.Log.InfoContext(ctx, "the directory changed", "people", len(d.Principals()))
}

// failed keeps why the newest file is not in force, and says so once.
func (f *File) failed(ctx context.Context, err error) {
	if f.fault == nil || f.fault.Error() != err.Error() {
		f.Log.ErrorContext(ctx, "the directory file is not taken; the one before stays in force", "path", f.Path, "cause", err)
	}
	f.fault = err
}
