package testkit

import (
	"context"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Proxy forwards TCP connections to a target and can make the network fail. Its address never changes. Use it in place
// of the address of Postgres or Temporal.
type Proxy struct {
	t       testing.TB
	address string
	target  string

	mu       sync.Mutex
	listener net.Listener // nil while refusing
	conns    map[net.Conn]struct{}
	resumed  chan struct{} // not nil while hanging; closed by Resume
	workers  sync.WaitGroup
}

// StartProxy starts a proxy on a free loopback port; it ends with the test.
func StartProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	p := &Proxy{t: t, target: target, conns: map[net.Conn]struct{}{}, address: "127.0.0.1:0"}
	p.listen()
	t.Cleanup(func() {
		p.Refuse()
		p.workers.Wait()
	})
	return p
}

// Addr is the proxy's own host:port.
func (p *Proxy) Addr() string { return p.address }

// Cut drops all connections; new ones are still accepted.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		_ = conn.Close() // it may already be closed
	}
	clear(p.conns)
}

// Refuse drops all connections and refuses new ones until Resume.
func (p *Proxy) Refuse() {
	p.mu.Lock()
	if p.listener != nil {
		_ = p.listener.Close()
		p.listener = nil
	}
	p.release()
	p.mu.Unlock()
	p.Cut()
}

// Hang keeps connections open and accepts new ones, but forwards nothing until Resume.
func (p *Proxy) Hang() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.resumed == nil {
		p.resumed = make(chan struct{})
	}
}

// Resume forwards again after Refuse or Hang, including the data received during Hang.
func (p *Proxy) Resume() {
	p.t.Helper()
	p.mu.Lock()
	p.release()
	refusing := p.listener == nil
	p.mu.Unlock()
	if refusing {
		p.listen()
	}
}

// release ends Hang. The caller holds the mutex.
func (p *Proxy) release() {
	if p.resumed != nil {
		close(p.resumed)
		p.resumed = nil
	}
}

func (p *Proxy) listen() {
	p.t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", p.address)
	require.NoError(p.t, err)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listener, p.address = listener, listener.Addr().String()
	p.workers.Go(func() { p.accept(listener) })
}

func (p *Proxy) accept(listener net.Listener) {
	for {
		near, err := listener.Accept()
		if err != nil {
			return // closed by Refuse
		}
		far, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		if !p.register(listener, near, far) {
			continue
		}
		p.workers.Go(func() { p.pump(near, far) })
		p.workers.Go(func() { p.pump(far, near) })
	}
}

// register adds a connection, unless it was accepted just before Refuse.
func (p *Proxy) register(listener net.Listener, near, far net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != listener {
		_, _ = near.Close(), far.Close()
		return false
	}
	p.conns[near], p.conns[far] = struct{}{}, struct{}{}
	return true
}

// pump copies one direction. When it ends it closes both connections, which ends the other direction too.
func (p *Proxy) pump(from, to net.Conn) {
	defer p.drop(from, to)
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		p.wait()
		if _, werr := to.Write(buf[:n]); werr != nil || err != nil {
			return
		}
	}
}

func (p *Proxy) wait() {
	p.mu.Lock()
	resumed := p.resumed
	p.mu.Unlock()
	if resumed != nil {
		<-resumed
	}
}

func (p *Proxy) drop(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range conns {
		_ = conn.Close()
		delete(p.conns, conn)
	}
}
