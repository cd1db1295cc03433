package chaos

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// moment is a point of a transaction, as the wire to Postgres shows it.
type moment int

// The moments at which a worker is killed. What is on the wire decides, so the product needs no test hooks.
const (
	never       moment = iota
	beforeTx           // it wants to begin
	insideTx           // statements were sent, their answers are on the way
	beforeEnd          // all statements are done, the commit does not leave the worker's machine
	afterCommit        // Postgres has committed, and the worker gets no reply
)

func (m moment) String() string {
	return [...]string{"never", "before the transaction", "inside the transaction", "before the commit", "after the commit"}[m]
}

// failpoint forwards connections to Postgres and triggers once at a chosen moment of the next transaction: it calls what it was
// armed with and drops the connection.
type failpoint struct {
	listener net.Listener
	target   string
	workers  sync.WaitGroup

	mu        sync.Mutex
	at        moment
	action    func()
	triggered chan struct{}
	conns     map[net.Conn]struct{}
}

func startFailpoint(t *testing.T, target string) *failpoint {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &failpoint{listener: listener, target: target, conns: map[net.Conn]struct{}{}}
	p.workers.Go(p.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		p.mu.Lock()
		for conn := range p.conns {
			_ = conn.Close()
		}
		p.mu.Unlock()
		p.workers.Wait()
	})
	return p
}

// Addr is where workers connect.
func (p *failpoint) Addr() string { return p.listener.Addr().String() }

// Arm sets the moment; the channel is closed when it was triggered.
func (p *failpoint) Arm(at moment, action func()) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.action, p.triggered = at, action, make(chan struct{})
	return p.triggered
}

// Disarm ends the wait for the moment; it reports whether it was still waited for.
func (p *failpoint) Disarm() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	armed := p.at != never
	p.at = never
	return armed
}

// reached triggers the failpoint if it waits for this moment.
func (p *failpoint) reached(m moment) bool {
	p.mu.Lock()
	if p.at != m {
		p.mu.Unlock()
		return false
	}
	p.at = never
	action, triggered := p.action, p.triggered
	p.mu.Unlock()
	action()
	close(triggered)
	return true
}

func (p *failpoint) accept() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		p.mu.Lock()
		p.conns[near], p.conns[far] = struct{}{}, struct{}{}
		p.mu.Unlock()
		c := &wire{failpoint: p, near: near, far: far}
		p.workers.Go(func() { c.close(c.toServer()) })
		p.workers.Go(func() { c.close(c.toWorker()) })
	}
}

// wire is one connection; it follows the protocol just far enough to know where a transaction begins and ends.
type wire struct {
	failpoint *failpoint
	near, far net.Conn
	mu        sync.Mutex
	committed bool // the commit was sent; what comes next is its answer
	open      bool // in a transaction
}

func (c *wire) close(error) {
	_, _ = c.near.Close(), c.far.Close()
	c.failpoint.mu.Lock()
	defer c.failpoint.mu.Unlock()
	delete(c.failpoint.conns, c.near)
	delete(c.failpoint.conns, c.far)
}

// toServer forwards message by message. The first has no type, only a length.
func (c *wire) toServer() error {
	typed := 0
	for {
		head := make([]byte, typed+4)
		if _, err := io.ReadFull(c.near, head); err != nil {
			return err
		}
		body := make([]byte, binary.BigEndian.Uint32(head[typed:])-4)
		if _, err := io.ReadFull(c.near, body); err != nil {
			return err
		}
		if typed == 1 && c.springs(head[0], body) {
			return io.EOF
		}
		if _, err := c.far.Write(append(head, body...)); err != nil {
			return err
		}
		if typed == 1 && head[0] == 'S' && c.inside() && c.failpoint.reached(insideTx) {
			return io.EOF
		}
		typed = 1
	}
}

func (c *wire) springs(kind byte, body []byte) bool {
	if kind != 'Q' {
		return false
	}
	sql := bytes.TrimRight(body, "\x00")
	switch {
	case bytes.EqualFold(sql, []byte("begin")):
		c.set(true, false)
		return c.failpoint.reached(beforeTx)
	case bytes.EqualFold(sql, []byte("commit")):
		if c.failpoint.reached(beforeEnd) {
			return true
		}
		c.set(false, true)
	}
	return false
}

func (c *wire) set(open, committed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open, c.committed = open, committed
}

func (c *wire) inside() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

func (c *wire) answered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.committed
	c.committed = false
	return was
}

func (c *wire) toWorker() error {
	buf := make([]byte, 32<<10)
	for {
		n, err := c.far.Read(buf)
		if n > 0 && c.answered() && c.failpoint.reached(afterCommit) {
			return io.EOF
		}
		if _, werr := c.near.Write(buf[:n]); werr != nil || err != nil {
			return io.EOF
		}
	}
}
