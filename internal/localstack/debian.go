package localstack

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

const createClusterDir = "/etc/postgresql-common/createcluster.d"

func canInstall() bool {
	if os.Geteuid() != 0 {
		return false
	}
	if _, err := os.Stat("/etc/debian_version"); err != nil {
		return false
	}
	_, err := exec.LookPath("apt-get")
	return err == nil
}

// installPostgres installs Debian's package without letting it start a cluster of its own: that would take
// port 5432 and outlive us.
func installPostgres(ctx context.Context, say io.Writer) error {
	fmt.Fprintln(say, "no Postgres found; installing Debian's package: apt-get install postgresql")
	if err := apt(ctx, say, "update", "-q"); err != nil {
		return err
	}
	if err := apt(ctx, say, "install", "-q", "-y", "--no-install-recommends", "postgresql-common"); err != nil {
		return err
	}
	if err := forbidMainCluster(); err != nil {
		return err
	}
	return apt(ctx, say, "install", "-q", "-y", "--no-install-recommends", "postgresql")
}

func apt(ctx context.Context, say io.Writer, args ...string) error {
	cmd := exec.CommandContext(ctx, "apt-get", args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = say, say
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("run apt-get %s: %w", args[0], err)
	}
	return nil
}

func forbidMainCluster() error {
	if err := os.MkdirAll(createClusterDir, 0o755); err != nil {
		return fmt.Errorf("configure Debian's Postgres: %w", err)
	}
	path := filepath.Join(createClusterDir, "no-main-cluster.conf")
	if err := os.WriteFile(path, []byte("create_main_cluster = false\n"), 0o644); err != nil {
		return fmt.Errorf("configure Debian's Postgres: %w", err)
	}
	return nil
}
