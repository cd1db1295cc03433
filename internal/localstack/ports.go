package localstack

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
)

// ErrPortInUse means that another program listens on a requested address.
var ErrPortInUse = errors.New("address is in use by another program")

const loopback = "127.0.0.1"

// CheckAddress fails with ErrPortInUse when something else listens on a host:port, and with another error when
// the address cannot be listened on at all.
func CheckAddress(address string) error {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s: %w", address, ErrPortInUse)
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", address, err)
	}
	return listener.Close()
}

// blockedByBrowsers is the one port in the range that browsers refuse to open, see the Fetch standard (*port blocking*).
const blockedByBrowsers = 10_080

// FreePorts finds n different loopback ports on which nothing listens now.
//
// They are below Linux's range of ephemeral ports, so that no outgoing connection uses one of them before the
// caller listens.
func FreePorts(n int) ([]int, error) {
	const low, high, tries = 10_000, 30_000, 200
	var ports []int
	for attempt := 0; attempt < tries*n && len(ports) < n; attempt++ {
		port := low + rand.IntN(high-low)
		if port == blockedByBrowsers {
			continue
		}
		listener, err := net.Listen("tcp", Loopback(port))
		if err != nil {
			continue
		}
		// Open until all are found, so that no port is returned twice.
		defer listener.Close()
		ports = append(ports, port)
	}
	if len(ports) < n {
		return nil, fmt.Errorf("find %d free ports on %s: none left", n, loopback)
	}
	return ports, nil
}

// Loopback is the address of a port on the loopback interface.
func Loopback(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }
