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

// installPostgres installs Debian's package and keeps it from starting its own cluster, which would use port 5432
// and go on running after this process has ended.
func installPostgres(ctx context.Context, output io.Writer) error {
	fmt.Fprintln(output, "no Postgres found; installing Debian's package: apt-get install postgresql")
	if err := apt(ctx, output, "update", "-q"); err != nil {
		return err
	}
	if err := apt(ctx, output, "install", "-q", "-y", "--no-install-recommends", "postgresql-common"); err != nil {
		return err
	}
	if err := disableMainCluster(); err != nil {
		return err
	}
	return apt(ctx, output, "install", "-q", "-y", "--no-install-recommends", "postgresql")
}

func apt(ctx context.Context, output io.Writer, args ...string) error {
	cmd := exec.CommandContext(ctx, "apt-get", args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("run apt-get %s: %w", args[0], err)
	}
	return nil
}

func disableMainCluster() error {
	if err := os.MkdirAll(createClusterDir, 0o755); err != nil {
		return fmt.Errorf("configure Debian's Postgres: %w", err)
	}
	path := filepath.Join(createClusterDir, "no-main-cluster.conf")
	if err := os.WriteFile(path, []byte("create_main_cluster = false\n"), 0o644); err != nil {
		return fmt.Errorf("configure Debian's Postgres: %w", err)
	}
	return nil
}
