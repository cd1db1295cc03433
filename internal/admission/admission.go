// Package admission limits how many commands are in flight at once. Others wait in line for a bounded time; the line has a bounded length.
// Places go to the client with the fewest commands in flight, so that no client has more than half of the places while others wait.
package admission

import (
	"context"
	"sync"
	"time"
)

// Limits of one class of commands.
type Limits struct {
	Places int           // commands in flight at most
	Line   int           // commands that wait at most
	Wait   time.Duration // how long one waits at most
}

// Default suits a machine with two cores: with more submissions at once they take longer than the two seconds in which a submission has to
// be processed, and none is processed earlier.
var Default = Limits{Places: 16, Line: 256, Wait: 4 * time.Second}

// Refused is the error for a command that gets no place. Nothing of it was started.
type Refused struct {
	Own        bool          // the client's own commands use up its share
	RetryAfter time.Duration // when a place is likely
}

// Error says whose commands take the places.
func (r *Refused) Error() string {
	if r.Own {
		return "the client's share of the places is used up"
	}
	return "all places are taken"
}

// Places are the places of one class of commands.
type Places struct {
	limits Limits

	mu       sync.Mutex
	clients  map[string]*client // those with a command in flight or in line
	inFlight int
	waiting  int
	turn     uint64        // counts the places given
	arrived  uint64        // counts the commands that joined the line
	took     time.Duration // moving mean of how long a place is held
}

type client struct {
	inFlight int
	line     []*waiter // oldest first
	turn     uint64    // of the last place it got, or when it came
}

// waiter is a command in line. done is closed when it gets a place (refused is nil) or loses its place in line.
type waiter struct {
	arrived uint64
	done    chan struct{}
	refused *Refused
}

// New makes free places.
func New(l Limits) *Places { return &Places{limits: l, clients: map[string]*client{}} }

// Count is how many commands are in flight and how many wait.
func (p *Places) Count() (inFlight, waiting int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.inFlight, p.waiting
}

// Take takes a place for a command of a client, and waits for one if need be. leave gives the place back; calling it again does nothing.
// The error is a Refused, or that of ctx.
func (p *Places) Take(ctx context.Context, id string) (leave func(), err error) {
	w, err := p.join(id)
	if err != nil {
		return nil, err
	}
	if err := p.await(ctx, id, w); err != nil {
		return nil, err
	}
	began, once := time.Now(), sync.Once{}
	return func() { once.Do(func() { p.leave(id, time.Since(began)) }) }, nil
}

// join gives a place, or a place in line.
func (p *Places) join(id string) (*waiter, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.clients[id]
	if c == nil {
		c = &client{turn: p.turn}
	}
	if p.inFlight >= p.limits.Places && p.waiting >= p.limits.Line {
		if refused := p.makeRoom(c); refused != nil {
			return nil, refused
		}
	}
	p.arrived++
	w := &waiter{arrived: p.arrived, done: make(chan struct{})}
	c.line = append(c.line, w)
	p.clients[id] = c
	p.waiting++
	p.give()
	return w, nil
}

// makeRoom takes the newest place in line from the client that has the most of them, unless the newcomer would then have as many.
func (p *Places) makeRoom(newcomer *client) *Refused {
	var most *client
	for _, c := range p.clients {
		if most == nil || len(c.line) > len(most.line) {
			most = c
		}
	}
	if most == nil || len(most.line) <= len(newcomer.line)+1 {
		return &Refused{Own: len(newcomer.line) > 0, RetryAfter: p.retryAfter()}
	}
	last := most.line[len(most.line)-1]
	most.line = most.line[:len(most.line)-1]
	p.waiting--
	last.refused = &Refused{Own: true, RetryAfter: p.retryAfter()}
	close(last.done)
	return nil
}

// await waits for the place until the time in line is over or the client has gone.
func (p *Places) await(ctx context.Context, id string, w *waiter) error {
	timer := time.NewTimer(p.limits.Wait)
	defer timer.Stop()
	var gone error
	select {
	case <-w.done:
	case <-timer.C:
	case <-ctx.Done():
		gone = ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-w.done:
	default:
		return p.giveUp(id, w, gone)
	}
	switch {
	case w.refused != nil:
		return w.refused
	case gone != nil: // the place came at the same moment
		p.free(id)
		return gone
	}
	return nil
}

// giveUp takes a waiter out of the line.
func (p *Places) giveUp(id string, w *waiter, gone error) error {
	c := p.clients[id]
	for i := range c.line {
		if c.line[i] == w {
			c.line = append(c.line[:i], c.line[i+1:]...)
			p.waiting--
			break
		}
	}
	refused := &Refused{Own: c.inFlight >= max(1, p.limits.Places/len(p.clients)), RetryAfter: p.retryAfter()}
	p.forget(id, c)
	if gone != nil {
		return gone
	}
	return refused
}

func (p *Places) leave(id string, took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.took == 0 {
		p.took = took
	}
	p.took += (took - p.took) / 8
	p.free(id)
}

// free gives a place back and gives it to the next in line.
func (p *Places) free(id string) {
	c := p.clients[id]
	c.inFlight--
	p.inFlight--
	p.forget(id, c)
	p.give()
}

func (p *Places) forget(id string, c *client) {
	if c.inFlight == 0 && len(c.line) == 0 {
		delete(p.clients, id)
	}
}

// give gives the free places to those in line.
func (p *Places) give() {
	for p.inFlight < p.limits.Places && p.waiting > 0 {
		var next *client
		for _, c := range p.clients {
			if len(c.line) > 0 && (next == nil || c.before(next)) {
				next = c
			}
		}
		w := next.line[0]
		next.line = next.line[1:]
		p.waiting--
		p.inFlight++
		p.turn++
		next.inFlight++
		next.turn = p.turn
		close(w.done)
	}
}

// before is whether c gets a place before other: fewer commands in flight, then the longer ago it got one, then who came first.
func (c *client) before(other *client) bool {
	switch {
	case c.inFlight != other.inFlight:
		return c.inFlight < other.inFlight
	case c.turn != other.turn:
		return c.turn < other.turn
	}
	return c.line[0].arrived < other.line[0].arrived
}

const (
	shortestRetry = time.Second
	longestRetry  = 10 * time.Second // our client follows no longer one
)

// retryAfter is about how long the commands in line will take.
func (p *Places) retryAfter() time.Duration {
	return min(max(p.took*time.Duration(p.waiting)/time.Duration(p.limits.Places), shortestRetry), longestRetry)
}
