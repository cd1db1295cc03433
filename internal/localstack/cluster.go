package localstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// ClusterConfig says which Postgres cluster to start. Only Dir is required.
type ClusterConfig struct {
	Dir       string            // the folder that holds data/, the password, the log and the lock
	Port      int               // on 127.0.0.1; zero picks a free one
	Throwaway bool              // for tests: no fsync, no password; may be lost in a crash
	Settings  map[string]string // further server settings, such as max_connections
	Say       io.Writer         // what a person should know is said here, a sentence a line; nil says nothing
	Binaries  Binaries          // zero: FindPostgres
	Account   Account           // zero: PostgresAccount
}

// Cluster is a running Postgres of our own on a loopback port.
type Cluster struct {
	config   ClusterConfig
	data     string
	password string
	process  *Process
	log      *os.File
	logStart int64
	lock     *Lock
}

// startLimit covers crash recovery of a large local database.
const startLimit = 5 * time.Minute

// StartCluster makes the cluster in c.Dir when there is none, starts it and waits until it answers.
//
// It refuses, changing nothing: a port in use (ErrPortInUse), data of another major version (ErrOtherVersion),
// a folder that another live process uses (ErrInUse), and no Postgres at all (ErrNoPostgres). What a killed run
// left behind, a stale postmaster.pid or a living postmaster, is cleared first.
func StartCluster(ctx context.Context, config ClusterConfig) (*Cluster, error) {
	c := &Cluster{config: config}
	if err := c.complete(ctx); err != nil {
		return nil, err
	}
	lock, err := TakeLock(filepath.Join(c.config.Dir, "postgres.lock"))
	if err != nil {
		return nil, err
	}
	c.lock = lock
	if err := c.start(ctx); err != nil {
		lock.Release()
		return nil, err
	}
	return c, nil
}

// complete fills in what the caller left open and settles the folder.
func (c *Cluster) complete(ctx context.Context) error {
	var err error
	if c.config.Say == nil {
		c.config.Say = io.Discard
	}
	if c.config.Binaries.Dir == "" {
		if c.config.Binaries, err = FindPostgres(ctx, c.config.Say); err != nil {
			return err
		}
	}
	// After the binaries: installing them makes the account.
	if c.config.Account == (Account{}) {
		if c.config.Account, err = PostgresAccount(); err != nil {
			return err
		}
	}
	place, moved, err := Place(c.config.Dir, c.config.Account)
	if err != nil {
		return err
	}
	if moved {
		fmt.Fprintf(c.config.Say, "user %s may not enter %s; Postgres keeps its data in %s\n", c.config.Account.Name, c.config.Dir, place)
	}
	c.config.Dir, c.data = place, filepath.Join(place, "data")
	return nil
}

func (c *Cluster) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	if err := c.clearLeftovers(ctx); err != nil {
		return err
	}
	if err := c.settlePort(); err != nil {
		return err
	}
	if err := c.prepare(ctx); err != nil {
		return err
	}
	if err := c.openLog(); err != nil {
		return err
	}
	for {
		err := c.launch(ctx)
		if err == nil {
			return nil
		}
		// The children of a postmaster killed with SIGKILL need a moment to notice and let go.
		if !errors.Is(err, errOldShared) || ctx.Err() != nil {
			return errors.Join(err, c.log.Close())
		}
		pause(ctx, 5*pollInterval)
	}
}

func (c *Cluster) settlePort() error {
	if c.config.Port != 0 {
		return CheckAddress(c.Address())
	}
	ports, err := FreePorts(1)
	if err != nil {
		return err
	}
	c.config.Port = ports[0]
	return nil
}

func (c *Cluster) launch(ctx context.Context) error {
	end, err := c.log.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("find the end of Postgres's log: %w", err)
	}
	c.logStart = end
	c.process, err = Start(ctx, Command{
		Name: "Postgres", Path: c.config.Binaries.tool("postgres"), Args: c.arguments(),
		Env: childEnv(), Dir: c.data, Account: c.config.Account, Log: c.log,
		DeathSignal: syscall.SIGQUIT, // an immediate shutdown; SIGKILL would leave its children running
		Ready:       c.ping,
	})
	if err != nil {
		return explain(c.LogTail(), err)
	}
	return nil
}

func (c *Cluster) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}
