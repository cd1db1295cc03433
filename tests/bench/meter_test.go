package bench

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// meter forwards connections to Postgres and counts round trips: every message after which a client waits for the answer. Nothing
// is sampled or estimated.
type meter struct {
	listener net.Listener
	target   string
	trips    atomic.Int64
	running  sync.WaitGroup
}

func startMeter(t *testing.T, target string) *meter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	m := &meter{listener: listener, target: target}
	m.running.Go(m.accept)
	t.Cleanup(func() { _ = listener.Close() })
	return m
}

// Addr is where clients connect.
func (m *meter) Addr() string { return m.listener.Addr().String() }

func (m *meter) accept() {
	for {
		near, err := m.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", m.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		go func() { m.count(far, near); _ = far.Close() }()
		go func() { _, _ = io.Copy(near, far); _ = near.Close() }()
	}
}

// count passes messages on to Postgres. Sync and Query are those that are answered; the first message of a connection has no type.
func (m *meter) count(to io.Writer, from io.Reader) {
	head := make([]byte, 5)
	for first := true; ; first = false {
		size := 5
		if first {
			size = 4
		}
		if _, err := io.ReadFull(from, head[:size]); err != nil {
			return
		}
		if !first && (head[0] == 'S' || head[0] == 'Q') {
			m.trips.Add(1)
		}
		rest := int64(binary.BigEndian.Uint32(head[size-4:size])) - 4
		if _, err := to.Write(head[:size]); err != nil {
			return
		}
		if _, err := io.CopyN(to, from, rest); err != nil {
			return
		}
	}
}
