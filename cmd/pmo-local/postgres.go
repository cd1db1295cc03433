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

// dsnFile holds the address of Postgres, for parts that are started separately on the same data folder. It contains the
// password, so its mode is 0600.
func (s *stack) dsnFile() string { return filepath.Join(s.Data, "postgres.dsn") }

func (s *stack) startPostgres(ctx context.Context) error {
	cluster, err := localstack.StartCluster(ctx, localstack.ClusterConfig{
		Dir: filepath.Join(s.Data, "postgres"), Port: s.PostgresPort, Output: s.errOut,
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
		_ = os.Remove(s.dsnFile()) // the address is no longer valid; the file may not exist yet
		return stopPostgres(cluster)
	})
	go s.watchPostgres(cluster, stopping)
	s.dsn = cluster.DSN
	if err := s.ensureDatabases(ctx); err != nil {
		return err
	}
	return writeSecret(s.dsnFile(), cluster.DSN(localstack.DatabasePMO)+"\n")
}

// stopPostgres ignores the error of a Postgres that has ended by itself: watchPostgres has reported it.
func stopPostgres(cluster *localstack.Cluster) error {
	select {
	case <-cluster.Done():
		_ = cluster.Stop() // releases lock and log
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

// findPostgres sets the DSN: of the Postgres just started, of the one named by a flag, or of one that runs on the same
// data folder.
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
		return "", fmt.Errorf("no Postgres is given and none runs on %s: start one with --only postgres, or set --postgres-dsn-file", s.Data)
	}
	if err != nil {
		return "", fmt.Errorf("read the address of Postgres: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// switchDatabase returns a function that makes the DSN of any database on the same server.
func switchDatabase(dsn string) (func(string) string, error) {
	parsed, err := pgx.ParseConfig(dsn)
	if err != nil {
		// pgx removes the password from its message.
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

// writeSecret atomically replaces a file that only its owner may read.
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
