package notify

import (
	"context"
	"sync"

	"leanpmo/internal/store"
)

// recorder stores what attempts came to. Those that end while a transaction is under way are stored together by the next one: each transaction takes the lock on
// the dispatcher's state, so one for each attempt would bound how many messages can be sent in a second.
type recorder struct {
	write   func(ctx context.Context, term int64, attempts []store.Attempt) error
	mu      sync.Mutex
	waiting []recording
	writing bool
}

// recording is an attempt that waits to be stored.
type recording struct {
	term    int64
	attempt store.Attempt
	stored  chan error
}

// record stores an attempt and returns after it is stored, or could not be.
func (r *recorder) record(ctx context.Context, term int64, a store.Attempt) error {
	stored := make(chan error, 1)
	r.mu.Lock()
	r.waiting = append(r.waiting, recording{term, a, stored})
	start := !r.writing
	r.writing = true
	r.mu.Unlock()
	if start {
		go r.writeAll(ctx)
	}
	return <-stored
}

// writeAll stores the attempts that wait until none does. All of a batch are stored or none: after an error each of its messages is sent again under its id.
func (r *recorder) writeAll(ctx context.Context) {
	for batch := r.take(); len(batch) > 0; batch = r.take() {
		attempts := make([]store.Attempt, len(batch))
		for i, b := range batch {
			attempts[i] = b.attempt
		}
		err := r.write(ctx, batch[0].term, attempts)
		for _, b := range batch {
			b.stored <- err
		}
	}
}

// take removes the attempts that wait and are of one term. There are no more of them than messages in flight.
func (r *recorder) take() []recording {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for n < len(r.waiting) && r.waiting[n].term == r.waiting[0].term {
		n++
	}
	batch := r.waiting[:n]
	r.waiting = append([]recording(nil), r.waiting[n:]...)
	r.writing = n > 0
	return batch
}
