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

// trap forwards connections to Postgres and springs once at a chosen moment of the next transaction: it calls what it was
// armed with and drops the connection.
type trap struct {
	listener net.Listener
	target   string
	workers  sync.WaitGroup

	mu     sync.Mutex
	at     moment
	spring func()
	sprung chan struct{}
	conns  map[net.Conn]struct{}
}

func startTrap(t *testing.T, target string) *trap {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &trap{listener: listener, target: target, conns: map[net.Conn]struct{}{}}
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
func (p *trap) Addr() string { return p.listener.Addr().String() }

// Arm sets the trap; the channel is closed when it has sprung.
func (p *trap) Arm(at moment, spring func()) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.spring, p.sprung = at, spring, make(chan struct{})
	return p.sprung
}

// Disarm takes the trap away; it reports whether it was not triggered.
func (p *trap) Disarm() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	armed := p.at != never
	p.at = never
	return armed
}

// reached springs the trap if it waits for this moment.
func (p *trap) reached(m moment) bool {
	p.mu.Lock()
	if p.at != m {
		p.mu.Unlock()
		return false
	}
	p.at = never
	spring, sprung := p.spring, p.sprung
	p.mu.Unlock()
	spring()
	close(sprung)
	return true
}

func (p *trap) accept() {
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
		c := &wire{trap: p, near: near, far: far}
		p.workers.Go(func() { c.close(c.toServer()) })
		p.workers.Go(func() { c.close(c.toWorker()) })
	}
}

// wire is one connection; it follows the protocol just far enough to know where a transaction begins and ends.
type wire struct {
	trap      *trap
	near, far net.Conn
	mu        sync.Mutex
	committed bool // the commit was sent; what comes next is its answer
	open      bool // in a transaction
}

func (c *wire) close(error) {
	_, _ = c.near.Close(), c.far.Close()
	c.trap.mu.Lock()
	defer c.trap.mu.Unlock()
	delete(c.trap.conns, c.near)
	delete(c.trap.conns, c.far)
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
		if typed == 1 && head[0] == 'S' && c.inside() && c.trap.reached(insideTx) {
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
		return c.trap.reached(beforeTx)
	case bytes.EqualFold(sql, []byte("commit")):
		if c.trap.reached(beforeEnd) {
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
		if n > 0 && c.answered() && c.trap.reached(afterCommit) {
			return io.EOF
		}
		if _, werr := c.near.Write(buf[:n]); werr != nil || err != nil {
			return io.EOF
		}
	}
}
