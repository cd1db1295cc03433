package localstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// ClusterConfig describes the Postgres cluster to start. Only Dir is required.
type ClusterConfig struct {
	Dir       string            // the folder for data/, the password, the log and the lock
	Port      int               // on 127.0.0.1; zero chooses a free one
	Ephemeral bool              // for tests: no fsync, no password; data may be lost in a crash
	Settings  map[string]string // further server settings, such as max_connections
	Output    io.Writer         // messages for people, one sentence a line; nil discards them
	Binaries  Binaries          // zero: FindPostgres
	Account   Account           // zero: PostgresAccount
}

// Cluster is a running Postgres on a loopback port.
type Cluster struct {
	config   ClusterConfig
	data     string
	password string
	process  *Process
	log      *os.File
	logStart int64
	lock     *Lock
}

// startTimeout leaves time for crash recovery of a large local database.
const startTimeout = 5 * time.Minute

// StartCluster creates the cluster in config.Dir if there is none, starts it and waits until it accepts connections.
//
// It fails without changing anything when the port is in use (ErrPortInUse), the data is of another major version
// (ErrOtherVersion), another running process uses the folder (ErrInUse) or there is no Postgres (ErrNoPostgres).
// A stale postmaster.pid or a running postmaster of a process that was killed is removed or stopped first.
func StartCluster(ctx context.Context, config ClusterConfig) (*Cluster, error) {
	c := &Cluster{config: config}
	if err := c.applyDefaults(ctx); err != nil {
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

// applyDefaults sets what the caller left empty and creates the folder.
func (c *Cluster) applyDefaults(ctx context.Context) error {
	var err error
	if c.config.Output == nil {
		c.config.Output = io.Discard
	}
	if c.config.Binaries.Dir == "" {
		if c.config.Binaries, err = FindPostgres(ctx, c.config.Output); err != nil {
			return err
		}
	}
	// This comes after the binaries, because installing them creates the account.
	if c.config.Account == (Account{}) {
		if c.config.Account, err = PostgresAccount(); err != nil {
			return err
		}
	}
	dir, moved, err := DataDir(c.config.Dir, c.config.Account)
	if err != nil {
		return err
	}
	if moved {
		fmt.Fprintf(c.config.Output, "user %s may not enter %s; Postgres keeps its data in %s\n", c.config.Account.Name, c.config.Dir, dir)
	}
	c.config.Dir, c.data = dir, filepath.Join(dir, "data")
	return nil
}

func (c *Cluster) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := c.stopPrevious(ctx); err != nil {
		return err
	}
	if err := c.choosePort(); err != nil {
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
		// The children of a postmaster killed with SIGKILL hold its shared memory until they end, shortly after it.
		if !errors.Is(err, errSharedMemory) || ctx.Err() != nil {
			return errors.Join(err, c.log.Close())
		}
		pause(ctx, 5*pollInterval)
	}
}

func (c *Cluster) choosePort() error {
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
		return fmt.Errorf("seek to the end of Postgres's log: %w", err)
	}
	c.logStart = end
	c.process, err = Start(ctx, Command{
		Name: "Postgres", Path: c.config.Binaries.path("postgres"), Args: c.arguments(),
		Env: childEnv(), Dir: c.data, Account: c.config.Account, Log: c.log,
		DeathSignal: syscall.SIGQUIT, // immediate shutdown; SIGKILL would leave its children running
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

// maxSocketPath is the smallest limit on the length of a Unix socket's path among the supported systems.
const maxSocketPath = 100

func (c *Cluster) arguments() []string {
	settings := map[string]string{
		"listen_addresses":        loopback,
		"port":                    strconv.Itoa(c.config.Port),
		"unix_socket_directories": c.socketDir(),
		"max_connections":         "200",
		"cluster_name":            "pmo-local",
	}
	if c.config.Ephemeral {
		settings["fsync"], settings["synchronous_commit"], settings["full_page_writes"] = "off", "off", "off"
	}
	for name, value := range c.config.Settings {
		settings[name] = value
	}
	args := []string{"-D", c.data}
	for name, value := range settings {
		args = append(args, "-c", name+"="+value)
	}
	return args
}

// socketDir is the data folder, so that there are no files elsewhere; empty (no socket) when that path is too long.
func (c *Cluster) socketDir() string {
	if len(c.data)+len("/.s.PGSQL.65535.lock") > maxSocketPath {
		return ""
	}
	return c.data
}
