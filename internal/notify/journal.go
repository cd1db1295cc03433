package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
)

// maxJournalBytes is the size at which the file is rotated; one older file is kept.
const maxJournalBytes = 5 << 20

// Journal is a file of JSON lines: the messages of recipients without an address.
type Journal struct {
	mu       sync.Mutex
	path     string
	maxBytes int64
	file     *os.File
	size     int64
}

// OpenJournal opens the file for appending. Only its owner may read it.
func OpenJournal(path string) (*Journal, error) {
	j := &Journal{path: path, maxBytes: maxJournalBytes}
	return j, j.open()
}

func (j *Journal) open() error {
	file, err := os.OpenFile(j.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the file of notifications: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("stat the file of notifications: %w", err), file.Close())
	}
	j.file, j.size = file, info.Size()
	return nil
}

// line is one line of the file.
type line struct {
	ID       string          `json:"id"`
	Endpoint string          `json:"endpoint"`
	Message  json.RawMessage `json:"message"`
}

// write appends lines with a single write call.
func (j *Journal) write(lines []line) error {
	var text []byte
	for _, l := range lines {
		row, err := encode(l)
		if err != nil {
			return err
		}
		text = append(append(text, row...), '\n')
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.rotate(int64(len(text))); err != nil {
		return err
	}
	n, err := j.file.Write(text)
	j.size += int64(n)
	if err != nil {
		return fmt.Errorf("write the file of notifications: %w", err)
	}
	return nil
}

func (j *Journal) rotate(added int64) error {
	if j.size == 0 || j.size+added <= j.maxBytes {
		return nil
	}
	if err := errors.Join(j.file.Close(), os.Rename(j.path, j.path+".1")); err != nil {
		return errors.Join(fmt.Errorf("rotate the file of notifications: %w", err), j.open())
	}
	return j.open()
}

// Close closes the file.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.file.Close()
}
