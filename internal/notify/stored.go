package notify

import (
	"context"
	"sync"

	"leanpmo/internal/directory"
)

// storedChats are the addresses of chats that somebody set in the product, opened. They are read again when one of them changes.
type storedChats struct {
	mu       sync.RWMutex
	version  int64
	byTarget map[string]Address
}

func (s *storedChats) find(endpoint string) (Address, bool) {
	if s == nil {
		return Address{}, false
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, known := s.byTarget[endpoint]
	return a, known
}

func (s *storedChats) any() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.byTarget) > 0
}

func (s *storedChats) take(version int64, all map[string]Address) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version, s.byTarget = version, all
}

// readChats reads the addresses that were set in the product, if one changed since they were read. One that cannot be opened, because its key is gone, is left out: its
// endpoint has the address of the directory, or none.
func (d *Dispatcher) readChats(ctx context.Context) error {
	version, err := d.Store.ChatVersion(ctx)
	if err != nil || version == d.addresses.stored.version { // this goroutine alone writes it
		return err
	}
	rows, err := d.Store.SealedChats(ctx)
	if err != nil {
		return err
	}
	all := map[string]Address{}
	for _, row := range rows {
		url, err := d.Keys.Open(row.Sealed, row.Endpoint)
		if err != nil {
			d.Log.WarnContext(ctx, "the address of a chat cannot be read", "endpoint", row.Endpoint, "cause", err)
			continue
		}
		all[row.Endpoint] = Address{Endpoint: row.Endpoint, URL: url, Format: directory.ChatFormat(row.Format)}
	}
	d.addresses.stored.take(version, all)
	return nil
}
