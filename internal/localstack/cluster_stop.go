package localstack

import (
	"fmt"
	"net/url"
	"syscall"
	"time"
)

// stopTimeout bounds a fast shutdown; an immediate one follows.
const stopTimeout = 30 * time.Second

// Address is the host:port on which the cluster listens.
func (c *Cluster) Address() string { return Loopback(c.config.Port) }

// Dir is the folder of the cluster's files, which may differ from ClusterConfig.Dir; see DataDir.
func (c *Cluster) Dir() string { return c.config.Dir }

// PID is the postmaster's process id.
func (c *Cluster) PID() int { return c.process.PID() }

// Done is closed when Postgres has ended.
func (c *Cluster) Done() <-chan struct{} { return c.process.Done() }

// DSN is the connection string of one database. It contains the password, so keep it out of logs and command lines.
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

// Stop shuts Postgres down even if there are open connections: a fast shutdown first, an immediate one after
// stopTimeout. It returns when Postgres has ended. It may be called again.
func (c *Cluster) Stop() error {
	defer c.close()
	c.process.Signal(syscall.SIGINT)
	timer := time.NewTimer(stopTimeout)
	defer timer.Stop()
	select {
	case <-c.process.Done():
	case <-timer.C:
		c.process.Signal(syscall.SIGQUIT)
		return c.process.awaitExit(stopTimeout)
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

// Abandon requests an immediate shutdown, from which the next start recovers, and waits up to three seconds for it.
func (c *Cluster) Abandon() {
	const timeout = 3 * time.Second
	c.process.Signal(syscall.SIGQUIT)
	_ = c.process.awaitExit(timeout) // this process ends in any case
}
