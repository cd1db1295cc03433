package localstack

import (
	"fmt"
	"net/url"
	"syscall"
	"time"
)

// stopGrace is how long a fast shutdown may take before an immediate one.
const stopGrace = 30 * time.Second

// Address is the host:port on which the cluster answers.
func (c *Cluster) Address() string { return Loopback(c.config.Port) }

// Dir is where the cluster's files are, which may not be where they were asked to be.
func (c *Cluster) Dir() string { return c.config.Dir }

// PID is the postmaster's process id.
func (c *Cluster) PID() int { return c.process.PID() }

// Done is closed when Postgres has ended, for whatever reason.
func (c *Cluster) Done() <-chan struct{} { return c.process.Done() }

// DSN is the address of one database, password included: not for logs nor command lines.
func (c *Cluster) DSN(database string) string {
	dsn := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(superuser, c.password),
		Host:     c.Address(),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return dsn.String()
}

// Stop shuts Postgres down, open connections or not: fast first, immediate after a grace. It returns once
// Postgres is gone and is safe to call again.
func (c *Cluster) Stop() error {
	defer c.close()
	c.process.Signal(syscall.SIGINT)
	timer := time.NewTimer(stopGrace)
	defer timer.Stop()
	select {
	case <-c.process.Done():
	case <-timer.C:
		c.process.Signal(syscall.SIGQUIT)
		return c.process.awaitExit(stopGrace)
	}
	if err := c.process.Err(); err != nil {
		return fmt.Errorf("stop Postgres: %w", err)
	}
	return nil
}

func (c *Cluster) close() {
	_ = c.log.Close() // a second close fails and does not matter
	c.lock.Release()
}

// Abandon asks for an immediate shutdown, from which the next start recovers, and waits a moment for it.
func (c *Cluster) Abandon() {
	const moment = 3 * time.Second
	c.process.Signal(syscall.SIGQUIT)
	_ = c.process.awaitExit(moment) // we end anyway
}
