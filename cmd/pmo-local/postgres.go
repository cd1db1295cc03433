package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"leanpmo/cmd/pmo-local/options"
	"leanpmo/internal/localstack"
)

// dsnFile tells other parts, started on the same data folder, where Postgres is. It holds the password: 0600.
func (s *stack) dsnFile() string { return filepath.Join(s.Data, "postgres.dsn") }

func (s *stack) startPostgres(ctx context.Context) error {
	cluster, err := localstack.StartCluster(ctx, localstack.ClusterConfig{
		Dir: filepath.Join(s.Data, "postgres"), Port: s.PostgresPort, Say: s.errOut,
	})
	if errors.Is(err, localstack.ErrPortInUse) {
		return fmt.Errorf("%w; choose another with --postgres-port", err)
	}
	if err != nil {
		return err
	}
	s.cluster.Store(cluster)
	stopping := make(chan struct{})
	s.started(func() error {
		close(stopping)
		_ = os.Remove(s.dsnFile()) // it would send others to nobody; absent when we failed early
		return stopPostgres(cluster)
	})
	go s.watchPostgres(cluster, stopping)
	s.dsn = cluster.DSN
	if err := s.ensureDatabases(ctx); err != nil {
		return err
	}
	return writeSecret(s.dsnFile(), cluster.DSN(localstack.DatabasePMO)+"\n")
}

// stopPostgres is silent about one that has ended before: that was the news that made us stop.
func stopPostgres(cluster *localstack.Cluster) error {
	select {
	case <-cluster.Done():
		_ = cluster.Stop() // lets go of lock and log
		return nil
	default:
		return cluster.Stop()
	}
}

func (s *stack) watchPostgres(cluster *localstack.Cluster, stopping <-chan struct{}) {
	select {
	case <-stopping:
		return
	case <-cluster.Done():
	}
	select {
	case <-stopping:
	default:
		s.failed <- fmt.Errorf("our Postgres ended by itself; its log is %s", filepath.Join(cluster.Dir(), "postgres.log"))
	}
}

func (s *stack) ensureDatabases(ctx context.Context) error {
	return localstack.EnsureDatabases(ctx, s.dsn("postgres"),
		localstack.DatabasePMO, localstack.DatabaseTemporal, localstack.DatabaseVisibility)
}

// findPostgres uses the one just started, the one that was named, or the one that runs on the same data folder.
func (s *stack) findPostgres(ctx context.Context) error {
	if s.Runs(options.Postgres) {
		return nil
	}
	dsn, err := s.externalDSN()
	if err != nil {
		return err
	}
	if s.dsn, err = switchDatabase(dsn); err != nil {
		return err
	}
	return s.ensureDatabases(ctx)
}

func (s *stack) externalDSN() (string, error) {
	if s.PostgresDSN != "" {
		return s.PostgresDSN, nil
	}
	path := s.DSNFile
	if path == "" {
		path = s.dsnFile()
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("no Postgres named and none runs on %s: start one with --only postgres, or give --postgres-dsn-file", s.Data)
	}
	if err != nil {
		return "", fmt.Errorf("read the address of Postgres: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// switchDatabase turns one database's address into those of its neighbours.
func switchDatabase(dsn string) (func(string) string, error) {
	parsed, err := pgx.ParseConfig(dsn)
	if err != nil {
		// pgx hides the password in its message.
		return nil, fmt.Errorf("read the address of Postgres: %w", err)
	}
	base := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(parsed.User, parsed.Password),
		Host:     fmt.Sprintf("%s:%d", parsed.Host, parsed.Port),
		RawQuery: "sslmode=disable",
	}
	if parsed.TLSConfig != nil {
		base.RawQuery = "sslmode=require"
	}
	return func(database string) string {
		dsn := base
		dsn.Path = "/" + database
		return dsn.String()
	}, nil
}

// writeSecret replaces a file that only we may read, never leaving half of it.
func writeSecret(path, text string) error {
	unfinished := path + ".unfinished"
	if err := os.WriteFile(unfinished, []byte(text), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(unfinished, path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
