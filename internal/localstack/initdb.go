package localstack

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ErrOtherVersion says that the data was made by another major version of Postgres.
var ErrOtherVersion = errors.New("made by another Postgres version")

const superuser = "pmo"

// prepare makes the cluster's files when there are none, and checks them when there are.
func (c *Cluster) prepare(ctx context.Context) error {
	if err := checkOwner(c.data, c.config.Account); err != nil {
		return err
	}
	version, err := os.ReadFile(filepath.Join(c.data, "PG_VERSION"))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return c.create(ctx)
	case err != nil:
		return fmt.Errorf("read version of %s: %w", c.data, err)
	}
	major := strings.TrimSpace(string(version))
	if major != strconv.Itoa(c.config.Binaries.Major) {
		return fmt.Errorf("%s was %w: it holds version %s, the programs in %s are version %d; set PG_BIN to version %s or choose another --data",
			c.data, ErrOtherVersion, major, c.config.Binaries.Dir, c.config.Binaries.Major, major)
	}
	return c.readPassword()
}

// create runs initdb beside the final place and renames, so that an interrupted run leaves no half cluster.
func (c *Cluster) create(ctx context.Context) error {
	if _, err := os.Stat(c.data); err == nil {
		return fmt.Errorf("%s exists but is no Postgres cluster; move it away or choose another --data", c.data)
	}
	unfinished := c.data + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("remove what an interrupted start left: %w", err)
	}
	if err := c.newPassword(); err != nil {
		return err
	}
	if err := os.Mkdir(unfinished, 0o700); err != nil {
		return fmt.Errorf("make cluster folder: %w", err)
	}
	if err := c.config.Account.own(unfinished); err != nil {
		return err
	}
	if err := c.initdb(ctx, unfinished); err != nil {
		return errors.Join(err, os.RemoveAll(unfinished))
	}
	if err := os.Rename(unfinished, c.data); err != nil {
		return fmt.Errorf("put new cluster in place: %w", err)
	}
	return nil
}

func (c *Cluster) initdb(ctx context.Context, dir string) error {
	auth := "scram-sha-256"
	if c.config.Throwaway {
		auth = "trust"
	}
	args := []string{"-D", dir, "-U", superuser, "-A", auth, "--pwfile", c.passwordFile(), "-E", "UTF8", "--locale=C"}
	if c.config.Throwaway {
		args = append(args, "--no-sync")
	} else {
		args = append(args, "--data-checksums")
	}
	cmd := exec.CommandContext(ctx, c.config.Binaries.tool("initdb"), args...)
	cmd.Dir, cmd.Env = dir, childEnv()
	// A group of its own: Ctrl-C must reach us first, so that we clean up.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.config.Account.credential()}
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("make a Postgres cluster in %s: %w", c.config.Dir, explain(string(out), err))
	}
	return nil
}

// childEnv leaves out everything of ours: PG* variables would change what Postgres does.
func childEnv() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=/"}
}

func (c *Cluster) passwordFile() string { return filepath.Join(c.config.Dir, "postgres.password") }

// newPassword writes a new password to a file of mode 0600 that belongs to the account, as initdb reads it.
func (c *Cluster) newPassword() error {
	c.password = rand.Text()
	file, err := os.OpenFile(c.passwordFile(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write password file: %w", err)
	}
	_, err = file.WriteString(c.password + "\n")
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write password file: %w", err)
	}
	return c.config.Account.own(c.passwordFile())
}

func (c *Cluster) readPassword() error {
	text, err := os.ReadFile(c.passwordFile())
	if err != nil {
		return fmt.Errorf("read the password of the cluster in %s: %w", c.config.Dir, err)
	}
	c.password = strings.TrimSpace(string(text))
	return nil
}
